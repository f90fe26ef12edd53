import csv
import datetime as dt
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.utils import timezone, translation
from openpyxl import load_workbook

from registration.actor import PARTICIPANT, SYSTEM
from registration.exports import columns
from registration.exports.attendees import ALL, PROVINCES, SUMMARY, write_csv, write_workbook
from registration.exports.columns import NAMES, Column
from registration.exports.rows import attendee_lines
from registration.exports.workbook import Book
from registration.models import Attendance, Participant
from registration.seats.actions.moves import cancel, decline
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "#N/A", "=", '=HYPERLINK("https://example.org")']


def sheet_of(texts):
    """What a spreadsheet program reads back of a sheet with one column of `texts`."""
    file, book = BytesIO(), Book("Title")
    sheet = book.sheet("Sheet", [Column("text", "Text", 20, lambda line: None)])
    for text in texts:
        sheet.append([text])
    book.save(file)
    return load_workbook(file).active


def book_of(workshop, people=None, *, columns=(), sheets=(ALL,)):
    """What a spreadsheet program reads back, and how many people the writer counted."""
    file = BytesIO()
    everybody = Participant.objects.all() if people is None else people
    count = write_workbook(file, workshop, everybody, columns=columns, sheets=sheets, report=lambda done: None)
    return load_workbook(file), count


def rows_of(sheet):
    """The rows under the heading, each as a dict of its headings."""
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def attendees(workshop, people=None, **chosen):
    """The rows of the list of attendees."""
    book, count = book_of(workshop, people, **chosen)
    rows = rows_of(book.active)
    assert count == len(rows)
    return rows


def table(workshop, **chosen):
    """The CSV as its bytes, and what a strict reader makes of it."""
    file = BytesIO()
    write_csv(file, workshop, Participant.objects.all(), columns=chosen.get("columns", ()), report=lambda done: None)
    text = file.getvalue().decode("utf-8-sig")
    return file.getvalue(), list(csv.DictReader(StringIO(text, newline=""), strict=True))


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


def test_a_heading_that_is_longer_than_its_column_has_room_below():
    book, file = Book("Title"), BytesIO()
    for text in ("ก" * 10, "ก" * 25):
        book.sheet("Sheet", [Column("text", text, 10, lambda line: None), Column("text", "ข", 10, lambda line: None)])
    book.save(file)
    assert [sheet.row_dimensions[1].height for sheet in load_workbook(file)] == [20, 60]


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
        "อีเมลของผู้ส่งต่อ",
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
        None,
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
        ("สมข", "ไม่คัดเลือก"),
        ("สมค", "รอจังหวัดพิจารณา"),
        ("สมง", "รอจังหวัดพิจารณา"),
        ("สมจ", "รอจังหวัดพิจารณา"),
        ("สมฉ", "อยู่ในรายชื่อสำรอง"),
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
    with django_assert_num_queries(11):  # five for the columns, who they are, persons, days, tracks, minutes, names
        chosen = columns.for_staff(workshop)
        rows = [[column.cell(line) for column in chosen] for line in attendee_lines(Participant.objects.all(), workshop)]
    assert len(rows) == people


@pytest.mark.django_db
def test_a_portion_ends_and_the_next_goes_on_numbering(monkeypatch):
    monkeypatch.setattr("registration.exports.rows.PORTION", 2)
    workshop = make_workshop()
    for letter in "กขคงจ":
        make_participant(workshop, first_name=letter)
    assert [(row["ลำดับ"], row["ชื่อ"]) for row in attendees(workshop)] == list(enumerate("กขคงจ", start=1))


@pytest.mark.django_db
def test_who_is_deleted_while_the_list_is_made_is_left_out_and_the_others_keep_in_line(monkeypatch):
    monkeypatch.setattr("registration.exports.rows.PORTION", 1)
    workshop = make_workshop()
    people = [make_participant(workshop, first_name=letter) for letter in "กขค"]
    lines = attendee_lines(Participant.objects.all(), workshop)
    first = next(lines)
    people[1].choices.all().delete()
    Participant.objects.filter(pk=people[1].pk).delete()
    assert [(line.number, line.person.first_name) for line in [first, *lines]] == [(1, "ก"), (2, "ค")]


class TestColumns:
    pytestmark = pytest.mark.django_db

    def test_every_column_has_a_name_to_choose_it_by(self):
        workshop = make_workshop()
        Attendance.objects.create(participant=make_participant(workshop), day=workshop.days.first(), minutes=60, source="report")
        keys = [column.key.partition("-")[0] for column in columns.for_staff(workshop)]
        assert list(dict.fromkeys(keys)) == list(NAMES)

    def test_those_that_are_chosen_stand_in_their_usual_order(self):
        workshop = make_workshop()
        person = make_participant(workshop, first_name="สมชาย")
        rows = attendees(workshop, columns=["code", "first_name", "days"])
        assert rows == [{"ชื่อ": "สมชาย", "๑๘ ก.พ. ๒๕๗๐": "✓", "๒๕ ก.พ. ๒๕๗๐": "✓", "รหัส": person.code}]


class TestSheets:
    pytestmark = pytest.mark.django_db

    def test_each_place_that_has_people_has_a_sheet_with_numbers_of_its_own(self):
        workshop = make_workshop()
        for code, name in [("55", "กร"), ("55", "เอก"), ("50", "สม"), ("central", "ยินดี")]:
            make_participant(workshop, code, first_name=name)
        book, count = book_of(workshop, sheets=[PROVINCES])
        assert count == 4
        assert {sheet.title: [(row["ลำดับ"], row["ชื่อ"]) for row in rows_of(sheet)] for sheet in book} == {
            "หน่วยงานส่วนกลาง": [(1, "ยินดี")],
            "เชียงใหม่": [(1, "สม")],
            "น่าน": [(1, "กร"), (2, "เอก")],
        }
        assert [(sheet.freeze_panes, sheet.auto_filter.ref) for sheet in book] == [("A2", "A1:S2"), ("A2", "A1:S2"), ("A2", "A1:S3")]

    def test_the_summary_counts_who_has_a_seat_by_group_and_names_the_provinces_without_anybody(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=2)
        for _i in range(3):
            make_participant(workshop)
        cancel(participant=make_participant(workshop, "50"), by=PARTICIPANT)
        make_participant(workshop, "central")
        book, _count = book_of(workshop, sheets=[SUMMARY, ALL])
        assert book.sheetnames == ["กลุ่มเป้าหมายรายจังหวัด", "ผู้เข้าร่วม"]
        rows = {row["จังหวัด"]: list(row.values())[1:] for row in rows_of(book.worksheets[0])}
        assert len(rows) == 79
        assert rows["น่าน"] == ["ภาคเหนือ", 2, 0, 2, 2, 1, 0]
        assert rows["เชียงใหม่"] == ["ภาคเหนือ", 0, 0, 0, 25, 0, 1]
        assert rows["หน่วยงานส่วนกลาง"] == [None, 0, 1, 1, 50, 0, 0]
        assert rows["รวม"] == [None, 2, 1, 3, 50 + 2 + 76 * 25, 1, 1]

    def test_all_kinds_of_sheets_stand_in_one_workbook(self):
        workshop = make_workshop()
        make_participant(workshop)
        assert len(book_of(workshop, sheets=[SUMMARY, ALL, PROVINCES])[0].sheetnames) == 3

    def test_without_anybody_there_is_a_sheet_all_the_same(self):
        assert rows_of(book_of(make_workshop(), sheets=[PROVINCES])[0].active) == []

    def test_two_sheets_never_have_one_name_and_no_sheet_a_forbidden_one(self):
        book = Book("Title")
        for _i in range(2):
            book.sheet("[ก]/ข:" + "ค" * 40, [Column("text", "Text", 20, lambda line: None)])
        file = BytesIO()
        book.save(file)
        names = load_workbook(file).sheetnames
        assert (len(set(names)), [name for name in names if set(name) & set("[]:*?/\\")]) == (2, [])


class TestCsv:
    pytestmark = pytest.mark.django_db

    def test_it_is_read_back_as_it_was_and_excel_sees_that_it_is_utf8(self):
        workshop = make_workshop()
        person = make_participant(workshop, title="นาง", first_name='สม"มุติ', organisation='ก, "ข"; ค', phone="+6622804085", days=[])
        data, (row,) = table(workshop)
        assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
        assert (row["ชื่อ"], row["หน่วยงาน"], row["โทรศัพท์"], row["รหัส"]) == (
            person.first_name,
            person.organisation,
            "02 280 4085",
            person.code,
        )
        assert row["ลงทะเบียนเมื่อ"] == "2027-01-15 12:00"
        assert list(row) == list(attendees(workshop)[0])

    @pytest.mark.parametrize("text", FORMULAS)
    def test_what_looks_like_a_formula_begins_with_an_apostrophe(self, text):
        workshop = make_workshop()
        make_participant(workshop)
        with connection.cursor() as cursor:  # past everything that cleans what comes in
            cursor.execute("UPDATE registration_participant SET organisation = %s", [text])
        assert [row["หน่วยงาน"] for row in table(workshop)[1]] == [f"'{text}"]

    def test_a_phone_number_from_abroad_is_no_formula(self):
        workshop = make_workshop()
        make_participant(workshop, phone="+12025550143")
        assert [row["โทรศัพท์"] for row in table(workshop)[1]] == ["'+1 202-555-0143"]
