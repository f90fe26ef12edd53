"""One place's own page of the report: its seats, who came on which day, and which of its groups. No evaluation: its form promises
that the office alone sees numbers.
"""

from dataclasses import dataclass

from registration.attendance.figures import counted_days
from registration.choices import LIVE, State
from registration.models import Attendance, Participant, Quota
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup, WorkshopDay


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
    """Six queries, however many people there are."""
    days = list(quota.workshop.days.filter(is_cancelled=False))
    people = dict[int, tuple[int, str]]()
    for pk, group, state in Participant.objects.filter(quota=quota).order_by().values_list("pk", "group", "state"):
        people[pk] = (group, state)
    chosen = Participant.days.through.objects.filter(participant__quota=quota, participant__state=State.CONFIRMED)
    confirmed_on = list(chosen.order_by().values_list("workshopday", flat=True))
    there = Attendance.objects.of_days().came().filter(participant__quota=quota, day__in=days).order_by()
    came_on = list(there.values_list("participant", "day"))
    counted = (counted_days(quota.workshop) & {day.pk for day in days}) | {day for _person, day in came_on}
    came = {person for person, _day in came_on}

    def known(number: int, is_known: bool) -> int | None:
        return number if is_known else None

    def of_group(group: StakeholderGroup) -> GroupOfPlace:
        states = {pk: state for pk, (own, state) in people.items() if own == group.pk}
        return GroupOfPlace(
            group, sum(state in LIVE for state in states.values()), sum(state == State.CONFIRMED for state in states.values()),
            known(len(came & states.keys()), bool(counted)),
        )  # fmt: skip

    states = [state for _group, state in people.values()]
    return PlaceReport(
        quota=quota,
        registered=sum(state in LIVE for state in states),
        confirmed=states.count(State.CONFIRMED),
        came=known(len(came), bool(counted)),
        days=[
            DayOfPlace(day, confirmed_on.count(day.pk), known(sum(on == day.pk for _p, on in came_on), day.pk in counted)) for day in days
        ],
        groups=[of_group(group) for group in groups_of(quota)],
    )
