"""The sheets that people sign where they gather in a room: of a province, of all provinces, or of a track."""

import re
from collections.abc import Iterable
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _

from registration.exports.papers.typesetting import typeset
from registration.exports.row_heights import width_of
from registration.models import Participant, Quota
from registration.seats.places import place_in_sentence
from sessions import formats, schedule
from sessions.line_breaks import pieces
from sessions.models import AgendaItem, Track, WorkshopDay


def sign_in_sheet(quota: Quota, day: WorkshopDay) -> bytes:
    """The confirmed people of `quota` who come on `day`, in the order of a Thai dictionary; a PDF in Thai, A4. Two queries."""
    people = Participant.objects.coming_on(day).filter(quota=quota).order_by("sort_key", "pk")
    with translation.override("th"):
        return _typeset(day, None, [{"place": place_in_sentence(quota), "people": [_row(person) for person in people]}])


def sign_in_sheets(day: WorkshopDay, track: Track | None, people: Iterable[Participant], *, by_place: bool) -> bytes:
    """`people` (with their quotas and provinces, place by place) of `day`, or of its `track`; a PDF in Thai, A4.

    With `by_place` each place begins on a page of its own, with numbers of its own; else they are one list that names
    each person's place. One query.
    """
    with translation.override("th"):
        sheets: list[dict[str, object]]
        if by_place:
            sheets = [{"place": place, "people": [_row(p) for p in of_place]} for place, of_place in groupby(people, _place)]
        else:
            sheets = [{"place": "", "people": [_row(person, _place(person)) for person in people]}]
        return _typeset(day, track, sheets or [{"place": "", "people": []}])


def _typeset(day: WorkshopDay, track: Track | None, sheets: list[dict[str, object]]) -> bytes:
    return typeset(
        "sign_in_sheet",
        {
            "heading": _("Sign-in sheet"),
            "title": day.workshop.title,
            "day": _when(day, [track.item] if track else list(day.items.all())),
            "track": str(track) if track else "",
            "columns": [_("No."), _("First and last name"), _("Position and organisation"), _("Signature")],
            "sheets": sheets,
            "nobody": _("Nobody has registered for this day."),
            "page": _("Page {page} of {pages}"),
        },
    )


def _when(day: WorkshopDay, items: list[AgendaItem]) -> str:
    hours = schedule.span(items)
    return formats.format_date(day.date, "th") + (f" เวลา {formats.format_time_range(*hours, 'th')}" if hours else "")


def _place(person: Participant) -> str:
    return place_in_sentence(person.quota)


def _row(person: Participant, place: str = "") -> dict[str, object]:
    organisation = " · ".join(text for text in (person.organisation, place) if text)
    name = [(part, True) for part in person.full_name.split()]
    return {"name": name, "position": _in_pieces(person.position), "organisation": _in_pieces(organisation)}


#: A word as long as this, in letters, has a line for itself.
_MAX_WORD = 20
#: A province or district at the end of an office's name is a word, whatever a dictionary makes of it.
_PLACE = re.compile(r"(?:จังหวัด|อำเภอ|ตำบล)[ก-๎]{2,16}$")


def _in_pieces(text: str) -> list[tuple[str, bool]]:
    """`text` with what stays on one line: short words, places, and an office's compounds."""
    found = list[tuple[str, bool]]()
    for word in text.split():
        place = _PLACE.search(word)
        if width_of(word) <= _MAX_WORD:
            found.append((word, True))
        elif place:
            found += [*pieces(word[: place.start()]), (place[0], True)]
        else:
            found += pieces(word)
        found.append((" ", False))
    return found[:-1]
