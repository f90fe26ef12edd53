"""Rows of a spreadsheet become nominees: who stands where, in the words of the file, and what it says about them. Pure.

Nothing that stands in the file is lost: a cell is in a nominee's values, in their remark, in a line that is no person, or in a
column that is not used (a property test holds it).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from registration.nominations import signs
from registration.nominations.columns import NAMES, FileColumn, Layout
from registration.nominations.headings import Meaning, bare, is_headings
from registration.nominations.matching import group_of
from registration.nominations.nominees import Doubt, ReadNominee
from registration.nominations.person import FileSection, PersonInRow, is_number
from registration.people.names import match_key
from registration.spreadsheets.tables import MAX_ROWS, Row, Sheet, SpreadsheetFault, too_many_rows
from sessions.models import StakeholderGroup


@dataclass(frozen=True, slots=True)
class Nominations:
    """What a file says: its people, and the lines in it that are none, as (sheet, line, text)."""

    nominees: list[ReadNominee] = field(default_factory=list)
    remarks: list[tuple[str, int, str]] = field(default_factory=list)


def read_people(
    sheets: Sequence[Sheet], layouts: Sequence[Layout], *, groups: Sequence[StakeholderGroup] = (), days: Sequence[dt.date] = ()
) -> Nominations:
    """The people of `sheets`, each read as its layout says.

    Raises SpreadsheetFault: "no_list" where no sheet is used, "no_people" where nobody stands in them, "too_many_rows".
    """
    if not any(layout.is_used for layout in layouts):
        raise SpreadsheetFault(
            "no_list",
            _("No list of people was found. Put headings like ชื่อ, นามสกุล, หน่วยงาน, อีเมล and โทรศัพท์ above the names."),
        )
    found = Nominations()
    for sheet, layout in zip(sheets, layouts, strict=True):
        _SheetReader(sheet, layout, groups, bool(days), found).read()
    if not found.nominees:
        raise SpreadsheetFault("no_people", _("There are headings, but no names below them. Add the names to the file."))
    if len(found.nominees) > MAX_ROWS:
        raise too_many_rows()
    return Nominations(_united(found.nominees, found.remarks), found.remarks)


class _SheetReader:
    """Goes down the rows of one sheet; remembers the section in which they stand, and the row above for ditto marks."""

    def __init__(self, sheet: Sheet, layout: Layout, groups: Sequence[StakeholderGroup], has_days: bool, found: Nominations) -> None:
        self.sheet, self.layout, self.groups, self.found = sheet, layout, groups, found
        self.columns = [column for column in layout.columns if column.meaning is not Meaning.UNUSED]
        self.has_days = any(column.meaning is Meaning.DAY for column in self.columns) and has_days
        self.reserve = sheet.name if signs.says_reserve(sheet.name) else ""
        self.group = sheet.name if sheet.name and groups and group_of(sheet.name, groups) else ""
        self.above: dict[int, str] = {}
        self.last_numbered = self._last_numbered()

    def read(self) -> None:
        if not self.layout.is_used:
            for row in self.sheet.rows if not self.sheet.is_hidden else []:  # a hidden sheet is named as a whole
                self._remark(row)
            return
        headings = {(column.index, bare(column.heading)) for column in self.layout.columns}
        for at, row in enumerate(self.sheet.rows):
            if at < self.layout.begin:
                if row.number != self.layout.head and not is_headings(row.cells, 0.3):
                    self._section(row)
                    self._remark(row)
                continue
            if all((index, bare(" ".join(cell.split()))) in headings for index, cell in enumerate(row.cells) if cell) and is_headings(
                row.cells
            ):
                continue  # the headings, printed again on the next page
            self._read_row(at, row)

    def _last_numbered(self) -> int | None:
        """Up to where the people are numbered; None for a list that is not."""
        numbers = [column.index for column in self.layout.columns if column.why == "numbers"]
        if not numbers:
            return None
        rows = list(enumerate(self.sheet.rows))[self.layout.begin :]
        numbered = [at for at, row in rows if is_number(row.cell(numbers[0])) and len([cell for cell in row.cells if cell]) > 1]
        return max(numbered) if len(numbered) >= 2 else None

    def _read_row(self, at: int, row: Row) -> None:
        filled = [cell for cell in row.cells if cell]
        used = {column.index for column in self.columns}
        if not any(row.cell(index) for index in used) and not row.comments:
            if not all(is_number(cell) for cell in filled):
                self._section(row)
                self._remark(row)
            return
        people = [person for number in (1, 2) if (person := self._person(row, number))]
        if people and self._is_beneath(at, row, filled, people[0].nominee):
            self.found.nominees.extend(replace(p.nominee, doubts=((Doubt.NO_PERSON, ""),)) for p in people if p.is_whole)
            people = [person for person in people if person.is_whole]
            if not people:
                self._remark(row)
            return
        if not people:
            self._section(row)
            self._remark(row)
            return
        self.above = {column.index: self._text(row, column) for column in self.columns}
        self.found.nominees.extend(person.nominee for person in people)
        if all(person.number == 1 for person in people):  # what stands in the place of a second person, and is none
            others = [cell for column in self.columns if column.person == 2 and (cell := row.cell(column.index))]
            if others:
                self.found.remarks.append((self.sheet.name, row.number, " ".join(" ".join(others).split())))
        elif all(person.number == 2 for person in people):
            own = [c for c in self.columns if c.person == 1 and c.meaning in OF_ONE and row.cell(c.index)]
            if own:
                self.found.remarks.append((self.sheet.name, row.number, " ".join(" ".join(row.cell(c.index) for c in own).split())))

    def _is_beneath(self, at: int, row: Row, filled: list[str], nominee: ReadNominee) -> bool:
        """Whether the row is a sum, a signature or who made the list, though a name or an address stands in it."""
        names = [row.cell(column.index) for column in self.columns if column.meaning in NAMES and row.cell(column.index)]
        if signs.is_beneath(filled[0]) or any(signs.is_no_name(name) for name in names) or filled[0] == "*":
            return True
        if nominee.values["email"] or self.last_numbered is None:
            return False
        return at > self.last_numbered and not nominee.values["phone"]

    def _remark(self, row: Row) -> None:
        self.found.remarks.append((self.sheet.name, row.number, " ".join(" ".join([*row.cells, *row.comments.values()]).split())))

    def _section(self, row: Row) -> None:
        """A line that stands alone above some people says of all of them: a group, or that they are in reserve."""
        filled = [cell for cell in row.cells if cell]
        if len(filled) != 1 or signs.is_beneath(filled[0]):
            return
        if signs.says_reserve(filled[0]):
            self.reserve = filled[0]
        elif group_of(filled[0], self.groups) if self.groups else False:
            self.group, self.reserve = filled[0], ""
        elif at_list(filled[0]):
            self.reserve = ""

    def _text(self, row: Row, column: FileColumn) -> str:
        text = row.cell(column.index)
        if signs.is_ditto(text) and column.meaning not in (*NAMES, Meaning.EMAIL, Meaning.DAY, Meaning.CONTACT):
            return self.above.get(column.index, text)
        return text

    def _person(self, row: Row, number: int) -> PersonInRow | None:
        own = [column for column in self.columns if column.person == number]
        if number == 2 and not any(row.cell(column.index) for column in own if column.meaning in (*NAMES, Meaning.EMAIL)):
            return None
        held = {column.meaning for column in own}
        shared = [column for column in self.columns if number == 2 and column.person == 1 and column.meaning not in held]
        columns = own + [column for column in shared if column.meaning not in OF_ONE]
        section = FileSection(self.sheet.name, self.group, self.reserve, self.has_days)
        person = PersonInRow(row, number)
        person.look_for_struck_name(own)
        for column in columns:
            person.take(column, self._text(row, column))
        return person if person.finish(section) else None


def at_list(text: str) -> bool:
    return any(word in text for word in ("รายชื่อ", "ตัวจริง", "ผู้เข้าร่วม"))


OF_ONE = frozenset({*NAMES, Meaning.EMAIL, Meaning.PHONE, Meaning.EXTENSION, Meaning.CONTACT, Meaning.POSITION, Meaning.NOTE})


def _united(nominees: list[ReadNominee], remarks: list[tuple[str, int, str]]) -> list[ReadNominee]:
    """The same person once more on another sheet (one of all, one a group) is one: what only the later row says is added.

    The later row is named among the lines that are no person.
    """
    kept: list[ReadNominee] = []
    first: dict[tuple[str, str], int] = {}
    for nominee in nominees:
        values = nominee.values
        key = (values["email"].casefold(), match_key(values["first_name"], values["last_name"]))
        at = first.get(key) if values["email"] else None
        if at is None or kept[at].sheet == nominee.sheet or not _agree(kept[at], nominee):
            first.setdefault(key, len(kept))
            kept.append(nominee)
            continue
        known = kept[at]
        added = {name: known.values[name] or values[name] for name in values}
        kept[at] = replace(known, values=added, remark=" · ".join(dict.fromkeys(filter(None, (known.remark, nominee.remark)))))
        told = " ".join(filter(None, (values["title"] + values["first_name"], values["last_name"], values["email"])))
        words = _("%(who)s: repeats row %(line)s of the sheet “%(sheet)s”")
        remarks.append((nominee.sheet, nominee.line, words % {"who": told, "line": known.line, "sheet": known.sheet}))
    return kept


def _agree(one: ReadNominee, other: ReadNominee) -> bool:
    same = all(not other.values[name] or not one.values[name] or one.values[name] == other.values[name] for name in one.values)
    return same and not other.doubts and not one.doubts
