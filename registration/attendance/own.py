"""What a participant sees of their own attendance."""

from dataclasses import dataclass, field

from registration.attendance.figures import counted_days
from registration.attendance.meetings import programme_minutes
from registration.models import Attendance, AttendanceDoubt, AttendanceStop, Participant
from sessions.models import Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """`minutes` is None where the day is not counted yet."""

    day: WorkshopDay
    minutes: int | None
    programme: int
    source: str = ""
    tracks: list[tuple[Track, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OwnAttendance:
    days: list[AttendedDay] = field(default_factory=list)
    doubt: AttendanceDoubt | None = None
    #: Not used, at their wish.
    is_stopped: bool = False

    @property
    def is_known(self) -> bool:
        return any(day.minutes is not None for day in self.days)

    @property
    def may_doubt(self) -> bool:
        return self.is_known and (self.doubt is None or self.doubt.settled_at is not None)


def own_attendance(person: Participant) -> OwnAttendance:
    """Days that are counted, and those on which there are minutes. Seven queries at most, two where nothing is counted."""
    counted = counted_days(person.workshop)
    rows = list(person.attendances.select_related("track__item", "day"))
    if not counted and not rows:
        return OwnAttendance()
    if AttendanceStop.objects.filter(participant=person).exists():
        return OwnAttendance(is_stopped=True)
    of_day = {row.day_id: row for row in rows if row.track_id is None}
    days = list(person.workshop.days.filter(is_cancelled=False).prefetch_related("items__tracks"))
    coming = {day.pk for day in person.days.all()}
    whole = programme_minutes(person.workshop, days)
    shown = [day for day in days if day.pk in of_day or day.pk in coming]
    return OwnAttendance([_own_day(day, of_day.get(day.pk), rows, whole[day.pk], day.pk in counted) for day in shown], _doubt(person))


def _own_day(day: WorkshopDay, row: Attendance | None, rows: list[Attendance], programme: int, is_counted: bool) -> AttendedDay:
    tracks = [(each.track, each.minutes) for each in rows if each.track and each.day_id == day.pk]
    if row is None:
        return AttendedDay(day, 0 if is_counted else None, programme, "", tracks)
    return AttendedDay(day, row.minutes, programme, row.source, tracks)


def _doubt(person: Participant) -> AttendanceDoubt | None:
    return person.attendance_doubts.order_by("-sent_at", "-pk").first()
