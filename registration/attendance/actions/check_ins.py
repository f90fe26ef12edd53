"""Checking people in at the door of a day, and taking a slip back. Sent twice, or late, it is the same check-in."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.recount import lock, recount
from registration.attendance.check_in import WAIVABLE, CheckInAnswer, CheckInOutcome, against, code_in, is_on
from registration.choices import Verb
from registration.models import AttendanceStop, CheckIn, Participant
from registration.models.participant import ParticipantQuerySet
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import WorkshopDay


@repeated_after_deadlock
def check_in(
    *,
    day: WorkshopDay,
    code: str,
    people: ParticipantQuerySet,
    by: Actor,
    at: dt.datetime | None = None,
    received_at: dt.datetime | None = None,
    all_the_same: bool = False,
) -> CheckInAnswer:
    """Whoever of `people` has the reference `code` came to `day` (read with its hours) at the moment `at`.

    A phone without a network sends later: `received_at` is then. Of several times the earliest one stays. With `all_the_same`
    also people without a seat, or who did not choose the day, which the answer refuses otherwise.
    """
    at = at or timezone.now()
    found = people.filter(code=code_in(code)).select_related("workshop", "quota__province").prefetch_related("days").first()
    if found is None:
        return CheckInAnswer(code, CheckInOutcome.UNKNOWN)
    hindrance = against(found, day)
    if hindrance and not (all_the_same and hindrance in WAIVABLE):
        known = CheckIn.objects.standing().filter(participant=found, day=day).first()
        return CheckInAnswer(found.code, CheckInOutcome.ALREADY, found, known.at) if known else CheckInAnswer(found.code, hindrance, found)
    if not is_on(day, at):
        return CheckInAnswer(found.code, CheckInOutcome.NOT_TODAY, found)
    return _noted(day, found, by=by, at=at, received_at=received_at or at, waived=hindrance)


@transaction.atomic
def _noted(
    day: WorkshopDay, person: Participant, *, by: Actor, at: dt.datetime, received_at: dt.datetime, waived: CheckInOutcome | None
) -> CheckInAnswer:
    lock(day)
    if AttendanceStop.objects.filter(participant=person).exists():
        return CheckInAnswer(person.code, CheckInOutcome.STOPPED, person)
    values = {"at": at, "by": by.user, "received_at": received_at}
    row, is_new = CheckIn.objects.get_or_create(participant=person, day=day, defaults=values)
    if not is_new:
        if row.taken_back_at is None:
            return CheckInAnswer(person.code, CheckInOutcome.ALREADY, person, _earliest(row, at))
        if at <= row.taken_back_at:
            return CheckInAnswer(person.code, CheckInOutcome.TAKEN_BACK, person, row.taken_back_at)
        CheckIn.objects.filter(pk=row.pk).update(**values, taken_back_at=None, taken_back_by=None)
    recount(day, {person.pk})
    record(person, Verb.CHECKED_IN, by=by, at=received_at, day=str(day.date), **({"waived": waived.value} if waived else {}))
    return CheckInAnswer(person.code, CheckInOutcome.CHECKED_IN, person, at)


def _earliest(row: CheckIn, at: dt.datetime) -> dt.datetime:
    if CheckIn.objects.filter(pk=row.pk, at__gt=at).update(at=at):
        recount(row.day, {row.participant_id})
        return at
    return row.at


def take_back(*, day: WorkshopDay, person: Participant, by: Actor, at: dt.datetime | None = None) -> bool:
    """It was a slip: `person` did not come in. False where they are not checked in on `day` (any more)."""
    at = at or timezone.now()
    with transaction.atomic():
        lock(day)
        standing = CheckIn.objects.standing().filter(participant=person, day=day)
        if not standing.update(taken_back_at=at, taken_back_by=by.user):
            return False
        recount(day, {person.pk})
        record(person, Verb.CHECK_IN_TAKEN_BACK, by=by, at=at, day=str(day.date))
    return True
