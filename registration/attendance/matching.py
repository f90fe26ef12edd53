"""Who was seen: by Zoom's own key where a report has it, by the address that was handed over, else by the exact name that was, else a
human is asked. Pure.

Likeness credits nobody: it only suggests, with its reasons.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from registration.attendance.likeness import Likenesses, Named, Reason

#: Who came to the meeting so soon after the button on their page was pressed could be who pressed it.
PRESSED_BEFORE, PRESSED_AFTER = dt.timedelta(minutes=5), dt.timedelta(minutes=1)
#: So many are offered to choose from.
MAX_CHOICES = 6
_WEIGHT = {
    Reason.FULL_NAME: 8, Reason.NEAR_NAME: 5, Reason.NEAR_ADDRESS: 4, Reason.PRESSED: 3, Reason.FIRST_NAME: 2, Reason.PLACE: 1,
}  # fmt: skip
#: Reasons of which two together leave little doubt, if they speak for one person alone.
_STRONG = {Reason.FULL_NAME, Reason.NEAR_NAME, Reason.NEAR_ADDRESS, Reason.PRESSED}


class How(StrEnum):
    REGISTRANT = "registrant"
    ADDRESS = "address"
    NAME = "name"
    SUGGESTED = "suggested"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody in a report: every name they bore there, their address if any, and when they came first."""

    key: int
    names: tuple[str, ...]
    email: str = ""
    came_at: dt.datetime | None = None
    registrant: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Whom it could be. Addresses and names lead to all who bear them: one alone is known by it."""

    people: Sequence[Named]
    addresses: Mapping[str, set[int]]
    names: Mapping[str, set[int]]
    presses: Mapping[int, Sequence[dt.datetime]] = field(default_factory=dict)
    #: By Zoom's key of a registration in this very meeting.
    registrants: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bearers:
    """All who bear the address of somebody who was seen, and all who bear one of their names; and whom Zoom's key is of."""

    address: frozenset[int] = frozenset()
    name: frozenset[int] = frozenset()
    registrant: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    how: How
    person: int | None = None
    reasons: tuple[Reason, ...] = ()
    #: Nothing speaks against it, and two strong reasons for it: many of these are confirmed at once.
    is_sure: bool = False
    #: Several who are alike, where nobody stands out.
    choices: tuple[int, ...] = ()
    bearers: Bearers = field(default=Bearers(), compare=False)


def matched(seen: Iterable[Seen], roster: Roster) -> dict[int, Match]:
    """By the key of each of `seen`."""
    found: dict[int, Match] = {}
    open_: list[tuple[Seen, Bearers]] = []
    for somebody in seen:
        bearers = bearers_of(somebody, roster)
        if match := known(bearers):
            found[somebody.key] = match
        else:
            open_.append((somebody, bearers))
    here = {match.person for match in found.values() if match.person is not None}
    likenesses = Likenesses(roster.people) if open_ else Likenesses([])
    pressed = _Presses(roster.presses)
    for somebody, bearers in open_:
        found[somebody.key] = replace(_suggestion(somebody, likenesses, pressed, here), bearers=bearers)
    return found


def bearers_of(somebody: Seen, roster: Roster) -> Bearers:
    by_address = roster.addresses.get(somebody.email, set()) if somebody.email else set()
    by_name = {key for name in somebody.names for spelling in spellings(name) for key in roster.names.get(spelling, ())}
    by_key = {key} if (key := roster.registrants.get(somebody.registrant)) else set[int]()
    return Bearers(frozenset(by_address), frozenset(by_name), frozenset(by_key))


def known(bearers: Bearers) -> Match | None:
    """Who it is beyond doubt: whose registration it is, else the one with the address; where nobody has it, the one with the name."""
    how, people = (How.ADDRESS, bearers.address) if bearers.address else (How.NAME, bearers.name)
    if bearers.registrant:
        how, people = How.REGISTRANT, bearers.registrant
    return Match(how, next(iter(people)), bearers=bearers) if len(people) == 1 else None


def spellings(name: str) -> set[str]:
    """`name` as it stands, and in Zoom's `New name (Original name)` each of both; spaces told apart no further."""
    name = " ".join(name.split())
    found = re.fullmatch(r"(.+?)\s*\((.+)\)", name)
    return {name, found[1], found[2]} if found else {name}


class _Presses:
    """Who pressed the button when, by the minute."""

    def __init__(self, presses: Mapping[int, Sequence[dt.datetime]]) -> None:
        self._by_minute: dict[dt.datetime, list[tuple[dt.datetime, int]]] = defaultdict(list)
        for key, moments in presses.items():
            for moment in moments:
                self._by_minute[_minute(moment)].append((moment, key))

    def near(self, came_at: dt.datetime | None) -> set[int]:
        """Those who pressed shortly before `came_at`."""
        if came_at is None:
            return set()
        start, end = came_at - PRESSED_BEFORE, came_at + PRESSED_AFTER
        minutes = [_minute(start) + dt.timedelta(minutes=n) for n in range(8)]
        return {key for minute in minutes for moment, key in self._by_minute.get(minute, ()) if start <= moment <= end}


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)


def _suggestion(somebody: Seen, likenesses: Likenesses, presses: _Presses, here: set[int]) -> Match:
    reasons: dict[int, set[Reason]] = defaultdict(set)
    for name in somebody.names or ("",):
        for key, found in likenesses.of(name, somebody.email).items():
            reasons[key] |= found
    pressed = presses.near(somebody.came_at) - here
    for key in set(reasons) & pressed:
        reasons[key].add(Reason.PRESSED)
    if not reasons and len(pressed) == 1:
        reasons = {pressed.pop(): {Reason.PRESSED}}
    if not reasons:
        return Match(How.UNKNOWN)
    # Somebody who is here already under their own name is less likely than somebody who is missing.
    score = {key: 2 * sum(_WEIGHT[reason] for reason in found) - (3 if key in here else 0) for key, found in reasons.items()}
    ranked = sorted(score, key=lambda key: (-score[key], key))
    if len(ranked) > 1 and score[ranked[0]] == score[ranked[1]]:
        return Match(How.UNKNOWN, choices=tuple(ranked[:MAX_CHOICES]))
    best = ranked[0]
    rivals = [key for key in ranked[1:] if reasons[key] & _STRONG]
    is_sure = len(reasons[best] & _STRONG) >= 2 and not rivals and best not in here
    order = sorted(reasons[best], key=lambda reason: -_WEIGHT[reason])
    return Match(How.SUGGESTED, best, tuple(order), is_sure, tuple(ranked[1:MAX_CHOICES]))
