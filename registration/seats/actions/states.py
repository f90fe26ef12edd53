"""The one way to change a participant's state, and the trace that it leaves."""

import datetime as dt
from typing import Any

from registration.actor import SYSTEM, Actor
from registration.audit import trail
from registration.choices import ENDED, MOVES, SEAT_HOLDING, MessageName, State, Verb
from registration.errors import IllegalMove, InvitationOver
from registration.mail import outbox
from registration.models import Event, Invitation, Participant
from registration.people.display_names import renamed_by
from registration.webhooks.notes import note_event
from sessions.models import Workshop


def move(participant: Participant, to: State, *, since: State | None = None, at: dt.datetime, **fields: Any) -> None:
    """Moves `participant` to `to`, along the map only, and writes `fields` with it.

    `since` is the only state from which the caller's event leads there, where the map knows more ways.
    The row is updated only if it still is in the state that was read: whoever comes second gets
    IllegalMove with the state that the first one made, and changes nothing.
    """
    before = State(participant.state)
    if to not in MOVES[before] or before != (since or before):
        raise IllegalMove(before, to)
    _write(participant, to, at, fields)


def move_back(participant: Participant, to: State, *, at: dt.datetime, **fields: Any) -> None:
    """As `move`, out of a state that ended a registration: the one exception to the map, for putting somebody back."""
    if participant.state not in ENDED:
        raise IllegalMove(State(participant.state), to)
    _write(participant, to, at, fields)


def _write(participant: Participant, to: State, at: dt.datetime, fields: dict[str, Any]) -> None:
    before = State(participant.state)
    fields |= {"state": to, "state_changed_at": at}
    if not Participant.objects.filter(pk=participant.pk, state=before).update(**fields):
        participant.refresh_from_db(fields=["state"])
        raise IllegalMove(State(participant.state), to)
    for name, value in fields.items():
        setattr(participant, name, value)
    if before not in SEAT_HOLDING:
        tell_namesakes(participant, at=at)


def record(participant: Participant, verb: Verb, *, by: Actor, at: dt.datetime, **details: Any) -> Event:
    """Writes into the participant's history that `by` did `verb`; what the office or a province decides, into the audit trail too.

    Other systems that want to know of it are told later: call it in the transaction of what happened.
    """
    trail.record_decision(by=by, what=verb, participant=participant, at=at)
    if by.token:
        details["token"] = by.token.name
    event = Event.objects.create(participant=participant, verb=verb, at=at, actor=by.user, actor_kind=by.kind, details=details)
    note_event(event)
    return event


def tell_namesakes(newcomer: Participant, *, at: dt.datetime) -> None:
    """Tells those who are called otherwise in Zoom because `newcomer` got a seat, or another name. Call it in the transaction of that."""
    if newcomer.state not in SEAT_HOLDING or not (keys := renamed_by(newcomer)):
        return
    for person in Participant.objects.filter(pk__in=keys):
        event = record(person, Verb.RENAMED, by=SYSTEM, at=at)
        outbox.post(MessageName.RENAMED, person, occasion=event.pk, at=at)


def close_invitation(invitation: Invitation, to: Invitation.State, *, at: dt.datetime) -> None:
    """Ends an open invitation as `to`. Whoever comes second gets InvitationOver, and changes nothing.

    What becomes of the seat that it held is for the caller, in a transaction that holds `quotas.lock`.
    """
    if not Invitation.objects.open().filter(pk=invitation.pk).update(state=to, closed_at=at):
        raise InvitationOver(invitation)
    invitation.state, invitation.closed_at = to, at


def seated_state(workshop: Workshop) -> State:
    return State.PENDING if workshop.decision == Workshop.Decision.PROVINCE_FIRST else State.CONFIRMED
