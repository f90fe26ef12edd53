"""The report in its three formats, of the same figures, in one archive."""

import datetime as dt
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone, translation

from registration.exports.attendees import Report
from registration.report.contents import paper_of
from registration.report.figures import figures_of
from registration.report.pdf import report_pdf
from registration.report.word import write_docx
from registration.report.workbook import write_workbook
from sessions.models import Workshop

FORMATS = ("docx", "pdf", "xlsx")


def write_report(file: BinaryIO, workshop: Workshop, *, report: Report = lambda done: None, at: dt.datetime | None = None) -> int:
    """Writes a zip of docx, PDF and xlsx, in Thai whoever asks. Returns how many people its list names."""
    with translation.override("th"):
        paper, people = paper_of(figures_of(workshop), at or timezone.now())
        report(0)
        word, sheets = BytesIO(), BytesIO()
        write_docx(word, paper)
        report(people // 3)
        pdf = report_pdf(paper)
        report(people * 2 // 3)
        write_workbook(sheets, paper)
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for suffix, data in zip(FORMATS, (word.getvalue(), pdf, sheets.getvalue()), strict=True):
            archive.writestr(f"report.{suffix}", data)
    return people


def one_of(archive: BinaryIO, suffix: str) -> BytesIO:
    """The file of one of FORMATS, out of what `write_report` wrote."""
    with ZipFile(archive) as opened:
        return BytesIO(opened.read(f"report.{suffix}"))
