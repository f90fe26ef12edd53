"""The lines of a list, read in portions and in the order of a Thai dictionary."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from registration.display_names import zoom_names_in
from registration.exports.columns import Cell, Column, Line
from registration.models import Participant
from sessions.models import Workshop

#: So many people are in memory at once; each portion costs three queries.
PORTION = 2000


def attendee_rows(people: QuerySet[Participant], workshop: Workshop, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """One row for each of `people` that belongs to `workshop`: central agencies, then province by province, by name.

    People of another workshop are left out, whatever `people` holds.
    """
    names = zoom_names_in(workshop)
    ordered = (
        people.filter(workshop=workshop)
        .select_related("quota__province", "group")
        .prefetch_related("days", "choices")
        .order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    )
    for number, person in enumerate(ordered.iterator(chunk_size=PORTION), start=1):
        line = Line(number, person, names.get(person.pk))
        yield [column.cell(line) for column in columns]
