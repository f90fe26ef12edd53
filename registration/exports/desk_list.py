"""The list of a desk as its coordinator sees it: the same people in the same order with the same columns."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.exports.attendees import write_table
from registration.exports.columns import Column, ListedAttendee, for_staff
from registration.exports.rows import lines_of
from registration.exports.workbook import Book
from registration.models import Quota

#: What stands before the chosen columns.
ALWAYS = ("number", "title", "first_name", "last_name")
#: Where somebody stands on the waiting list: the list says so beside the state.
PLACE = "place"


def write_desk_list(
    file: BinaryIO, kind: str, quota: Quota, people: Sequence[int], *, columns: Sequence[str], places: Mapping[int, int]
) -> int:
    """Writes the `people` (their numbers) of `quota` as "xlsx" or "csv", in Thai. Returns how many they are.

    `columns` are keys of `columns.NAMES`, or PLACE, in their order; `places` says who stands where in the reserve.
    """
    with translation.override("th"):
        chosen = _columns(quota, columns, places)
        lines = lines_of(people, quota.workshop)
        if kind == "csv":
            return write_table(file, chosen, lines, report=lambda done: None)
        book, count = Book(quota.name), 0
        sheet = book.sheet(quota.name, chosen)
        for line in lines:
            sheet.append([column.cell(line) for column in chosen])
            count = line.number
        book.save(file)
    return count


def file_name(quota: Quota, kind: str, at: dt.datetime) -> str:
    """`people-<address of the workshop>-<code of the province>-<date in Bangkok>.<kind>`."""
    return f"people-{quota.workshop.slug}-{quota.code}-{timezone.localdate(at):%Y-%m-%d}.{kind}"


def _columns(quota: Quota, chosen: Sequence[str], places: Mapping[int, int]) -> list[Column]:
    def place(line: ListedAttendee) -> int | None:
        return places.get(line.person.pk)

    order = [*ALWAYS, *chosen]
    known = for_staff(quota.workshop, [key for key in order if key != PLACE])
    known.append(Column(PLACE, _("Place on the waiting list"), 12, place))
    return sorted(
        (column for column in known if column.key.partition("-")[0] in order), key=lambda column: order.index(column.key.partition("-")[0])
    )
