"""Workbooks of spreadsheet programs: .xlsx with all that can be seen in it, .xls, .xlsb and .ods with their cells.

openpyxl reads .xlsx in full, for hidden rows, struck text, merged cells, links and comments; python-calamine reads the others,
in which these signs cannot be seen. Both run in the reader's own process only (`sandbox`).
"""

import datetime as dt
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import openpyxl
import python_calamine
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from registration.spreadsheets.archives import damaged, trimmed
from registration.spreadsheets.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    ROWS_AROUND,
    Row,
    Sheet,
    SpreadsheetFault,
    Unseen,
    row_of,
    too_many_rows,
    too_much,
)

_MAX_SHEET_ROWS = MAX_ROWS + ROWS_AROUND
#: Relations of a sheet that lead to pictures, charts and pivots; what is not a cell is not opened.
_NO_CELLS = ("/drawing", "/image", "/chart", "/pivotTable", "/vmlDrawing", "/oleObject", "/control", "/ctrlProp", "/printerSettings")
#: A value that is computed: some text, or that of a formula whose result is an empty one.
_HAS_RESULT = re.compile(rb'<v(?:\s[^>]*)?>[^<]|<c\s[^>]*\bt="str".*<v\b', re.DOTALL)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def read_excel(archive: zipfile.ZipFile) -> list[Sheet]:
    """The sheets of an .xlsx or .xlsm, hidden ones too. What openpyxl cannot read is left to calamine. Raises SpreadsheetFault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(_cells_only(archive), data_only=True, rich_text=True, keep_links=False)
    except SpreadsheetFault:
        raise
    except MemoryError as error:
        raise too_much() from error
    except Exception:  # an oddity of some program's file: its cells may be readable all the same
        return _once_more(archive)
    unseen: list[str] = [Unseen.RESULTS] if _has_formulas_without_result(archive) else []
    sheets = [_sheet(sheet, list(unseen)) for sheet in book.worksheets]
    return sheets if any(sheet.rows for sheet in sheets) or unseen else _once_more(archive)


def _once_more(archive: zipfile.ZipFile) -> list[Sheet]:
    assert archive.fp is not None
    archive.fp.seek(0)
    return read_other(archive.fp.read())


def _cells_only(archive: zipfile.ZipFile) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as copy:
        for part in archive.infolist():
            name = part.filename.lower()
            if "/media/" in name or "/drawings/" in name or "/charts/" in name or name in copy.namelist():
                continue
            content = archive.read(part)
            if "worksheets/" in name and name.endswith(".xml"):
                content = trimmed(content)
            if "worksheets/_rels/" in name or "chartsheets/_rels/" in name:
                content = _without_pictures(content)
            copy.writestr(part.filename, content)
    file.seek(0)
    return file


def _without_pictures(relations: bytes) -> bytes:
    root = ElementTree.fromstring(relations)
    for relation in root.findall(f"{_RELATION}Relationship"):
        if relation.get("Type", "").endswith(_NO_CELLS):
            root.remove(relation)
    return ElementTree.tostring(root, encoding="utf-8")


def _has_formulas_without_result(archive: zipfile.ZipFile) -> bool:
    parts = (archive.read(name) for name in archive.namelist() if "worksheets/" in name.lower() and name.lower().endswith(".xml"))
    cells = (cell[max(cell.rfind(b"<c "), cell.rfind(b"<c>"), 0) :] for part in parts if b"<f" in part for cell in part.split(b"</c>"))
    return any((b"<f>" in cell or b"<f " in cell) and not _HAS_RESULT.search(cell) for cell in cells)


@dataclass(slots=True)
class _Line:
    """A row while it is put together, by column."""

    cells: dict[int, str] = field(default_factory=dict)
    struck: dict[int, str] = field(default_factory=dict)
    links: dict[int, str] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)


def _sheet(sheet: Worksheet, unseen: list[str]) -> Sheet:
    lines: dict[int, _Line] = defaultdict(_Line)
    is_struck: dict[int, bool] = {}
    # The cells that are there, not the rectangle around them: one forgotten cell far below would make millions of others.
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.comment and str(cell.comment.text or "").strip():
            lines[row].comments[column - 1] = str(cell.comment.text)
        if cell.hyperlink and cell.hyperlink.target:
            lines[row].links[column - 1] = str(cell.hyperlink.target)
        if cell.value is None:
            continue
        if cell.data_type == "e":  # #REF! and #N/A: what should stand there cannot be seen
            unseen[:] = [Unseen.RESULTS]
            continue
        if cell.style_id not in is_struck:
            is_struck[cell.style_id] = bool(cell.font.strike)
        text, struck = _text_and_struck(cell.value, is_struck[cell.style_id])
        lines[row].cells[column - 1] = text
        if struck.strip():
            lines[row].struck[column - 1] = struck
    _fill_down(sheet, lines)
    hidden = {number for number, dimension in sheet.row_dimensions.items() if dimension.hidden}
    return Sheet(
        name=str(sheet.title),
        rows=list(_rows(lines, hidden)),
        is_hidden=sheet.sheet_state != "visible",
        unseen=unseen,
        hidden_columns=list(_hidden_columns(sheet)),
    )


def _rows(lines: dict[int, _Line], hidden: set[int]) -> Iterator[Row]:
    count = 0
    for number, line in sorted(lines.items()):
        cells = [line.cells.get(column, "") for column in range(max(line.cells, default=-1) + 1)]
        row = row_of(number, cells, is_hidden=number in hidden, struck=line.struck, links=line.links, comments=line.comments)
        if row:
            count += 1
            if count > _MAX_SHEET_ROWS:
                raise too_many_rows()
            yield row


def _text_and_struck(value: Any, is_struck: bool) -> tuple[str, str]:
    if not isinstance(value, CellRichText):
        text = text_of(value)
        return text, text if is_struck else ""
    struck = [str(part) for part in value if (part.font.strike if isinstance(part, TextBlock) else is_struck)]
    return str(value), "".join(struck)


def _fill_down(sheet: Worksheet, lines: dict[int, _Line]) -> None:
    """Repeats the first cell of a merged range beneath it, as it looks to who reads the sheet; in rows that hold something else."""
    for merged in sheet.merged_cells.ranges:
        top = lines[merged.min_row].cells.get(merged.min_col - 1, "") if merged.min_row in lines else ""
        if not top or merged.max_row == merged.min_row:
            continue
        within = range(merged.min_col - 1, merged.max_col)
        for number in [n for n in lines if merged.min_row < n <= merged.max_row]:
            if any(column not in within for column in lines[number].cells):
                lines[number].cells.setdefault(merged.min_col - 1, top)


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for letter, dimension in sheet.column_dimensions.items():
        if dimension.hidden:
            first = dimension.min or column_index_from_string(letter)
            yield from range(first - 1, min(dimension.max or first, MAX_COLUMNS))


def read_other(data: bytes) -> list[Sheet]:
    """The sheets of an .xls, .xlsb or .ods. Raises SpreadsheetFault."""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            return [
                _calamine_sheet(book.get_sheet_by_index(index), meta)
                for index, meta in enumerate(book.sheets_metadata)
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except (python_calamine.CalamineError, ValueError, OSError, IndexError) as error:
        if hasattr(error, "code"):  # a SpreadsheetFault
            raise
        raise damaged() from error


def _calamine_sheet(sheet: python_calamine.CalamineSheet, meta: python_calamine.SheetMetadata) -> Sheet:
    if sheet.total_height > 1_100_000 or sheet.height * sheet.width > 3_000_000:
        raise too_many_rows()
    values = sheet.to_python(skip_empty_area=False)
    lines = {
        number: _Line({column: text for column, value in enumerate(row) if (text := text_of(value))})
        for number, row in enumerate(values, start=1)
        if any(value not in ("", None) for value in row)
    }
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        first = lines[top + 1].cells.get(left, "") if top + 1 in lines else ""
        for number in [n for n in lines if first and top + 1 < n <= bottom + 1]:
            if any(column != left for column in lines[number].cells):
                lines[number].cells.setdefault(left, first)
    visible = meta.visible == python_calamine.SheetVisibleEnum.Visible
    return Sheet(meta.name, list(_rows(lines, set())), is_hidden=not visible, unseen=[Unseen.SIGNS])


_WHOLE = re.compile(r"(-?\d+)\.0+")


def text_of(value: Any) -> str:
    """What somebody who reads the sheet would call the text of a cell: 812345601, 2022-02-18, 4.5."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            text = f"{value:.15g}"
            return whole[1] if (whole := _WHOLE.fullmatch(text)) else str(int(value)) if value.is_integer() and abs(value) < 1e15 else text
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
        case _:
            return str(value)
