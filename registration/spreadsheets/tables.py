"""Lists as offices send them: .xlsx, or text with separators in whatever encoding. Bytes in, lines of text out.

Nothing here knows what the columns mean. Whatever the bytes are, the answer is rows or a SpreadsheetFault.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from registration.people.text import clean_text
from registration.spreadsheets.xlsx import MAX_CELL_LENGTH, MAX_COLUMNS, RawSheet, WorkbookFault, read_workbook

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2_000
#: Titles, headings, notes and signatures that stand around the rows of a list.
ROWS_AROUND = 100
MAX_TEXT = 4_000_000
#: Of a text file: every cell at its longest, and separators.
MAX_LINE_LENGTH = MAX_COLUMNS * (MAX_CELL_LENGTH + 10)

_SEPARATORS = ",;\t|"
_SAMPLE = 50


class SpreadsheetFault(ValueError):
    """The file cannot be read as a list; `code` names why, the message says to who sent it what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Row:
    """A row that holds something: its number as a spreadsheet program shows it, and its cleaned cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`name` is empty for a text file. Blank rows are not among `rows`."""

    name: str
    rows: list[Row]


def read(data: bytes) -> list[Sheet]:
    """The sheets of the file `data`, those without any content left out. What kind of file it is, its bytes say.

    Raises SpreadsheetFault: "too_large", "too_many_rows", "too_much_text", "empty", "old_excel", "not_a_list",
    "encoding", or "workbook" with what is wrong with the workbook.
    """
    if len(data) > MAX_BYTES:
        raise SpreadsheetFault(
            "too_large", _("The file is larger than %(size)s MB. Remove pictures and other sheets from it.") % {"size": MAX_BYTES >> 20}
        )
    sheets = [sheet for raw in _raw_sheets(data) if (sheet := _cleaned(raw)).rows]
    if not sheets:
        raise SpreadsheetFault("empty", _("The file is empty. Write the names into it and upload it again."))
    _measure(sheets)
    return sheets


def _raw_sheets(data: bytes) -> list[RawSheet]:
    if data.startswith(b"PK"):
        try:
            return read_workbook(data, MAX_ROWS + ROWS_AROUND)
        except WorkbookFault as fault:
            raise SpreadsheetFault("workbook", str(fault)) from fault
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetFault(
            "old_excel",
            _("This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password and upload that file."),
        )
    return [RawSheet("", _rows_of_text(_decoded(data)))]


def _cleaned(raw: RawSheet) -> Sheet:
    rows = (Row(number, [clean_text(cell) for cell in cells]) for number, cells in raw.rows)
    return Sheet(clean_text(raw.name), [row for row in rows if any(row.cells)])


def _measure(sheets: list[Sheet]) -> None:
    if sum(len(sheet.rows) for sheet in sheets) > MAX_ROWS + ROWS_AROUND:
        raise SpreadsheetFault(
            "too_many_rows", _("The file has more than %(count)s rows. Divide it into several files.") % {"count": MAX_ROWS}
        )
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row.cells) > MAX_TEXT:
        raise SpreadsheetFault("too_much_text", _("The cells hold far more text than a list of names. Copy the list into a new file."))


def _decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or the Thai encodings of Windows (874, which holds TIS-620)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data:
        raise SpreadsheetFault("not_a_list", _not_a_list())
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or text.lstrip()[:1] == "<" or text.startswith(("%PDF", "{\\rtf")):
            raise SpreadsheetFault("not_a_list", _not_a_list())
        return text
    raise SpreadsheetFault(
        "encoding", _("The letters of the file cannot be read. Open it in Excel, save it as .xlsx, and upload that file.")
    )


def _not_a_list() -> str:
    return _("This is not a list in .xlsx or .csv. Open it in Excel, save it as .xlsx, and upload that file.")


def _rows_of_text(text: str) -> list[tuple[int, list[str]]]:
    hint, _end, rest = text.partition("\n")
    hint = hint.strip().lower()
    if hint.startswith("sep=") and len(hint) == 5:  # how a file tells Excel its separator; it is a row there too
        return _parsed("\n" + rest, hint[4])
    return _parsed(text, _separator(text))


def _parsed(text: str, separator: str, most: int = MAX_ROWS + ROWS_AROUND) -> list[tuple[int, list[str]]]:
    """The rows that hold anything; one beyond `most` at most."""
    rows: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=separator), start=1):
            if any(cells):
                rows.append((number, [cell[:MAX_CELL_LENGTH] for cell in cells[:MAX_COLUMNS]]))
            if len(rows) > most:
                break
    except csv.Error as error:
        raise SpreadsheetFault("not_a_list", _not_a_list()) from error
    return rows


def _lines(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > MAX_LINE_LENGTH:
            raise SpreadsheetFault("not_a_list", _not_a_list())
        yield line


def _separator(text: str) -> str:
    """The one that cuts most of the first rows into equally many cells."""

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(cells) for _number, cells in _parsed(text, separator, _SAMPLE))
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(_SEPARATORS, key=evenness)
