"""Who of one place came, by day."""

from dataclasses import dataclass, field

from registration.attendance.figures import counted_days
from registration.choices import SEAT_HOLDING
from registration.models import Attendance, Participant, Quota
from sessions.models import WorkshopDay


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`cells` are minutes by day in the order of the days: None where the person had not chosen the day and did not come,
    or has their attendance not used.
    """

    person: Participant
    cells: list[int | None]
    #: Where each is known from (`Attendance.Source`); empty where there are no minutes.
    sources: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[int | None, str]]:
        return list(zip(self.cells, self.sources, strict=True))


@dataclass(frozen=True, slots=True)
class PlaceAttendance:
    days: list[WorkshopDay] = field(default_factory=list)
    rows: list[PersonRow] = field(default_factory=list)
    #: Of each day, how many of those who had chosen it came, and how many had.
    totals: list[tuple[int, int]] = field(default_factory=list)


def attendance_of(quota: Quota, *, shown: str = "") -> PlaceAttendance:
    """Of days that are counted; with `shown` (`came-3`, `missed-3`) only those who came or missed that day. Six queries."""
    counted = counted_days(quota.workshop)
    days = [day for day in quota.workshop.days.filter(is_cancelled=False) if day.pk in counted]
    known = Participant.objects.known().filter(quota=quota).select_related("group", "attendance_stop").prefetch_related("days")
    people = list(known.order_by("sort_key", "pk"))
    minutes: dict[int, dict[int, tuple[int, str]]] = {}
    came = Attendance.objects.came().filter(participant__in=[person.pk for person in people]).order_by()
    for key, day, track, count, source in came.values_list("participant", "day", "track", "minutes", "source"):
        if track is None:  # asked for by the people alone, whom an index finds
            minutes.setdefault(key, {})[day] = (count, source)
    rows = [_row(person, days, minutes.get(person.pk, {})) for person in people if person.state in SEAT_HOLDING or person.pk in minutes]
    return PlaceAttendance(days, [row for row in rows if _is_shown(row, days, shown)], [_total(rows, index) for index in range(len(days))])


def _row(person: Participant, days: list[WorkshopDay], minutes: dict[int, tuple[int, str]]) -> PersonRow:
    chosen = set() if hasattr(person, "attendance_stop") else {day.pk for day in person.days.all()}
    found = [minutes.get(day.pk, (0 if day.pk in chosen else None, "")) for day in days]
    return PersonRow(person, [count for count, _source in found], [source for _count, source in found])


def _total(rows: list[PersonRow], index: int) -> tuple[int, int]:
    cells = [row.cells[index] for row in rows]
    return sum(1 for cell in cells if cell), sum(1 for cell in cells if cell is not None)


def _is_shown(row: PersonRow, days: list[WorkshopDay], shown: str) -> bool:
    word, _dash, key = shown.partition("-")
    index = next((number for number, day in enumerate(days) if str(day.pk) == key), None)
    if index is None or word not in ("came", "missed"):
        return True
    cell = row.cells[index]
    return bool(cell) if word == "came" else cell == 0
