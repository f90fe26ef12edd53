"""The certificates of many people as one archive: each sheet as it is given out, with its seal where it has one."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

from django.db.models import QuerySet
from django.utils import translation

from registration.certificates import sealing
from registration.exports.attendees import Report
from registration.links.qr_codes import for_files
from registration.models import Certificate, Participant

#: So many are in memory at once.
PORTION = 200


def write_certificates(file: BinaryIO, people: QuerySet[Participant], *, report: Report) -> int:
    """Writes the certificates of `people` into a zip archive, in a folder a place. Returns how many they are.

    One that waits for its seal is left out; the names of files are Thai, and the archive says that they are UTF-8.
    """
    certificates = Certificate.objects.given_out().filter(participant__in=people)
    with translation.override("th"), ZipFile(file, "w", ZIP_STORED) as archive:
        return _write(archive, _in_portions(certificates.order_by("number")), report)


def write_certificates_of_place(file: BinaryIO, certificates: Iterable[Certificate]) -> int:
    """Writes `certificates` into a zip archive without folders. Returns how many they are."""
    with ZipFile(file, "w", ZIP_STORED) as archive:
        return _write(archive, certificates, lambda count: None, by_place=False)


def _write(archive: ZipFile, certificates: Iterable[Certificate], report: Report, *, by_place: bool = True) -> int:
    count = 0
    for certificate in certificates:
        try:
            sheet = sealing.sheet_of(certificate)
        except sealing.NotSealed:
            continue
        archive.writestr(_name(certificate, by_place), sheet)
        count += 1
        report(count)
    return count


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
