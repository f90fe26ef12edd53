"""How many were registered, came, and for how long: by day, by place or group, by track. A constant number of queries."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from registration.models import Attendance, AttendanceReport, CheckIn, Participant, ReportRow, Sighting, TrackChoice
from sessions.models import Track, Workshop, WorkshopDay

#: Fewer of those who are registered than this is worth a look.
FEW = 0.6


@dataclass(slots=True)
class Turnout:
    """Of one day (or place and day): those confirmed for it, those of them who came, their minutes, and who came besides."""

    confirmed: int = 0
    came: int = 0
    minutes: int = 0
    #: Came without being confirmed for the day: registered otherwise.
    besides: int = 0
    #: Came without being registered at all.
    guests: int = 0
    to_decide: int = 0
    is_counted: bool = False

    @property
    def missed(self) -> int:
        return self.confirmed - self.came

    @property
    def minutes_each(self) -> int:
        return round(self.minutes / (self.came + self.besides)) if self.came + self.besides else 0

    @property
    def unregistered(self) -> int:
        return self.besides + self.guests

    @property
    def is_few(self) -> bool:
        return self.is_counted and self.confirmed > 0 and self.came < FEW * self.confirmed


@dataclass(slots=True)
class TurnoutRow:
    """A place or a group over all days."""

    key: int
    by_day: dict[int, Turnout] = field(default_factory=lambda: defaultdict(Turnout))

    @property
    def minutes_each(self) -> int:
        people = sum(turnout.came + turnout.besides for turnout in self.by_day.values())
        return round(sum(turnout.minutes for turnout in self.by_day.values()) / people) if people else 0

    @property
    def share(self) -> float:
        confirmed = sum(turnout.confirmed for turnout in self.by_day.values() if turnout.is_counted)
        return sum(turnout.came for turnout in self.by_day.values()) / confirmed if confirmed else 0.0

    @property
    def besides(self) -> int:
        return sum(turnout.besides for turnout in self.by_day.values())


def _came(workshop: Workshop) -> QuerySet:
    """Of days, each with `is_expected`: confirmed for that very day."""
    expected = Participant.days.through.objects.filter(
        participant=OuterRef("participant"), workshopday=OuterRef("day"), participant__state="confirmed"
    )
    return Attendance.objects.of_days().came().filter(day__workshop=workshop).order_by().annotate(is_expected=Exists(expected))


def besides(workshop: Workshop) -> QuerySet[Attendance]:
    return _came(workshop).filter(is_expected=False, participant__anonymised_at=None)


def _confirmed(workshop: Workshop) -> QuerySet:
    """Who has their attendance not used has neither come nor missed."""
    through = Participant.days.through.objects.filter(participant__workshop=workshop, participant__state="confirmed")
    return through.filter(participant__anonymised_at=None, participant__attendance_stop=None).order_by()


def counted_days(workshop: Workshop, at: dt.datetime | None = None) -> set[int]:
    """The keys of `days_counted`. One query."""
    return {day.pk for day in days_counted(workshop, at)}


def days_counted(workshop: Workshop, at: dt.datetime | None = None) -> list[WorkshopDay]:
    """Days of which some report counts, and those that one could come to only through a door, once they are over. One query."""
    at = at or timezone.now()
    reports = AttendanceReport.objects.counting().filter(day=OuterRef("pk"))
    check_ins = CheckIn.objects.standing().filter(day=OuterRef("pk"))
    known = WorkshopDay.objects.filter(Exists(reports) | Exists(check_ins), workshop=workshop)
    days = known.with_hours().select_related("workshop").annotate(is_reported=Exists(reports))
    return [day for day in days if day.is_reported or (not day.has_meeting and day.ends_at() <= at)]


def by_day(workshop: Workshop) -> dict[int, Turnout]:
    """Five queries."""
    found: dict[int, Turnout] = defaultdict(Turnout)
    for day, people in _confirmed(workshop).values_list("workshopday").annotate(n=Count("pk")):
        found[day].confirmed = people
    for day, is_expected, people, minutes in _came(workshop).values_list("day", "is_expected").annotate(n=Count("pk"), sum=Sum("minutes")):
        _add(found[day], is_expected, people, minutes)
    rows = ReportRow.objects.filter(sighting=OuterRef("pk"), report__state=AttendanceReport.State.APPLIED)
    seen = Sighting.objects.filter(Exists(rows), day__workshop=workshop).order_by()
    for day, verdict, people in seen.values_list("day", "verdict").annotate(n=Count("key", distinct=True)):
        if verdict == Sighting.Verdict.GUEST:
            found[day].guests = people
        elif verdict == Sighting.Verdict.OPEN:
            found[day].to_decide = people
    for day in counted_days(workshop):
        found[day].is_counted = True
    return found


def by_place(workshop: Workshop) -> dict[int, TurnoutRow]:
    """By quota. Three queries."""
    return _rows(workshop, "participant__quota")


def by_group(workshop: Workshop) -> dict[int, TurnoutRow]:
    """By stakeholder group. Three queries."""
    return _rows(workshop, "participant__group")


def _rows(workshop: Workshop, key: str) -> dict[int, TurnoutRow]:
    rows: dict[int, TurnoutRow] = {}
    counted = counted_days(workshop)

    def turnout(place: int, day: int) -> Turnout:
        found = rows.setdefault(place, TurnoutRow(place)).by_day[day]
        found.is_counted = day in counted
        return found

    for place, day, people in _confirmed(workshop).values_list(key, "workshopday").annotate(n=Count("pk")):
        turnout(place, day).confirmed = people
    came = _came(workshop).values_list(key, "day", "is_expected").annotate(n=Count("pk"), sum=Sum("minutes"))
    for place, day, is_expected, people, minutes in came:
        _add(turnout(place, day), is_expected, people, minutes)
    return rows


def _add(turnout: Turnout, is_expected: bool, people: int, minutes: int) -> None:
    turnout.minutes += minutes
    if is_expected:
        turnout.came += people
    else:
        turnout.besides += people


def by_track(workshop: Workshop) -> list[tuple[Track, Turnout]]:
    """Those who chose each track and who came to it. Three queries."""
    found: dict[int, Turnout] = defaultdict(Turnout)
    chosen = TrackChoice.objects.filter(participant__workshop=workshop, participant__state="confirmed", participant__anonymised_at=None)
    for track, people in chosen.order_by().values_list("track").annotate(n=Count("pk")):
        found[track].confirmed = people
    own = chosen.filter(participant=OuterRef("participant"), track=OuterRef("track"))
    rows = Attendance.objects.came().filter(day__workshop=workshop, track__isnull=False).order_by().annotate(is_expected=Exists(own))
    for track, is_expected, people, minutes in rows.values_list("track", "is_expected").annotate(n=Count("pk"), sum=Sum("minutes")):
        _add(found[track], is_expected, people, minutes)
        found[track].is_counted = True
    tracks = Track.objects.filter(item__day__workshop=workshop, item__day__is_cancelled=False).select_related("item__day")
    return [(track, found[track.pk]) for track in tracks.order_by("item__day__date", "item__starts_at", "number")]
