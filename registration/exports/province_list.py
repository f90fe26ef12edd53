"""A province's people as an attachment of an official memo: title, date, numbered names, room for a signature."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from registration.exports.columns import Cell
from registration.exports.row_heights import height_of
from registration.exports.workbook import sheet_cell
from registration.models import Participant, Quota
from registration.people import phones
from registration.seats.places import place_in_sentence
from sessions import formats, thai

#: What Thai offices write with; a computer without it takes another.
_FONT = "TH SarabunPSK"
_THIN = Side(style="thin", color="858D99")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

#: A line of text of this size, in points, in Excel and LibreOffice alike.
_LINE = 24.0
#: The part of a column's width that is counted on: where a computer lacks the font, a wider one takes its place.
_ROOM = 0.7

Column = tuple[str, int, Callable[[int, Participant], str]]


class ListOrder(StrEnum):
    NAME = "name"
    GROUP = "group"


def write_province_list(file: BinaryIO, quota: Quota, *, order: ListOrder = ListOrder.NAME, at: dt.datetime) -> int:
    """Writes those who hold a seat of `quota` to `file` as xlsx, in Thai. Returns how many they are. One query."""
    people = Participant.objects.known().holding_seats().filter(quota=quota).select_related("group").order_by("sort_key", "pk")
    with translation.override("th"):
        columns = [column for column in _columns() if order == ListOrder.NAME or column[0] != _("Stakeholder group")]
        page = _Page(_("Names"), columns)
        for line in _above(quota, len(people), at):
            page.across(line)
        page.headings()
        for number, (person, group) in enumerate(_in_order(people, order), start=1):
            if group:
                page.group(group)
            page.line([cell(number, person) for _heading, _width, cell in columns])
        for line in ["", *_beneath()]:
            page.beneath(line)
        page.save(file)
    return len(people)


def _in_order(people: Iterable[Participant], order: ListOrder) -> Iterator[tuple[Participant, str]]:
    if order == ListOrder.NAME:
        yield from ((person, "") for person in people)
        return
    before = None
    for person in sorted(people, key=lambda person: [int(part) if part.isdigit() else 0 for part in person.group.code.split(".")]):
        heading = "" if person.group_id == before else thai.thai_digits(f"{person.group.code} {person.group.name}")
        before = person.group_id
        yield person, heading


class _Page:
    """A sheet that is written row by row, each as high as its text: no program makes the rows of a file so that another wrote."""

    def __init__(self, title: str, columns: list[Column]) -> None:
        self._columns = columns
        self._book = Workbook(write_only=True)
        self._book.properties.creator = "NESDC"
        self._sheet: Worksheet = self._book.create_sheet(title)
        self._rows = 0
        _lay_out(self._sheet, columns, heading_row=6)

    def _height(self, texts: list[str]) -> float:
        widths = [width * _ROOM for _heading, width, _cell in self._columns]
        return height_of(list(zip(texts, widths, strict=True)), line=_LINE)

    def _append(self, cells: Sequence[Any], height: float = _LINE) -> None:
        self._rows += 1
        self._sheet.row_dimensions[self._rows].height = height
        self._sheet.append(list(cells))

    def across(self, text: str) -> None:
        self._append(_across(self._sheet, text, len(self._columns), bold=self._rows < 2), 28.0)

    def headings(self) -> None:
        self._append([])
        headings = [heading for heading, _width, _cell in self._columns]
        cells = [_styled(self._sheet, heading, bold=True, centred=True) for heading in headings]
        self._append(cells, self._height(headings))

    def group(self, text: str) -> None:
        cells = [_styled(self._sheet, text if index == 0 else "", bold=True) for index in range(len(self._columns))]
        for cell in cells:
            cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=False)
            cell.border = Border(top=_THIN, bottom=_THIN)
        self._append(cells)

    def line(self, texts: list[str]) -> None:
        cells = [_styled(self._sheet, text, centred=index == 0) for index, text in enumerate(texts)]
        self._append(cells, self._height(texts))

    def beneath(self, text: str) -> None:
        self._append([None] * 3 + [_signature(self._sheet, text)])

    def save(self, file: BinaryIO) -> None:
        self._book.save(file)


def file_name(quota: Quota, at: dt.datetime) -> str:
    """`<address of the workshop>-<code of the province>-<date in Bangkok>.xlsx`."""
    return f"{quota.workshop.slug}-{quota.code}-{timezone.localdate(at):%Y-%m-%d}.xlsx"


def _above(quota: Quota, count: int, at: dt.datetime) -> list[str]:
    return [
        _("List of participants"),
        quota.workshop.title,
        _("%(place)s, %(n)s people") % {"place": place_in_sentence(quota), "n": thai.thai_digits(count)},
        _("As of %(date)s") % {"date": formats.format_date(timezone.localdate(at), "th", weekday=False)},
    ]


def _beneath() -> list[str]:
    dots, signed, position = "." * 50, _("signed"), _("Position")
    return [_("I certify that this list is correct."), "", f"({signed}) {dots}", f"({dots})", f"{position} {dots}"]


def _columns() -> list[Column]:
    return [
        (_("No."), 7, lambda number, person: thai.thai_digits(number)),
        (_("First and last name"), 32, lambda number, person: person.full_name),
        (_("Position"), 30, lambda number, person: person.position),
        (_("Organisation"), 38, lambda number, person: person.organisation),
        (_("Stakeholder group"), 38, lambda number, person: person.group.name),
        (_("Phone"), 22, lambda number, person: thai.thai_digits(phones.readable(person.phone, person.phone_extension))),
        (_("E-mail"), 30, lambda number, person: person.email),
        (_("State"), 18, lambda number, person: str(person.get_state_display())),
    ]


def _lay_out(sheet: Worksheet, columns: list[Column], heading_row: int) -> None:
    """A4 landscape, one page wide, the headings on every page; before the first row is written."""
    for index, (_heading, width, _cell) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _across(sheet: Worksheet, text: str, width: int, *, bold: bool) -> list[SheetCell]:
    cells = [WriteOnlyCell(sheet, text if index == 0 else None) for index in range(width)]
    for cell in cells:
        cell.alignment = Alignment(horizontal="centerContinuous")
        cell.font = Font(name=_FONT, size=18 if bold else 16, bold=bold)
    return cells


def _signature(sheet: Worksheet, text: str) -> SheetCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(name=_FONT, size=16)
    return cell


def _styled(sheet: Worksheet, value: Cell, *, bold: bool = False, centred: bool = False) -> SheetCell:
    ready = sheet_cell(sheet, value)
    cell = ready if isinstance(ready, SheetCell) else WriteOnlyCell(sheet, ready)
    cell.font = Font(name=_FONT, size=16, bold=bold)
    cell.border = _BOX
    cell.alignment = Alignment(horizontal="center" if centred else "left", vertical="top", wrap_text=True)
    return cell
