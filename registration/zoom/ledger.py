"""What Zoom knows of a meeting, beside who should be in it: whom to add, whom to remove there, whose name or address changed.

Pure. Zoom knows people by their address; a registration there cannot be renamed, so whoever is called otherwise is removed
and imported once more. What staff said they worked off there is all that is known of it.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class DeedKind(StrEnum):
    ADD = "add"
    REMOVE = "remove"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody in Zoom, or who should be: their address there, both halves of the name, and which participant it is.

    `name` is None where only the address was kept; it then agrees with every name. `key` is None for who is no longer known.
    """

    email: str
    name: tuple[str, str] | None
    key: int | None
    #: Somebody else passes their mail on: Zoom, which takes an address once, is not told of them.
    is_passed_on: bool = False


@dataclass(frozen=True, slots=True)
class Renaming:
    """Somebody whom Zoom knows under another name or address: `before` is removed there, `after` imported."""

    before: Attendee
    after: Attendee


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What a list says of somebody: who is removed in Zoom, who is imported, or both."""

    removed: Attendee | None = None
    added: Attendee | None = None


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """What is left to do in Zoom. `apart` are those without an address of their own: Zoom takes each once only.

    `held` are those about whom the office decides in Zoom: it has them, and does not let them in.
    """

    add: list[Attendee]
    remove: list[Attendee]
    change: list[Renaming]
    apart: list[Attendee]
    held: list[Attendee] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.change)

    @property
    def count(self) -> int:
        return len(self.add) + len(self.remove) + len(self.change)


def known_after(done: Iterable[Iterable[LedgerLine]]) -> dict[str, Attendee]:
    """Whom Zoom knows after lists were worked off in the order of `done`, by address. Whom it knows it does not take anew.

    Of one list everybody is removed before anybody is imported.
    """
    known: dict[str, Attendee] = {}
    for lines in map(list, done):
        for removed in [line.removed for line in lines if line.removed]:
            known.pop(removed.email, None)
        for added in [line.added for line in lines if line.added]:
            known.setdefault(added.email, added)
    return known


def difference(should: Iterable[Attendee], known: dict[str, Attendee], held: Collection[str] = ()) -> WorkLeft:
    """What is to be done in Zoom, where `known` are in the meeting and `should` are to be. Each list in the order of who should be.

    Nothing is done about whose address is `held`; under another address they stay in as they are.
    """
    should = list(should)
    counted = Counter(person.email for person in should if not person.is_passed_on)
    shared = {email for email, count in counted.items() if count > 1}
    apart = [person for person in should if person.is_passed_on or person.email in shared]
    alone = [person for person in should if not person.is_passed_on and person.email not in shared]
    wanted = {person.email for person in alone}
    moved = {attendee.key: attendee for attendee in known.values() if attendee.key and attendee.email not in wanted}
    add, change, waiting, left = [], [], [], set[str]()
    for person in alone:
        before = known.get(person.email) or (moved.get(person.key) if person.key else None)
        if person.email in held and (before is None or before.email != person.email):
            waiting.append(person)
            left |= {before.email} if before else set()
        elif before is None:
            add.append(person)
        elif before.email != person.email or not _same_name(before, person):
            change.append(Renaming(before, person))
            left.add(before.email)
    remove = [attendee for email, attendee in known.items() if email not in wanted | left | shared]
    return WorkLeft(add, remove, change, apart, waiting)


def lines_of(kind: DeedKind, found: WorkLeft) -> list[LedgerLine]:
    match kind:
        case DeedKind.ADD:
            return [LedgerLine(added=person) for person in found.add]
        case DeedKind.REMOVE:
            return [LedgerLine(removed=person) for person in found.remove]
        case DeedKind.CHANGE:
            return [LedgerLine(each.before, each.after) for each in found.change]


def _same_name(one: Attendee, other: Attendee) -> bool:
    return one.name is None or other.name is None or one.name == other.name
