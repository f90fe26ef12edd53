"""A new workshop made from one that was: its programme on new dates, its texts, groups and contacts."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from sessions import changes, emblems, programme
from sessions.models import Contact, StakeholderGroup, Workshop

Row = TypeVar("Row", StakeholderGroup, Contact)

#: What belongs to one workshop alone: the ways into its meetings and its chat, where its mail is rehearsed,
#: and how long its people are known.
NOT_KEPT = {"chat_url", "chat_passcode", "rehearsal_email", "retain_until"}
#: Moments that keep their distance from the first day.
MOVED = ["registration_opens_at", "registration_closes_at", "changes_close_at"]


@transaction.atomic
def make_next(
    source: Workshop, *, slug: str, title_th: str, title_en: str, dates: Mapping[int, dt.date], at: dt.datetime | None = None
) -> Workshop:
    """A copy of `source` under another address, not published yet. `dates` has a new date for each of its days (by key).

    Then calls every function that the setting AGENDA_AFTER_COPY names, with both workshops, each track with its
    copy, and the moment.
    """
    at = at or timezone.now()
    target = Workshop(**_kept(source), slug=slug, title_th=title_th, title_en=title_en, is_published=False, emblem_id=emblems.held(source))
    first = source.days.first()
    shift = dates[first.pk] - first.date if first else dt.timedelta()
    for name in MOVED:
        moment = getattr(source, name)
        setattr(target, name, moment + shift if moment else None)
    target.save()
    StakeholderGroup.objects.bulk_create(_copied(group, target) for group in source.groups.all())
    Contact.objects.bulk_create(_copied(contact, target) for contact in source.contacts.all())
    tracks = programme.copy(source, target, date=lambda day: dates[day.pk])
    changes.after_change(target, at)
    for name in settings.AGENDA_AFTER_COPY:
        import_string(name)(source, target, tracks, at)
    return target


def _kept(source: Workshop) -> dict[str, object]:
    own = {"slug", "was_rehearsed", "title_th", "title_en", "is_published", *NOT_KEPT, *MOVED}
    columns = [column for column in Workshop._meta.concrete_fields if column.editable and not column.primary_key]
    return {column.name: getattr(source, column.name) for column in columns if column.name not in own}


def _copied(row: Row, target: Workshop) -> Row:
    values = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields if not column.primary_key}
    return type(row)(**{**values, "workshop_id": target.pk})
