"""One deed to many people. Each is done in a transaction of its own: who cannot be done stops nobody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from registration.errors import RegistrationError
from registration.models import DelayedDecision, Participant


@dataclass(slots=True)
class BatchOutcome:
    """Who was done, who moved up for it, who was refused and why, and what takes effect later."""

    done: list[Participant] = field(default_factory=list)
    moved_up: list[Participant] = field(default_factory=list)
    refused: list[tuple[Participant, RegistrationError]] = field(default_factory=list)
    delayed: list[DelayedDecision] = field(default_factory=list)


def each(people: Iterable[Participant], deed: Callable[[Participant], list[Participant] | DelayedDecision | None]) -> BatchOutcome:
    """Does `deed` to each of `people`, in their order: an action, which returns who moved up for it, nothing, or what is delayed."""
    outcome = BatchOutcome()
    for participant in people:
        try:
            came_of_it = deed(participant)
        except RegistrationError as error:
            outcome.refused.append((participant, error))
            continue
        if isinstance(came_of_it, DelayedDecision):
            outcome.delayed.append(came_of_it)
        else:
            outcome.moved_up += came_of_it or []
            outcome.done.append(participant)
    return outcome
