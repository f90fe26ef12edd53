"""A province's attendance as a workbook: each person, the minutes of each day."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _

from registration.exports.columns import Column
from registration.exports.workbook import Book
from registration.models import Participant
from sessions.formats import date_short
from sessions.models import WorkshopDay


def write_attendance(file: BinaryIO, days: Sequence[WorkshopDay], people: Iterable[tuple[Participant, Sequence[int | None]]]) -> None:
    with translation.override("th"):
        headings = [(_("No."), 7), (_("First and last name"), 32), (_("Organisation"), 38), (_("Stakeholder group"), 30)]
        headings += [(_("Minutes, %(date)s") % {"date": date_short(day.date)}, 16) for day in days]
        book = Book(_("Attendance"))
        sheet = book.sheet(_("Attendance"), [Column(text, text, width, lambda line: None) for text, width in headings])
        for number, (person, minutes) in enumerate(people, start=1):
            sheet.append([number, person.full_name, person.organisation, str(person.group), *minutes])
        book.save(file)
