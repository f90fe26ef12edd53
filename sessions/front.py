"""The days of a workshop as its pages show them: which meeting each is, and where it is in time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sessions.models import WorkshopDay
from sessions.state import DayState


@dataclass(frozen=True, slots=True)
class DatedMeeting:
    """`number` counts every day of the workshop from 1, so that it stays when one is cancelled."""

    day: WorkshopDay
    number: int
    state: DayState


def meetings(days: Iterable[WorkshopDay], states: Mapping[int, DayState]) -> list[DatedMeeting]:
    return [DatedMeeting(day, number, states[day.pk]) for number, day in enumerate(days, 1)]


def of_today(meetings: Iterable[DatedMeeting]) -> DatedMeeting | None:
    return next((meeting for meeting in meetings if meeting.state == DayState.TODAY), None)


def to_show(meetings: Sequence[DatedMeeting]) -> DatedMeeting | None:
    """The one whose date stands on the front page: today's, else the next, else the last that took place."""
    taking_place = [meeting for meeting in meetings if meeting.state != DayState.CANCELLED]
    coming = (meeting for meeting in taking_place if meeting.state in (DayState.TODAY, DayState.NEXT))
    return next(coming, taking_place[-1] if taking_place else None)
