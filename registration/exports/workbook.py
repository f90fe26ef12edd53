"""Rows as an xlsx workbook of one or many sheets. What people typed stays text, whatever it begins with."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from registration.exports.columns import Cell, Column

#: Excel shows the Buddhist year (calendar 07) in Thai (041E); the cell stays a date that can be sorted.
BUDDHIST_MOMENT = "[$-107041E]d mmm yyyy h:mm"
#: What a spreadsheet takes for a formula or an error where a text begins with it.
LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "#")

_MAX_LENGTH = 32_767
_NO_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_NOT_IN_XML = re.compile(f"[{_NO_XML}]")
#: Nearly every text: it may be written as it is.
_PLAIN = re.compile(f"[^{_NO_XML}{re.escape(''.join(LIKE_A_FORMULA))}][^{_NO_XML}]{{0,{_MAX_LENGTH - 1}}}")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
#: 31, less the number that a second sheet of the same name gets.
_MAX_TITLE_LENGTH = 28
_HEADING_FILL = PatternFill("solid", fgColor="19486A")
#: A line of a heading, in points. Thai marks need the room.
_LINE = 20


class SheetWriter:
    """One sheet with a frozen, filtered heading row. Rows are written as they come and never held."""

    def __init__(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        self._sheet, self._width = sheet, len(columns)
        self._moments: dict[int, SheetCell] = {}
        self.rows = 0
        _lay_out(sheet, columns)
        sheet.append([_heading(sheet, column.heading) for column in columns])

    def append(self, row: Sequence[Cell]) -> None:
        """A row of as many cells as there are columns. Moments must be naive local time.

        Texts that a spreadsheet would read as a formula or an error are marked as text, also for whoever edits the
        cell later; characters that XML cannot hold are left out.
        """
        plain = _PLAIN.fullmatch
        self._sheet.append([value if type(value) is str and plain(value) else self._ready(place, value) for place, value in enumerate(row)])
        self.rows += 1

    def _ready(self, place: int, value: Cell) -> Cell | SheetCell:
        if isinstance(value, dt.datetime):
            # A cell is written when its row is: the next row may have the same one.
            if place not in self._moments:
                self._moments[place] = _moment(self._sheet, value)
            self._moments[place].value = value
            return self._moments[place]
        return sheet_cell(self._sheet, value)

    def finish(self) -> None:
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(self._width)}{self.rows + 1}"


class Book:
    """A workbook that grows sheet by sheet; they stand in the order in which they were begun."""

    def __init__(self, title: str) -> None:
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "NESDC"
        self._book.properties.title = title
        self._sheets: list[SheetWriter] = []

    def sheet(self, title: str, columns: Sequence[Column]) -> SheetWriter:
        """Begins a sheet. What no spreadsheet allows in the name of one is left out; a name that is there already gets a number."""
        made: Worksheet = self._book.create_sheet(_NOT_IN_TITLES.sub(" ", title)[:_MAX_TITLE_LENGTH])
        self._sheets.append(SheetWriter(made, columns))
        return self._sheets[-1]

    def save(self, file: BinaryIO) -> None:
        for sheet in self._sheets:
            sheet.finish()
        self._book.save(file)


def _lay_out(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Widths, the frozen heading, and A4 landscape with the heading on every page; before the first row is written."""
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    # Nobody makes a row of a workbook that is only written as high as its text is.
    sheet.row_dimensions[1].height = _LINE * max((-(-len(column.heading) // column.width) for column in columns), default=1)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _heading(sheet: Worksheet, text: str) -> SheetCell:
    cell = WriteOnlyCell(sheet, _clean(text))
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = _HEADING_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def sheet_cell(sheet: Worksheet, value: Cell) -> Cell | SheetCell:
    """`value` as it may stand in `sheet`: text stays text, moments show the Buddhist year."""
    if isinstance(value, dt.datetime):
        return _moment(sheet, value)
    if not isinstance(value, str):
        return value
    text = _clean(value)
    if not text.startswith(LIKE_A_FORMULA):
        return text or None  # an empty cell need not be written
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _moment(sheet: Worksheet, value: dt.datetime) -> SheetCell:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = BUDDHIST_MOMENT
    return cell


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)[:_MAX_LENGTH]
