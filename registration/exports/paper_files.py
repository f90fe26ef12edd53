"""What is printed or put at the door: sign-in sheets and the QR codes of people."""

from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZipFile

from django.db.models import QuerySet
from django.utils import translation

from registration.exports import papers
from registration.exports.attendees import Report
from registration.exports.audience import SignInMeeting
from registration.links import qr, qr_codes
from registration.models import Participant
from sessions.models import Workshop


def write_sign_in_sheets(file: BinaryIO, meeting: SignInMeeting, people: QuerySet[Participant], *, by_place: bool) -> int:
    """Writes the sheets of `meeting` as a PDF, with `by_place` one for each province. Returns how many people are on them."""
    chosen = list(_in_order(people))
    file.write(papers.sign_in_sheets(meeting.day, meeting.track, chosen, by_place=by_place))
    return len(chosen)


def write_codes(file: BinaryIO, people: QuerySet[Participant], *, report: Report) -> int:
    """Writes each one's reference code as a PNG into a zip archive, in a folder a place. Returns how many they are.

    The names are Thai; the archive says that they are UTF-8, as every program of today understands.
    """
    count = 0
    with translation.override("th"), ZipFile(file, "w") as archive:
        for count, person in enumerate(_in_order(people), start=1):
            code = qr_codes.of_person(person)
            folder = qr_codes.for_files(person.quota.name)
            archive.writestr(f"{folder}/{code.file_name('png')}", qr.qr_png(code.text))
            report(count)
    return count


def write_labels(file: BinaryIO, workshop: Workshop, people: QuerySet[Participant], *, report: Report) -> int:
    """Writes them as labels on A4, a PDF. Returns how many they are."""
    chosen = list(_in_order(people))
    counted = _counter(report)
    file.write(papers.code_labels(workshop, chosen, lambda: next(counted)))
    return len(chosen)


def _counter(report: Report) -> Iterator[None]:
    count = 0
    while True:
        count += 1
        report(count)
        yield


def _in_order(people: QuerySet[Participant]) -> QuerySet[Participant]:
    return people.select_related("quota__province").order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
