"""Every number of the report, counted from rows when it is made, and kept nowhere. What it writes is in `report.contents`."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from registration.attendance import figures as attendance
from registration.attendance.figures import Turnout
from registration.choices import LIVE, State
from registration.evaluation import asked
from registration.evaluation.results import Results, results_of
from registration.models import Attendance, AttendanceReport, Evaluation, Participant, Quota, SeatPool
from registration.models.province import Region
from registration.report.sectors import Sector, sector_of
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Headcount:
    """Of one place, region, group or sector: each person once, but on each day anew in `by_day`."""

    #: None where there is no limit; groups and sectors have no seats of their own.
    seats: int | None = 0
    #: Whoever registered and has not cancelled.
    registered: int = 0
    confirmed: int = 0
    #: On one day at least.
    came: int = 0
    #: Who came, by the key of the day.
    by_day: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class CountedPerson:
    quota: int
    group: int
    state: str
    #: The keys of the days on which they came.
    came: frozenset[int]


@dataclass(frozen=True, slots=True)
class NamedAttendee:
    """One who came, for the list."""

    name: str
    position: str
    organisation: str
    #: On the how manieth days of the workshop.
    days: list[int]


@dataclass(frozen=True, slots=True)
class PlaceCount:
    quota: Quota
    count: Headcount
    #: Groups of which nobody came from there (nobody has a seat, while no day is counted).
    missing: list[StakeholderGroup]


@dataclass(frozen=True, slots=True)
class EvaluationFigures:
    evaluation: Evaluation
    #: None before it was counted, and where fewer than five answered.
    results: Results | None
    asked: int


@dataclass(frozen=True, slots=True)
class Figures:
    workshop: Workshop
    #: Those that took place or will, in their order.
    days: list[WorkshopDay]
    #: The keys of days of which it is known who came.
    counted: set[int]
    whole: Headcount
    released: int
    by_day: dict[int, Turnout]
    places: list[PlaceCount]
    regions: list[tuple[str, Headcount]]
    groups: list[tuple[StakeholderGroup, Headcount]]
    sectors: list[tuple[Sector, Headcount]]
    tracks: list[tuple[Track, Turnout]]
    evaluations: list[EvaluationFigures]
    #: Reports of polls, and of questions and answers, that were put in.
    asked: list[AttendanceReport]

    @property
    def provinces(self) -> list[PlaceCount]:
        return [place for place in self.places if place.quota.province_id]

    def came(self, count: Headcount) -> int | None:
        """None while no day is counted: nobody knows then."""
        return count.came if self.counted else None

    def present(self, count: Headcount) -> int:
        return count.came if self.counted else count.confirmed


def figures_of(workshop: Workshop) -> Figures:
    """A constant number of queries, and four for each evaluation."""
    days = list(workshop.days.filter(is_cancelled=False))
    people, of_day = _people(workshop, days), attendance.by_day(workshop)
    quotas = list(workshop.quotas.seats().select_related("province", "workshop").in_thai_order())
    by_quota, by_group = _counts(people, lambda one: one.quota), _counts(people, lambda one: one.group)
    for quota in quotas:
        by_quota[quota.pk].seats = quota.capacity
    counted = {day.pk for day in days if of_day[day.pk].is_counted or of_day[day.pk].came + of_day[day.pk].besides}
    groups = list(workshop.groups.all())
    return Figures(
        workshop=workshop, days=days, counted=counted, whole=_sum(by_quota[quota.pk] for quota in quotas),
        released=SeatPool.objects.filter(workshop=workshop).values_list("free", flat=True).first() or 0,
        by_day=of_day, places=_places(people, quotas, by_quota, bool(counted)), regions=_regions(quotas, by_quota),
        groups=[(group, by_group[group.pk]) for group in groups], sectors=_sectors(groups, by_group),
        tracks=attendance.by_track(workshop), evaluations=_evaluations(workshop),
        asked=list(_asked(workshop)),
    )  # fmt: skip


def attendees(workshop: Workshop, days: Iterable[WorkshopDay]) -> list[tuple[Quota, list[NamedAttendee]]]:
    """Those who came and are still known, place by place in Thai order. Two queries."""
    numbers = {day.pk: number for number, day in enumerate(days, start=1)}
    came = _days_by_person(workshop, numbers)
    people = Participant.objects.known().filter(workshop=workshop, pk__in=_came(workshop).values("participant"))
    found: dict[int, tuple[Quota, list[NamedAttendee]]] = {}
    for person in people.select_related("quota__province").order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk"):
        of_place = found.setdefault(person.quota_id, (person.quota, []))[1]
        on = sorted(numbers[day] for day in came[person.pk])
        of_place.append(NamedAttendee(person.full_name, person.position, person.organisation, on))
    return sorted(found.values(), key=lambda place: place[0].province is None)


def _came(workshop: Workshop) -> Any:
    return Attendance.objects.of_days().came().filter(day__workshop=workshop, day__is_cancelled=False).order_by()


def _days_by_person(workshop: Workshop, days: Iterable[int]) -> dict[int, set[int]]:
    wanted, found = set(days), defaultdict[int, set[int]](set)
    for person, day in _came(workshop).values_list("participant", "day"):
        if day in wanted:
            found[person].add(day)
    return found


def _people(workshop: Workshop, days: Iterable[WorkshopDay]) -> list[CountedPerson]:
    came = _days_by_person(workshop, [day.pk for day in days])
    rows = Participant.objects.filter(workshop=workshop).order_by().values_list("pk", "quota", "group", "state")
    return [CountedPerson(quota, group, state, frozenset(came[pk]) if pk in came else frozenset()) for pk, quota, group, state in rows]


def _counts(people: Iterable[CountedPerson], key: Callable[[CountedPerson], Key]) -> dict[Key, Headcount]:
    found: dict[Key, Headcount] = defaultdict(Headcount)
    for person in people:
        count = found[key(person)]
        count.registered += person.state in LIVE
        count.confirmed += person.state == State.CONFIRMED
        count.came += bool(person.came)
        for day in person.came:
            count.by_day[day] += 1
    return found


def _sum(counts: Iterable[Headcount]) -> Headcount:
    whole = Headcount()
    for count in counts:
        whole.seats = None if whole.seats is None or count.seats is None else whole.seats + count.seats
        whole.registered += count.registered
        whole.confirmed += count.confirmed
        whole.came += count.came
        for day, people in count.by_day.items():
            whole.by_day[day] += people
    return whole


def _places(people: Iterable[CountedPerson], quotas: Iterable[Quota], by_quota: dict[int, Headcount], is_counted: bool) -> list[PlaceCount]:
    there = {(one.quota, one.group) for one in people if (one.came if is_counted else one.state == State.CONFIRMED)}
    return [
        PlaceCount(quota, by_quota[quota.pk], [group for group in groups_of(quota) if (quota.pk, group.pk) not in there])
        for quota in sorted(quotas, key=lambda quota: quota.province is None)
    ]


def _regions(quotas: list[Quota], by_quota: dict[int, Headcount]) -> list[tuple[str, Headcount]]:
    """The regions that have provinces, and the central agencies last."""
    found = []
    for region in Region:
        own = [by_quota[quota.pk] for quota in quotas if quota.province and quota.province.region == region]
        if own:
            found.append((str(region.label), _sum(own)))
    return found + [(quota.name, by_quota[quota.pk]) for quota in quotas if quota.province is None]


def _sectors(groups: Iterable[StakeholderGroup], by_group: dict[int, Headcount]) -> list[tuple[Sector, Headcount]]:
    of_sector: dict[Sector, list[Headcount]] = {}
    for group in groups:
        of_sector.setdefault(sector_of(group), []).append(by_group[group.pk])
    return [(sector, _sum(of_sector[sector])) for sector in Sector if sector in of_sector]


def _evaluations(workshop: Workshop) -> list[EvaluationFigures]:
    found = Evaluation.objects.with_questions().filter(workshop=workshop, opens_at__isnull=False)
    return [EvaluationFigures(each, results_of(each), asked.came(each).count()) for each in found]


def _asked(workshop: Workshop) -> Any:
    put_in = AttendanceReport.objects.filter(workshop=workshop, state=AttendanceReport.State.ANSWERS)
    return put_in.select_related("day", "track").order_by("day__date", "track__number", "pk")
