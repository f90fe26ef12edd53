"""Giving a seat up, approving and declining. Each frees or keeps exactly what the person held."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration import outbox, quotas
from registration.actions.states import move, record
from registration.actions.waiting_list import free
from registration.actor import Actor
from registration.choices import SEAT_HOLDING, State
from registration.models import Participant


def cancel(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Ends a registration, or leaves the waiting list. The next in line moves up. Raises IllegalMove."""
    _leave(participant, State.CANCELLED, "cancelled", reason="", by=by, at=at or timezone.now())


def decline(*, participant: Participant, reason: str, by: Actor, at: dt.datetime | None = None) -> None:
    """The province (or NESDC for central agencies) says no, with a reason that the person is told. Raises IllegalMove."""
    _leave(participant, State.DECLINED, "declined", reason=reason, by=by, at=at or timezone.now())


def approve(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Makes a pending person's seat sure. Raises IllegalMove, also for somebody who is not pending."""
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock(participant.workshop_id, participant.quota_id)
        participant.refresh_from_db(fields=["state"])
        move(participant, State.CONFIRMED, since=State.PENDING, at=at)
        event = record(participant, "approved", by=by, at=at)
        outbox.post("confirmed", participant, occasion=event.pk, at=at)


def _leave(participant: Participant, to: State, verb: str, *, reason: str, by: Actor, at: dt.datetime) -> None:
    with transaction.atomic():
        seat, tracks = quotas.lock(participant.workshop_id, participant.quota_id)
        participant.refresh_from_db(fields=["state"])
        held = participant.state in SEAT_HOLDING
        move(participant, to, at=at, decision_reason=reason, offer_expires_at=None)
        event = record(participant, verb, by=by, at=at, reason=reason)
        outbox.post(verb, participant, occasion=event.pk, at=at, details={"reason": reason} if reason else {})
        if held:
            free(participant, seat, tracks, by=by, at=at)
