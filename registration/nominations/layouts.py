"""How each sheet of an office's list is read: which row has its headings, and what each column means. Pure.

Source: lists as Thai offices write them; the template of the portal has the first word of each kind.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registration.nominations import signs
from registration.nominations.columns import NAMES, FileColumn, Layout, Why
from registration.nominations.contents import kind_of
from registration.nominations.headings import ENOUGH, Meaning, bare, is_headings, meaning
from registration.nominations.neighbours import by_neighbours
from registration.people.names import split_title
from registration.spreadsheets.tables import Row, Sheet
from sessions.models import StakeholderGroup

#: Letterheads end somewhere; beyond this a sheet is no list.
FIRST_ROWS = 60


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
    columns = by_neighbours(columns, headings, cells)
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
        said, inside = meaning(heading), kind_of(cells, self.groups)
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
