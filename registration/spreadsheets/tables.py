"""What a file from outside holds: sheets, rows, cells, and the signs that stand on them. Pure; made by the readers beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from sessions.text import clean_text

MAX_BYTES = 5 * 1024 * 1024
#: Of what a program exported, and nobody wrote by hand.
MAX_EXPORTED_BYTES = 20 * 1024 * 1024
MAX_ROWS = 2_000
#: Titles, headings, notes and signatures that stand around the rows of a list.
ROWS_AROUND = 100
MAX_TEXT = 4_000_000
MAX_COLUMNS = 200
MAX_SHEETS = 30
MAX_CELL = 5_000


class SpreadsheetFault(ValueError):
    """The file cannot be read as a list; `code` names why, the message says to who sent it what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: its number as a spreadsheet program shows it (0: it has none), and its cleaned cells.

    The lines of one cell are kept apart by line ends. By column: what of a cell is struck through, where its link leads,
    and the comment that hangs on it.
    """

    number: int
    cells: list[str]
    is_hidden: bool = False
    struck: dict[int, str] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


class Unseen(StrEnum):
    """What a reader cannot tell of a file."""

    SIGNS = "signs"  # hidden rows and struck text, in any but .xlsx, .docx and web pages
    RESULTS = "results"  # of formulas that no spreadsheet program has computed


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is empty for a text file. Blank rows are not among `rows`.

    `unseen` names what cannot be seen in this file although it may be there.
    """

    name: str
    rows: list[Row]
    is_hidden: bool = False
    unseen: list[str] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)


def clean_cell(text: str) -> str:
    """`text` cleaned line by line; lines without anything are left out."""
    if "\n" not in text and "\r" not in text:
        return clean_text(text)
    return "\n".join(line for piece in text.splitlines() if (line := clean_text(piece)))


def row_of(number: int, cells: Iterable[str], **signs: Any) -> Row | None:
    """A row of cleaned `cells`; None where nothing stands in it. Raises SpreadsheetFault ("cell_too_long", "too_many_columns")."""
    told = list(cells)
    if any(len(cell) > MAX_CELL for cell in told):
        raise SpreadsheetFault(
            "cell_too_long",
            _("A cell in row %(row)s holds more than %(count)s characters. Copy the list of names into a new file.")
            % {"row": number, "count": MAX_CELL},
        )
    cleaned = [clean_cell(cell) if cell else "" for cell in told]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    if len(cleaned) > MAX_COLUMNS:
        raise SpreadsheetFault(
            "too_many_columns",
            _("The file has more than %(count)s columns. Copy the columns of the list into a new file.") % {"count": MAX_COLUMNS},
        )
    for name in ("struck", "links", "comments"):
        if told_of := signs.get(name):
            signs[name] = {column: text for column, said in told_of.items() if (text := clean_cell(said[:MAX_CELL]))}
    return Row(number, cleaned, **signs) if cleaned or signs.get("comments") else None


def measured(sheets: list[Sheet]) -> list[Sheet]:
    """`sheets` without those that are empty. Raises SpreadsheetFault ("empty", "too_many_rows", "too_many_sheets", "too_much_text")."""
    found = [replace(sheet, name=clean_text(sheet.name)) for sheet in sheets if sheet.rows]
    if not found:
        raise SpreadsheetFault("empty", _("There is no list of names in this file. Write the names into a table and upload it again."))
    if len(found) > MAX_SHEETS:
        raise SpreadsheetFault(
            "too_many_sheets",
            _("The file has more than %(count)s sheets. Copy the list of names into a file of its own.") % {"count": MAX_SHEETS},
        )
    if sum(len(sheet.rows) for sheet in found if not sheet.is_hidden) > MAX_ROWS + ROWS_AROUND:
        raise too_many_rows()
    if sum(len(cell) for sheet in found for row in sheet.rows for cell in row.cells) > MAX_TEXT:
        raise SpreadsheetFault("too_much_text", _("The cells hold far more text than a list of names. Copy the list into a new file."))
    return found


def too_many_rows() -> SpreadsheetFault:
    return SpreadsheetFault("too_many_rows", _("The file has more than %(count)s rows. Split it into several files.") % {"count": MAX_ROWS})


def too_much() -> SpreadsheetFault:
    return SpreadsheetFault("too_much", _("The file is too complicated to be read. Copy the list of names into a new file."))


def as_json(sheets: Iterable[Sheet]) -> list[Any]:
    """`sheets` as JSON can hold them; `from_json` makes them again."""
    return [
        [sheet.name, [_row_as_json(row) for row in sheet.rows], sheet.is_hidden, sheet.unseen, sheet.hidden_columns] for sheet in sheets
    ]


def _row_as_json(row: Row) -> list[Any]:
    signs = {"struck": row.struck, "links": row.links, "comments": row.comments}
    told = {name: {str(column): text for column, text in sign.items()} for name, sign in signs.items() if sign}
    if not told and not row.is_hidden:
        return [row.number, row.cells]
    return [row.number, row.cells, told | ({"is_hidden": True} if row.is_hidden else {})]


def from_json(kept: Iterable[Any]) -> list[Sheet]:
    return [Sheet(name, [_row_from_json(*row) for row in rows], *others) for name, rows, *others in kept]


def _row_from_json(number: int, cells: list[str], signs: Mapping[str, Any] | None = None) -> Row:
    if not signs:
        return Row(number, cells)
    by_column = {name: {int(column): text for column, text in signs.get(name, {}).items()} for name in ("struck", "links", "comments")}
    return Row(number, cells, is_hidden=bool(signs.get("is_hidden")), **by_column)
