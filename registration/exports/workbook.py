"""Rows as an xlsx workbook. What people typed stays text, whatever it begins with."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
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

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "#")
_LONGEST = 32_767
_HEADING_FILL = PatternFill("solid", fgColor="19486A")


def write_sheet(file: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Writes one sheet with a frozen, filtered heading row to `file`. Returns how many rows stand under the heading.

    `rows` is read once and never held. Texts that a spreadsheet would read as a formula or an error are
    marked as text, also for whoever edits the cell later; characters that XML cannot hold are left out.
    Moments must be naive local time.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "NESDC"
    book.properties.title = title
    sheet: Worksheet = book.create_sheet(title[:31])
    _lay_out(sheet, columns)
    sheet.append([_heading(sheet, column.heading) for column in columns])
    count = 0
    for row in rows:
        sheet.append([sheet_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
    book.save(file)
    return count


def _lay_out(sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Widths, the frozen heading, and A4 landscape with the heading on every page; before the first row is written."""
    for index, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _heading(sheet: Worksheet, text: str) -> SheetCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = _HEADING_FILL
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def sheet_cell(sheet: Worksheet, value: Cell) -> Cell | SheetCell:
    """`value` as it may stand in `sheet`: text stays text, moments show the Buddhist year."""
    if isinstance(value, dt.datetime):
        moment = WriteOnlyCell(sheet, value)
        moment.number_format = BUDDHIST_MOMENT
        return moment
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("", value)[:_LONGEST]
    if not text.startswith(_LIKE_A_FORMULA):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
