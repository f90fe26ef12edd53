"""Somebody registered for the wrong province: their seat, or their place in line, is one of another place."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import ENDED, SEAT_HOLDING, MessageName, State, Verb
from registration.errors import IllegalMove, QuotaFull, WindowClosed
from registration.mail import outbox
from registration.models import Invitation, Participant, Quota
from registration.people.actions.details import agree
from registration.people.applications import Notice
from registration.people.changes import may_move
from registration.seats import quotas
from registration.seats.actions.reserve import fill, take_tracks
from registration.seats.actions.states import move, record, seated_state, tell_namesakes
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import StakeholderGroup, Workshop


@repeated_after_deadlock
def transfer(
    *,
    participant: Participant,
    to: Quota,
    group: StakeholderGroup | None = None,
    tells: bool = True,
    by: Actor,
    at: dt.datetime | None = None,
) -> list[Participant]:
    """Moves a registration to the place `to`, seat for seat; who waits goes to the end of the line there. `group` must fit the place.

    Returns who moved up on the seat that became free. Raises QuotaFull, and changes nothing, where `to` has no seat left;
    IllegalMove where the registration has ended.
    """
    _check_place(participant, to)
    at, group = at or timezone.now(), group or participant.group
    with transaction.atomic():
        quotas.lock_all([participant.quota_id, to.pk])
        quotas.lock_seat_of(participant, "group_id")
        before, state = participant.quota, State(participant.state)
        if state in ENDED:
            raise IllegalMove(state, state)
        if before.pk == to.pk:
            return []
        if state in SEAT_HOLDING and not quotas.take(to):
            raise QuotaFull(to)
        values = {"province": [before.name, to.name]}
        if group.pk != participant.group_id:
            values["group"] = [str(participant.group), str(group)]
        _put(participant, to, group, quotas.next_ticket(to) if state in (State.WAITLISTED, State.APPLIED) else None)
        if (there := _waiting_at(to, state)) != state:
            move(participant, there, at=at)
        event = record(participant, Verb.CHANGED, by=by, at=at, fields=list(values), values=values)
        tell_namesakes(participant, at=at)
        if tells:
            outbox.post(MessageName.CHANGED, participant, occasion=event.pk, at=at, details={"fields": list(values)})
        if state not in SEAT_HOLDING:
            return []
        return _free_behind(before, by, at)


def _check_place(participant: Participant, to: Quota) -> None:
    if to.workshop_id != participant.workshop_id or to.kind == Quota.Kind.TRACK:
        raise ValueError("this is no place of the workshop")


def _put(participant: Participant, to: Quota, group: StakeholderGroup, ticket: int | None) -> None:
    """Writes where they come from now; whom they asked to come in their place comes from there too."""
    Participant.objects.filter(pk=participant.pk).update(quota=to, group=group, ticket=ticket)
    Invitation.objects.open().filter(in_place_of=participant).update(quota=to)
    participant.quota, participant.group, participant.ticket = to, group, ticket


def _free_behind(before: Quota, by: Actor, at: dt.datetime) -> list[Participant]:
    """Gives back the seat that somebody who moved held at `before`. Returns who moved up on it."""
    quotas.release([before])
    seat, tracks = quotas.lock(before.workshop_id, before.pk)
    return fill(seat, tracks, by=by, at=at, freed=1)


def _waiting_at(place: Quota, state: State) -> State:
    """What somebody in `state` who has no seat is at `place`: where the province selects, that depends on its announcement."""
    if state not in (State.APPLIED, State.WAITLISTED) or place.workshop.decision != Workshop.Decision.SELECTION:
        return state
    return State.WAITLISTED if quotas.is_announced(place) else State.APPLIED


@repeated_after_deadlock
def move_to(
    *,
    participant: Participant,
    to: Quota,
    group: StakeholderGroup,
    agreement: Notice | None = None,
    by: Actor,
    at: dt.datetime | None = None,
) -> list[Participant]:
    """The person says that they come from `to`: a free seat there is theirs before the one here, or their place in line, is given back.

    Where the province approves first, the new one decides anew. Returns who moved up on the seat that became free. Raises QuotaFull, and
    changes nothing, where `to` has no seat; WindowClosed where they may not (any more); GuardianNeeded as `change_group` does.
    """
    _check_place(participant, to)
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_all([participant.quota_id, to.pk])
        quotas.lock_seat_of(participant, "group_id")
        if not may_move(participant, at):
            raise WindowClosed
        before = participant.quota
        if before.pk == to.pk:
            return []
        if not quotas.take(to):
            raise QuotaFull(to)
        agree(participant, group, agreement, at=at)
        held_seat, known = participant.holds_seat, (before.name, str(participant.group))
        _put(participant, to, group, None)
        _seat_there(participant, held_seat, known, by, at)
        if not held_seat:
            return []
        return _free_behind(before, by, at)


def _seat_there(participant: Participant, held_seat: bool, known: tuple[str, str], by: Actor, at: dt.datetime) -> None:
    if not held_seat:
        _seat, tracks = quotas.lock(participant.workshop_id, participant.quota_id)
        take_tracks(participant, tracks)
    seated = seated_state(participant.workshop)
    same = participant.state == seated
    if not same:
        move(participant, seated, at=at, offer_expires_at=None)
    if held_seat:
        tell_namesakes(participant, at=at)
    values = {"province": [known[0], participant.quota.name], "group": [known[1], str(participant.group)]}
    values = {name: pair for name, pair in values.items() if pair[0] != pair[1]}
    event = record(participant, Verb.CHANGED, by=by, at=at, fields=list(values), values=values)
    message = MessageName.CHANGED if same else MessageName(participant.state)
    outbox.post(message, participant, occasion=event.pk, at=at, details={"fields": list(values)} if same else {})
