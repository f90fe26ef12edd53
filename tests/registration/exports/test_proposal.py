"""The proposal of who takes part: one content in three formats."""

import datetime as dt
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from registration.exports.papers.proposal import proposal_pdf
from registration.exports.proposal import proposal, write_docx, write_xlsx
from registration.models import Participant
from registration.selection.rules import Plan
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

LONG = "สำนักงานจังหวัดน่าน กลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด"


def content(selected=3, reserve=2, **fields):
    """A paper of people in two groups, with one long organisation."""
    workshop = make_workshop(decision="selection", **fields)
    other = workshop.groups.create(code="4.1.2", name_th="ภาคประชาสังคม", name_en="Civil society", scope="province")
    people = [make_participant(workshop, first_name=f"สมมุติ{number}", organisation=LONG) for number in range(selected + reserve)]
    Participant.objects.filter(pk__in=[person.pk for person in people[:1]]).update(group=other)
    people = list(Participant.objects.filter(pk__in=[person.pk for person in people]).select_related("group").order_by("pk"))
    return proposal(seats_of(workshop), Plan(people[:selected], people[selected:]), is_announced=False, at=NOON)


def as_docx(paper):
    file = BytesIO()
    write_docx(file, paper)
    return Document(BytesIO(file.getvalue()))


def as_xlsx(paper):
    file = BytesIO()
    write_xlsx(file, paper)
    return load_workbook(BytesIO(file.getvalue())).active


def test_those_selected_stand_by_group_and_the_reserve_in_its_order():
    paper = content()
    assert [(part.heading, [(line.number, line.name) for line in part.lines]) for part in paper.parts] == [
        ("ผู้ได้รับการคัดเลือก ๓ คน", []),
        ("๔.๑.๑ สำนักงานจังหวัด", [("๑", "นายสมมุติ1 ทดสอบดี"), ("๒", "นายสมมุติ2 ทดสอบดี")]),
        ("๔.๑.๒ ภาคประชาสังคม", [("๓", "นายสมมุติ0 ทดสอบดี")]),
        ("รายชื่อสำรองตามลำดับ ๒ คน", [("๑", "นายสมมุติ3 ทดสอบดี"), ("๒", "นายสมมุติ4 ทดสอบดี")]),
    ]
    assert (paper.above[2], paper.above[3].endswith("๑๕ มกราคม ๒๕๗๐")) == ("จังหวัดน่าน", True)


def test_the_three_formats_say_the_same():
    paper = content()
    lines = [line for part in paper.parts for line in part.lines]
    words = as_docx(paper)
    rows = [[cell.text for cell in row.cells] for row in words.tables[0].rows]
    assert [row for row in rows if len(set(row)) > 1] == [list(paper.headings), *(list(line.cells) for line in lines)]
    sheet = [[cell or "" for cell in row] for row in as_xlsx(paper).iter_rows(values_only=True)]
    assert [row for row in sheet if row[0] and row[1]] == [list(paper.headings), *(list(line.cells) for line in lines)]
    (page,) = [page.extract_text() for page in PdfReader(BytesIO(proposal_pdf(paper))).pages]
    assert [page.count(sign) for sign in "๑๒๓"] >= [2, 2, 1]
    for beneath in paper.beneath:
        assert beneath in [paragraph.text for paragraph in words.paragraphs] and (not beneath or beneath in [row[2] for row in sheet])


def test_the_columns_of_word_are_as_wide_as_what_they_hold():
    """In the table's grid, which LibreOffice reads, and in each cell, which Word reads."""
    table = as_docx(content()).tables[0]
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert grid[0] < grid[1] < grid[2] < grid[3] and [cell.width.twips for cell in table.rows[0].cells] == grid


def test_headings_come_again_on_every_page_and_no_row_is_broken():
    paper = content(selected=25, reserve=9)
    table = as_docx(paper).tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    sheet = as_xlsx(paper)
    assert (sheet.print_title_rows, sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("$6:$6", 0, True)
    assert 2 <= len(PdfReader(BytesIO(proposal_pdf(paper))).pages) <= 4


def test_a_row_of_the_sheet_is_as_high_as_its_text():
    sheet = as_xlsx(content())
    heights = {row[3].value: sheet.row_dimensions[row[0].row].height for row in sheet.iter_rows()}
    assert (heights[LONG], heights["หน่วยงาน"]) == (44.0, 22.0)


def test_a_title_that_is_longer_than_the_page_goes_on_in_the_next_row():
    title = "การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนระดับพื้นที่ (SDG Localisation)"
    sheet = as_xlsx(content(title_th=title))
    first = [row[0].value for row in sheet.iter_rows(max_row=4)]
    assert (" ".join(first[1:3]), sheet.print_title_rows) == (title, "$7:$7")


@pytest.mark.parametrize("province", ["55", "central"])
def test_of_nobody_it_is_a_paper_all_the_same(province):
    quota = seats_of(make_workshop(decision="selection"), province)
    paper = proposal(quota, Plan(), is_announced=True, at=NOON + dt.timedelta(days=1))
    assert as_docx(paper).tables and as_xlsx(paper).max_row and proposal_pdf(paper).startswith(b"%PDF")
