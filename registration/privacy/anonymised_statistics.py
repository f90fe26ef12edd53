"""What is still told of a workshop whose people were made anonymous: numbers, and none of a group under five."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count
from django.utils.translation import gettext as _

from registration.models import Participant, Quota, TrackChoice
from sessions.formats import date_long
from sessions.models import Track, Workshop

#: Of fewer people no number is told: who knows one of them would learn about the others.
SMALLEST = 5

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """What is counted, and each line of it: a name and how many held a seat; None where it is too few to tell."""

    title: str
    rows: list[tuple[str, int | None]]


def told(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """`counts` without those from one to four. Where that hides one alone, the next smallest goes too: a total would give it away."""
    hidden = {key for key, number in counts.items() if 0 < number < SMALLEST}
    if len(hidden) == 1 and (others := [key for key, number in counts.items() if number >= SMALLEST]):
        hidden.add(min(others, key=lambda key: counts[key]))
    return {key: None if key in hidden else number for key, number in counts.items()}


def of_place(quota: Quota) -> int | None:
    """How many held a seat of one place; None where they are too few to tell."""
    return told({quota.pk: Participant.objects.holding_seats().filter(quota=quota).count()})[quota.pk]


def tables(workshop: Workshop) -> list[StatisticsTable]:
    """Those who held a seat, by province, group, day and track; never by two of them at once. Nine queries."""
    seated = Participant.objects.holding_seats().filter(workshop=workshop).order_by()
    coming = Participant.days.through.objects.filter(participant__in=seated).order_by()
    chosen = TrackChoice.objects.filter(participant__in=seated).order_by()
    by_quota = dict(seated.values_list("quota").annotate(n=Count("pk")))
    by_group = dict(seated.values_list("group").annotate(n=Count("pk")))
    by_day = dict(coming.values_list("workshopday").annotate(n=Count("pk")))
    by_track = dict(chosen.values_list("track").annotate(n=Count("pk")))
    places = {quota.pk: quota.name for quota in workshop.quotas.seats().select_related("province").in_thai_order()}
    groups = {group.pk: str(group) for group in workshop.groups.all()}
    days = {day.pk: date_long(day.date) for day in workshop.days.all()}
    tracks = {
        track.pk: str(track) for track in Track.objects.filter(item__day__workshop=workshop).order_by("item__day__date", "item", "number")
    }
    counted = [(_("Province"), places, by_quota), (_("Group"), groups, by_group), (_("Day"), days, by_day), (_("Topic"), tracks, by_track)]
    return [_table(title, names, numbers) for title, names, numbers in counted if names]


def _table(title: str, names: dict[int, str], numbers: dict[int, int]) -> StatisticsTable:
    shown = told({key: numbers.get(key, 0) for key in names})
    return StatisticsTable(title, [(name, shown[key]) for key, name in names.items()])
