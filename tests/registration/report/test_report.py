"""The office's report: every figure as the rows give it, in three files; and nothing invented where there is nothing."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from uuid import UUID

import pytest
from django.utils import timezone
from docx import Document

from registration.evaluation.suppression import SMALLEST
from registration.exports.workbook import sheet_cell
from registration.models import Attendance
from registration.report.charts import chart_pictures
from registration.report.embedded_fonts import hidden
from registration.report.files import FORMATS, one_of, write_report
from registration.report.paper import shown
from tests.factories import make_workshop
from tests.registration.report.comparing import differences
from tests.registration.report.reading import Files
from tests.registration.report.series import make_series

pytestmark = pytest.mark.django_db


#: When each report of this file is made.
MADE_AT = timezone.make_aware(dt.datetime(2027, 3, 9, 16, 5))


def report_of(workshop):
    file = BytesIO()
    return write_report(file, workshop, at=MADE_AT), file.getvalue()


def test_every_number_is_the_one_of_the_rows():
    series = make_series(110, 40)
    named, archive = report_of(series.workshop)
    assert differences(series, archive, MADE_AT) == []
    files = Files(archive)
    assert files.page_numbers_of_pdf() == [str(number) for number in range(1, len(files.page_numbers_of_pdf()) + 1)]
    assert named == len({attended.participant_id for attended in Attendance.objects.filter(track=None, minutes__gt=0)})
    told = files.text_of_docx()
    unregistered = next(line for line in told.splitlines() if line.startswith("จังหวัดที่ไม่มีผู้ลงทะเบียน "))
    absent = next(line for line in told.splitlines() if line.startswith("จังหวัดที่ไม่มีผู้เข้าร่วมประชุม "))
    assert ["สตูล" in unregistered, "นราธิวาส" in unregistered] == [True, False]
    assert ["สตูล" in absent, "นราธิวาส" in absent] == [True, True]
    _tells_nothing_of_few(series, files)
    next(person for person in series.people if person.attendances.filter(track=None).exists()).attendances.all().delete()
    differing = {line.partition(":")[0] for line in differences(series, archive, MADE_AT)}
    assert differing == {"docx", "xlsx", "PDF"}, "the comparison sees one person's days in each of the three"


def test_one_figure_changed_by_a_writer_is_seen(monkeypatch):
    """In a table by each writer; in a sentence; in a chart's picture, which a docx has instead of numbers."""
    series = make_series(30, 10)

    def differing():
        return {line.partition(":")[0] for line in differences(series, report_of(series.workshop)[1], MADE_AT)}

    for name, kind in (("pdf", "PDF"), ("word", "docx")):
        with monkeypatch.context() as patch:
            patch.setattr(f"registration.report.{name}.shown", _wrong(shown))
            assert differing() == {kind}
    with monkeypatch.context() as patch:
        patch.setattr("registration.report.workbook.sheet_cell", _wrong(sheet_cell, place=1))
        assert differing() == {"xlsx"}
    with monkeypatch.context() as patch:
        patch.setattr(import_module("registration.report.contents.opinions"), "shown", _wrong(shown, number=2))
        assert differing() == {"docx", "PDF"}
    with monkeypatch.context() as patch:
        patch.setattr("registration.report.word.chart_pictures", lambda charts: chart_pictures([_higher(charts[0]), *charts[1:]]))
        assert differing() == {"docx"}


def _wrong(function, *, place=0, number=50):
    """One more, or a hundredth more, where `function` is given its so manieth number as its argument at `place`."""
    numbers = iter(range(1, 1_000_000))

    def wrong(*given):
        if isinstance(given[place], int | float | Decimal) and next(numbers) == number:
            given = [*given]
            given[place] += 1
        return function(*given)

    return wrong


def _higher(chart):
    first, *others = chart.series
    return replace(chart, series=[replace(first, values=[first.values[0] + 1, *first.values[1:]]), *others])


def _tells_nothing_of_few(series, files):
    """40 answers of 75 provinces: each has one at most, and the report says of none of them what it was."""
    provinces = next(rows for title, rows in files.tables_of_xlsx().items() if "ค่าเฉลี่ยจำแนกตามจังหวัด" in title)
    assert provinces and {tuple(row[1:]) for row in provinces} == {("ไม่แสดง",) * 4}
    for title, rows in files.tables_of_xlsx().items():
        if "ค่าเฉลี่ยจำแนกตาม" in title:
            assert all(row[1] == "ไม่แสดง" or row[1] == 0 or row[1] >= SMALLEST for row in rows)


def test_a_workshop_with_nothing_in_it():
    workshop = make_workshop(days=0, tracks=0)
    named, archive = report_of(workshop)
    files = Files(archive)
    assert (named, files.names) == (0, [f"report.{suffix}" for suffix in sorted(FORMATS)])
    told = files.text_of_docx()
    for heading in ("๑. ความเป็นมา", "๒. วัตถุประสงค์", "๓.", "๖. ผลการประเมินการประชุม", "ภาคผนวก ก"):
        assert heading in told
    assert told.count("ไม่มีข้อมูล") > 80
    assert all(rows for rows in files.tables_of_docx().values()), "a table without a row is none"
    assert "จำนวนผู้เข้าร่วมประชุม: ไม่มีข้อมูล" in told
    regions = next(rows for title, rows in files.tables_of_docx().items() if "จำแนกตามภาค (" in title)
    assert regions[-1] == ["รวม", "๑,๙๗๕", "๐", "ไม่มีข้อมูล", "ไม่มีข้อมูล"]
    assert next(rows for title, rows in files.tables_of_xlsx().items() if "ตัวชี้วัด" in title)[0][1:] == [80, "ไม่มีข้อมูล", "ไม่มีข้อมูล"]


def test_what_is_typed_stays_text_in_all_three():
    workshop = make_workshop(title_th="=1+1 <b>&\x0b#eval", background_th="#set text(red)\n\n= หัวข้อ <w:t>", objectives_th="*ก*\n$x$")
    _named, archive = report_of(workshop)
    files = Files(archive)
    told = files.text_of_docx()
    assert "=1+1 <b>& #eval" in told and "#set text(red)" in told and "(๑) *ก*" in told


def test_one_format_of_the_archive():
    _named, archive = report_of(make_workshop())
    document = Document(one_of(BytesIO(archive), "docx"))
    assert document.paragraphs[0].text == "รายงานสรุปผลการประชุม"
    assert one_of(BytesIO(archive), "pdf").read(5) == b"%PDF-"


def test_sarabun_lies_within_the_docx_and_is_found_again():
    _named, archive = report_of(make_workshop())
    document = Document(one_of(BytesIO(archive), "docx"))
    table = next(each.target_part for each in document.part.rels.values() if each.reltype.endswith("/fontTable"))
    fonts = [each.target_part.blob for each in table.rels.values()]
    assert len(fonts) == 2
    keys = [key.split("}")[0] for key in table.blob.decode().split('w:fontKey="{')[1:]]
    assert {hidden(font, UUID(key))[:4] for font, key in zip(fonts, keys, strict=True)} == {b"\x00\x01\x00\x00"}
