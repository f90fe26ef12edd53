"""Rows of a spreadsheet become nominees: who stands where, in the words of the file, and what it says about them. Pure.

Nothing that stands in the file is lost: a cell is in a nominee's values, in their remark, in a line that is no person, or in a
column that is not used (a property test holds it).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext as _

from registration.nominations import signs
from registration.nominations.cells import Contacts, is_mobile, split_lines, split_position, take_contacts, with_zero, without_labels
from registration.nominations.columns import NAMES, Column, Layout, Meaning, bare, begins_organisation, is_headings
from registration.nominations.matching import group_of
from registration.people.addresses import likely_address
from registration.people.names import Proposal, Question, match_key, propose, split_full_name, split_title, written_out
from registration.people.text import means_nothing
from registration.spreadsheets.tables import MAX_ROWS, Row, Sheet, SpreadsheetFault, too_many_rows
from sessions.models import StakeholderGroup
from sessions.thai import arabic_digits

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone", "group", "province")


class Doubt(StrEnum):
    """What the file says about a person so that somebody has to look."""

    HIDDEN = "hidden"
    STRUCK = "struck"
    PARTLY_STRUCK = "partly_struck"
    CANCELLED = "cancelled"
    RESERVE = "reserve"
    NO_PERSON = "no_person"
    NAME = "name"
    SEVERAL_NUMBERS = "several_numbers"
    SEVERAL_ADDRESSES = "several_addresses"
    ADDRESS = "address"
    NO_DAY = "no_day"
    PROVINCE = "province"


class Fate(StrEnum):
    """What is proposed to do with a row."""

    USE = "use"
    RESERVE = "reserve"
    LEAVE_OUT = "leave_out"


#: What the file itself takes back, or what is no person, is left out at once, and stands among the rows that are not used.
_LEFT_OUT = frozenset({Doubt.STRUCK, Doubt.CANCELLED, Doubt.NO_PERSON})


@dataclass(frozen=True, slots=True)
class Nominee:
    """A row with a person: where it stands, its values by field, what else stood there, and the doubts as (kind, words of the file)."""

    sheet: str
    line: int
    values: dict[str, str]
    remark: str = ""
    doubts: tuple[tuple[Doubt, str], ...] = ()

    @property
    def fate(self) -> Fate:
        kinds = {kind for kind, _said in self.doubts}
        if kinds & (_LEFT_OUT | {Doubt.HIDDEN}):
            return Fate.LEAVE_OUT
        return Fate.RESERVE if Doubt.RESERVE in kinds else Fate.USE

    @property
    def is_left_out(self) -> bool:
        return any(kind in _LEFT_OUT for kind, _said in self.doubts)


@dataclass(frozen=True, slots=True)
class Nominations:
    """What a file says: its people, and the lines in it that are none, as (sheet, line, text)."""

    nominees: list[Nominee] = field(default_factory=list)
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
            _("No list of people was found. Write headings like ชื่อ, นามสกุล, หน่วยงาน, อีเมล and โทรศัพท์ above the names."),
        )
    found = Nominations()
    for sheet, layout in zip(sheets, layouts, strict=True):
        _SheetReader(sheet, layout, groups, bool(days), found).read()
    if not found.nominees:
        raise SpreadsheetFault("no_people", _("There are headings, but nobody beneath them. Write the names into the file."))
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
        numbered = [at for at, row in rows if _is_number(row.cell(numbers[0])) and len([cell for cell in row.cells if cell]) > 1]
        return max(numbered) if len(numbered) >= 2 else None

    def _read_row(self, at: int, row: Row) -> None:
        filled = [cell for cell in row.cells if cell]
        used = {column.index for column in self.columns}
        if not any(row.cell(index) for index in used) and not row.comments:
            if not all(_is_number(cell) for cell in filled):
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

    def _is_beneath(self, at: int, row: Row, filled: list[str], nominee: Nominee) -> bool:
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

    def _text(self, row: Row, column: Column) -> str:
        """What a cell says, or what stands above it where there is a ditto mark."""
        text = row.cell(column.index)
        if signs.is_ditto(text) and column.meaning not in (*NAMES, Meaning.EMAIL, Meaning.DAY, Meaning.CONTACT):
            return self.above.get(column.index, text)
        return text

    def _person(self, row: Row, number: int) -> "_Person | None":
        own = [column for column in self.columns if column.person == number]
        if number == 2 and not any(row.cell(column.index) for column in own if column.meaning in (*NAMES, Meaning.EMAIL)):
            return None
        held = {column.meaning for column in own}
        shared = [column for column in self.columns if number == 2 and column.person == 1 and column.meaning not in held]
        columns = own + [column for column in shared if column.meaning not in _OF_ONE]
        person = _Person(row, number)
        person.look_for_struck_name(own)
        for column in columns:
            person.take(column, self._text(row, column))
        return person if person.finish(self) else None


def at_list(text: str) -> bool:
    """Whether a line announces people who come: รายชื่อผู้เข้าร่วม, ตัวจริง."""
    return any(word in text for word in ("รายชื่อ", "ตัวจริง", "ผู้เข้าร่วม"))


_OF_ONE = frozenset({*NAMES, Meaning.EMAIL, Meaning.PHONE, Meaning.EXTENSION, Meaning.CONTACT, Meaning.POSITION, Meaning.NOTE})


class _Person:
    """One person while their row is read, cell by cell."""

    def __init__(self, row: Row, number: int) -> None:
        self.row, self.number = row, number
        self.values = dict.fromkeys((*FIELDS, "no_last_name", "days"), "")
        self.contacts = Contacts()
        self.names: dict[Meaning, str] = {}
        self.remarks: list[str] = []
        self.doubts: list[tuple[Doubt, str]] = []
        self.notes: list[str] = []
        self.extension = ""
        self.is_struck = False
        self.taken: list[tuple[Column, str]] = []
        self.nominee: Nominee

    def take(self, column: Column, text: str) -> None:
        """What `text`, in a cell of `column`, says of the person."""
        text = self._without_struck(column, text)
        if column.meaning is not Meaning.DAY and not signs.is_ditto(text):
            self.taken.append((column, text))
        match column.meaning:
            case Meaning.FULL_NAME | Meaning.TITLE | Meaning.FIRST_NAME | Meaning.LAST_NAME:
                self.names[column.meaning] = text
                if column.person == 2 and signs.says_reserve(column.heading) and text:
                    self.doubts.append((Doubt.RESERVE, column.heading))
            case Meaning.EMAIL | Meaning.CONTACT | Meaning.PHONE:
                self._take_contact(column, text)
            case Meaning.EXTENSION:
                self.extension = "" if means_nothing(text) else text
            case Meaning.DAY:
                self._take_day(column, text)
            case Meaning.NOTE:
                if text and not means_nothing(text):
                    self.notes.append(text)
                    self.remarks.append(_labelled(column, text))
            case Meaning.POSITION_AND_ORGANISATION:
                position, organisation = split_position(text)
                self._set("position", position)
                self._set("organisation", organisation)
            case _:
                self._set(column.meaning.value, " ".join(text.split("\n")))

    def _set(self, name: str, text: str) -> None:
        if not text or means_nothing(text):
            return
        if self.values[name]:
            self.remarks.append(text)
        else:
            self.values[name] = text

    def _take_contact(self, column: Column, text: str) -> None:
        if text and not means_nothing(text):
            before = len(self.contacts.rest)
            take_contacts(text, self.contacts, emails=column.meaning is not Meaning.PHONE, numbers=column.meaning is not Meaning.EMAIL)
            if column.meaning is Meaning.EMAIL and not self.contacts.emails and "mailto:" not in self.row.links.get(column.index, ""):
                self.values["email"] = " ".join(text.split())
                del self.contacts.rest[before:]
            if column.meaning is Meaning.PHONE and not self.contacts.numbers and not self.values["phone"]:
                self.values["phone"] = with_zero(" ".join(text.split()))
                del self.contacts.rest[before:]
        if (link := self.row.links.get(column.index, "")).casefold().startswith("mailto:"):
            had = list(self.contacts.emails)
            take_contacts(link.partition("?")[0], self.contacts, numbers=False)
            if had and self.contacts.emails != had:
                self.contacts.several_emails = f"{text} ({link})"

    def _take_day(self, column: Column, text: str) -> None:
        if text and signs.is_tick(text):
            self.values["days"] = f"{self.values['days']} {column.day}".strip()
            if len(text) > 3:
                self.remarks.append(_labelled(column, text))
        elif len(text) > 1:
            self.remarks.append(_labelled(column, text))

    def _without_struck(self, column: Column, text: str) -> str:
        """`text` without what is struck through; that becomes a remark, or all of the row is struck."""
        struck = " ".join(self.row.struck.get(column.index, "").split())
        if not struck or not text or self.is_struck:
            return text
        kept = " ".join(text.split()).replace(struck, " ", 1)
        self.remarks.append(_("struck through: %(text)s") % {"text": struck})
        self.doubts.append((Doubt.PARTLY_STRUCK, " ".join(text.split())))
        return " ".join(kept.split())

    def look_for_struck_name(self, columns: Sequence[Column]) -> None:
        """A person whose whole name is struck through is taken back, whatever else of the row is."""
        names = [column.index for column in columns if column.meaning in NAMES and self.row.cell(column.index)]
        if names and all("".join(self.row.struck.get(index, "").split()) == "".join(self.row.cell(index).split()) for index in names):
            self.is_struck = True
            self.doubts.append((Doubt.STRUCK, " ".join(" ".join(self.row.cell(index) for index in names).split())))

    def finish(self, reader: _SheetReader) -> bool:
        """Puts the person together. False where the row names nobody."""
        proposal = self._name()
        contacts = self.contacts
        if contacts.emails:
            self.values["email"], *others = contacts.emails
            self.remarks.extend(others)
        self._take_numbers()
        self.remarks.extend(contacts.rest)
        self._ask(proposal)
        if not self.values["group"]:
            self.values["group"] = reader.group
        if reader.has_days and not self.values["days"] and self.number == 1:
            self.doubts.append((Doubt.NO_DAY, ""))
        if reader.reserve and not any(kind is Doubt.RESERVE for kind, _said in self.doubts):
            self.doubts.append((Doubt.RESERVE, reader.reserve))
        self.remarks.extend(self._lost())
        remark = " · ".join(dict.fromkeys(filter(None, self.remarks)))
        self.nominee = Nominee(reader.sheet.name, self.row.number, self.values, remark, tuple(dict.fromkeys(self._sorted_doubts())))
        return bool(self._is_person(reader))

    def _lost(self) -> Iterator[str]:
        """What stands in the person's cells and nowhere in what was made of them: no rule above may drop a word."""
        told = _squashed(" ".join([*self.values.values(), *self.remarks]))
        for column, text in self.taken:
            bare_text = without_labels(text)
            written = written_out("".join(split_title(bare_text))) if column.meaning in NAMES else bare_text
            if not (_all_in(bare_text, told) or _all_in(written, told) or all(means_nothing(line) for line in text.split("\n"))):
                yield _labelled(column, text)

    def _take_numbers(self) -> None:
        """The first mobile number is proposed, else the first; an extension belongs to the office's."""
        numbers = sorted(self.contacts.numbers, key=lambda number: not is_mobile(number))
        if self.extension:
            office = next((at for at, number in enumerate(numbers) if not is_mobile(number)), None)
            if office is None:
                self.remarks.append(f"ต่อ {self.extension}")
            else:
                numbers[office] = f"{numbers[office]} ต่อ {self.extension}"
        if numbers:
            self.values["phone"], *more = numbers
            self.remarks.extend(more)

    def _name(self) -> Proposal:
        whole, lines = split_lines(self.names.get(Meaning.FULL_NAME, ""))
        if lines and Question.NO_LAST_NAME in split_full_name(whole).questions and " " not in lines[0]:
            whole, lines = f"{whole} {lines[0]}", lines[1:]
        for line in lines:
            self._beneath_name(line)
        title = " ".join(self.names.get(Meaning.TITLE, "").split())
        first = " ".join(self.names.get(Meaning.FIRST_NAME, "").split())
        last = " ".join(self.names.get(Meaning.LAST_NAME, "").split())
        if Meaning.FIRST_NAME in self.names:
            proposal = propose(title, first, last)
        else:
            proposal = split_full_name(f"{title} {whole}".strip() if title and not split_title(whole)[0] else whole)
            if title and split_title(whole)[0]:
                proposal = propose(title, whole, "")
        self.values |= {"title": proposal.name.title, "first_name": proposal.name.first, "last_name": proposal.name.last}
        self.values["no_last_name"] = "on" if proposal.no_last_name else ""
        self.remarks.extend(filter(None, (proposal.degrees, proposal.rest)))
        return proposal

    def _beneath_name(self, line: str) -> None:
        """A line beneath a name: a position, an organisation, a number, an address; a short word belongs to the name's remark."""
        contacts = Contacts()
        take_contacts(line, contacts)
        if contacts.emails or contacts.numbers:
            take_contacts(line, self.contacts)
        elif begins_organisation(line):
            self._set("organisation", line)
        else:
            self._set("position", line)

    def _ask(self, proposal: Proposal) -> None:
        if not proposal.is_certain and self.values["first_name"]:
            self.doubts.append((Doubt.NAME, " ".join(filter(None, (" ".join(self.names.get(name, "").split()) for name in NAMES)))))
        if self.contacts.several_numbers:
            self.doubts.append((Doubt.SEVERAL_NUMBERS, " ".join(self.contacts.several_numbers.split())))
        if self.contacts.several_emails:
            self.doubts.append((Doubt.SEVERAL_ADDRESSES, " ".join(self.contacts.several_emails.split())))
        if self.values["email"] and (likely := likely_address(self.values["email"])):
            self.doubts.append((Doubt.ADDRESS, likely))
        for comment in self.row.comments.values():
            if self.number == 1:
                self.notes.append(comment)
                self.remarks.append(" ".join(comment.split()))
        unused = [cell for cell in self.row.cells if len(cell) <= 60 and cell not in self.names.values()] if self.number == 1 else []
        for note in (*self.notes, proposal.rest, *unused):
            if signs.says_cancelled(note):
                self.doubts.append((Doubt.CANCELLED, note))
            elif (note in self.notes or note == proposal.rest) and signs.says_reserve(note):
                self.doubts.append((Doubt.RESERVE, note))
        if self.row.is_hidden:
            self.doubts.append((Doubt.HIDDEN, ""))

    def _sorted_doubts(self) -> Iterator[tuple[Doubt, str]]:
        for kind in Doubt:
            yield from (doubt for doubt in self.doubts if doubt[0] is kind)

    def _is_person(self, reader: _SheetReader) -> bool:
        """A row with an address or a name, unless it is a line of text that only happens to stand in that column."""
        values = self.values
        if "@" in values["email"]:
            return True
        if not values["first_name"]:
            return False
        filled = [cell for cell in self.row.cells if cell]
        return bool(values["title"]) or len([cell for cell in filled if not _is_number(cell)]) > 1 or _is_number(self.row.cell(0))

    @property
    def is_whole(self) -> bool:
        """Whether somebody could be invited or registered from this row, should it be a person after all."""
        return bool("@" in self.values["email"] or self.values["title"])


def _labelled(column: Column, text: str) -> str:
    text = " ".join(text.split())
    return text if not column.heading or bare(column.heading) == "หมายเหตุ" else f"{column.heading}: {text}"


def _all_in(text: str, told: str) -> bool:
    return all(_squashed(word) in told for word in text.split())


def _squashed(text: str) -> str:
    return "".join(c for c in arabic_digits(text).casefold() if c.isalnum() or "\u0e30" <= c <= "\u0e4e" or c == "@")


def _is_number(text: str) -> bool:
    digits = arabic_digits(text).strip(" .()")
    return digits.isascii() and digits.isdecimal()


def _united(nominees: list[Nominee], remarks: list[tuple[str, int, str]]) -> list[Nominee]:
    """The same person once more on another sheet (one of all, one a group) is one: what only the later row says is added.

    The later row is named among the lines that are no person.
    """
    kept: list[Nominee] = []
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


def _agree(one: Nominee, other: Nominee) -> bool:
    same = all(not other.values[name] or not one.values[name] or one.values[name] == other.values[name] for name in one.values)
    return same and not other.doubts and not one.doubts
