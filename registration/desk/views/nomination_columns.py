"""The page between a file and its rows: what each column means, which sheets are read, what is not used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl.utils import get_column_letter

from registration.models import ColumnMeaning, NominationFile, Quota
from registration.nominations import columns
from registration.nominations.columns import SINGLE, FileColumn, Layout, Why
from registration.nominations.headings import Meaning, bare, is_headings
from registration.nominations.layouts import FIRST_ROWS, head_at, laid_out
from registration.nominations.rows import Nominations, read_people
from registration.spreadsheets.tables import Row, Sheet, SpreadsheetFault, Unseen, from_json
from sessions.formats import date_short
from sessions.models import StakeholderGroup, WorkshopDay

MEANINGS = {
    Meaning.FULL_NAME: gettext_lazy("Title, first and last name"),
    Meaning.TITLE: gettext_lazy("Title"),
    Meaning.FIRST_NAME: gettext_lazy("First name"),
    Meaning.LAST_NAME: gettext_lazy("Last name"),
    Meaning.POSITION: gettext_lazy("Position"),
    Meaning.ORGANISATION: gettext_lazy("Organisation"),
    Meaning.POSITION_AND_ORGANISATION: gettext_lazy("Position and organisation"),
    Meaning.ORGANISATION_SHORT: gettext_lazy("Abbreviation of the organisation"),
    Meaning.EMAIL: gettext_lazy("E-mail"),
    Meaning.PHONE: gettext_lazy("Phone"),
    Meaning.EXTENSION: gettext_lazy("Extension"),
    Meaning.CONTACT: gettext_lazy("Phone and e-mail"),
    Meaning.GROUP: gettext_lazy("Group"),
    Meaning.PROVINCE: gettext_lazy("Province"),
    Meaning.NOTE: gettext_lazy("Remark"),
}
UNUSED = pgettext_lazy("column", "Not used")
#: What a second person of a row may have.
SECOND = (
    Meaning.FULL_NAME,
    Meaning.TITLE,
    Meaning.FIRST_NAME,
    Meaning.LAST_NAME,
    Meaning.POSITION,
    Meaning.EMAIL,
    Meaning.PHONE,
    Meaning.CONTACT,
)
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as the page shows it."""

    column: FileColumn
    letter: str
    samples: list[str]
    code: str
    name: str
    why: str
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class ColumnQuestion:
    """Several columns of one meaning: which of them holds."""

    name: str
    meaning: str
    columns: list[Shown]
    is_mail: bool


@dataclass(slots=True)
class LaidOutTable:
    """Sheets that are read alike."""

    sheets: list[Sheet]
    head: int
    columns: list[Shown]
    questions: list[ColumnQuestion]

    @property
    def names(self) -> list[str]:
        return [sheet.name for sheet in self.sheets if sheet.name]


@dataclass(slots=True)
class Page:
    """What stands on the page of columns."""

    tables: list[LaidOutTable] = field(default_factory=list)
    unused_sheets: list[Sheet] = field(default_factory=list)
    heads: list["Heads"] = field(default_factory=list)
    used: int = 0
    unused: list[str] = field(default_factory=list)
    people: int = 0
    fault: str = ""
    options: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    is_blind: bool = False
    lacks_results: bool = False


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the headings of a sheet may stand, as (value, words), and where they are looked for now."""

    name: str
    title: str
    options: list[tuple[str, str]]
    chosen: str


class Columns:
    """The columns of a kept file: proposed, shown, chosen."""

    def __init__(self, file: NominationFile, groups: list[StakeholderGroup]) -> None:
        self.file, self.groups = file, groups
        self.sheets = from_json(file.sheets)
        self.layouts = columns.from_json(file.layouts)
        self.days = sorted(day.date for day in days_of(file.quota))

    def page(self) -> Page:
        """A constant number of queries."""
        page = Page(options=list(self._options()))
        for index, at in self._alike().items():
            page.tables.append(self._table(index, at))
        for sheet, layout in zip(self.sheets, self.layouts, strict=True):
            if not layout.is_used:
                page.unused_sheets.append(sheet)
        shown = [shown for table in page.tables for shown in table.columns]
        page.used = sum(shown.column.meaning is not Meaning.UNUSED for shown in shown)
        page.unused = list(dict.fromkeys(shown.name for shown in shown if shown.column.meaning is Meaning.UNUSED))
        page.heads = [self._heads(number) for number in range(len(self.sheets))]
        read = [sheet for sheet, layout in zip(self.sheets, self.layouts, strict=True) if layout.is_used]
        page.is_blind = any(Unseen.SIGNS in sheet.unseen for sheet in read)
        page.lacks_results = any(Unseen.RESULTS in sheet.unseen for sheet in read)
        try:
            page.people = len(self.people(self.layouts).nominees)
        except SpreadsheetFault as fault:
            page.fault = str(fault)
        return page

    def people(self, layouts: list[Layout]) -> Nominations:
        return read_people(self.sheets, layouts, groups=self.groups, days=self.days)

    def _alike(self) -> dict[int, list[int]]:
        found: dict[tuple[Any, ...], list[int]] = {}
        for index, layout in enumerate(self.layouts):
            if layout.is_used:
                found.setdefault(tuple((column.index, column.heading) for column in layout.columns), []).append(index)
        return {indexes[0]: indexes for indexes in found.values()}

    def _table(self, index: int, at: list[int]) -> LaidOutTable:
        sheet, layout = self.sheets[index], self.layouts[index]
        rows = list(islice(_people_rows(sheet, layout), SAMPLES))
        shown = [self._shown(sheet, rows, column) for column in layout.columns]
        rivals: dict[tuple[str, int], list[Shown]] = {}
        for one in shown:
            if one.column.rival:
                rivals.setdefault((one.column.rival, one.column.person), []).append(one)
        questions = [
            ColumnQuestion(f"ask{index}-{person}-{rival}", str(MEANINGS[Meaning(rival)]), asked, rival == Meaning.EMAIL)
            for (rival, person), asked in rivals.items()
        ]
        return LaidOutTable([self.sheets[number] for number in at], layout.head, shown, questions)

    def _shown(self, sheet: Sheet, rows: list[Row], column: FileColumn) -> Shown:
        letter = get_column_letter(column.index + 1)
        cells = [row.cell(column.index) for row in rows]
        return Shown(
            column, letter, cells, code_of(column), column.heading or _("column %(letter)s") % {"letter": letter},
            self._why(column), column.index in sheet.hidden_columns,
        )  # fmt: skip

    def _why(self, column: FileColumn) -> str:
        words = {
            Why.CONTENT: _("judging by its cells, because the heading is not known") if column.heading else _("judging by its cells"),
            Why.REMEMBERED: _("as you chose last time"),
            Why.NUMBERS: _("the running number in the file"),
            Why.PRIVATE: _("not kept in the portal"),
            Why.UNKNOWN: _("this heading is not known") if column.heading else _("there is no heading"),
            Why.REPEATS: _("repeats the columns of the name"),
        }
        if column.meaning is Meaning.POSITION_AND_ORGANISATION:
            return _("divided before words like สนง. รพ. อบต.")
        if column.meaning is Meaning.NOTE and not column.rival:
            return _("Words like cancelled, withdrawn or reserve are asked about on the next page.")
        return words.get(column.why, "")

    def _options(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        days = [(f"1.{Meaning.DAY}:{day.isoformat()}", _("Comes on %(day)s") % {"day": date_short(day)}) for day in self.days]
        yield "", [*((f"1.{meaning}", str(words)) for meaning, words in MEANINGS.items()), *days, (f"1.{Meaning.UNUSED}", str(UNUSED))]
        yield _("Second person in the row"), [(f"2.{meaning}", str(MEANINGS[meaning])) for meaning in SECOND]

    def _heads(self, number: int) -> Heads:
        sheet, layout = self.sheets[number], self.layouts[number]
        rows = [
            (str(row.number), _("row %(row)s: %(text)s") % {"row": row.number, "text": _brief(row)})
            for row in sheet.rows[:FIRST_ROWS]
            if row.number
        ]
        options = [("no", _("This sheet is not used")), ("0", _("It has no headings")), *rows]
        title = sheet.name or self.file.name
        return Heads(f"head{number}", title, options, str(layout.head) if layout.is_used else "no")

    def heads_chosen(self, sent: Mapping[str, str], remembered: Mapping[str, str]) -> list[Layout]:
        found = []
        for number, sheet in enumerate(self.sheets):
            said = sent.get(f"head{number}", "")
            if said == "no":
                found.append(Layout(is_used=False))
                continue
            head = head_at(sheet, int(said)) if said.isascii() and said.isdecimal() and len(said) < 9 else None
            made = laid_out(sheet, head, days=self.days, groups=self.groups, remembered=remembered)
            found.append(replace(made, is_used=True) if said else self.layouts[number])
        return found

    def chosen(self, sent: Mapping[str, str]) -> tuple[list[Layout], dict[str, str]]:
        found, said = list(self.layouts), {}
        for index, at in self._alike().items():
            made = [self._chosen_column(column, sent.get(f"c{index}-{column.index}", "")) for column in self.layouts[index].columns]
            made = _answered(made, index, sent)
            for before, after in zip(self.layouts[index].columns, made, strict=True):
                if after.heading and (code_of(before) != code_of(after) or before.rival or before.why is Why.REMEMBERED):
                    said[bare(after.heading)] = code_of(after).partition(".")[2]
            for number in at:
                found[number] = replace(self.layouts[number], columns=tuple(made))
        return found, said

    def _chosen_column(self, column: FileColumn, code: str) -> FileColumn:
        person, _dot, rest = code.partition(".")
        meaning, _colon, day = rest.partition(":")
        if code == code_of(column) or meaning not in set(Meaning) or person not in ("1", "2"):
            return column
        if meaning == Meaning.DAY and day not in {date.isoformat() for date in self.days}:
            return column
        return replace(column, meaning=Meaning(meaning), day=day, person=int(person), why=Why.CHOSEN, rival="")


def _answered(made: list[FileColumn], index: int, sent: Mapping[str, str]) -> list[FileColumn]:
    found = list(made)
    for person in (1, 2):
        for single in SINGLE:
            same = [c for c in found if c.person == person and (c.meaning is single or c.rival == single)]
            if len(same) < 2:
                continue
            answer = sent.get(f"ask{index}-{person}-{single}", "")
            holder = next((c for c in same if str(c.index) == answer), None) or next(c for c in same if c.meaning is single)
            for column in same:
                found[found.index(column)] = replace(column, meaning=single if column is holder else Meaning.NOTE, rival=single)
    return found


def is_asking_anew(before: list[Layout], after: list[Layout]) -> bool:
    return any(
        new.rival and not old.rival
        for one, other in zip(before, after, strict=True)
        for old, new in zip(one.columns, other.columns, strict=True)
    )


def code_of(column: FileColumn) -> str:
    return f"{column.person}.{column.meaning}{f':{column.day}' if column.day else ''}"


def days_of(quota: Quota) -> "list[WorkshopDay]":
    return list(quota.workshop.days.filter(is_cancelled=False))


def remembered_by(user: User) -> dict[str, str]:
    """What headings mean to `user`. One query."""
    return dict(ColumnMeaning.objects.filter(user=user).values_list("heading", "meaning"))


def _people_rows(sheet: Sheet, layout: Layout) -> Iterator[Row]:
    numbers = [column.index for column in layout.columns if column.meaning is not Meaning.UNUSED]
    for row in sheet.rows[layout.begin :]:
        if sum(bool(row.cell(index)) for index in numbers) > 1 and not is_headings(row.cells):
            yield row


def _brief(row: Row) -> str:
    text = " | ".join(" ".join(cell.split()) for cell in row.cells if cell)
    return text if len(text) <= 60 else f"{text[:57]}…"
