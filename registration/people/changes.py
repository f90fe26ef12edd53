"""What a participant may still change, until when, and what a new version of them would change."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone

from registration.models import Participant
from registration.people.applications import Person
from sessions.models import Track, Workshop, WorkshopDay

#: Columns that follow from the name.
DERIVED = {"sort_key", "name_key"}


def changes_close_at(participant: Participant, days: Sequence[WorkshopDay] | None = None) -> dt.datetime | None:
    """Until when details may be changed; None is without end.

    What staff set; else until registration closes, in any case until the first day begins, and never after the last has
    ended. One query, none with the workshop's `days` (read `with_hours`).
    """
    workshop = participant.workshop
    if workshop.changes_close_at:
        return workshop.changes_close_at
    days = list(workshop.days.with_hours()) if days is None else days
    if not days:
        return workshop.registration_closes_at
    begins, ends = min(day.begins_at() for day in days), max(day.ends_at() for day in days)
    return min(max(workshop.registration_closes_at, begins), ends) if workshop.registration_closes_at else ends


def may_change(participant: Participant, at: dt.datetime | None = None, *, days: Sequence[WorkshopDay] | None = None) -> bool:
    """Whether `participant` may still change their details at the moment `at`."""
    closes = changes_close_at(participant, days)
    return participant.is_live and (closes is None or (at or timezone.now()) < closes)


def may_move(participant: Participant, at: dt.datetime | None = None, *, days: Sequence[WorkshopDay] | None = None) -> bool:
    """Whether `participant` may correct where they come from: not where a province lets people in or has to select them."""
    workshop = participant.workshop
    decides_alone = workshop.entry == Workshop.Entry.OPEN and workshop.decision != Workshop.Decision.SELECTION
    return decides_alone and may_change(participant, at, days=days)


def differences(participant: Participant, person: Person, days: Iterable[WorkshopDay], tracks: Iterable[Track]) -> list[str]:
    """The names of what `change_details` would change, and "email" where the address differs. Nothing is written."""
    different = sorted(set(different_fields(participant, person)) - DERIVED)
    if set(participant.days.values_list("pk", flat=True)) != {day.pk for day in days}:
        different.append("days")
    if set(participant.choices.values_list("track_id", flat=True)) != {track.pk for track in tracks}:
        different.append("tracks")
    return different


def different_fields(participant: Participant, person: Person) -> dict[str, str]:
    return {name: value for name, value in person.fields().items() if getattr(participant, name) != value}
