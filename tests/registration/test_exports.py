import datetime as dt
from io import BytesIO

import pytest
from django.utils import timezone, translation
from openpyxl import load_workbook

from registration.actions.decisions import cancel, decline
from registration.actor import PARTICIPANT, SYSTEM
from registration.exports import columns
from registration.exports.attendees import file_name, write_attendees
from registration.exports.columns import Column
from registration.exports.rows import attendee_rows
from registration.exports.workbook import write_sheet
from registration.models import Participant
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "#N/A", "=", '=HYPERLINK("https://example.org")']


def sheet_of(texts):
    """What a spreadsheet program reads back of a sheet with one column of `texts`."""
    file = BytesIO()
    write_sheet(file, "Sheet", [Column("text", "Text", 20, lambda line: None)], [[text] for text in texts])
    return load_workbook(file).active


def attendees(workshop, people=None):
    """The rows of the list of attendees, each as a dict of its headings."""
    file = BytesIO()
    count = write_attendees(file, workshop, Participant.objects.all() if people is None else people)
    heading, *rows = load_workbook(file).active.iter_rows(values_only=True)
    assert count == len(rows)
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_comes_out_as_text(text):
    cell = sheet_of([text])["A2"]
    assert (cell.data_type, cell.value.replace("\r", "\n")) == ("s", text.replace("\r", "\n"))
    assert cell.quotePrefix


def test_ordinary_text_is_not_marked():
    cell = sheet_of(["สมชาย"])["A2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", "สมชาย", False)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_cannot_hold_is_left_out(character):
    assert sheet_of([f"สม{character}ชาย"])["A2"].value == "สมชาย"


def test_a_formula_behind_such_a_character_is_text_all_the_same():
    assert sheet_of(["\x0b=1+1"])["A2"].data_type == "s"


def test_a_moment_is_a_date_that_excel_shows_in_the_buddhist_era():
    cell = sheet_of([dt.datetime(2022, 2, 18, 9, 30)])["A2"]
    assert (cell.value, cell.number_format) == (dt.datetime(2022, 2, 18, 9, 30), "[$-107041E]d mmm yyyy h:mm")


def test_the_heading_stays_in_sight_and_every_column_can_be_filtered():
    sheet = sheet_of(["ก", "ข"])
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:A3")
    assert sheet.column_dimensions["A"].width == 20
    assert sheet.print_title_rows == "$1:$1"


@pytest.mark.django_db
def test_headings_are_thai_whatever_language_asks_and_name_each_day_and_block():
    workshop = make_workshop()
    make_participant(workshop)
    with translation.override("en"):
        headings = list(attendees(workshop)[0])
    assert headings == [
        "ลำดับ",
        "จังหวัด",
        "คำนำหน้าชื่อ",
        "ชื่อ",
        "นามสกุล",
        "ตำแหน่ง",
        "หน่วยงาน",
        "ชื่อย่อ",
        "กลุ่มเป้าหมาย",
        "อีเมล",
        "โทรศัพท์",
        "สถานะ",
        "๑๘ ก.พ. ๒๕๗๐",
        "๒๕ ก.พ. ๒๕๗๐",
        "หัวข้อคู่ขนาน ๑๘ ก.พ. ๒๕๗๐",
        "ชื่อใน Zoom",
        "รหัส",
        "ลงทะเบียนเมื่อ",
    ]


@pytest.mark.django_db
def test_a_row_says_everything_of_a_person():
    workshop = make_workshop()
    first_day = workshop.days.first()
    person = make_participant(
        workshop,
        title="นาง",
        first_name="สมมุติ",
        last_name="ทดสอบดี",
        email="one@example.org",
        phone="+6622804085",
        phone_extension="6414",
        days=[first_day],
        tracks=tracks_of(workshop)[1:],
        at=timezone.make_aware(dt.datetime(2027, 1, 15, 23, 59, 58)),
    )
    assert list(attendees(workshop)[0].values()) == [
        1,
        "น่าน",
        "นาง",
        "สมมุติ",
        "ทดสอบดี",
        "นักวิเคราะห์นโยบายและแผน",
        "สำนักงานพัฒนาชุมชนจังหวัด",
        "พช.",
        "4.1.1 สำนักงานจังหวัด",
        "one@example.org",
        "02 280 4085 ต่อ 6414",
        "ยืนยันแล้ว",
        "✓",
        None,
        "2. หัวข้อที่ 2",
        "น่าน พช. นางสมมุติ",
        person.code,
        dt.datetime(2027, 1, 15, 23, 59),
    ]


@pytest.mark.django_db
def test_central_agencies_come_first_then_provinces_and_names_as_a_thai_dictionary_has_them():
    workshop = make_workshop()
    for code, name in [("55", "เอก"), ("55", "แก้ว"), ("55", "กร"), ("57", "สม"), ("50", "สม"), ("81", "สม"), ("central", "สม")]:
        make_participant(workshop, code, first_name=name)
    assert [(row["จังหวัด"], row["ชื่อ"]) for row in attendees(workshop)] == [
        ("หน่วยงานส่วนกลาง", "สม"),
        ("กระบี่", "สม"),
        ("เชียงราย", "สม"),
        ("เชียงใหม่", "สม"),
        ("น่าน", "กร"),
        ("น่าน", "แก้ว"),
        ("น่าน", "เอก"),
    ]


@pytest.mark.django_db
def test_each_state_is_said_and_nobody_is_missing():
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=3)
    people = [make_participant(workshop, first_name=f"สม{letter}") for letter in "กขคงจ"]
    cancel(participant=people[0], by=PARTICIPANT, at=NOON)
    decline(participant=people[1], reason="ส่งผู้แทนท่านอื่น", by=SYSTEM, at=NOON)
    make_participant(workshop, first_name="สมฉ")
    assert [(row["ชื่อ"], row["สถานะ"]) for row in attendees(workshop)] == [
        ("สมก", "ยกเลิกแล้ว"),
        ("สมข", "ไม่ได้รับการอนุมัติ"),
        ("สมค", "รอจังหวัดพิจารณา"),
        ("สมง", "รอจังหวัดพิจารณา"),
        ("สมจ", "รอจังหวัดพิจารณา"),
        ("สมฉ", "อยู่ในคิวสำรอง"),
    ]


@pytest.mark.django_db
def test_somebody_of_another_workshop_is_never_listed():
    workshop, other = make_workshop(), make_workshop()
    ours, theirs = make_participant(workshop), make_participant(other)
    assert [row["รหัส"] for row in attendees(workshop)] == [ours.code]
    assert attendees(workshop, Participant.objects.filter(pk=theirs.pk)) == []


@pytest.mark.django_db
def test_namesakes_are_told_apart_though_only_one_is_listed():
    workshop = make_workshop()
    listed = make_participant(workshop, first_name="สมชาย", last_name="ใจดี")
    make_participant(workshop, first_name="สมชาย", last_name="เจริญ")
    rows = attendees(workshop, Participant.objects.filter(pk=listed.pk))
    assert [row["ชื่อใน Zoom"] for row in rows] == ["น่าน พช. นายสมชาย ใจดี"]


@pytest.mark.django_db
def test_who_has_no_seat_has_no_name_in_zoom():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    make_participant(workshop, first_name="สมก")
    make_participant(workshop, first_name="สมข")
    assert [row["ชื่อใน Zoom"] for row in attendees(workshop)] == ["น่าน พช. นายสมก", None]


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 3])
def test_a_list_costs_the_same_queries_for_one_and_for_three(people, django_assert_num_queries):
    workshop = make_workshop()
    for _i in range(people):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
    with django_assert_num_queries(6):
        rows = list(attendee_rows(Participant.objects.all(), workshop, columns.for_staff(workshop)))
    assert len(rows) == people


@pytest.mark.django_db
def test_a_portion_ends_and_the_next_goes_on_numbering(monkeypatch):
    monkeypatch.setattr("registration.exports.rows.PORTION", 2)
    workshop = make_workshop()
    for letter in "กขคงจ":
        make_participant(workshop, first_name=letter)
    assert [(row["ลำดับ"], row["ชื่อ"]) for row in attendees(workshop)] == list(enumerate("กขคงจ", start=1))


@pytest.mark.django_db
def test_the_file_is_named_by_the_day_in_bangkok():
    workshop = make_workshop(slug="sample")
    late_in_the_evening_of_utc = dt.datetime(2027, 1, 15, 18, 0, tzinfo=dt.UTC)
    assert file_name(workshop, late_in_the_evening_of_utc) == "attendees-sample-2027-01-16.xlsx"
