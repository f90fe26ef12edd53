"""What a participant sees of their own attendance."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from registration.attendance.figures import counted_days
from registration.attendance.meetings import programme_minutes
from registration.models import Attendance, AttendanceDoubt, AttendanceStop, CheckIn, Participant
from sessions.models import Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """`minutes` is None where the day is not counted yet; whoever was checked in reads since when on the day itself."""

    day: WorkshopDay
    minutes: int | None
    programme: int
    source: str = ""
    tracks: list[tuple[Track, int]] = field(default_factory=list)
    came_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnAttendance:
    days: list[AttendedDay] = field(default_factory=list)
    doubt: AttendanceDoubt | None = None
    #: Not used, at their wish.
    is_stopped: bool = False

    @property
    def is_known(self) -> bool:
        return any(day.minutes is not None or day.came_at for day in self.days)

    @property
    def may_doubt(self) -> bool:
        return any(day.minutes is not None for day in self.days) and (self.doubt is None or self.doubt.settled_at is not None)


def own_attendance(person: Participant, at: dt.datetime | None = None) -> OwnAttendance:
    """Days that are counted, and those on which there are minutes. Eight queries at most, two where nothing is counted."""
    at = at or timezone.now()
    counted = counted_days(person.workshop, at)
    rows = list(person.attendances.select_related("track__item", "day"))
    if not counted and not rows:
        return OwnAttendance()
    if AttendanceStop.objects.filter(participant=person).exists():
        return OwnAttendance(is_stopped=True)
    of_day = {row.day_id: row for row in rows if row.track_id is None}
    days = list(person.workshop.days.filter(is_cancelled=False).prefetch_related("items__tracks"))
    coming = {day.pk for day in person.days.all()}
    whole = programme_minutes(person.workshop, days)
    came = _came(person, of_day.values())
    shown = [day for day in days if day.pk in of_day or day.pk in coming]
    own = [_own_day(day, of_day.get(day.pk), rows, whole[day.pk], day.pk in counted, came.get(day.pk), at) for day in shown]
    return OwnAttendance(own, _doubt(person))


def _came(person: Participant, rows: Iterable[Attendance]) -> dict[int, dt.datetime]:
    """When they were checked in, by day. No query where nothing is known from a door."""
    if not any(row.source == Attendance.Source.CHECK_IN for row in rows):
        return {}
    return dict(CheckIn.objects.standing().filter(participant=person).values_list("day", "at"))


def _own_day(
    day: WorkshopDay, row: Attendance | None, rows: list[Attendance], programme: int, is_counted: bool, came_at: dt.datetime | None,
    at: dt.datetime,
) -> AttendedDay:  # fmt: skip
    tracks = [(each.track, each.minutes) for each in rows if each.track and each.day_id == day.pk]
    if row is None:
        return AttendedDay(day, 0 if is_counted else None, programme, "", tracks)
    is_running = row.source == Attendance.Source.CHECK_IN and at < day.ends_at()
    return AttendedDay(day, None if is_running else row.minutes, programme, row.source, tracks, came_at)


def _doubt(person: Participant) -> AttendanceDoubt | None:
    return person.attendance_doubts.order_by("-sent_at", "-pk").first()
