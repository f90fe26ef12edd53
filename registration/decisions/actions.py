"""Decisions that take effect some minutes later: until then nobody is told, no seat moves, and one press takes them back."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.audit import trail
from registration.choices import MOVES, SEAT_HOLDING, DecisionName, State
from registration.decisions.commands import Decision
from registration.errors import AlreadyDecided, DecisionClosed, IllegalMove, RegistrationError
from registration.models import DelayedDecision, Participant
from registration.seats import quotas
from registration.seats.actions import moves
from registration.seats.actions.reserve import fill
from registration.seats.deadlocks import repeated_after_deadlock

#: Those in line are declined before those on seats: a seat that is freed shall not go to somebody declined next.
_IN_LINE_FIRST = Case(When(participant__state=State.WAITLISTED, then=Value(0)), default=Value(1))


@repeated_after_deadlock
def decide(
    *,
    command: DecisionName,
    participant: Participant,
    reason: str = "",
    seen: State | None = None,
    successor: Participant | None = None,
    leaves_to: State | None = None,
    at_once: bool = False,
    by: Actor,
    at: dt.datetime | None = None,
) -> DelayedDecision:
    """Decides about a person, for the moment when the workshop's minutes for taking back are over, or `at_once`.

    `seen` is the state in which they were shown. Returns the decision; where there is no time to take it back, it is in effect.
    Raises IllegalMove where it could not be done as things are or one of the two is erased, AlreadyDecided where another decision
    about one of the two waits.
    """
    at = at or timezone.now()
    minutes = 0 if at_once else participant.workshop.decision_minutes
    with transaction.atomic():
        quotas.lock_seat_of(participant, "ticket")
        if successor:
            quotas.lock_seat_of(successor, "ticket")
        state = State(participant.state)
        _refuse(command, state, seen)
        if waiting := _open_about(*filter(None, [participant, successor])):
            raise AlreadyDecided(waiting)
        decision = DelayedDecision.objects.create(
            quota_id=participant.quota_id,
            participant=participant,
            successor=successor,
            command=command,
            seen=state,
            leaves_to=leaves_to or "",
            reason=reason,
            decided_by=by.user,
            decided_as=by.kind,
            decided_at=at,
            due_at=at + dt.timedelta(minutes=minutes),
        )
        if minutes:
            trail.record_decision(by=by, what=f"{command}_decided", participant=participant, at=at)
        else:
            _close(decision, DelayedDecision.State.DONE, at)
            _deed(decision)(at=at)
    return decision


@repeated_after_deadlock
def carry_out(
    *,
    decision: Decision,
    participant: Participant,
    reason: str = "",
    seen: State | None = None,
    at_once: bool = False,
    by: Actor,
) -> list[Participant] | DelayedDecision:
    """Decides what a page asked for: later where the command is delayed and the workshop gives time to take it back, else now.

    Returns who moved up for it, or what takes effect later. Raises as the action does, and AlreadyDecided.
    """
    if decision.is_delayed and participant.workshop.decision_minutes and not at_once:
        return decide(command=decision.command, participant=participant, reason=reason, seen=seen, by=by)
    with transaction.atomic():
        quotas.lock_seat_of(participant)
        if waiting := _open_about(participant):
            raise AlreadyDecided(waiting)
        return decision.carry_out(participant, reason=reason, seen=seen, by=by)


def _open_about(*people: Participant) -> DelayedDecision | None:
    involved = Q(participant__in=people) | Q(successor__in=people)
    return DelayedDecision.objects.open().filter(involved).select_related("decided_by").first()


@repeated_after_deadlock
def take_back(*, decision: DelayedDecision, by: Actor, at: dt.datetime | None = None) -> None:
    """As if it had not been decided: no mail, the same seat. Raises DecisionClosed where it took effect or was closed otherwise."""
    at = at or timezone.now()
    with transaction.atomic():
        seat, tracks = quotas.lock(decision.quota.workshop_id, decision.quota_id)
        _close(decision, DelayedDecision.State.TAKEN_BACK, at)
        trail.record_decision(by=by, what="decision_taken_back", participant=decision.participant, at=at)
        fill(seat, tracks, by=by, at=at, freed=0)  # a seat that was freed meanwhile may have passed this person by


def take_effect_now(*, decision: DelayedDecision, at: dt.datetime | None = None) -> bool:
    """Ends the time in which it could be taken back. False where it was overtaken. Raises DecisionClosed."""
    at = at or timezone.now()
    done = _take_effect(decision, at)
    if done is None:
        raise _closed(decision)
    return done


def decide_due(*, at: dt.datetime) -> int:
    """Has every decision whose time has come take effect. Returns how many did. Safe to run twice or late."""
    due = DelayedDecision.objects.open().filter(due_at__lte=at).select_related("quota")
    return sum(_take_effect(decision, at) is True for decision in due.order_by("due_at", _IN_LINE_FIRST, "pk"))


@repeated_after_deadlock
def _take_effect(decision: DelayedDecision, at: dt.datetime) -> bool | None:
    """True where it is in effect, False where something else came first, None where it was closed already."""
    with transaction.atomic():
        quotas.lock(decision.quota.workshop_id, decision.quota_id)
        try:
            _close(decision, DelayedDecision.State.DONE, at)
        except DecisionClosed:
            return None
        try:
            with transaction.atomic():
                _deed(decision)(at=at)
        except RegistrationError:
            DelayedDecision.objects.filter(pk=decision.pk).update(state=DelayedDecision.State.OVERTAKEN)
            decision.state = DelayedDecision.State.OVERTAKEN
            return False
    return True


def _close(decision: DelayedDecision, to: DelayedDecision.State, at: dt.datetime) -> None:
    """Whoever comes second gets DecisionClosed, and changes nothing. The reason goes on to the person's row only."""
    if not DelayedDecision.objects.open().filter(pk=decision.pk).update(state=to, closed_at=at, reason=""):
        raise _closed(decision)
    decision.state, decision.closed_at = to, at


def _closed(decision: DelayedDecision) -> DecisionClosed:
    """What came of it by now; with a person who was erased meanwhile it is gone itself."""
    try:
        decision.refresh_from_db()
    except DelayedDecision.DoesNotExist:
        decision.state = DelayedDecision.State.OVERTAKEN
    return DecisionClosed(decision)


def _deed(decision: DelayedDecision) -> Callable[..., object]:
    """What it does, for `at=`. Raises IllegalMove where the person belongs to another place by now."""
    person = Participant.objects.select_related("workshop").get(pk=decision.participant_id)
    by, seen = _decider(decision), State(decision.seen)
    if person.quota_id != decision.quota_id:
        raise IllegalMove(State(person.state), seen)
    if decision.command == DecisionName.SWAP and decision.successor_id:
        successor = Participant.objects.select_related("workshop").get(pk=decision.successor_id)
        swap = partial(moves.swap, leaver=person, successor=successor, leaves_to=State(decision.leaves_to))
        return partial(swap, reason=decision.reason, by=by)
    if decision.command == DecisionName.MOVE_UP:
        return partial(moves.move_up, participant=person, reason=decision.reason, by=by)
    leave = moves.decline if decision.command == DecisionName.DECLINE else moves.cancel
    return partial(leave, participant=person, reason=decision.reason, seen=seen, by=by)


def _decider(decision: DelayedDecision) -> Actor:
    return Actor(ActorKind(decision.decided_as), decision.decided_by)


def _refuse(command: DecisionName, state: State, seen: State | None) -> None:
    """Raises IllegalMove for what would be refused at once."""
    to = {
        DecisionName.DECLINE: State.DECLINED,
        DecisionName.CANCEL: State.CANCELLED,
        DecisionName.MOVE_UP: State.CONFIRMED,
        DecisionName.SWAP: State.WAITLISTED,
    }[command]
    own = {DecisionName.MOVE_UP: {State.WAITLISTED}, DecisionName.SWAP: SEAT_HOLDING}
    fits = own.get(command, {state for state in State if to in MOVES[state]})
    if state not in fits or seen not in (None, state):
        raise IllegalMove(state, to)
