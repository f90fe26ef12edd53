"""Giving a seat up, approving, declining, and putting back. Each frees, takes or keeps exactly what the person held."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import SEAT_HOLDING, MessageName, State, Verb
from registration.errors import AddressTaken, IllegalMove, QuotaFull, WorkshopOver
from registration.mail import outbox
from registration.models import Participant, Quota
from registration.seats import quotas
from registration.seats.actions.reserve import free, give_seat, take_tracks
from registration.seats.actions.reserve_order import place_first
from registration.seats.actions.states import move, move_back, record, seated_state
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop


def cancel(
    *, participant: Participant, by: Actor, reason: str = "", seen: State | None = None, at: dt.datetime | None = None
) -> list[Participant]:
    """Ends a registration, or leaves the waiting list, with a reason where others than the person say so.

    Returns who moved up for it. Raises IllegalMove.
    """
    return _leave(participant, State.CANCELLED, Verb.CANCELLED, reason=reason, seen=seen, by=by, at=at or timezone.now())


def decline(
    *, participant: Participant, reason: str, by: Actor, seen: State | None = None, at: dt.datetime | None = None
) -> list[Participant]:
    """The province (or NESDC for central agencies) says no, with a reason that the person is told.

    `seen` is the state in which the person was shown to whoever decides: in another one by now, something was
    decided meanwhile. Returns who moved up for it. Raises IllegalMove (brief §4.1).
    """
    return _leave(participant, State.DECLINED, Verb.DECLINED, reason=reason, seen=seen, by=by, at=at or timezone.now())


@repeated_after_deadlock
def approve(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Makes a pending person's seat sure. Raises IllegalMove, also for somebody who is not pending, and WorkshopOver."""
    at = at or timezone.now()
    _refuse_when_over(participant, at)
    with transaction.atomic():
        quotas.lock_seat_of(participant)
        move(participant, State.CONFIRMED, since=State.PENDING, at=at)
        event = record(participant, Verb.APPROVED, by=by, at=at)
        outbox.post(MessageName.CONFIRMED, participant, occasion=event.pk, at=at)


@repeated_after_deadlock
def reopen(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Undoes an approval: the seat stays held, and the province decides once more. The person is told so.

    Raises IllegalMove for somebody who is not confirmed, and where the province does not approve first.
    """
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_seat_of(participant)
        if seated_state(participant.workshop) != State.PENDING:
            raise IllegalMove(State(participant.state), State.PENDING)
        move(participant, State.PENDING, since=State.CONFIRMED, at=at)
        event = record(participant, Verb.REOPENED, by=by, at=at)
        outbox.post(MessageName.PENDING, participant, occasion=event.pk, at=at, details={"again": True})


@repeated_after_deadlock
def move_up(*, participant: Participant, by: Actor, reason: str = "", at: dt.datetime | None = None) -> None:
    """Gives a free seat to one person of the waiting list, whoever stands before them; the `reason` is for the history.

    Whoever does this has decided, so the seat is sure and no approval is asked; where seats are offered first,
    it is offered. Raises IllegalMove for somebody who does not wait, QuotaFull when no seat is free, WorkshopOver.
    """
    at = at or timezone.now()
    _refuse_when_over(participant, at)
    with transaction.atomic():
        seat, tracks = quotas.lock_seat_of(participant)
        if participant.state != State.WAITLISTED:
            raise IllegalMove(State(participant.state), State.CONFIRMED)
        if not quotas.take(seat):
            raise QuotaFull(seat)
        offered = participant.workshop.waiting_list == Workshop.WaitingList.OFFER
        give_seat(participant, State.OFFERED if offered else State.CONFIRMED, tracks, by=by, at=at, reason=reason)


@repeated_after_deadlock
def swap(
    *, leaver: Participant, successor: Participant, leaves_to: State, reason: str = "", by: Actor, at: dt.datetime | None = None
) -> None:
    """Gives the seat of `leaver` to `successor`, who waits: nobody else moves, and no seat is free in between.

    The one who leaves comes first in the reserve (`leaves_to` WAITLISTED) or is not selected (DECLINED). Raises IllegalMove where one
    of the two is in another state by now; nothing has changed then.
    """
    at = at or timezone.now()
    with transaction.atomic():
        seat, tracks = quotas.lock_seat_of(leaver, "ticket")
        quotas.lock_seat_of(successor, "ticket")
        if successor.state != State.WAITLISTED or successor.quota_id != leaver.quota_id:
            raise IllegalMove(State(successor.state), State.CONFIRMED)
        if leaver.state not in SEAT_HOLDING:
            raise IllegalMove(State(leaver.state), leaves_to)
        quotas.release(tracks[track_id] for track_id in leaver.choices.values_list("track_id", flat=True))
        give_seat(successor, State.CONFIRMED, tracks, by=by, at=at, reason=reason)
        if leaves_to == State.WAITLISTED:
            _wait_instead(leaver, seat, by=by, at=at)
        else:
            move(leaver, State.DECLINED, at=at, decision_reason="", offer_expires_at=None)
            event = record(leaver, Verb.DECLINED, by=by, at=at)
            outbox.post(MessageName.DECLINED, leaver, occasion=event.pk, at=at)


def pass_seat_on(*, leaver: Participant, seat: Quota, by: Actor, at: dt.datetime) -> None:
    """Ends a registration whose `seat` a substitute takes in the same transaction, which holds `quotas.lock`.

    Raises IllegalMove, also for somebody whose seat is another one by now.
    """
    own, tracks = quotas.lock_seat_of(leaver)
    if own != seat:
        raise IllegalMove(State(leaver.state), State.CANCELLED)
    held = [tracks[track_id] for track_id in leaver.choices.values_list("track_id", flat=True)]
    move(leaver, State.CANCELLED, since=State.CONFIRMED, at=at)
    quotas.release(held)
    event = record(leaver, Verb.SUBSTITUTED, by=by, at=at)
    outbox.post(MessageName.SUBSTITUTED, leaver, occasion=event.pk, at=at)


def _wait_instead(leaver: Participant, seat: Quota, *, by: Actor, at: dt.datetime) -> None:
    move(leaver, State.WAITLISTED, at=at, offer_expires_at=None, ticket=quotas.next_ticket(seat))
    place_first(leaver)
    event = record(leaver, Verb.TO_RESERVE, by=by, at=at, state=leaver.state)
    outbox.post(MessageName.RESERVE, leaver, occasion=event.pk, at=at, details={"place": 1, "again": True})


@repeated_after_deadlock
def put_back(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Undoes a decline or a cancellation: the one exception to the map of moves.

    The person takes a seat if one is free. Otherwise they wait: at their old place in line; first, if a desk or the office
    took their seat away; at the end, if they had cancelled. Raises IllegalMove for somebody who is neither
    declined nor cancelled, AddressTaken when their address was registered again since.
    """
    at = at or timezone.now()
    _refuse_when_over(participant, at)
    try:
        with transaction.atomic():
            seat, tracks = quotas.lock_seat_of(participant, "ticket")
            if participant.workshop.decision == Workshop.Decision.SELECTION and not quotas.is_announced(seat):
                _come_forward_again(participant, seat, by=by, at=at)
            elif quotas.take(seat):
                _seat_again(participant, tracks, by=by, at=at)
            else:
                _wait_again(participant, seat, by=by, at=at)
    except IntegrityError as error:
        raise AddressTaken from error


def _refuse_when_over(participant: Participant, at: dt.datetime) -> None:
    if participant.workshop.standing(at).is_over:
        raise WorkshopOver


def _seat_again(participant: Participant, tracks: dict[int, Quota], *, by: Actor, at: dt.datetime) -> None:
    move_back(participant, seated_state(participant.workshop), at=at, decision_reason="")
    dropped = take_tracks(participant, tracks)
    event = record(participant, Verb.PUT_BACK, by=by, at=at, state=participant.state, tracks_full=dropped)
    outbox.post(MessageName(participant.state), participant, occasion=event.pk, at=at, details={"tracks_full": dropped})


def _come_forward_again(participant: Participant, seat: Quota, *, by: Actor, at: dt.datetime) -> None:
    move_back(participant, State.APPLIED, at=at, decision_reason="", ticket=participant.ticket or quotas.next_ticket(seat))
    event = record(participant, Verb.PUT_BACK, by=by, at=at, state=participant.state)
    outbox.post(MessageName.APPLIED, participant, occasion=event.pk, at=at)


def _wait_again(participant: Participant, seat: Quota, *, by: Actor, at: dt.datetime) -> None:
    ticket, by_themselves = participant.ticket, participant.state == State.CANCELLED and not _was_sent_away(participant)
    keeps_place = ticket is not None and not by_themselves
    move_back(participant, State.WAITLISTED, at=at, decision_reason="", ticket=ticket if keeps_place else quotas.next_ticket(seat))
    if not keeps_place and not by_themselves:
        place_first(participant)
    event = record(participant, Verb.PUT_BACK, by=by, at=at, state=participant.state)
    details = {"place": quotas.place_in_line(participant), "again": True}
    outbox.post(MessageName.RESERVE, participant, occasion=event.pk, at=at, details=details)


def _was_sent_away(participant: Participant) -> bool:
    ending = participant.events.filter(verb=Verb.CANCELLED).order_by("pk").last()
    return ending is not None and ending.actor_kind in (ActorKind.COORDINATOR, ActorKind.STAFF)


@repeated_after_deadlock
def _leave(
    participant: Participant, to: State, verb: Verb, *, reason: str, seen: State | None, by: Actor, at: dt.datetime
) -> list[Participant]:
    with transaction.atomic():
        seat, tracks = quotas.lock_seat_of(participant)
        held, waited = participant.state in SEAT_HOLDING, participant.state == State.WAITLISTED
        move(participant, to, since=seen, at=at, decision_reason=reason, offer_expires_at=None)
        event = record(participant, verb, by=by, at=at, reason=reason)
        details = {name: value for name, value in {"reason": reason, "waited": waited, "state": to}.items() if value}
        outbox.post(MessageName(verb), participant, occasion=event.pk, at=at, details=details)
        return free(participant, seat, tracks, by=by, at=at) if held else []
