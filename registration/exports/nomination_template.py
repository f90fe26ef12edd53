"""The empty list that a province fills in: Thai headings, lists to choose title and group from."""

from collections.abc import Sequence
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from registration.models import Quota
from registration.seats.places import place_in_sentence
from registration.spreadsheets.tables import MAX_ROWS
from sessions import thai
from sessions.models import StakeholderGroup

#: Headings by field, as `registration.nominations.headings` knows them, and how wide their columns are.
HEADINGS = {
    "number": ("ลำดับ", 8), "title": ("คำนำหน้าชื่อ", 16), "first_name": ("ชื่อ", 20), "last_name": ("นามสกุล", 22),
    "position": ("ตำแหน่ง", 30), "organisation": ("หน่วยงาน", 38), "organisation_short": ("ชื่อย่อหน่วยงาน", 18),
    "group": ("กลุ่มเป้าหมาย", 50), "email": ("อีเมล", 30), "phone": ("โทรศัพท์", 20),
}  # fmt: skip
HEADING_ROW = 4

_FILL = PatternFill("solid", fgColor="E8EFF4")


def write_template(file: BinaryIO, quota: Quota, *, titles: Sequence[str], groups: Sequence[StakeholderGroup]) -> None:
    """Writes the list of `quota`, with as many numbered lines as it has seats, to `file` as xlsx; in Thai, whoever asks."""
    with translation.override("th"):
        book = Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        sheet.title = "รายชื่อ"
        origin = _("Names of people from") + place_in_sentence(quota)
        note = _(
            "One person per line. The e-mail address is required; to register somebody at once, so is everything except position and "
            "abbreviation."
        )
        for row, text in enumerate([quota.workshop.title_th, origin, note], start=1):
            sheet.cell(row, 1, text).font = Font(bold=row < 3, size=14 if row < 3 else 11)
        _write_headings(sheet)
        for number in range(1, (quota.capacity or 0) + 1):
            sheet.cell(HEADING_ROW + number, 1, number)
        names = [f"{thai.thai_digits(group.code)} {group.name_th}" for group in groups]
        _offer(book, sheet, {"title": list(titles), "group": names})
    book.save(file)


def _write_headings(sheet: Worksheet) -> None:
    for column, (field, (heading, width)) in enumerate(HEADINGS.items(), start=1):
        cell = sheet.cell(HEADING_ROW, column, heading)
        cell.font, cell.fill = Font(bold=True), _FILL
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = width
        if field in ("email", "phone"):
            dimension.number_format = "@"  # else Excel takes the zero from a number's front
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"


def _offer(book: Workbook, sheet: Worksheet, choices: dict[str, list[str]]) -> None:
    hidden: Worksheet = book.create_sheet("ตัวเลือก")
    hidden.sheet_state = "hidden"
    for column, (field, values) in enumerate(choices.items(), start=1):
        for row, value in enumerate(values, start=1):
            hidden.cell(row, column, value)
        letter = get_column_letter(column)
        rule = DataValidation("list", formula1=f"'ตัวเลือก'!${letter}$1:${letter}${len(values)}", allow_blank=True, showErrorMessage=False)
        at = get_column_letter(list(HEADINGS).index(field) + 1)
        rule.add(f"{at}{HEADING_ROW + 1}:{at}{HEADING_ROW + MAX_ROWS}")
        sheet.add_data_validation(rule)
