"""Whether each figure of a report is the one that the rows give: for the test, and for the benchmark of a whole series."""

import math
from decimal import Decimal

from tests.registration.report.figures_of_rows import tables
from tests.registration.report.reading import Files, arabic


def differences(series, archive: bytes) -> list[str]:
    """Nothing where docx, PDF and xlsx say what the rows say; a line for each table that differs or is not there."""
    files, found = Files(archive), []
    in_docx, in_xlsx, numbers = files.tables_of_docx(), files.tables_of_xlsx(), files.numbers_of_pdf()
    for caption, rows in tables(series).items():
        word = [table for title, table in in_docx.items() if caption in title and "ตารางที่" in title]
        sheet = [table for title, table in in_xlsx.items() if caption in title]
        if len(word) != 1 or [_said(row, rows[0]) for row in word[0]] != [[_shown(cell) for cell in row] for row in rows]:
            found.append(f"docx: {caption}")
        if len(sheet) != 1 or not all(_same(row, wanted) for row, wanted in zip(sheet[0], rows, strict=True)):
            found.append(f"xlsx: {caption}")
        found += [f"PDF: {caption} {row}" for row in rows if not _stands(row, numbers)]
    return found


def _shown(cell) -> str:
    return f"{cell:,}" if isinstance(cell, int | Decimal) else arabic(cell)


def _said(row, wanted) -> list[str]:
    """As many of the last cells as are expected; of the coverage's table the first ones."""
    cells = [arabic(cell) for cell in row]
    return cells[: len(wanted)] if len(wanted) == 2 else cells[len(cells) - len(wanted) :]


def _same(row, wanted) -> bool:
    cells = row[: len(wanted)] if len(wanted) == 2 else row[len(row) - len(wanted) :]
    return all(
        math.isclose(cell, float(value), abs_tol=1e-9) if isinstance(value, int | Decimal) else cell == value
        for cell, value in zip(cells, wanted, strict=True)
    )


def _stands(row, numbers: list[str]) -> bool:
    """Whether the numbers of `row` stand beside each other in the PDF."""
    wanted = [f"{cell:,}" for cell in row if isinstance(cell, int | Decimal)]
    return any(numbers[place : place + len(wanted)] == wanted for place in range(len(numbers) - len(wanted) + 1))
