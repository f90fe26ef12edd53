"""The lines of a list, read in portions and in the order of a Thai dictionary."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from registration.display_names import DisplayName, zoom_names
from registration.exports.columns import Cell, Column, Line
from registration.models import Participant
from sessions.models import Workshop

#: So many people are in memory at once; each portion costs three queries.
PORTION = 2000


def attendee_rows(people: QuerySet[Participant], workshop: Workshop, columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """One row for each of `people` that belongs to `workshop`: central agencies, then province by province, by name.

    People of another workshop are left out, whatever `people` holds.
    """
    names = _names_in_zoom(workshop)
    ordered = (
        people.filter(workshop=workshop)
        .select_related("quota__province", "group")
        .prefetch_related("days", "choices")
        .order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    )
    for number, person in enumerate(ordered.iterator(chunk_size=PORTION), start=1):
        line = Line(number, person, names.get(person.pk))
        yield [column.cell(line) for column in columns]


def _names_in_zoom(workshop: Workshop) -> dict[int, DisplayName]:
    """The names of all who have a seat, whoever is listed: a namesake who is not on the list is one all the same."""
    seated = Participant.objects.holding_seats().filter(workshop=workshop)
    told_by = ("title", "first_name", "last_name", "organisation", "organisation_short", "quota__province__name_th")
    return zoom_names(seated.select_related("quota__province").only(*told_by))
