"""Rows of a spreadsheet become nominees: who stands where, in the words of the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registration.nominations import columns as headings
from registration.nominations.names import split_full_name, split_title, written_out
from registration.spreadsheets.tables import MAX_ROWS, Row, Sheet, SpreadsheetFault
from sessions.thai import arabic_digits

#: Titles and letterheads end somewhere; beyond this a sheet is no list.
_FIRST_ROWS = 30
#: Recognised columns that make a row one of headings.
_ENOUGH = 2
#: Words that begin what stands beneath a list.
_BENEATH = re.compile(r"(รวม(?=ทั้ง|จำนวน|\s|\d|$)|หมายเหตุ|ลงชื่อ|\(ลงชื่อ|ผู้รับรอง|ผู้จัดทำ|ผู้ประสานงาน|ขอรับรอง|total|signed)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Nominee:
    """A row with a person: where it stands, and its values by field.

    The fields are those of `registration.forms.PersonForm`, and "group" and "province" as the file names them.
    """

    sheet: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Nominations:
    """What a file says: its people, and the lines in it that are none, as (sheet, line, text)."""

    nominees: list[Nominee] = field(default_factory=list)
    remarks: list[tuple[str, int, str]] = field(default_factory=list)


def understand(sheets: list[Sheet]) -> Nominations:
    """The people of every sheet that has a row of headings.

    Raises SpreadsheetFault: "no_headings" where no sheet has one, "no_people" where nothing stands beneath,
    "too_many_rows" for more than `MAX_ROWS` people.
    """
    found = Nominations()
    lists = [(sheet, head) for sheet in sheets if (head := _head(sheet.rows))]
    if not lists:
        raise SpreadsheetFault(
            "no_headings",
            _("No row of headings was found. Write headings like ชื่อ, นามสกุล, หน่วยงาน, อีเมล and โทรศัพท์ above the names."),
        )
    for sheet, head in lists:
        _read_list(sheet, head, found)
    if not found.nominees:
        raise SpreadsheetFault("no_people", _("There are headings, but nobody beneath them. Write the names into the file."))
    if len(found.nominees) > MAX_ROWS:
        raise SpreadsheetFault(
            "too_many_rows", _("The file has more than %(count)s rows. Divide it into several files.") % {"count": MAX_ROWS}
        )
    return found


@dataclass(frozen=True, slots=True)
class _Head:
    """The headings of a list: their columns, and where the people begin (an index into the sheet's rows).

    `name_width` is over how many columns the heading of the whole name reaches: title, first and last name
    often stand in columns of their own beneath one word.
    """

    columns: dict[str, int]
    begin: int
    name_width: int


def _head(rows: list[Row]) -> _Head | None:
    """The row of headings, or two of them one above the other, that says most; the upper one where two say as much."""
    best: _Head | None = None
    for index, row in enumerate(rows[:_FIRST_ROWS]):
        candidates = [(row.cells, index + 1)]
        if index + 1 < len(rows) and _is_headings(rows[index + 1].cells):
            candidates.append((_beneath(row.cells, rows[index + 1].cells), index + 2))
        for cells, begin in candidates:
            columns = headings.columns(cells)
            if _says_who(columns) and (best is None or len(columns) > len(best.columns)):
                best = _Head(columns, begin, _name_width(cells, columns))
    return best


def _name_width(cells: list[str], columns: dict[str, int]) -> int:
    start = columns.get("full_name")
    if start is None:
        return 0
    after = next((column for column in range(start + 1, len(cells)) if cells[column]), start + 1)
    return min(after - start, 3)


def _says_who(columns: dict[str, int]) -> bool:
    return len(columns) >= _ENOUGH and bool(columns.keys() & {"first_name", "full_name", "email"})


def _is_headings(cells: list[str]) -> bool:
    """Whether every cell that holds something can be a heading, and some are: a person's row has more than that."""
    filled = [cell for cell in cells if cell]
    return sum(bool(headings.meaning(cell)) for cell in filled) >= max(_ENOUGH, len(filled) * 0.6)


def _beneath(upper: list[str], lower: list[str]) -> list[str]:
    """Two rows of headings as one: the lower word where it means something, else the upper."""
    width = max(len(upper), len(lower))
    pairs = zip(upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower)), strict=True)
    return [below if headings.meaning(below) else above for above, below in pairs]


def _read_list(sheet: Sheet, head: _Head, found: Nominations) -> None:
    section = ""
    for row in sheet.rows[head.begin :]:
        filled = [cell for cell in row.cells if cell]
        if _is_headings(row.cells) or all(_is_number(cell) for cell in filled):
            continue  # printed again on every page; lines that were numbered and left empty
        cells = _by_field(row, head)
        values = _values(cells)
        if _is_person(values, cells, filled):
            if section and not values["group"]:
                values["group"] = section
            found.nominees.append(Nominee(sheet.name, row.number, values))
        else:
            text = " ".join(filled)
            section = _section(filled) or section
            found.remarks.append((sheet.name, row.number, text))


def _is_number(text: str) -> bool:
    digits = arabic_digits(text).strip(".()")
    return digits.isascii() and digits.isdecimal()


def _is_person(values: dict[str, str], cells: dict[str, str], filled: list[str]) -> bool:
    """A row with an address or a name, unless it is a line of text that only happens to stand in that column."""
    if "@" in values["email"]:
        return True
    if not (values["first_name"] or values["last_name"]) or _BENEATH.match(filled[0]) or filled[0].startswith(".."):
        return False
    numbered = _is_number(cells.get("number", ""))
    return numbered or bool(values["title"]) or len([cell for cell in filled if not _is_number(cell)]) > 1


def _section(filled: list[str]) -> str:
    """The text of a line that stands alone above some people, like "กลุ่มที่ ๑ ส่วนราชการ"."""
    return filled[0] if len(filled) == 1 and not _BENEATH.match(filled[0]) else ""


def _by_field(row: Row, head: _Head) -> dict[str, str]:
    cells = {name: row.cells[column] if column < len(row.cells) else "" for name, column in head.columns.items()}
    if head.name_width > 1:
        start = head.columns["full_name"]
        cells["full_name"] = " ".join(cell for cell in row.cells[start : start + head.name_width] if cell)
    return cells


def _values(cell: dict[str, str]) -> dict[str, str]:
    values = {name: cell.get(name, "") for name in ("position", "organisation", "organisation_short", "group", "email", "province")}
    values |= dict(_name(cell))
    values["phone"] = _phone(cell)
    return {name: "" if _means_nothing(value) else value for name, value in values.items()}


def _name(cell: dict[str, str]) -> Iterator[tuple[str, str]]:
    title, first, last = cell.get("title", ""), cell.get("first_name", ""), cell.get("last_name", "")
    if "full_name" in cell:
        inner, first, last = split_full_name(cell["full_name"])
        title = title or inner
    elif first and not title:
        title, first = split_title(first)
    if first and not last:
        first, _space, last = first.partition(" ")
    yield from (("title", written_out(title)), ("first_name", first), ("last_name", last.strip()))


def _phone(cell: dict[str, str]) -> str:
    """The mobile number, else the office's with its extension; the zero that Excel took from its front is put back."""
    number = cell.get("mobile") or cell.get("phone") or ""
    plain = arabic_digits(number).strip("' ")
    if plain.isascii() and plain.isdecimal() and len(plain) in (8, 9) and not plain.startswith("0"):
        number = f"0{plain}"
    extension = cell.get("extension", "")
    return f"{number} ต่อ {extension}" if extension and number and not cell.get("mobile") else number


def _means_nothing(text: str) -> bool:
    """A dash or "ไม่มี" is how an office leaves a cell empty."""
    return text.strip("-–—.· ") == "" or text in ("ไม่มี", "ไม่ระบุ", "N/A", "n/a", "#N/A")
