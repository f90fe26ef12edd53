"""The list of attendees, as the office keeps it."""

import datetime as dt
from typing import BinaryIO

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.exports import columns
from registration.exports.rows import attendee_rows
from registration.exports.workbook import write_sheet
from registration.models import Participant
from sessions.models import Workshop


def write_attendees(file: BinaryIO, workshop: Workshop, people: QuerySet[Participant]) -> int:
    """Writes those of `people` who belong to `workshop` as an xlsx workbook. Returns how many they are.

    Headings and names are Thai whoever asks: the file goes from hand to hand in Thai offices.
    """
    with translation.override("th"):
        chosen = columns.for_staff(workshop)
        return write_sheet(file, _("Attendees"), chosen, attendee_rows(people, workshop, chosen))


def file_name(workshop: Workshop, at: dt.datetime) -> str:
    """`attendees-<address of the workshop>-<date in Bangkok>.xlsx`."""
    return f"attendees-{workshop.slug}-{timezone.localdate(at):%Y-%m-%d}.xlsx"
