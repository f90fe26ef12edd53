"""One deed to many people. Each is done in a transaction of its own: who cannot be done stops nobody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from registration.errors import RegistrationError
from registration.models import Participant


@dataclass(slots=True)
class Outcome:
    """Who was done, who moved up for it, and who was refused and why."""

    done: list[Participant] = field(default_factory=list)
    moved_up: list[Participant] = field(default_factory=list)
    refused: list[tuple[Participant, RegistrationError]] = field(default_factory=list)


def each(people: Iterable[Participant], deed: Callable[[Participant], list[Participant] | None]) -> Outcome:
    """Does `deed` (an action; it returns who moved up for it, or nothing) to each of `people`, in their order."""
    outcome = Outcome()
    for participant in people:
        try:
            outcome.moved_up += deed(participant) or []
        except RegistrationError as error:
            outcome.refused.append((participant, error))
        else:
            outcome.done.append(participant)
    return outcome
