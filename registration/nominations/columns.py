"""What each column of an office's list means: by the words above it, else by what stands in its cells. Pure.

Source: lists as Thai offices write them; the template of the portal has the first word of each kind.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from registration.nominations import signs
from registration.nominations.headings import ENOUGH, Meaning, bare, is_headings, meaning
from registration.nominations.matching import group_of
from registration.people import phones
from registration.people.addresses import addresses_in
from registration.people.names import is_title, split_title
from registration.spreadsheets.tables import Row, Sheet
from sessions.models import StakeholderGroup
from sessions.thai import arabic_digits

#: Letterheads end somewhere; beyond this a sheet is no list.
FIRST_ROWS = 60
_SAMPLE = 40


class Why(StrEnum):
    """Why a column is taken as what it is, where that is not plain from its heading."""

    HEADING = "heading"
    CONTENT = "content"
    REMEMBERED = "remembered"
    CHOSEN = "chosen"
    NUMBERS = "numbers"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    REPEATS = "repeats"


#: Of these a person has one only: two columns of one are asked about.
SINGLE = frozenset(
    {
        Meaning.FULL_NAME, Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME, Meaning.POSITION, Meaning.ORGANISATION,
        Meaning.ORGANISATION_SHORT, Meaning.GROUP, Meaning.EMAIL, Meaning.PROVINCE, Meaning.POSITION_AND_ORGANISATION,
    }
)  # fmt: skip
NAMES = (Meaning.FULL_NAME, Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME)
#: What a second person of a row has for themselves.
_OWN = frozenset({*NAMES, Meaning.POSITION, Meaning.EMAIL, Meaning.PHONE, Meaning.EXTENSION, Meaning.CONTACT})

_ORGANISATION = re.compile(
    r"สำนักงาน|สนง\.|สนจ\.|ที่ทำการ|ที่ว่าการ|องค์การ|องค์กร|เทศบาล|โรงพยาบาล|รพ\.|มหาวิทยาลัย|วิทยาลัย|โรงเรียน|รร\.|บริษัท|บจก\.|หจก\.|หอการค้า|"
    r"สภา(?!พ)|มูลนิธิ|สมาคม|ศูนย์|สถาบัน|สถานี|กรม|กระทรวง|ตำรวจภูธร|อบต\.|อบจ\.|ชมรม|เครือข่าย|กลุ่ม|ธนาคาร|สหกรณ์|วัด|ห้างหุ้นส่วน"
)
_CITIZEN = re.compile(r"\d[\s\-]?\d{4}[\s\-]?\d{5}[\s\-]?\d{2}[\s\-]?\d")


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a sheet, from 0. `day` is ISO; `person` is 2 for what the second person of a row has.

    `rival`: the meaning that another column has too; the question which of them holds stands on `Layout`.
    """

    index: int
    heading: str
    meaning: Meaning
    why: Why = Why.HEADING
    day: str = ""
    person: int = 1
    rival: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read: the number of its row of headings (0: it has none), where its people begin (an index into its rows)."""

    is_used: bool
    head: int = 0
    begin: int = 0
    columns: tuple[FileColumn, ...] = ()


def propose_layouts(
    sheets: Sequence[Sheet],
    *,
    days: Sequence[dt.date] = (),
    groups: Sequence[StakeholderGroup] = (),
    remembered: Mapping[str, str] | None = None,
) -> list[Layout]:
    """How each of `sheets` is best read: the row of headings that says most, or none; hidden sheets and letters are not used."""
    return [
        Layout(is_used=False) if sheet.is_hidden else laid_out(sheet, _head(sheet.rows), days=days, groups=groups, remembered=remembered)
        for sheet in sheets
    ]


def laid_out(
    sheet: Sheet,
    head: tuple[int, int] | None,
    *,
    days: Sequence[dt.date] = (),
    groups: Sequence[StakeholderGroup] = (),
    remembered: Mapping[str, str] | None = None,
) -> Layout:
    """How `sheet` is read with its headings in the rows `head` (indexes from and to, the latter not included); None: without any."""
    first, begin = head or (0, 0)
    headings = _headings(sheet.rows[first:begin])
    width = max((len(row.cells) for row in sheet.rows[first:]), default=0)
    people = [row for row in sheet.rows[begin:] if not is_headings(row.cells)]
    cells = {index: [cell for row in people if (cell := row.cell(index))] for index in range(width)}
    guess = _Guess(days, groups)
    columns = [
        guess.column(index, headings.get(index, ""), cells[index], remembered or {})
        for index in range(width)
        if headings.get(index) or any(row.cell(index) for row in sheet.rows[first:])
    ]
    columns = _second_person(_as_one_name(_widened(columns, headings, cells)))
    columns = _asked(columns, cells)
    number = sheet.rows[first].number if begin else 0
    is_list = bool({column.meaning for column in columns} & {Meaning.FULL_NAME, Meaning.FIRST_NAME, Meaning.EMAIL, Meaning.CONTACT})
    known = [column for column in columns if column.meaning not in (Meaning.UNUSED, Meaning.NOTE)]
    return Layout(is_list and (bool(head) or len(known) >= ENOUGH), number, begin, tuple(columns))


def head_at(sheet: Sheet, number: int) -> tuple[int, int] | None:
    """The row of headings with the `number` of the file, as `laid_out` takes it."""
    index = next((index for index, row in enumerate(sheet.rows) if row.number == number and number), None)
    return None if index is None else (index, _end_of_head(sheet.rows, index))


def _head(rows: list[Row]) -> tuple[int, int] | None:
    """The row of headings, or two of them one above the other, that says most; the upper one where two say as much."""
    best, most = None, 0
    for index in range(min(FIRST_ROWS, len(rows))):
        for end in {index + 1, _end_of_head(rows, index)}:
            found = [meaning(heading) for heading in _headings(rows[index:end]).values()]
            known = {field for field in found if field and field != "other"}
            says_who = known & {*NAMES, Meaning.EMAIL, Meaning.CONTACT} - {Meaning.TITLE}
            if len(known) >= ENOUGH and says_who and len(list(filter(None, found))) > most and not _is_person(rows[index]):
                best, most = (index, end), len(list(filter(None, found)))
    return best


def _is_person(row: Row) -> bool:
    return any("@" in cell or (split_title(cell)[0] and " " in cell) for cell in row.cells)


def _end_of_head(rows: list[Row], index: int) -> int:
    """Where the headings end that begin at `index`: below a row of words that reach over several columns stands a second one."""
    upper = rows[index].cells
    has_second = index + 1 < len(rows) and is_headings(rows[index + 1].cells) and not is_headings(upper, 0.9)
    return index + 2 if has_second and sum(bool(cell) for cell in upper) > 1 else index + 1


def _headings(rows: Sequence[Row]) -> dict[int, str]:
    found: dict[int, str] = {}
    for row in rows:
        for index, cell in enumerate(row.cells):
            if cell and (index not in found or meaning(cell)):
                found[index] = " ".join(cell.split())
    return found


@dataclass(frozen=True, slots=True)
class _Guess:
    days: Sequence[dt.date]
    groups: Sequence[StakeholderGroup]

    def column(self, index: int, heading: str, cells: list[str], remembered: Mapping[str, str]) -> FileColumn:
        if chosen := remembered.get(bare(heading)) if heading else None:
            said, _colon, day = chosen.partition(":")
            if said in set(Meaning) and (said != Meaning.DAY or day in {date.isoformat() for date in self.days}):
                return FileColumn(index, heading, Meaning(said), Why.REMEMBERED, day=day)
        if (day_meant := signs.day_meant(heading, self.days)) and all(len(cell) <= 14 for cell in cells):
            return FileColumn(index, heading, Meaning.DAY, day=day_meant.isoformat())
        said, inside = meaning(heading), self.content(cells)
        if said == "numbers" or (not said and inside == "numbers"):
            return FileColumn(index, heading, Meaning.UNUSED, Why.NUMBERS)
        if said == "private" or inside == "private":
            return FileColumn(index, heading, Meaning.UNUSED, Why.PRIVATE)
        if said == "other":
            return FileColumn(index, heading, Meaning.UNUSED, Why.UNKNOWN)
        if inside in (Meaning.EMAIL, Meaning.CONTACT) and said in ("", Meaning.PHONE, Meaning.NOTE):
            return FileColumn(index, heading, Meaning(inside), Why.CONTENT)
        if said:
            return FileColumn(index, heading, Meaning(said))
        return (
            FileColumn(index, heading, Meaning(inside), Why.CONTENT) if inside else FileColumn(index, heading, Meaning.UNUSED, Why.UNKNOWN)
        )

    def content(self, cells: list[str]) -> str:
        """What most of `cells` are, as `meaning` says it."""
        sample = [cell for cell in cells if not signs.is_ditto(cell)][:_SAMPLE]
        if not sample:
            return ""
        kinds = Counter(self._kind(cell) for cell in sample)
        kind, count = kinds.most_common(1)[0]
        return kind if kind and count >= len(sample) * 0.6 else ""

    def _kind(self, cell: str) -> str:
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
        return Meaning.GROUP if self.groups and group_of(cell, self.groups) else ""


def _widened(columns: list[FileColumn], headings: Mapping[int, str], cells: Mapping[int, list[str]]) -> list[FileColumn]:
    """Title, first and last name often stand in columns of their own beneath one word that reaches over them."""
    by_index = {column.index: column for column in columns}
    for column in columns:
        if column.meaning is not Meaning.FULL_NAME:
            continue
        beside = [column.index]
        while len(beside) < 3 and beside[-1] + 1 in by_index and not headings.get(beside[-1] + 1):
            beside.append(beside[-1] + 1)
        found: tuple[Meaning, ...] = ()
        if len(beside) == 3 and _share(cells[beside[0]], is_title) >= 0.6:
            found = (Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME)
        elif (
            len(beside) >= 2 and _share(cells[beside[0]], lambda cell: " " not in cell) >= 0.6 and _share(cells[beside[1]], _is_word) >= 0.6
        ):
            found = (Meaning.FIRST_NAME, Meaning.LAST_NAME)
        for index, held in zip(beside, found, strict=False):
            by_index[index] = FileColumn(index, headings.get(index, ""), held)
    return [by_index[column.index] for column in columns]


def _is_word(cell: str) -> bool:
    return len(cell) <= 40 and not any(c.isdigit() or c == "@" for c in cell)


def _share(cells: list[str], holds: Callable[[str], bool]) -> float:
    return sum(holds(cell) for cell in cells[:_SAMPLE]) / len(cells[:_SAMPLE]) if cells else 0


def _as_one_name(columns: list[FileColumn]) -> list[FileColumn]:
    """Decides what "ชื่อ" and "ชื่อ-สกุล" mean from what stands beside them.

    "ชื่อสกุล" is a family name beside "ชื่อ", and the whole name alone; "ชื่อ" alone is the whole name too.
    A whole name beside its parts repeats them.
    """
    held = {column.meaning for column in columns}
    if not held & set(NAMES):  # a list of coordinators
        columns = [
            replace(column, meaning=Meaning.FULL_NAME) if column.meaning is Meaning.NOTE and "ประสาน" in column.heading else column
            for column in columns
        ]

    def changed(column: FileColumn) -> FileColumn:
        if column.why is not Why.HEADING:
            return column
        if column.meaning is Meaning.LAST_NAME and Meaning.FIRST_NAME not in held and "ชื่อ" in column.heading:
            return replace(column, meaning=Meaning.FULL_NAME)
        if column.meaning is Meaning.FIRST_NAME and Meaning.LAST_NAME not in held:
            is_beside = Meaning.FULL_NAME in held and any("สกุล" in other.heading for other in columns if other.meaning is Meaning.FULL_NAME)
            return column if is_beside else replace(column, meaning=Meaning.FULL_NAME)
        if column.meaning is Meaning.FULL_NAME and Meaning.FIRST_NAME in held:
            if Meaning.LAST_NAME not in held and "สกุล" in column.heading:
                return replace(column, meaning=Meaning.LAST_NAME)
            return replace(column, meaning=Meaning.UNUSED, why=Why.REPEATS)
        return column

    return [changed(column) for column in columns]


def _second_person(columns: list[FileColumn]) -> list[FileColumn]:
    """A second name after which an address or a number stands again is a second person of the row: ผู้แทนหลัก, ผู้แทนสำรอง."""
    names = [at for at, column in enumerate(columns) if column.meaning in (Meaning.FULL_NAME, Meaning.FIRST_NAME)]
    if len(names) < 2:
        return columns
    reached = (Meaning.EMAIL, Meaning.PHONE, Meaning.CONTACT)
    between = {column.meaning for column in columns[names[0] : names[1]]} & set(reached)
    behind = {column.meaning for column in columns[names[1] :]} & set(reached)
    if not between & behind:
        return columns
    shared = {column.meaning for column in columns[: names[1]]}
    return [
        replace(column, person=2)
        if at >= names[1] and (column.meaning in _OWN or (column.meaning in SINGLE and column.meaning in shared))
        else column
        for at, column in enumerate(columns)
    ]


def _asked(columns: list[FileColumn], cells: Mapping[int, list[str]]) -> list[FileColumn]:
    """Of two columns with one meaning the likelier one is proposed; the other is kept as a remark until somebody says so."""
    found = list(columns)
    for person in (1, 2):
        for single in SINGLE:
            rivals = [column for column in found if column.meaning is single and column.person == person]
            if len(rivals) > 1:
                best = max(rivals, key=lambda column: _likeliness(column, cells.get(column.index, [])))
                for column in rivals:
                    kept = replace(column, rival=single, meaning=single if column is best else Meaning.NOTE)
                    found[found.index(column)] = kept
    return found


def _likeliness(column: FileColumn, cells: list[str]) -> tuple[float, ...]:
    heading = column.heading.casefold()
    is_own = any(word in heading for word in ("ผู้เข้า", "ส่วนตัว", "ลิงก์", "ผู้แทน", "personal"))
    is_office = any(word in heading for word in ("หน่วยงาน", "สารบรรณ", "ราชการ", "สำนักงาน", "office"))
    if column.meaning is Meaning.EMAIL:
        return (len(set(cells)) / len(cells) if cells else 0, is_own - is_office, len(cells), -column.index)
    thai = sum(any("\u0e00" <= c <= "\u0e7f" for c in cell) for cell in cells)
    return (thai / len(cells) if cells else 0, is_own - is_office, len(cells), -column.index)


def begins_organisation(text: str) -> bool:
    """Whether `text` begins like the name of an office: สำนักงาน…, อบต.บ่อสวก; "อบต." alone belongs to a position (นายก อบต.)."""
    found = _ORGANISATION.match(text)
    return found is not None and (not found[0].endswith(".") or text[found.end() : found.end() + 1].strip() != "")


def as_json(layouts: Sequence[Layout]) -> list[Any]:
    """`layouts` as JSON can hold them; `from_json` makes them again."""
    return [
        [
            layout.is_used,
            layout.head,
            layout.begin,
            [[c.index, c.heading, c.meaning, c.why, c.day, c.person, c.rival] for c in layout.columns],
        ]
        for layout in layouts
    ]


def from_json(kept: Sequence[Any]) -> list[Layout]:
    return [
        Layout(is_used, head, begin, tuple(FileColumn(i, h, Meaning(m), Why(w), *others) for i, h, m, w, *others in columns))
        for is_used, head, begin, columns in kept
    ]


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
