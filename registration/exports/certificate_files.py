"""The certificates of many people as one archive: each sheet as it is given out, with its seal where it has one.

What cannot be in it yet, a text file in it names.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from registration.certificates import sealing
from registration.exports.attendees import Report
from registration.links.qr_codes import for_files
from registration.models import Certificate, Participant

#: So many are in memory at once.
PORTION = 200
Sheet = Callable[[Certificate], bytes]


def write_certificates(file: BinaryIO, people: QuerySet[Participant], *, sheet: Sheet, report: Report) -> int:
    """Writes the certificates of `people` into a zip archive, in a folder a place. Returns how many they are.

    `sheet` makes the PDF of one. The names of files are Thai, and the archive says that they are UTF-8.
    """
    own = Certificate.objects.filter(participant__in=people).order_by("number")
    with translation.override("th"), ZipFile(file, "w", ZIP_STORED) as archive:
        return _write(archive, _in_portions(own.given_out()), own.waiting(), sheet, report).count


def write_certificates_of_place(file: BinaryIO, certificates: Iterable[Certificate], waiting: Iterable[Certificate]) -> "Written":
    """Writes `certificates` into a zip archive without folders; those `waiting` for the office's seal are named in it."""
    with translation.override("th"), ZipFile(file, "w", ZIP_STORED) as archive:
        return _write(archive, certificates, waiting, sealing.sheet_of, lambda count: None, by_place=False)


class Written:
    """How many are in the archive, and those that have to be sealed anew first."""

    def __init__(self) -> None:
        self.count = 0
        self.unsealed: list[Certificate] = []


def _write(
    archive: ZipFile,
    certificates: Iterable[Certificate],
    waiting: Iterable[Certificate],
    sheet: Sheet,
    report: Report,
    *,
    by_place: bool = True,
) -> Written:
    written = Written()
    for certificate in certificates:
        try:
            archive.writestr(_name(certificate, by_place), sheet(certificate))
        except (sealing.NotSealed, sealing.SealKeyFault):
            written.unsealed.append(certificate)
            continue
        written.count += 1
        report(written.count)
    if missing := [*written.unsealed, *waiting]:
        archive.writestr(for_files(_("Not in this file yet")) + ".txt", _note(missing))
    return written


def _note(missing: list[Certificate]) -> bytes:
    """For Notepad: with a mark of UTF-8 and its ends of lines."""
    told = _("These certificates are not in this file yet, because they are getting the electronic seal of the office. "
             "Take the file again in a few minutes.")  # fmt: skip
    names = [f"{each.snapshot['number']} {each.snapshot['name']}" for each in sorted(missing, key=lambda each: each.number)]
    return "\r\n".join([told, "", *names, ""]).encode("utf-8-sig")


def _name(certificate: Certificate, by_place: bool) -> str:
    """`จังหวัดน่าน/0042 นางสาวสมมุติ ทดสอบ.pdf`."""
    name = for_files(f"{certificate.number:04} {certificate.snapshot['name']}")[:120] + ".pdf"
    return f"{for_files(certificate.participant.quota.name)}/{name}" if by_place and certificate.participant else name


def _in_portions(certificates: QuerySet[Certificate]) -> Iterator[Certificate]:
    keys = list(certificates.values_list("pk", flat=True))
    for first in range(0, len(keys), PORTION):
        portion = keys[first : first + PORTION]
        found = Certificate.objects.given_out().select_related("participant__quota__province").in_bulk(portion)
        yield from (found[key] for key in portion if key in found)
