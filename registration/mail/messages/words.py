"""What several messages say alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from registration.mail.unlinked import unlinked
from registration.models import Coordinator, Quota, TrackChoice
from registration.people import phones
from registration.seats.places import place_in_sentence
from sessions import formats
from sessions.formats import language
from sessions.models import Contact, WorkshopDay


@dataclass(frozen=True, slots=True)
class LocalContact:
    """A coordinator, with the fields of a workshop's contact."""

    role: str
    name: str
    phone: str
    email: str


def contacts_of(quota: Quota) -> list[LocalContact | Contact]:
    """Whom people of `quota` ask: its coordinators first, then NESDC. Two queries."""
    role = _("Coordinator of %(place)s") % {"place": place_in_sentence(quota)}
    coordinators = Coordinator.objects.to_ask(quota)
    local = [LocalContact(role, unlinked(one.name), phones.phone_of(one), one.user.email) for one in coordinators]
    return [*local, *quota.workshop.contacts.all()]


def day_in_words(day: WorkshopDay, choices: Iterable[TrackChoice]) -> dict[str, Any]:
    """A day for `_days` in the templates: its hours, and which of its tracks were chosen."""
    hours = day.hours()
    return {
        "day": day,
        "hours": formats.format_time_range(*hours, language()) if hours else "",
        "tracks": [choice.track for choice in choices if choice.track.item.day_id == day.pk],
    }
