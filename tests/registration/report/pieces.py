"""What a report is expected to say, piece by piece in its order: lines with their numbers, tables cell by cell, charts."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

NOTHING = "ไม่มีข้อมูล"
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")


def arabic(text):
    return text.translate(_DIGITS).replace("\u00a0", " ")


def numbers_in(text):
    """Every number of a text, Thai digits or not, as this program writes them."""
    return _NUMBER.findall(arabic(text))


def written(cell):
    """As paper prints a cell, but in Arabic digits."""
    return f"{cell:,}" if isinstance(cell, int | Decimal) else arabic(str(cell))


@dataclass(frozen=True)
class Line:
    """Some words that stand in it, and its numbers in their order."""

    about: str
    numbers: list[str]


@dataclass(frozen=True)
class Grid:
    """Without a caption: under the heading above, in the sheet called `sheet`, where `of` stands before each of its rows."""

    caption: Line | None
    heads: list[str]
    rows: list[list[str | int | Decimal]]
    sheet: str = ""
    of: str = ""


@dataclass(frozen=True)
class Bars:
    """A picture in docx; in the PDF each label is followed by the value of each series."""

    caption: Line
    labels: list[str]
    series: list[tuple[str, list[int | Decimal]]]
    most: int | None = None


@dataclass
class Expected:
    pieces: list[Line | Grid | Bars] = field(default_factory=list)
    _tables: int = 0
    _charts: int = 0

    def line(self, about, *numbers):
        self.pieces.append(Line(about, [written(number) for number in numbers]))

    def text(self, text):
        """A text that the report quotes as it is."""
        self.pieces += [Line(part.strip()[:20], numbers_in(part)) for part in text.splitlines()]

    def table(self, about, heads, rows, *numbers):
        self._tables += 1
        caption = Line(about, [str(self._tables), *(written(number) for number in numbers)])
        self.pieces.append(Grid(caption, heads, rows))

    def grid(self, heads, rows, *, sheet, of):
        self.pieces.append(Grid(None, heads, rows, sheet, of))

    def bars(self, about, labels, series, most=None):
        self._charts += 1
        self.pieces.append(Bars(Line(about, [str(self._charts)]), labels, series, most))
