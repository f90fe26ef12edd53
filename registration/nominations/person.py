"""One person of a row, read cell by cell: what becomes a value, what a remark, what a doubt. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.nominations import signs
from registration.nominations.cells import Contacts, is_mobile, split_lines, split_position, take_contacts, with_zero, without_labels
from registration.nominations.columns import NAMES, FileColumn
from registration.nominations.contents import begins_organisation
from registration.nominations.headings import Meaning, bare
from registration.nominations.nominees import FIELDS, Doubt, ReadNominee
from registration.people.addresses import likely_address
from registration.people.names import NameProposal, NameQuestion, propose, split_full_name, split_title, written_out
from registration.people.text import means_nothing
from registration.spreadsheets.tables import Row
from sessions.thai import arabic_digits


@dataclass(frozen=True, slots=True)
class FileSection:
    """Where a row stands, and what that says of its people: a group, or that they are in reserve."""

    sheet: str
    group: str
    reserve: str
    has_days: bool


class PersonInRow:
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
        self.taken: list[tuple[FileColumn, str]] = []
        self.nominee: ReadNominee

    def take(self, column: FileColumn, text: str) -> None:
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
                self.extension = self.extension or ("" if means_nothing(text) else text)
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

    def _take_contact(self, column: FileColumn, text: str) -> None:
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

    def _take_day(self, column: FileColumn, text: str) -> None:
        if text and signs.is_tick(text):
            self.values["days"] = f"{self.values['days']} {column.day}".strip()
        if len(text) > 2 or (any(c.isalpha() for c in text) and text.casefold() not in ("x", "v", "y", "ok")):
            self.remarks.append(_labelled(column, text))

    def _without_struck(self, column: FileColumn, text: str) -> str:
        """`text` without what is struck through; that becomes a remark, or all of the row is struck."""
        struck = " ".join(self.row.struck.get(column.index, "").split())
        if not struck or not text or self.is_struck:
            return text
        kept = " ".join(text.split()).replace(struck, " ", 1)
        self.remarks.append(_("struck through: %(text)s") % {"text": struck})
        self.doubts.append((Doubt.PARTLY_STRUCK, " ".join(text.split())))
        return " ".join(kept.split())

    def look_for_struck_name(self, columns: Sequence[FileColumn]) -> None:
        names = [column.index for column in columns if column.meaning in NAMES and self.row.cell(column.index)]
        if names and all("".join(self.row.struck.get(index, "").split()) == "".join(self.row.cell(index).split()) for index in names):
            self.is_struck = True
            self.doubts.append((Doubt.STRUCK, " ".join(" ".join(self.row.cell(index) for index in names).split())))

    def finish(self, section: FileSection) -> bool:
        proposal = self._name()
        contacts = self.contacts
        if contacts.emails:
            self.values["email"], *others = contacts.emails
            self.remarks.extend(others)
        self._take_numbers()
        self.remarks.extend(contacts.rest)
        self._ask(proposal)
        if not self.values["group"]:
            self.values["group"] = section.group
        if section.has_days and not self.values["days"] and self.number == 1:
            self.doubts.append((Doubt.NO_DAY, ""))
        if section.reserve and not any(kind is Doubt.RESERVE for kind, _said in self.doubts):
            self.doubts.append((Doubt.RESERVE, section.reserve))
        self.remarks.extend(self._lost())
        remark = " · ".join(dict.fromkeys(filter(None, self.remarks)))
        self.nominee = ReadNominee(section.sheet, self.row.number, self.values, remark, tuple(dict.fromkeys(self._sorted_doubts())))
        return bool(self._is_person())

    def _lost(self) -> Iterator[str]:
        """What stands in the person's cells and nowhere in what was made of them: no rule above may drop a word."""
        told = _squashed(" ".join([*self.values.values(), *self.remarks]))
        for column, text in self.taken:
            is_contact = column.meaning in (Meaning.EMAIL, Meaning.PHONE, Meaning.CONTACT)
            bare_text = (without_labels(text).strip() if is_contact else "") or text
            written = written_out("".join(split_title(bare_text))) if column.meaning in NAMES else bare_text
            if not (_all_in(bare_text, told) or _all_in(written, told) or all(means_nothing(line) for line in text.split("\n"))):
                yield _labelled(column, text)

    def _take_numbers(self) -> None:
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

    def _name(self) -> NameProposal:
        whole, lines = split_lines(self.names.get(Meaning.FULL_NAME, ""))
        if lines and NameQuestion.NO_LAST_NAME in split_full_name(whole).questions and " " not in lines[0]:
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

    def _ask(self, proposal: NameProposal) -> None:
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

    def _is_person(self) -> bool:
        """A row with an address or a name, unless it is a line of text that only happens to stand in that column."""
        values = self.values
        if "@" in values["email"]:
            return True
        if not values["first_name"]:
            return False
        filled = [cell for cell in self.row.cells if cell]
        return bool(values["title"]) or len([cell for cell in filled if not is_number(cell)]) > 1 or is_number(self.row.cell(0))

    @property
    def is_whole(self) -> bool:
        return bool("@" in self.values["email"] or self.values["title"])


def _labelled(column: FileColumn, text: str) -> str:
    text = " ".join(text.split())
    return text if not column.heading or bare(column.heading) == "หมายเหตุ" else f"{column.heading}: {text}"


def is_number(text: str) -> bool:
    digits = arabic_digits(text).strip(" .()")
    return digits.isascii() and digits.isdecimal()


def _all_in(text: str, told: str) -> bool:
    return all(_squashed(word) in told for word in text.split())


def _squashed(text: str) -> str:
    return "".join(c for c in arabic_digits(text).casefold() if c.isalnum() or "\u0e30" <= c <= "\u0e4e" or c == "@")
