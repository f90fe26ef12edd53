"""The report's tables as a workbook: a sheet each, numbers as numbers, and a list of the sheets first."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from registration.exports.row_heights import height_of
from registration.exports.workbook import sheet_cell
from registration.report.embedded_fonts import FONT
from registration.report.paper import Align, Cell, Paper, PaperColumn, PaperHeading, PaperTable, shown, text_column

_THIN = Side(style="thin", color="B9B5AC")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="E8EFF4")
_LINE = 20.0
#: Letters of Sarabun that stand in the width of one of the book's own, by which columns are measured.
_NARROW = 1.25
#: Letters of a sheet's width.
_WIDTH = 110
_SMALLEST = 9
#: Excel allows 31 in the name of a sheet.
_MAX_NAME = 31


def write_workbook(file: BinaryIO, paper: Paper) -> None:
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "NESDC", paper.cover[0]
    sheets = list(_sheets(paper))
    contents = [*(["", line] for line in paper.cover[1:] if line), *([name, title] for name, title, _columns, _rows, _total in sheets)]
    columns = [text_column(_("Sheet"), 2), text_column(_("What it holds"), 8)]
    _sheet(book, _("Contents of the report"), paper.cover[0], columns, contents)
    for name, title, of_sheet, rows, has_total in sheets:
        _sheet(book, name, title, of_sheet, rows, has_total=has_total)
    book.save(file)


def _sheets(paper: Paper) -> Iterator[tuple[str, str, Sequence[PaperColumn], Sequence[Sequence[Cell]], bool]]:
    """Name, title, columns and rows of each; tables without a caption follow each other in one, under the heading above the first."""
    tables: list[tuple[str, PaperTable]] = []
    heading = ""
    for block in paper.blocks:
        if isinstance(block, PaperHeading):
            heading = block.text if block.level == 1 else heading
        elif isinstance(block, PaperTable):
            tables.append((heading, block))
    for name, found in groupby(tables, key=lambda each: each[1].sheet):
        together = list(found)
        above, first = together[0]
        if first.caption:
            yield name.strip()[:_MAX_NAME], first.caption, first.columns, list(first.rows), first.has_total
        else:
            rows: list[list[Cell]] = [[table.of, *row] for _heading, table in together for row in table.rows]
            yield name[:_MAX_NAME], above, [text_column("", 2.2), *first.columns], rows, False


def _sheet(
    book: Workbook, name: str, title: str, columns: Sequence[PaperColumn], rows: Sequence[Sequence[Cell]], *, has_total: bool = False
) -> None:
    sheet: Worksheet = book.create_sheet(name)
    parts = sum(column.width for column in columns)
    widths = [max(_SMALLEST, round(_WIDTH * column.width / parts)) for column in columns]
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    _lay_out(sheet)
    headings = [column.heading for column in columns]
    lines: list[tuple[Sequence[Cell], bool]] = [(headings, True), *((row, has_total and row is rows[-1]) for row in rows)]
    sheet.row_dimensions[1].height = height_of([(title, float(sum(widths)))], line=26.0)
    sheet.append([_cell(sheet, title, PaperColumn("", 1), is_bold=True, size=12)])
    for number, (row, is_bold) in enumerate(lines, start=2):
        texts = [("" if cell is None else str(cell), width * _NARROW) for cell, width in zip(row, widths, strict=True)]
        sheet.row_dimensions[number].height = height_of(texts, line=_LINE)
        sheet.append([_boxed(sheet, cell, column, is_bold, number == 2) for cell, column in zip(row, columns, strict=True)])


def _lay_out(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _boxed(sheet: Worksheet, value: Cell, column: PaperColumn, is_bold: bool, is_heading: bool) -> SheetCell:
    cell = _cell(sheet, value, column, is_bold=is_bold)
    cell.border = _BOX
    align = "center" if is_heading else column.align.value
    cell.alignment = Alignment(horizontal=align, vertical="center" if is_heading else "top", wrap_text=True)
    if is_heading:
        cell.fill = _SHADE
    return cell


def _cell(sheet: Worksheet, value: Cell, column: PaperColumn, *, is_bold: bool = False, size: int = 11) -> SheetCell:
    if value is None:
        value = shown(None)
    ready = sheet_cell(sheet, float(value) if isinstance(value, Decimal) else value)
    cell = ready if isinstance(ready, SheetCell) else WriteOnlyCell(sheet, ready)
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    elif isinstance(value, int):
        cell.number_format = "#,##0" if column.align == Align.RIGHT else "0"
    cell.font = Font(name=FONT, size=size, bold=is_bold)
    return cell
