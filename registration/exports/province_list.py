"""A province's people as an attachment of an official memo: title, date, numbered names, room for a signature."""

import datetime as dt
from collections.abc import Callable
from typing import BinaryIO

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
from registration.exports.workbook import sheet_cell
from registration.models import Participant, Quota
from registration.people import phones
from registration.seats.places import place_in_sentence
from sessions import formats, thai

#: What Thai offices write with; a computer without it takes another.
_FONT = "TH SarabunPSK"
_THIN = Side(style="thin", color="858D99")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

Column = tuple[str, int, Callable[[int, Participant], Cell]]


def write_province_list(file: BinaryIO, quota: Quota, *, at: dt.datetime) -> int:
    """Writes those who hold a seat of `quota`, by name, to `file` as xlsx, in Thai. Returns how many they are. One query."""
    people = list(Participant.objects.known().holding_seats().filter(quota=quota).select_related("group").order_by("sort_key", "pk"))
    with translation.override("th"):
        columns = _columns()
        book = Workbook(write_only=True)
        book.properties.creator = "NESDC"
        sheet: Worksheet = book.create_sheet(_("Names"))
        above = _above(quota, len(people), at)
        _lay_out(sheet, columns, heading_row=len(above) + 2)
        for number, line in enumerate(above):
            sheet.append(_across(sheet, line, len(columns), bold=number < 2))
        sheet.append([])
        sheet.append([_styled(sheet, heading, bold=True, centred=True) for heading, _width, _cell in columns])
        for number, person in enumerate(people, start=1):
            sheet.append([_styled(sheet, cell(number, person), centred=index == 0) for index, (_h, _w, cell) in enumerate(columns)])
        for line in ["", *_beneath()]:
            sheet.append([None] * 3 + [_signature(sheet, line)])
        book.save(file)
    return len(people)


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
        (_("No."), 7, lambda number, person: number),
        (_("First and last name"), 32, lambda number, person: person.full_name),
        (_("Position"), 30, lambda number, person: person.position),
        (_("Organisation"), 38, lambda number, person: person.organisation),
        (_("Stakeholder group"), 38, lambda number, person: person.group.name),
        (_("Phone"), 22, lambda number, person: phones.readable(person.phone, person.phone_extension)),
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
    sheet.oddFooter.center.text = "&P / &N"  # type: ignore[union-attr]


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
