"""What stands in the cells of a column, whatever is written above it: names, addresses, numbers, organisations. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from registration.nominations import signs
from registration.nominations.columns import Layout, Why
from registration.nominations.headings import Meaning
from registration.nominations.matching import group_of
from registration.people import phones
from registration.people.addresses import addresses_in
from registration.people.names import is_title, split_title
from registration.spreadsheets.tables import Sheet
from sessions.models import StakeholderGroup
from sessions.thai import arabic_digits

#: So many cells tell what the others of their column are.
_SAMPLE = 40
_ORGANISATION = re.compile(
    r"สำนักงาน|สนง\.|สนจ\.|ที่ทำการ|ที่ว่าการ|องค์การ|องค์กร|เทศบาล|โรงพยาบาล|รพ\.|มหาวิทยาลัย|วิทยาลัย|โรงเรียน|รร\.|บริษัท|บจก\.|หจก\.|หอการค้า|"
    r"สภา(?!พ)|มูลนิธิ|สมาคม|ศูนย์|สถาบัน|สถานี|กรม|กระทรวง|ตำรวจภูธร|อบต\.|อบจ\.|ชมรม|เครือข่าย|กลุ่ม|ธนาคาร|สหกรณ์|วัด|ห้างหุ้นส่วน"
)
_CITIZEN = re.compile(r"\d[\s\-]?\d{4}[\s\-]?\d{5}[\s\-]?\d{2}[\s\-]?\d")


def kind_of(cells: Sequence[str], groups: Sequence[StakeholderGroup]) -> str:
    """What most of `cells` are, as `headings.meaning` says it."""
    sample = list(islice((cell for cell in cells if not signs.is_ditto(cell)), _SAMPLE))
    if not sample:
        return ""
    kinds = Counter(_kind(cell, groups) for cell in sample)
    kind, count = kinds.most_common(1)[0]
    return kind if kind and count >= len(sample) * 0.6 else ""


def share(cells: Sequence[str], holds: Callable[[str], bool]) -> float:
    """Of how many of `cells` (0 to 1) that `holds`."""
    return sum(holds(cell) for cell in cells[:_SAMPLE]) / len(cells[:_SAMPLE]) if cells else 0


def _kind(cell: str, groups: Sequence[StakeholderGroup]) -> str:
    plain = arabic_digits(cell).strip(" .()")
    if _CITIZEN.fullmatch(plain):
        return "private"
    if "@" in cell and (found := addresses_in(cell)) and found[0]:
        return Meaning.CONTACT if phones.numbers_in(found[1])[0] else Meaning.EMAIL
    if plain.isdecimal() and len(plain) <= 4:
        return "numbers"
    if any(c.isdigit() for c in plain) and phones.numbers_in(cell)[0]:
        return Meaning.PHONE
    if is_title(cell):
        return Meaning.TITLE
    if " " in cell and split_title(cell)[0]:
        return Meaning.FULL_NAME
    if _ORGANISATION.match(cell):
        return Meaning.ORGANISATION
    return Meaning.GROUP if groups and group_of(cell, groups) else ""


def begins_organisation(text: str) -> bool:
    """Whether `text` begins like the name of an office: สำนักงาน…, อบต.บ่อสวก; "อบต." alone belongs to a position (นายก อบต.)."""
    found = _ORGANISATION.match(text)
    return found is not None and (not found[0].endswith(".") or text[found.end() : found.end() + 1].strip() != "")


def without_private(sheets: Sequence[Sheet], layouts: Sequence[Layout]) -> list[Sheet]:
    """`sheets` in which the numbers of identity cards cannot be read: they are not kept at all."""
    found = []
    for sheet, layout in zip(sheets, layouts, strict=True):
        hidden = {column.index for column in layout.columns if column.why is Why.PRIVATE}
        rows = [
            replace(
                row,
                cells=[
                    _masked(cell) if index in hidden or _CITIZEN.fullmatch(arabic_digits(cell)) else cell
                    for index, cell in enumerate(row.cells)
                ],
            )
            for row in sheet.rows
        ]
        found.append(replace(sheet, rows=rows))
    return found


def _masked(text: str) -> str:
    """1-5599-•••••-••-•: what is left says that there was a number, not which."""
    seen = 0
    shown = ""
    for c in text:
        seen += c.isdigit()
        shown += "•" if c.isdigit() and seen > 5 else c
    return shown
