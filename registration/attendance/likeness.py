"""How alike two names are, for suggestions that a human confirms. Pure; nothing is ever credited by it alone."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from registration.people.names import split_title

_MARKS = re.compile("[\u0e47-\u0e4e\u200b-\u200d\ufeff]")
_JUNK = re.compile(r"[\s._,/|()\[\]\"'’‘“”-]+")
#: So short a word tells nobody.
MIN_LETTERS = 3


class Reason(StrEnum):
    """Why somebody is suggested."""

    FULL_NAME = "full_name"
    NEAR_NAME = "near_name"
    FIRST_NAME = "first_name"
    NEAR_ADDRESS = "near_address"
    PLACE = "place"
    PRESSED = "pressed"


def plain(text: str) -> str:
    return _JUNK.sub("", _MARKS.sub("", text)).casefold()


def words(text: str) -> list[str]:
    found = []
    for word in re.split(r"[\s_,/|()\[\]]+", text):
        title, bare = split_title(word.removeprefix("ของ"))  # iPhone ของสมศรี
        while title:
            title, bare = split_title(bare)
        if plain(bare):
            found.append(plain(bare))
    return found


def is_near(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    index = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    shift = (len(one) >= len(other), len(other) >= len(one))
    return one[index + shift[0] :] == other[index + shift[1] :]


@dataclass(frozen=True, slots=True)
class Named:
    """Whom somebody could be: names and place as registered."""

    key: int
    first_name: str
    last_name: str
    email: str
    places: tuple[str, ...] = ()


class Likenesses:
    """Those who are alike, by names and addresses; found without comparing everybody with everybody."""

    def __init__(self, people: Iterable[Named]) -> None:
        self.people = {person.key: person for person in people}
        self._by_first: dict[str, set[int]] = defaultdict(set)
        self._by_full: dict[str, set[int]] = defaultdict(set)
        self._by_letters: dict[str, set[int]] = defaultdict(set)
        self._by_box: dict[str, set[int]] = defaultdict(set)
        for person in self.people.values():
            first, full = plain(person.first_name), plain(person.first_name + person.last_name)
            if len(first) >= MIN_LETTERS:
                self._by_first[first].add(person.key)
            self._by_full[full].add(person.key)
            for shorter in _deletions(full):
                self._by_letters[shorter].add(person.key)
            for shorter in _deletions(person.email.casefold()):
                self._by_box[shorter].add(person.key)

    def of(self, name: str, email: str) -> dict[int, set[Reason]]:
        """Everybody whom `name` and `email` could mean, with the reasons."""
        found: dict[int, set[Reason]] = defaultdict(set)
        spoken = words(name)
        for start in range(len(spoken)):
            for end in (start + 2, start + 3):
                self._by_joined("".join(spoken[start:end]), found)
        for word in spoken:
            for key in self._by_first.get(word, ()):
                found[key].add(Reason.FIRST_NAME)
            self._by_joined(word, found)
        for key in self._near(email.casefold(), self._by_box, lambda person: person.email.casefold()) if email else ():
            found[key].add(Reason.NEAR_ADDRESS)
        for key, reasons in found.items():
            if any(place in spoken for place in map(plain, self.people[key].places) if place):
                reasons.add(Reason.PLACE)
        return dict(found)

    def _by_joined(self, text: str, found: dict[int, set[Reason]]) -> None:
        if len(text) < MIN_LETTERS * 2:
            return
        for key in self._by_full.get(text, ()):
            found[key].add(Reason.FULL_NAME)
        for key in self._near(text, self._by_letters, lambda person: plain(person.first_name + person.last_name)):
            if Reason.FULL_NAME not in found[key]:
                found[key].add(Reason.NEAR_NAME)

    def _near(self, text: str, index: Mapping[str, set[int]], spelling: Callable[[Named], str]) -> list[int]:
        candidates = {key for shorter in _deletions(text) for key in index.get(shorter, ())}
        return [key for key in candidates if is_near(text, spelling(self.people[key]))]


def _deletions(text: str) -> set[str]:
    """`text`, and what it is without one of its letters: two texts that differ in one letter share one of these."""
    return {text, *(text[:index] + text[index + 1 :] for index in range(len(text)))}
