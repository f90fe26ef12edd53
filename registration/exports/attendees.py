"""The list of attendees, as the office keeps it: a workbook, or a table for other programs."""

import csv
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from registration.choices import SEAT_HOLDING, State
from registration.exports.columns import Cell, Column, ListedAttendee, for_staff
from registration.exports.rows import PORTION, attendee_lines
from registration.exports.workbook import LIKE_A_FORMULA, Book, SheetWriter
from registration.models import Participant, Quota
from sessions.models import Workshop

#: Told how many lines are written, now and then.
Report = Callable[[int], None]

#: The sheets that a workbook may have.
SUMMARY, ALL, PROVINCES = "summary", "all", "provinces"


def write_workbook(
    file: BinaryIO, workshop: Workshop, people: QuerySet[Participant], *, columns: Collection[str], sheets: Collection[str], report: Report
) -> int:
    """Writes those of `people` who belong to `workshop` as an xlsx workbook. Returns how many they are.

    `columns` are keys of `columns.NAMES` (none: every one), `sheets` some of SUMMARY, ALL and PROVINCES. Headings and
    names are Thai whoever asks: the file goes from hand to hand in Thai offices.
    """
    with translation.override("th"):
        chosen = for_staff(workshop, columns)
        book = Book(_("Attendees"))
        summary = _Summary(book, workshop) if SUMMARY in sheets else None
        everybody = book.sheet(_("Attendees"), chosen) if ALL in sheets else None
        provinces = _Provinces(book, workshop, chosen) if PROVINCES in sheets else None
        count = 0
        for line in attendee_lines(people, workshop):
            row = [column.cell(line) for column in chosen]
            if everybody:
                everybody.append(row)
            if provinces:
                provinces.append(line, row)
            if summary:
                summary.count(line)
            count = line.number
            if count % PORTION == 0:
                report(count)
        if summary:
            summary.write()
        if provinces and not everybody and not count:
            book.sheet(_("Attendees"), chosen)  # a workbook without a sheet is none
        book.save(file)
    return count


class _Provinces:
    """A sheet for each place that has people; they come place by place."""

    def __init__(self, book: Book, workshop: Workshop, columns: Sequence[Column]) -> None:
        self._book, self._columns = book, columns
        self._names = {quota.pk: quota.name for quota in workshop.quotas.seats().select_related("province")}
        self._sheets: dict[int, SheetWriter] = {}

    def append(self, line: ListedAttendee, row: list[Cell]) -> None:
        quota = line.person.quota_id
        if quota not in self._sheets:
            self._sheets[quota] = self._book.sheet(self._names[quota], self._columns)
        sheet = self._sheets[quota]
        # Numbered anew: each sheet is a list of its own.
        numbered = [sheet.rows + 1 if column.key == "number" else value for column, value in zip(self._columns, row, strict=True)]
        sheet.append(numbered)


class _Summary:
    """How many of which group hold a seat, place by place; the empty ones are there too, because they are what is looked for."""

    def __init__(self, book: Book, workshop: Workshop) -> None:
        self._places = list(workshop.quotas.seats().select_related("province").in_thai_order())
        self._groups = list(workshop.groups.all())
        self._counts: Counter[tuple[int, int | str]] = Counter()
        headings = [(_("Province"), 22), (_("Region"), 22), *((str(group), 20) for group in self._groups)]
        headings += [(_("On a seat"), 12), (_("Places"), 12), (_("On the waiting list"), 14), (_("Ended"), 12)]
        self._sheet = book.sheet(_("Groups by province"), [Column(text, text, width, lambda line: None) for text, width in headings])

    def count(self, line: ListedAttendee) -> None:
        person = line.person
        if person.state in SEAT_HOLDING:
            self._counts[person.quota_id, person.group_id] += 1
            self._counts[person.quota_id, "seated"] += 1
        else:
            self._counts[person.quota_id, "waiting" if person.state == State.WAITLISTED else "ended"] += 1

    def write(self) -> None:
        for place in self._places:
            region = str(place.province.get_region_display()) if place.province else ""
            self._sheet.append([place.name, region, *self._numbers([place])])
        self._sheet.append([_("Total"), "", *self._numbers(self._places)])

    def _numbers(self, places: Sequence[Quota]) -> list[int | None]:
        def of(key: int | str) -> int:
            return sum(self._counts[place.pk, key] for place in places)

        capacities = [place.capacity for place in places]
        capacity = None if None in capacities else sum(places_there or 0 for places_there in capacities)
        return [*(of(group.pk) for group in self._groups), of("seated"), capacity, of("waiting"), of("ended")]


def write_csv(file: BinaryIO, workshop: Workshop, people: QuerySet[Participant], *, columns: Collection[str], report: Report) -> int:
    """Writes them as CSV: UTF-8 with a byte order mark, so that Excel reads the Thai. Returns how many they are.

    A text that a spreadsheet would take for a formula begins with `'`; there is no other mark for it in CSV.
    """
    with translation.override("th"):
        return write_table(file, for_staff(workshop, columns), attendee_lines(people, workshop), report=report)


def write_table(file: BinaryIO, columns: Sequence[Column], lines: Iterable[ListedAttendee], *, report: Report) -> int:
    """Writes `lines` as CSV, in the active language, as `write_csv` does. Returns how many they are."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow([_field(column.heading) for column in columns])
    count = 0
    for line in lines:
        table.writerow([_field(column.cell(line)) for column in columns])
        count = line.number
        if count % PORTION == 0:
            report(count)
    text.detach()
    return count


def _field(value: Cell) -> Cell:
    if isinstance(value, str):
        value = value.replace("\x00", "")
        return f"'{value}" if value.startswith(LIKE_A_FORMULA) else value
    return f"{value:%Y-%m-%d %H:%M}" if value is not None and not isinstance(value, int) else value
