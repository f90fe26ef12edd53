"""At the wish of a participant their attendance is not used, or used again.

Source: Personal Data Protection Act B.E. 2562, sections 32 (objection) and 34 (limited use).
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.recount import lock, recount
from registration.choices import Verb
from registration.models import AttendanceStop, JoinPress, Participant
from registration.seats.actions.states import record


def stop_using(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> bool:
    """Nothing of their attendance counts from now on, whatever files come; a certificate that is out stays. False where it is so already.

    Minutes that were entered by hand are kept aside, and come back with `use_again`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        _lock_days(participant)
        _stop, is_new = AttendanceStop.objects.get_or_create(participant=participant, defaults={"by": by.user, "at": at})
        if is_new:
            JoinPress.objects.filter(participant=participant).delete()
            _recount_days(participant)
            record(participant, Verb.ATTENDANCE_STOPPED, by=by, at=at)
    return is_new


def use_again(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> bool:
    """What reports and entries say of them counts again. False where it did."""
    at = at or timezone.now()
    with transaction.atomic():
        _lock_days(participant)
        if not AttendanceStop.objects.filter(participant=participant).delete()[0]:
            return False
        _recount_days(participant)
        record(participant, Verb.ATTENDANCE_RESUMED, by=by, at=at)
    return True


def _lock_days(participant: Participant) -> None:
    for day in participant.workshop.days.order_by("pk"):
        lock(day)


def _recount_days(participant: Participant) -> None:
    for day in participant.workshop.days.all():
        recount(day, {participant.pk})
