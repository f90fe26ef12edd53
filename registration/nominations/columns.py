"""What a column of a list means, and how a sheet is read. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from registration.nominations.headings import Meaning


class Why(StrEnum):
    """Why a column is taken as what it is, where that is not plain from its heading."""

    HEADING = "heading"
    CONTENT = "content"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    NUMBERS = "numbers"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    REPEATS = "repeats"


#: Of these a person has one only: two columns of one are asked about.
SINGLE = frozenset(
    {
        Meaning.FULL_NAME, Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.POSITION, Meaning.ORGANISATION,
        Meaning.ORGANISATION_SHORT, Meaning.GROUP, Meaning.EMAIL, Meaning.PROVINCE, Meaning.POSITION_AND_ORGANISATION,
    }
)  # fmt: skip
NAMES = (Meaning.FULL_NAME, Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME)


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a sheet, from 0. `day` is ISO; `person` is 2 for what the second person of a row has.

    `rival`: the meaning that another column has too; the question which of them holds stands on `Layout`.
    """

    index: int
    heading: str
    meaning: Meaning
    why: Why = Why.HEADING
    day: str = ""
    person: int = 1
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read: the number of its row of headings (0: it has none), where its people begin (an index into its rows)."""

    is_used: bool
    head: int = 0
    begin: int = 0
    columns: tuple[FileColumn, ...] = ()


def as_json(layouts: Sequence[Layout]) -> list[Any]:
    """`layouts` as JSON can hold them; `from_json` makes them again."""
    return [
        [
            layout.is_used,
            layout.head,
            layout.begin,
            [[c.index, c.heading, c.meaning, c.why, c.day, c.person, c.rival] for c in layout.columns],
        ]
        for layout in layouts
    ]


def from_json(kept: Sequence[Any]) -> list[Layout]:
    return [
        Layout(is_used, head, begin, tuple(FileColumn(i, h, Meaning(m), Why(w), *others) for i, h, m, w, *others in columns))
        for is_used, head, begin, columns in kept
    ]
