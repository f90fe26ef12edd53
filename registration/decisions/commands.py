"""What can be decided about a participant: each command once, for the desk, the office and whoever comes next.

From where a command leads follows from the map of legal moves (`choices.MOVES`); how it is done is `seats.actions.moves`. One that
`is_delayed` takes effect after the workshop's minutes for taking back (`decisions.actions`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from registration.actor import Actor
from registration.choices import ENDED, MOVES, DecisionName, State
from registration.models import Participant
from registration.seats.actions import moves

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Returns who moved up for it, or nothing.
Deed = Callable[..., list[Participant] | None]


@dataclass(frozen=True, slots=True)
class Decision:
    """One command: the label of its button is the command's, `of_many` heads a page about several people."""

    command: DecisionName
    of_many: "_StrPromise"
    fits: frozenset[State]
    do: Deed
    #: Several people are decided about in this order.
    order: Callable[[Participant], Any] = lambda person: (person.sort_key, person.pk)
    undone_by: DecisionName | None = None
    is_delayed: bool = False
    takes_reason: bool = False
    needs_reason: bool = False
    #: Whether it is done only to who still is in the state in which they were shown.
    takes_seen: bool = False
    is_final: bool = False
    gives_seat: bool = False

    @property
    def label(self) -> str:
        return str(self.command.label)

    def leads_somewhere(self, person: Participant, *, is_over: bool) -> bool:
        """Whether it can be done to `person` as they are: nobody gets a seat when the workshop `is_over`."""
        return person.state in self.fits and not (self.gives_seat and is_over)

    def carry_out(self, participant: Participant, *, reason: str = "", seen: State | None = None, by: Actor) -> list[Participant]:
        """Does it now. Returns who moved up for it; raises what the action raises."""
        known = ({"reason": reason} if self.takes_reason else {}) | ({"seen": seen} if self.takes_seen else {})
        return self.do(participant=participant, by=by, **known) or []


def _leading_to(state: State) -> frozenset[State]:
    return frozenset(before for before, after in MOVES.items() if before and state in after)


#: Whom a province still selects among is told in its announcement, and not one by one.
_DECIDED_TOGETHER = frozenset({State.APPLIED})


def _waits_first(person: Participant) -> tuple[bool, str, int]:
    return person.state != State.WAITLISTED, person.sort_key, person.pk


DECISIONS: dict[DecisionName, Decision] = {
    decision.command: decision
    for decision in (
        Decision(
            DecisionName.APPROVE,
            _("Confirm the seats"),
            frozenset({State.PENDING}),
            do=moves.approve,
            undone_by=DecisionName.REOPEN,
            gives_seat=True,
        ),
        Decision(
            DecisionName.REOPEN,
            _("Take the approvals back"),
            _leading_to(State.PENDING) & {State.CONFIRMED},
            do=moves.reopen,
        ),
        Decision(
            DecisionName.MOVE_UP,
            _("Move up from the waiting list"),
            frozenset({State.WAITLISTED}),
            do=moves.move_up,
            order=lambda person: person.ticket or 0,
            is_delayed=True,
            takes_reason=True,
            gives_seat=True,
        ),
        Decision(
            DecisionName.DECLINE,
            _("Not selected, with a reason"),
            _leading_to(State.DECLINED) - _DECIDED_TOGETHER,
            do=moves.decline,
            order=_waits_first,
            undone_by=DecisionName.PUT_BACK,
            is_delayed=True,
            takes_reason=True,
            needs_reason=True,
            takes_seen=True,
            is_final=True,
        ),
        Decision(
            DecisionName.CANCEL,
            _("Cancel the registrations"),
            _leading_to(State.CANCELLED),
            do=moves.cancel,
            order=_waits_first,
            undone_by=DecisionName.PUT_BACK,
            is_delayed=True,
            takes_reason=True,
            takes_seen=True,
            is_final=True,
        ),
        Decision(
            DecisionName.PUT_BACK,
            _("Put back on the list"),
            ENDED,
            do=moves.put_back,
            order=lambda person: person.state_changed_at,
            gives_seat=True,
        ),
    )
}


def in_order(command: DecisionName, people: Iterable[Participant]) -> list[Participant]:
    """`people` in the order in which `command` is done to them."""
    return sorted(people, key=DECISIONS[command].order)
