"""The cells of a workbook as they were exported by a program: many rows, no signs. In the reader's own process only (`sandbox`)."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import python_calamine

from registration.spreadsheets.archives import damaged, opened
from registration.spreadsheets.tables import MAX_COLUMNS, SpreadsheetFault, too_many_rows
from registration.spreadsheets.workbooks import text_of

MAX_ROWS = 60_000
MAX_CELL = 1_000


def read_values(data: bytes) -> list[list[str]]:
    """Rows of all sheets that one sees, one after the other, blank ones too. Raises SpreadsheetFault, and nothing else."""
    if data.startswith(b"PK"):
        opened(data)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            rows = [row for index, meta in enumerate(book.sheets_metadata) if _is_seen(meta) for row in _rows(book, index)]
    except (python_calamine.CalamineError, ValueError, OSError, IndexError) as error:
        if isinstance(error, SpreadsheetFault):
            raise
        raise damaged() from error
    if len(rows) > MAX_ROWS:
        raise too_many_rows()
    return rows


def _is_seen(meta: python_calamine.SheetMetadata) -> bool:
    is_sheet = meta.typ == python_calamine.SheetTypeEnum.WorkSheet
    return is_sheet and meta.visible == python_calamine.SheetVisibleEnum.Visible


def _rows(book: python_calamine.CalamineWorkbook, index: int) -> Iterator[list[str]]:
    sheet = book.get_sheet_by_index(index)
    if sheet.height > MAX_ROWS or sheet.height * sheet.width > 3_000_000:
        raise too_many_rows()
    for row in sheet.iter_rows():
        yield [_text(value) for value in row[:MAX_COLUMNS]]


def _text(value: Any) -> str:
    """Moments to the second: minutes are counted by them."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return text_of(value)[:MAX_CELL]
