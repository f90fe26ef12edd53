"""One place's own page of the report: its seats, who came on which day, and which of its groups. No evaluation: its form promises
that the office alone sees numbers.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registration.attendance.figures import counted_days
from registration.choices import LIVE, State
from registration.models import Attendance, Participant, Quota
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup, WorkshopDay

_NOBODY = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class DayOfPlace:
    """`came` is None while nobody knows."""

    day: WorkshopDay
    confirmed: int
    came: int | None


@dataclass(frozen=True, slots=True)
class GroupOfPlace:
    group: StakeholderGroup
    registered: int
    confirmed: int
    came: int | None

    @property
    def is_missing(self) -> bool:
        return not (self.confirmed if self.came is None else self.came)


@dataclass(frozen=True, slots=True)
class PlaceReport:
    quota: Quota
    registered: int
    confirmed: int
    #: On one day at least; None while no day is counted.
    came: int | None
    days: list[DayOfPlace]
    groups: list[GroupOfPlace]

    @property
    def missing(self) -> list[StakeholderGroup]:
        return [each.group for each in self.groups if each.is_missing]


def report_of_place(quota: Quota) -> PlaceReport:
    """Six queries, which bring a row for each day or group, however many people there are."""
    days = list(quota.workshop.days.filter(is_cancelled=False))
    there = Attendance.objects.of_days().came().filter(day__in=days, participant__quota=quota).order_by()
    came_on = dict(there.values_list("day").annotate(n=Count("pk")))
    counted = (counted_days(quota.workshop) & {day.pk for day in days}) | came_on.keys()
    chosen = Participant.days.through.objects.filter(participant__quota=quota, participant__state=State.CONFIRMED).order_by()
    confirmed_on = dict(chosen.values_list("workshopday").annotate(n=Count("pk")))
    by_group = _by_group(quota, there)
    groups = [_of_group(group, by_group.get(group.pk, _NOBODY), bool(counted)) for group in groups_of(quota)]
    registered, confirmed, came = (sum(numbers) for numbers in zip(_NOBODY, *by_group.values(), strict=True))
    return PlaceReport(
        quota=quota,
        registered=registered,
        confirmed=confirmed,
        came=came if counted else None,
        days=[DayOfPlace(day, confirmed_on.get(day.pk, 0), came_on.get(day.pk, 0) if day.pk in counted else None) for day in days],
        groups=groups,
    )


def _by_group(quota: Quota, there: QuerySet[Attendance]) -> dict[int, tuple[int, int, int]]:
    """By key of the group: who registered and has not cancelled, who is confirmed, and who came."""
    found = (
        Participant.objects.filter(quota=quota)
        .order_by()
        .values_list("group")
        .annotate(
            live=Count("pk", filter=Q(state__in=LIVE)),
            sure=Count("pk", filter=Q(state=State.CONFIRMED)),
            there=Count("pk", filter=Exists(there.filter(participant=OuterRef("pk")))),
        )
    )
    return {group: (live, sure, came) for group, live, sure, came in found}


def _of_group(group: StakeholderGroup, numbers: tuple[int, int, int], is_counted: bool) -> GroupOfPlace:
    registered, confirmed, came = numbers
    return GroupOfPlace(group, registered, confirmed, came if is_counted else None)
