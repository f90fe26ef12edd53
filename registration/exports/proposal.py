"""The memo's enclosure that proposes who takes part: selected by group, the reserve in its order, and a line to sign. In Thai.

The same content as xlsx and docx here, and as PDF in `exports.papers.proposal`.
"""

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from registration.exports.row_heights import height_of
from registration.exports.workbook import sheet_cell
from registration.models import Participant, Quota
from registration.people.text import clean_text
from registration.seats.places import place_in_sentence
from registration.selection.rules import Plan
from sessions import formats, thai

#: What Thai offices write with; a computer without it takes another.
_FONT = "TH SarabunPSK"
_THIN = Side(style="thin", color="858D99")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_SHADE = PatternFill("solid", fgColor="E8EFF4")
#: Widths of number, name, position and organisation, in letters (xlsx) and parts of the page (docx).
_WIDTHS = (13, 33, 35, 45)
_LINE = 22.0
#: Letters of a title in one row of the sheet, where it cannot wrap; a longer one goes on in the next.
_TITLE = 70


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One person, as texts."""

    number: str
    name: str
    position: str
    organisation: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return (self.number, self.name, self.position, self.organisation)


@dataclass(frozen=True, slots=True)
class ProposalPart:
    """A heading and those beneath it: a stakeholder group of those selected, or the reserve."""

    heading: str
    is_main: bool
    lines: Sequence[ProposalLine] = ()


@dataclass(frozen=True, slots=True)
class ProposalPaper:
    """What the paper says, whatever format it gets."""

    above: Sequence[str]
    headings: Sequence[str]
    parts: Sequence[ProposalPart]
    beneath: Sequence[str]


def proposal(quota: Quota, plan: Plan, *, is_announced: bool, at: dt.datetime) -> ProposalPaper:
    """The content for the people of `plan`, who carry their groups. In Thai, whoever asks. No query."""
    with translation.override("th"):
        selected, reserve = len(plan.selected), len(plan.reserve)
        main = _("Selected, %(n)s people") % {"n": thai.thai_digits(selected)}
        line = _("Waiting list in order, %(n)s people") % {"n": thai.thai_digits(reserve)}
        return ProposalPaper(
            above=[
                _("List of those selected") if is_announced else _("Proposal of who takes part"),
                quota.workshop.title,
                place_in_sentence(quota),
                _("As of %(date)s") % {"date": formats.format_date(timezone.localdate(at), "th", weekday=False)},
            ],
            headings=[_("No."), _("First and last name"), _("Position"), _("Organisation")],
            parts=[ProposalPart(main, True), *_by_group(plan.selected), ProposalPart(line, True, _lines(plan.reserve))],
            beneath=_beneath(is_announced),
        )


def _by_group(people: Sequence[Participant]) -> list[ProposalPart]:
    in_order = sorted(people, key=lambda person: (person.group.code, person.sort_key, person.pk))
    parts, number = [], 1
    for group, members in groupby(in_order, key=lambda person: person.group):
        lines = _lines(list(members), first=number)
        parts.append(ProposalPart(f"{thai.thai_digits(group.code)} {group.name}", False, lines))
        number += len(lines)
    return parts


def _lines(people: Sequence[Participant], first: int = 1) -> list[ProposalLine]:
    return [
        ProposalLine(thai.thai_digits(number), person.full_name, person.position, person.organisation)
        for number, person in enumerate(people, start=first)
    ]


def _beneath(is_announced: bool) -> list[str]:
    dots, signed, position = "." * 50, _("signed"), _("Position")
    said = _("I certify that this list is correct.") if is_announced else _("Agreed")
    return [said, "", f"({signed}) {dots}", f"({dots})", f"{position} {dots}"]


# xlsx


def write_xlsx(file: BinaryIO, content: ProposalPaper) -> None:
    """A4, one page wide, headings on every page, rows as high as their text."""
    book = Workbook(write_only=True)
    book.properties.creator = "NESDC"
    sheet: Worksheet = book.create_sheet(content.above[0][:28])
    above = [piece for text in content.above for piece in textwrap.wrap(text, _TITLE, break_long_words=False) or [""]]
    _lay_out(sheet, heading_row=len(above) + 2)
    rows: list[tuple[list[str], str, float]] = [([text], "title", 28.0) for text in above]
    rows += [([], "", _LINE), (list(content.headings), "heading", _LINE)]
    for part in content.parts:
        rows.append(([part.heading], "main" if part.is_main else "group", height_of([(part.heading, sum(_WIDTHS))], line=_LINE)))
        for line in part.lines:
            rows.append((list(line.cells), "line", height_of(list(zip(line.cells, _WIDTHS, strict=True)), line=_LINE)))
    rows += [([], "", _LINE), *((["", "", text], "", _LINE) for text in content.beneath)]
    for number, (texts, kind, height) in enumerate(rows, start=1):
        sheet.row_dimensions[number].height = height
        sheet.append(_cells(sheet, texts, kind))
    book.save(file)


def _lay_out(sheet: Worksheet, heading_row: int) -> None:
    for index, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _cells(sheet: Worksheet, texts: Sequence[str], kind: str) -> list[SheetCell]:
    is_row = kind in ("heading", "main", "group", "line")
    wanted = len(_WIDTHS) if is_row or kind == "title" else len(texts)
    cells = []
    for index in range(wanted):
        cell = _cell(sheet, texts[index] if index < len(texts) else "")
        cell.font = Font(name=_FONT, size=18 if kind == "title" else 16, bold=kind in ("title", "heading", "main"))
        if kind == "title":
            cell.alignment = Alignment(horizontal="centerContinuous")
        else:
            centred = kind == "heading" or (kind == "line" and index == 0)
            wraps = kind in ("heading", "line")
            cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="top", wrap_text=wraps)
        if kind in ("heading", "line"):
            cell.border = _BOX
        if kind == "heading":
            cell.fill = _SHADE
        cells.append(cell)
    return cells


def _cell(sheet: Worksheet, text: str) -> SheetCell:
    ready = sheet_cell(sheet, text)
    return ready if isinstance(ready, SheetCell) else WriteOnlyCell(sheet, ready)


# docx


def write_docx(file: BinaryIO, content: ProposalPaper) -> None:
    """A4, a table whose heading comes again on every page, rows that are not broken; opens in Word and LibreOffice."""
    document = Document()
    _prepare(document, content.above[0])
    for number, text in enumerate(content.above):
        _centred(document.add_paragraph(), text, size=18 if number < 2 else 16, bold=number < 2)
    table = document.add_table(rows=1, cols=len(content.headings))
    table.style = "Table Grid"
    table.autofit = False
    for column, width in zip(table.columns, _widths(), strict=True):  # LibreOffice reads these, Word those of the cells
        column.width = width
    _fill(table.rows[0].cells, content.headings, bold=True)
    _repeat(table.rows[0]._tr)
    for part in content.parts:
        cells = table.add_row().cells
        merged = cells[0].merge(cells[-1])
        _write(merged.paragraphs[0], part.heading, bold=part.is_main)
        for line in part.lines:
            _fill(table.add_row().cells, line.cells)
    for row_of_table in table.rows:
        _keep_whole(row_of_table._tr)
    document.add_paragraph()
    for text in content.beneath:
        paragraph = document.add_paragraph()
        _centred(paragraph, text, size=16)
        paragraph.paragraph_format.keep_with_next = True  # who signs does so on one page
    document.save(file)


def _prepare(document: DocxDocument, title: str) -> None:
    document.core_properties.author, document.core_properties.title = "NESDC", title
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(18)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(16)
    style.paragraph_format.space_after = Pt(0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), _FONT)


def _widths() -> list[Length]:
    """Of the columns on a page of A4 between its margins."""
    return [Mm(round(170 * width / sum(_WIDTHS))) for width in _WIDTHS]


def _fill(cells: Sequence[_Cell], texts: Sequence[str], *, bold: bool = False) -> None:
    for index, (cell, width, text) in enumerate(zip(cells, _widths(), texts, strict=True)):
        cell.width = width
        _write(cell.paragraphs[0], text, bold=bold)
        if index == 0 or bold:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _write(paragraph: Paragraph, text: str, *, bold: bool = False, size: int = 16) -> None:
    run = paragraph.add_run(clean_text(text))
    run.font.size, run.font.bold = Pt(size), bold
    properties = run._r.get_or_add_rPr()
    size_cs = OxmlElement("w:szCs")
    size_cs.set(qn("w:val"), str(size * 2))
    properties.append(size_cs)
    if bold:
        properties.append(OxmlElement("w:bCs"))


def _centred(paragraph: Paragraph, text: str, *, size: int, bold: bool = False) -> None:
    _write(paragraph, text, size=size, bold=bold)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _repeat(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # type: ignore[attr-defined]


def _keep_whole(row: object) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # type: ignore[attr-defined]
