"""What there can be a report of: the meeting of a day, or that of a track; and the time that counts in it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from registration.attendance.intervals import Interval
from registration.attendance.minutes import Programme, programme
from registration.models import AttendanceSettings
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay
from sessions.schedule import BANGKOK


@dataclass(frozen=True, slots=True)
class ReportedMeeting:
    day: WorkshopDay
    track: Track | None = None

    @property
    def key(self) -> str:
        return f"track-{self.track.pk}" if self.track else f"day-{self.day.pk}"

    @property
    def title(self) -> str:
        return self.track.title_th if self.track else self.day.title_th or self.day.workshop.title_th

    def hours(self) -> Interval:
        """Bangkok's, without a zone."""
        items = [self.track.item] if self.track else list(self.day.items.all())
        if not items:
            return tuple(dt.datetime.combine(self.day.date, clock) for clock in (dt.time.min, dt.time(23, 59)))  # type: ignore[return-value]
        spans = [_naive(self.day, item) for item in items]
        return min(start for start, _end in spans), max(end for _start, end in spans)


def meetings_of(workshop: Workshop) -> list[ReportedMeeting]:
    """Those that were held, each day before its tracks. Three queries."""
    found = []
    for day in workshop.days.filter(is_cancelled=False).select_related("workshop").prefetch_related("items__tracks"):
        found.append(ReportedMeeting(day))
        for item in day.items.all():
            found += [ReportedMeeting(day, track) for track in item.tracks.all()]
    return found


def meeting_of(workshop: Workshop, key: str) -> ReportedMeeting | None:
    return next((meeting for meeting in meetings_of(workshop) if meeting.key == key), None)


def programmes_of(day: WorkshopDay, counts_breaks: bool) -> tuple[Programme, dict[int, Programme]]:
    """The time that counts on `day` (with items and tracks at hand), and in each of its tracks."""
    items = list(day.items.all())
    breaks = [] if counts_breaks else [_aware(day, item) for item in items if item.kind == AgendaItem.Kind.BREAK]
    tracks = {track.pk: programme([_aware(day, item)]) for item in items for track in item.tracks.all()}
    return programme([_aware(day, item) for item in items], breaks), tracks


def programme_minutes(workshop: Workshop, days: Iterable[WorkshopDay]) -> dict[int, int]:
    """How many minutes count on each of `days` (with items at hand). One query."""
    counts_breaks = settings_of(workshop).counts_breaks
    return {day.pk: programmes_of(day, counts_breaks)[0].minutes for day in days}


def settings_of(workshop: Workshop) -> AttendanceSettings:
    return AttendanceSettings.objects.filter(workshop=workshop).first() or AttendanceSettings(workshop=workshop)


def _naive(day: WorkshopDay, item: AgendaItem) -> Interval:
    return dt.datetime.combine(day.date, item.starts_at), dt.datetime.combine(day.date, item.ends_at)


def _aware(day: WorkshopDay, item: AgendaItem) -> Interval:
    start, end = _naive(day, item)
    return start.replace(tzinfo=BANGKOK), end.replace(tzinfo=BANGKOK)
