"""Minutes that a human enters, and what participants do: press the button to join, doubt what stands there."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from registration.actor import PARTICIPANT, Actor
from registration.attendance.actions.recount import lock, recount, settle
from registration.choices import Verb
from registration.models import Attendance, AttendanceDoubt, AttendanceStop, JoinPress, Participant
from registration.operations import kept_figures
from registration.seats.actions.states import record
from registration.seats.deadlocks import points_nowhere
from sessions.models import Track, WorkshopDay

#: Who presses again within this time has not come again.
PRESS_ONCE_IN = dt.timedelta(minutes=1)


class AttendanceStopped(Exception):
    """Their attendance is not used, at their wish."""


def enter_minutes(
    *,
    participant: Participant,
    day: WorkshopDay,
    minutes: int,
    reason: str,
    by: Actor,
    track: Track | None = None,
    at: dt.datetime | None = None,
) -> Attendance:
    """Says that `participant` was there for `minutes`, whatever the files say. Raises AttendanceStopped."""
    at = at or timezone.now()
    with transaction.atomic():
        lock(day)
        if AttendanceStop.objects.filter(participant=participant).exists():
            raise AttendanceStopped
        row, _new = Attendance.objects.get_or_create(
            participant=participant, day=day, track=track, defaults={"source": Attendance.Source.HAND}
        )
        row.entered_minutes, row.entered_reason, row.entered_by, row.entered_at = minutes, reason, by.user, at
        settle(row)
        row.save(update_fields=["minutes", "source", "entered_minutes", "entered_reason", "entered_by", "entered_at"])
        kept_figures.ask(day.workshop_id)
        record(participant, Verb.ATTENDANCE_ENTERED, by=by, at=at, day=str(day.date), minutes=minutes)
    return row


def remove_entry(
    *, participant: Participant, day: WorkshopDay, by: Actor, track: Track | None = None, at: dt.datetime | None = None
) -> None:
    at = at or timezone.now()
    with transaction.atomic():
        lock(day)
        rows = Attendance.objects.filter(participant=participant, day=day, track=track, entered_minutes__isnull=False)
        if rows.update(entered_minutes=None, entered_reason="", entered_by=None, entered_at=None):
            recount(day, {participant.pk})
            record(participant, Verb.ATTENDANCE_ENTRY_REMOVED, by=by, at=at, day=str(day.date))


def note_press(*, participant: Participant, day: WorkshopDay, track: Track | None = None, at: dt.datetime | None = None) -> None:
    at = at or timezone.now()
    if AttendanceStop.objects.filter(participant=participant).exists():
        return
    if not JoinPress.objects.filter(participant=participant, day=day, track=track, at__gt=at - PRESS_ONCE_IN).exists():
        JoinPress.objects.create(participant=participant, day=day, track=track, at=at)


def doubt(*, participant: Participant, text: str, at: dt.datetime | None = None) -> bool:
    """The participant says that their minutes are wrong. False where an earlier word of theirs still waits for an answer."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            AttendanceDoubt.objects.create(participant=participant, text=text, sent_at=at)
            record(participant, Verb.ATTENDANCE_DOUBTED, by=PARTICIPANT, at=at)
    except IntegrityError as error:
        if points_nowhere(error):
            raise
        return False
    return True


def settle_doubt(*, doubt: AttendanceDoubt, answer: str, by: Actor, at: dt.datetime | None = None) -> bool:
    """What came of it; the participant reads it on their page. False where another has answered meanwhile."""
    at = at or timezone.now()
    with transaction.atomic():
        won = AttendanceDoubt.objects.open().filter(pk=doubt.pk).update(answer=answer, settled_by=by.user, settled_at=at)
        if won:
            record(doubt.participant, Verb.ATTENDANCE_DOUBT_SETTLED, by=by, at=at)
    return bool(won)


def forget_presses(*, at: dt.datetime) -> int:
    """Deletes presses that no report will ask for any more. Returns how many."""
    return JoinPress.objects.filter(at__lt=at - dt.timedelta(days=90)).delete()[0]
