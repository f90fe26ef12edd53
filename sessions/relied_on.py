"""Whether people count on a programme. This app knows nobody: who does is asked (the setting AGENDA_PEOPLE)."""

from django.conf import settings
from django.utils.module_loading import import_string

from sessions.models import StakeholderGroup, Workshop, WorkshopDay


def people(workshop: Workshop, *, day: WorkshopDay | None = None, group: StakeholderGroup | None = None) -> int:
    """How many are registered in `workshop`; with `day` for it, with `group` in it."""
    count: int = import_string(settings.AGENDA_PEOPLE)(workshop, day=day, group=group)
    return count


def is_relied_on(workshop: Workshop) -> bool:
    """Somebody has registered in what is published: its programme is changed by a draft and a release."""
    return workshop.is_published and workshop.draft_of_id is None and people(workshop) > 0
