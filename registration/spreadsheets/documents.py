"""Tables in a Word document, and the paragraphs around them: the commonest form of a list in a Thai office."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from django.utils.translation import gettext as _
from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P

from registration.spreadsheets.archives import damaged
from registration.spreadsheets.tables import MAX_ROWS, ROWS_AROUND, Row, Sheet, SpreadsheetFault, row_of, too_many_rows

_OFF = ("0", "false", "none")


def read_document(archive: zipfile.ZipFile) -> list[Sheet]:
    """Each table as a sheet, led by the paragraphs above it; a paragraph has the row number 0. Raises SpreadsheetFault."""
    assert archive.fp is not None
    archive.fp.seek(0)
    try:
        body = docx.Document(BytesIO(archive.fp.read())).element.body
    except Exception as error:  # whatever is wrong with it, it is the file that is wrong
        raise damaged() from error
    sheets: list[Sheet] = []
    above: list[Row] = []
    for element in body.iterchildren():
        if isinstance(element, CT_P):
            if row := row_of(0, [_text(element)[0]]):
                above.append(row)
        elif isinstance(element, CT_Tbl):
            sheets.append(Sheet(_("table %(number)s") % {"number": len(sheets) + 1}, [*above, *_rows(element)]))
            above = []
    if not sheets:
        raise SpreadsheetFault("no_table", _("There is no table in this Word file. Put the names into a table, one person a row."))
    sheets[-1].rows.extend(above)
    return sheets


def _rows(table: CT_Tbl) -> Iterator[Row]:
    upper: dict[int, str] = {}
    for number, line in enumerate(table.tr_lst, start=1):
        if number > MAX_ROWS + ROWS_AROUND:
            raise too_many_rows()
        cells: list[str] = []
        struck: dict[int, str] = {}
        for cell in line.tc_lst:
            column = len(cells)
            text, out = _cell(cell)
            if _goes_on(cell):
                text = upper.get(column, "")
            upper[column] = text
            if out:
                struck[column] = out
            cells.extend([text, *[""] * (cell.grid_span - 1)])
        if row := row_of(number, cells, is_hidden=_is_hidden(line), struck=struck):
            yield row


def _goes_on(cell: CT_Tc) -> bool:
    return cell.vMerge == "continue"


def _is_hidden(line: CT_Row) -> bool:
    texts = list(line.iter(qn("w:r")))
    return bool(texts) and all(_is_on(run, "w:vanish") for run in texts)


def _cell(cell: CT_Tc) -> tuple[str, str]:
    found = [_text(paragraph) for paragraph in cell.iter(qn("w:p"))]
    return "\n".join(text for text, _struck in found), "\n".join(struck for _text, struck in found if struck)


def _text(paragraph: CT_P) -> tuple[str, str]:
    text, struck = "", ""
    for run in paragraph.iter(qn("w:r")):
        piece = "".join(_piece(node) for node in run)
        text += piece
        if _is_on(run, "w:strike") or _is_on(run, "w:dstrike") or run.find(qn("w:delText")) is not None:
            struck += piece
    return text, struck


def _piece(node: object) -> str:
    tag, text = getattr(node, "tag", ""), getattr(node, "text", "") or ""
    if tag in (qn("w:t"), qn("w:delText")):
        return text
    return {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}.get(str(tag), "")


def _is_on(run: object, name: str) -> bool:
    found = run.find(f"{qn('w:rPr')}/{qn(name)}")  # type: ignore[attr-defined]
    return found is not None and found.get(qn("w:val"), "1") not in _OFF
