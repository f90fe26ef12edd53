"""Lists as text: values with separators in whatever encoding, and tables of web pages that call themselves .xls."""

import csv
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO

from django.utils.translation import gettext as _

from registration.spreadsheets.tables import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    ROWS_AROUND,
    Row,
    Sheet,
    SpreadsheetFault,
    row_of,
    too_many_rows,
)

#: Of a text file: every cell at its longest, and separators.
MAX_LINE = MAX_COLUMNS * (MAX_CELL + 10)

_SEPARATORS = ",;\t|"
_SAMPLE = 50


def decoded(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with or without its mark, or the Thai encoding of Windows (874, which holds TIS-620).

    Raises SpreadsheetFault ("not_a_list", "encoding").
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:2000]:
        encodings = _without_mark(data)
    else:
        encodings = ["utf-8-sig", "cp874"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    if b"\x00" in data:
        raise not_a_list()
    raise SpreadsheetFault("encoding", _("The file’s characters cannot be read. Open it in Excel, save it as .xlsx, and upload that file."))


def _without_mark(data: bytes) -> list[str]:
    """Line ends and Thai letters of UTF-16 have their NUL, or the byte of their block, on one side."""
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[:2000].decode(encoding, "ignore")
        if "\n" in sample and sum(c < "\x7f" or "\u0e00" <= c <= "\u0e7f" for c in sample) > len(sample) * 0.9:
            return [encoding]
    return []


def not_a_list() -> SpreadsheetFault:
    return SpreadsheetFault(
        "not_a_list",
        _("This is not a list in a format that can be read. Open it in Excel or Word, save it as .xlsx or .docx, and upload that."),
    )


def read_separated(text: str) -> list[Sheet]:
    """The one sheet of a text with separators. Raises SpreadsheetFault."""
    hint, _end, rest = text.partition("\n")
    hint = hint.strip().lower()
    if hint.startswith("sep=") and len(hint) == 5:  # how a file tells Excel its separator; it is a row there too
        return [Sheet("", _parsed("\n" + rest, hint[4]))]
    return [Sheet("", _parsed(text, _separator(text)))]


def _parsed(text: str, separator: str, most: int = MAX_ROWS + ROWS_AROUND, *, is_sample: bool = False) -> list[Row]:
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(_lines(text), delimiter=separator), start=1):
            if len(rows) >= most:
                if is_sample:
                    break
                if any(cells):
                    raise too_many_rows()
                continue
            if any(cells) and (row := _sampled(number, cells) if is_sample else row_of(number, cells)):
                rows.append(row)
    except csv.Error as error:
        raise not_a_list() from error
    return rows


def _sampled(number: int, cells: list[str]) -> Row:
    return Row(number, cells)


def _lines(text: str) -> Iterator[str]:
    for line in StringIO(text, newline=""):
        if len(line) > MAX_LINE:
            raise not_a_list()
        yield line


def _separator(text: str) -> str:
    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(row.cells) for row in _parsed(text, separator, _SAMPLE, is_sample=True))
        return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))

    return max(_SEPARATORS, key=evenness)


def read_page(text: str) -> list[Sheet]:
    """The tables of a web page: what many office systems export as .xls. Raises SpreadsheetFault."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    tables = [table for table in parser.tables if table]
    if not tables:
        raise not_a_list()
    name = _("table %(number)s")
    return [Sheet(name % {"number": number} if len(tables) > 1 else "", table) for number, table in enumerate(tables, start=1)]


class _Tables(HTMLParser):
    """Collects rows of cells; text outside of tables is that of a page, not of a list."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[Row]] = []
        self.cells: list[str] = []
        self.struck: dict[int, str] = {}
        self.strikes = 0
        self.number = 0
        self.is_in_cell = False
        self.width = 1
        #: By column: rows that a cell still reaches down, and its text.
        self.reaching: dict[int, tuple[int, str]] = {}
        self.height = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
            self.number, self.reaching = 0, {}
        elif tag == "tr":
            self._end_row()
        elif tag in ("td", "th") and self.tables:
            self._end_cell()
            self._reach()
            said = dict(attrs)
            self.width, self.height = _count(said.get("colspan")), _count(said.get("rowspan"))
            self.cells.append("")
            self.is_in_cell = True
        elif tag in ("s", "strike", "del"):
            self.strikes += 1
        elif tag in ("br", "p", "div") and self.is_in_cell:
            self.cells[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
        elif tag in ("s", "strike", "del"):
            self.strikes = max(0, self.strikes - 1)

    def handle_data(self, data: str) -> None:
        if self.is_in_cell:
            self.cells[-1] += data
            if self.strikes and data.strip():
                column = len(self.cells) - 1
                self.struck[column] = self.struck.get(column, "") + data

    def _reach(self) -> None:
        while len(self.cells) in self.reaching:
            left, text = self.reaching.pop(len(self.cells))
            if left > 1:
                self.reaching[len(self.cells)] = (left - 1, text)
            self.cells.append(text)

    def _end_cell(self) -> None:
        if self.is_in_cell:
            if self.height > 1:
                self.reaching[len(self.cells) - 1] = (self.height - 1, self.cells[-1])
            self.cells.extend([""] * (self.width - 1))
        self.is_in_cell = False

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells and self.tables:
            self._reach()
            self.number += 1
            if self.number > MAX_ROWS + ROWS_AROUND:
                raise too_many_rows()
            if row := row_of(self.number, self.cells, struck=self.struck):
                self.tables[-1].append(row)
        self.cells, self.struck = [], {}


def _count(said: str | None) -> int:
    return min(int(said), MAX_COLUMNS) if said and said.isascii() and said.isdecimal() and len(said) < 6 and int(said) else 1
