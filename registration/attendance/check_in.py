"""Who may be checked in at the door of a day with a room, what stands against it, and how long whoever was checked in is there."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from registration.attendance.intervals import Interval
from registration.choices import State
from registration.models import CheckIn, Participant
from registration.models.participant import CODE_ALPHABET, CODE_LENGTH
from sessions.models import WorkshopDay
from sessions.thai import arabic_digits

#: Who is checked in so soon after the beginning stood in the line at the door: the day counts from its beginning.
LINE_AT_THE_DOOR = dt.timedelta(minutes=30)


class CheckInOutcome(StrEnum):
    CHECKED_IN = "checked_in"
    ALREADY = "already"
    #: A phone sends late what was taken back since.
    TAKEN_BACK = "taken_back"
    #: They come, and at their wish nothing of it is kept.
    STOPPED = "stopped"
    UNKNOWN = "unknown"
    OTHER_WORKSHOP = "other_workshop"
    OTHER_DAY = "other_day"
    PENDING = "pending"
    RESERVE = "reserve"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NOT_TODAY = "not_today"


#: They may come in.
WELCOME = frozenset({CheckInOutcome.CHECKED_IN, CheckInOutcome.ALREADY, CheckInOutcome.STOPPED})
#: What staff may say "all the same" to.
WAIVABLE = frozenset({CheckInOutcome.OTHER_DAY, CheckInOutcome.PENDING, CheckInOutcome.RESERVE})

_BY_STATE = {
    State.APPLIED: CheckInOutcome.PENDING,
    State.PENDING: CheckInOutcome.PENDING,
    State.WAITLISTED: CheckInOutcome.RESERVE,
    State.OFFERED: CheckInOutcome.RESERVE,
    State.DECLINED: CheckInOutcome.DECLINED,
    State.CANCELLED: CheckInOutcome.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class CheckInAnswer:
    """What came of one code. `person` is None where nobody whom the asker may check in has it; `at` is when they were checked in."""

    code: str
    outcome: CheckInOutcome
    person: Participant | None = None
    at: dt.datetime | None = None

    @property
    def is_welcome(self) -> bool:
        return self.outcome in WELCOME


def code_in(text: str) -> str:
    """The reference code that was read or typed, however it is spaced, or nothing."""
    letters = "".join(arabic_digits(text[:100]).upper().replace("-", " ").split())
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_ALPHABET) else ""


def is_on(day: WorkshopDay, at: dt.datetime) -> bool:
    """Whether people come in at the moment `at`: from the midnight before until the day's last item has ended. Read with its hours."""
    return not day.is_cancelled and _midnight(day) <= at < day.ends_at()


def _midnight(day: WorkshopDay) -> dt.datetime:
    return day.begins_at().replace(hour=0, minute=0)


def against(person: Participant, day: WorkshopDay) -> CheckInOutcome | None:
    """Why `person` (read with their days) is not simply checked in on `day`; None where nothing stands against it."""
    if person.workshop_id != day.workshop_id:
        return CheckInOutcome.OTHER_WORKSHOP
    if person.state != State.CONFIRMED:
        return _BY_STATE[State(person.state)]
    return None if day.pk in {one.pk for one in person.days.all()} else CheckInOutcome.OTHER_DAY


def stay_of(day: WorkshopDay, at: dt.datetime) -> Interval:
    """From when to when somebody who was checked in at `at` is taken to be there: nobody is checked out."""
    begins, ends = day.begins_at(), day.ends_at()
    return (begins if at <= begins + LINE_AT_THE_DOOR else min(at, ends)), ends


def checked_in(day: WorkshopDay) -> int:
    return CheckIn.objects.standing().filter(day=day).count()
