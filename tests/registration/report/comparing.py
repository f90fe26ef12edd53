"""Whether each number of a report is the one that the rows give: for the test, and for the benchmark of a whole series.

What the rows give is written down as a whole paper (`expected`), so that no number of a file is left that nobody worked out.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator
from decimal import Decimal

from registration.report.charts import chart_pictures
from registration.report.paper import Chart, Series
from tests.registration.report.expected import cover_lines, expected
from tests.registration.report.pieces import Bars, Grid, Line, arabic, numbers_in, written
from tests.registration.report.reading import Files

#: Of each file, so that one number too many does not fill the screen.
_MOST = 12


def differences(series, archive: bytes, made_at: dt.datetime) -> list[str]:
    """Nothing where docx, PDF and xlsx say what the rows say, and no number more; else lines that begin with the file."""
    files = Files(archive)
    pieces = expected(series, made_at)
    found = [_of_docx(files, pieces), _of_pictures(files, pieces), _of_pdf(files, pieces), _of_xlsx(files, series, pieces)]
    return [line for lines in found for line in list(lines)[:_MOST]]


def made_between(archive: bytes, first: dt.datetime, last: dt.datetime) -> dt.datetime:
    """When a report says that it was made, which was between the two; `first` where it says something else."""
    told = next(line for line in Files(archive).lines_of_docx() if "ข้อมูล ณ" in line)
    minutes = [moment for moment in (first, first + (last - first) / 2, last) if f"{moment:%H.%M}" in arabic(str(told))]
    return minutes[0] if minutes else first


def numbers_of(pieces: Iterable[Line | Grid | Bars]) -> list[str]:
    """In the order in which the PDF has them."""
    return [number for piece in pieces for number in _numbers(piece)]


def _numbers(piece: Line | Grid | Bars) -> Iterator[str]:
    if isinstance(piece, Line):
        yield from piece.numbers
        return
    yield from piece.caption.numbers if piece.caption else []
    if isinstance(piece, Grid):
        for cell in [*piece.heads, *(cell for row in piece.rows for cell in row)]:
            yield from numbers_in(written(cell))
        return
    for place, label in enumerate(piece.labels):
        yield from [*numbers_in(label), *(written(values[place]) for _name, values in piece.series)]


def _of_docx(files: Files, pieces: list[Line | Grid | Bars]) -> Iterator[str]:
    """Line by line: a table's rows as they are, of other lines those that have a number."""
    wanted = [line for piece in pieces for line in _as_docx(piece) if isinstance(line, list) or line.numbers]
    found = [line for line in _lines(files) if isinstance(line, list) or numbers_in(line)]
    for number, (line, want) in enumerate(zip(found, wanted, strict=False)):
        if isinstance(want, list) != isinstance(line, list) or not _says(line, want):
            yield f"docx: line {number}: {line} instead of {want}"
    if len(found) != len(wanted):
        yield f"docx: {len(found)} lines instead of {len(wanted)}"


def _lines(files: Files) -> Iterator[str | list[str]]:
    for line in files.lines_of_docx():
        yield [arabic(cell) for cell in line] if isinstance(line, list) else arabic(line)


def _as_docx(piece: Line | Grid | Bars) -> list[Line | list[str]]:
    if isinstance(piece, Line):
        return [piece]
    caption: list[Line | list[str]] = [piece.caption] if piece.caption else []
    return caption + ([[written(cell) for cell in row] for row in [piece.heads, *piece.rows]] if isinstance(piece, Grid) else [])


def _says(line: str | list[str], want: Line | list[str]) -> bool:
    if isinstance(want, list):
        return line == want
    return isinstance(line, str) and arabic(want.about) in line and numbers_in(line) == want.numbers


def _of_pictures(files: Files, pieces: list[Line | Grid | Bars]) -> Iterator[str]:
    """The docx has its charts as pictures: they are those of the numbers that the rows give, to the last dot."""
    charts = [
        Chart(
            piece.caption.about,
            [_thai(label) for label in piece.labels],
            [Series(name, values) for name, values in piece.series],
            piece.most,
        )
        for piece in pieces
        if isinstance(piece, Bars)
    ]
    found, wanted = files.pictures_of_docx(), chart_pictures(charts)
    if [picture == want for picture, want in zip(found, wanted, strict=False)] != [True] * len(charts) or len(found) != len(wanted):
        yield "docx: a chart is another one"


def _of_pdf(files: Files, pieces: list[Line | Grid | Bars]) -> Iterator[str]:
    """Every number in the order of reading: those of sentences, headings, tables and charts."""
    found, wanted = files.numbers_of_pdf(), numbers_of(pieces)
    if found == wanted:
        return
    longer = max(len(found), len(wanted))
    place = next(place for place in range(longer) if found[place : place + 1] != wanted[place : place + 1])
    near = slice(max(0, place - 6), place + 6)
    yield f"PDF: number {place} of {len(wanted)}: {found[near]} instead of {wanted[near]}"


def _of_xlsx(files: Files, series, pieces: list[Line | Grid | Bars]) -> Iterator[str]:
    sheets = files.sheets()
    wanted = list(_as_sheets(pieces))
    if [name for name, _rows in sheets[1:]] != [name for name, _title, _rows in wanted]:
        yield f"xlsx: the sheets {[name for name, _rows in sheets]}"
        return
    listed = [arabic(cell) for row in sheets[0][1][2:] for cell in row if cell]
    names = [arabic(cell) for name, rows in sheets[1:] for cell in (name, rows[0][0])]
    if listed[:3] != [arabic(line) for line in cover_lines(series.workshop)] or listed[4:] != names:
        yield f"xlsx: the list of sheets {listed[:6]}"
    if numbers_in(listed[3]) != next(piece.numbers for piece in pieces if isinstance(piece, Line) and piece.about == "ข้อมูล ณ"):
        yield f"xlsx: {listed[3]}"
    for (name, rows), (_name, title, lines) in zip(sheets[1:], wanted, strict=True):
        if not _says(arabic(rows[0][0]), title):
            yield f"xlsx: {rows[0][0]} instead of {title}"
        if len(rows) - 1 != len(lines):
            yield f"xlsx: {name}: {len(rows) - 1} lines instead of {len(lines)}"
        for row, line in zip(rows[1:], lines, strict=False):
            if len(row) != len(line) or not all(map(_same, row, line)):
                yield f"xlsx: {name}: {row} instead of {line}"


def _as_sheets(pieces: list[Line | Grid | Bars]) -> Iterator[tuple[str, Line, list[list[str | int | Decimal]]]]:
    """Name, title, and the lines beneath it with their heading; tables without a caption follow each other in one sheet."""
    together: dict[str, tuple[Line, list[list[str | int | Decimal]]]] = {}
    order: list[tuple[str, Line, list[list[str | int | Decimal]]]] = []
    for piece in pieces:
        if isinstance(piece, Grid) and piece.caption:
            order.append((_thai(f"ตารางที่ {piece.caption.numbers[0]}"), piece.caption, [[*piece.heads], *piece.rows]))
        elif isinstance(piece, Grid):
            if piece.sheet not in together:
                title = Line(piece.sheet, ["3"] if piece.sheet == "กำหนดการ" else [])
                together[piece.sheet] = (title, [["", *piece.heads]])
                order.append((piece.sheet, *together[piece.sheet]))
            together[piece.sheet][1].extend([piece.of, *row] for row in piece.rows)
    yield from order


def _thai(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def _same(cell: object, want: str | int | Decimal) -> bool:
    if isinstance(want, str):
        return arabic(cell or "") == arabic(want) if isinstance(cell, str | None) else False
    return isinstance(cell, int | float) and math.isclose(cell, float(want), abs_tol=1e-9)
