"""One person, two registrations: which one stands."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import SEAT_HOLDING, State, Verb
from registration.errors import IllegalMove, SeatWouldBeLost
from registration.models import Participant
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock


@repeated_after_deadlock
def merge(*, participant: Participant, into: Participant, reason: str, by: Actor, at: dt.datetime | None = None) -> list[Participant]:
    """Cancels `participant`, because they are registered twice and `into`, their other registration in the workshop, stands.

    They are told once, at the address of the registration that ends, with the `reason`; both histories name the other.
    Returns who moved up for it. Raises SeatWouldBeLost where only the registration that would end holds a seat, and
    IllegalMove where one of the two has ended already.
    """
    if participant.pk == into.pk or participant.workshop_id != into.workshop_id:
        raise ValueError("these are not two registrations in one workshop")
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_all([participant.quota_id, into.quota_id])  # who ends the other one comes before or after, and not in between
        quotas.lock_seat_of(into)
        quotas.lock_seat_of(participant)
        if not into.is_live:
            raise IllegalMove(State(into.state), State(into.state))
        if participant.state in SEAT_HOLDING and into.state not in SEAT_HOLDING:
            raise SeatWouldBeLost(participant)
        moved_up = cancel(participant=participant, reason=reason, by=by, at=at)
        record(into, Verb.MERGED, by=by, at=at, other=participant.code)
    return moved_up
