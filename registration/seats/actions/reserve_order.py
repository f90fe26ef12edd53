"""The order of a waiting list. The tickets stay the same set; who holds which of them changes."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import State, Verb
from registration.errors import IllegalMove
from registration.models import Participant
from registration.seats import quotas
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock


@repeated_after_deadlock
def move_to(*, participant: Participant, place: int, reason: str, by: Actor, at: dt.datetime | None = None) -> tuple[int, int]:
    """Gives a waiting person the `place` in line (1 is next; more than there are is the last one), for a `reason`.

    Those between their old and their new place move by one. Returns their place before and after. Raises
    IllegalMove for somebody who does not wait, ValueError for a place below 1.
    """
    if place < 1:
        raise ValueError(f"there is no place {place}")
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_seat_of(participant, "ticket")
        if participant.state != State.WAITLISTED:
            raise IllegalMove(State(participant.state), State.WAITLISTED)
        before, after = _rearrange(participant, place)
        if after != before:
            record(participant, Verb.REORDERED, by=by, at=at, before=before, after=after, reason=reason)
    return before, after


def place_first(participant: Participant) -> None:
    """Makes a waiting person the next in line. Call it in a transaction that holds `quotas.lock`."""
    _rearrange(participant, 1)


def _rearrange(participant: Participant, place: int) -> tuple[int, int]:
    """Deals the tickets of the line out anew. Returns the place before and after."""
    line = list(Participant.objects.waiting().filter(quota_id=participant.quota_id).only("ticket"))
    tickets = [person.ticket for person in line]
    before = line.index(participant) + 1
    line.insert(min(place, len(line)) - 1, line.pop(before - 1))
    moved = []
    for person, ticket in zip(line, tickets, strict=True):
        if person.ticket != ticket:
            person.ticket = ticket
            moved.append(person)
    Participant.objects.bulk_update(moved, ["ticket"])
    after = line.index(participant) + 1
    participant.ticket = tickets[after - 1]
    return before, after
