"""Who came without being expected, as a workbook: those who were never registered, those registered but not for that day, and those
of whom nobody has said yet who they are."""

import datetime as dt
from typing import BinaryIO

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.attendance.figures import besides
from registration.attendance.sightings import counted_sightings
from registration.exports.columns import Cell, Column
from registration.exports.workbook import Book
from registration.models import Sighting
from sessions.formats import date_short
from sessions.models import Workshop


def write_guests(file: BinaryIO, workshop: Workshop) -> int:
    """Writes xlsx, in Thai whoever asks: the file goes from hand to hand in Thai offices. Returns how many people are in it."""
    with translation.override("th"):
        book = Book(_("Came without being registered"))
        count = _seen(book, _("Not registered"), workshop, Sighting.Verdict.GUEST)
        count += _besides(book, workshop)
        count += _seen(book, _("To be decided"), workshop, Sighting.Verdict.OPEN)
        book.save(file)
    return count


def _seen(book: Book, title: str, workshop: Workshop, verdict: Sighting.Verdict) -> int:
    sheet = book.sheet(title, _columns((_("Date"), 16), (_("Track"), 30), (_("Name in the meeting"), 34), (_("E-mail"), 30),
                                       (_("Joined"), 20), (_("Minutes"), 10)))  # fmt: skip
    for seen in counted_sightings(workshop).filter(verdict=verdict).order_by("day__date", "name", "pk"):
        track = str(seen.track) if seen.track else ""
        sheet.append([date_short(seen.day.date), track, seen.name, seen.email, _local(seen.came_at), seen.connected_minutes])
    return sheet.rows


def _besides(book: Book, workshop: Workshop) -> int:
    sheet = book.sheet(_("Registered, but not for the day"), _columns((_("Date"), 16), (_("Name"), 32), (_("Province"), 20),
                                                                     (_("E-mail"), 30), (_("State"), 18), (_("Minutes"), 10)))  # fmt: skip
    people = ("participant__quota__province", "day")
    for row in besides(workshop).select_related(*people).order_by("day__date", "participant__sort_key", "pk"):
        person = row.participant
        state = str(person.get_state_display())
        sheet.append([date_short(row.day.date), person.full_name, person.quota.name, person.email, state, row.minutes])
    return sheet.rows


def _columns(*headings: tuple[str, int]) -> list[Column]:
    return [Column(text, text, width, lambda line: None) for text, width in headings]


def _local(moment: dt.datetime | None) -> Cell:
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None
