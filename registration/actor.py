"""Who does something: the `by=` of every action."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is "participant", "coordinator", "staff" or "system"; `user` is set where one signed in."""

    kind: str
    user: Any = None


PARTICIPANT = Actor("participant")
SYSTEM = Actor("system")
