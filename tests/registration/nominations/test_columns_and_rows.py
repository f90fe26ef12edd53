"""Lists as offices make them: every row is understood, or named as something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from registration.nominations.headings import Meaning
from registration.nominations.layouts import laid_out, propose_layouts
from registration.nominations.nominees import Doubt
from registration.nominations.rows import Nominations, read_people
from registration.spreadsheets.files import read
from registration.spreadsheets.tables import Row, Sheet, SpreadsheetFault
from tests.registration.nominations.groups import GROUPS
from tests.registration.spreadsheets.workbooks import saved, workbook

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "group", "email", "phone")


def understand(sheets: list[Sheet]) -> Nominations:
    """What is made of `sheets` where nobody changes what is proposed."""
    return read_people(sheets, propose_layouts(sheets, groups=GROUPS), groups=GROUPS)


def people(data: bytes) -> list[tuple[str, ...]]:
    """What was understood of every person: their values in the order of `FIELDS`, empty ones left out."""
    found = understand(read(data)).nominees
    return [tuple(nominee.values[name] for name in FIELDS if nominee.values[name]) for nominee in found if not nominee.is_left_out]


def remarks(data: bytes) -> list[str]:
    return [text for _sheet, _line, text in understand(read(data)).remarks]


ONE = ("นาย", "สมมุติ", "ทดสอบดี", "นักวิเคราะห์นโยบายและแผน", "สำนักงานจังหวัดน่าน", "one@example.org", "0812345678")
TWO = ("นางสาว", "สมหมาย", "ทดสอบงาม", "ปลัดอำเภอ", "ที่ทำการปกครองจังหวัดน่าน", "two@example.org", "054123456")


class TestShapesOfLists:
    def test_merged_titles_above_the_headings(self):
        book = Workbook()
        sheet = book.active
        for row in [
            ["บัญชีรายชื่อผู้เข้าร่วมการประชุมเชิงปฏิบัติการ"],
            ["จังหวัดน่าน (ตามหนังสือที่ นน ๐๐๑๗/ว ๑๒๓๔ ลงวันที่ ๑ กุมภาพันธ์ ๒๕๖๕)"],
            [],
            ["ลำดับ", "คำนำหน้า", "ชื่อ", "นามสกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์", "หมายเหตุ"],
            [1, *ONE[:6], 812345678, None],
            [2, *TWO[:6], "054-123456", "มาแทน"],
        ]:
            sheet.append(row)
        sheet.merge_cells("A1:I1")
        sheet.merge_cells("A2:I2")
        assert people(saved(book)) == [ONE, (*TWO[:6], "054-123456")]

    def test_headings_in_other_order_and_other_words(self):
        rows = [
            ["เบอร์มือถือ (ที่ติดต่อได้)", "E-Mail*", "สังกัด", "ตำแหน่งปัจจุบัน", "สกุล", "ชื่อ", "ยศ/คำนำหน้า"],
            ["081 234 5678", ONE[5], ONE[4], ONE[3], "ทดสอบดี", "สมมุติ", "นาย"],
        ]
        assert people(workbook(a=rows)) == [(*ONE[:6], "081 234 5678")]

    def test_the_whole_name_in_one_cell(self):
        rows = [
            ["ที่", "ชื่อ - สกุล", "ตำแหน่ง", "หน่วยงาน/องค์กร", "อีเมล์", "เบอร์โทรศัพท์"],
            ["๑.", "นายสมมุติ  ทดสอบดี", *ONE[3:]],
            ["๒.", "น.ส.สมหมาย ทดสอบงาม", *TWO[3:]],
        ]
        assert people(workbook(a=rows)) == [ONE, TWO]

    def test_title_first_and_last_name_beneath_one_merged_heading(self):
        book = Workbook()
        sheet = book.active
        sheet.append(["ลำดับที่", "ชื่อ-นามสกุล", None, None, "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"])
        sheet.merge_cells("B1:D1")
        sheet.append([1, *ONE])
        sheet.append([2, *TWO])
        assert people(saved(book)) == [ONE, TWO]

    def test_headings_in_two_rows(self):
        rows = [
            ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "สังกัด", "ช่องทางการติดต่อ", None],
            [None, None, None, None, "อีเมล", "โทรศัพท์"],
            [1, "นายสมมุติ ทดสอบดี", *ONE[3:]],
        ]
        assert people(workbook(a=rows)) == [ONE]

    def test_groups_as_lines_between_the_people(self):
        rows = [
            ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"],
            ["กลุ่มที่ ๑ สำนักงานจังหวัด"],
            [1, "นายสมมุติ ทดสอบดี", *ONE[3:]],
            ["กลุ่มที่ ๓ อำเภอ"],
            [1, "นางสาวสมหมาย ทดสอบงาม", *TWO[3:]],
        ]
        data = workbook(a=rows)
        assert [person[5] for person in people(data)] == ["กลุ่มที่ ๑ สำนักงานจังหวัด", "กลุ่มที่ ๓ อำเภอ"]
        assert remarks(data) == ["กลุ่มที่ ๑ สำนักงานจังหวัด", "กลุ่มที่ ๓ อำเภอ"]

    def test_a_group_of_their_own_wins_over_the_line_above(self):
        rows = [
            ["ชื่อ-สกุล", "กลุ่ม", "อีเมล"],
            ["กลุ่มที่ ๑ สำนักงานจังหวัด"],
            ["นายสมมุติ ทดสอบดี", "4.1.3", "one@example.org"],
            ["นางสาวสมหมาย ทดสอบงาม", None, "two@example.org"],
        ]
        assert [person[3] for person in people(workbook(a=rows))] == ["4.1.3", "กลุ่มที่ ๑ สำนักงานจังหวัด"]

    def test_a_whole_name_has_three_columns_at_the_most(self):
        rows = [["ชื่อ-นามสกุล", None, None, None, "อีเมล"], [*ONE[:3], "แทน", "one@example.org"]]
        assert people(workbook(a=rows)) == [(*ONE[:3], "one@example.org")]

    def test_an_organisation_merged_over_its_people(self):
        book = Workbook()
        sheet = book.active
        sheet.append(["หน่วยงาน", "ชื่อ-สกุล", "อีเมล"])
        sheet.append(["สำนักงานจังหวัดน่าน", "นายสมมุติ ทดสอบดี", "one@example.org"])
        sheet.append([None, "นางสาวสมหมาย ทดสอบงาม", "two@example.org"])
        sheet.merge_cells("A2:A3")
        assert [person[3] for person in people(saved(book))] == ["สำนักงานจังหวัดน่าน"] * 2

    def test_blank_rows_trailing_spaces_and_numbered_empty_lines(self):
        rows = [
            ["ลำดับ ", " ชื่อ", "สกุล ", "อีเมล", "โทร."],
            [],
            [1, "นายสมมุติ ", " ทดสอบดี", " ONE@example.org ", " 0812345678 "],
            [None, " ", "\u00a0"],
            [2],
            ["3.", None, "-", "-", "-"],
            [4, "นางสมหมาย", "ทดสอบงาม", "-", "ไม่มี"],
        ]
        data = workbook(a=rows)
        assert people(data) == [
            ("นาย", "สมมุติ", "ทดสอบดี", "one@example.org", "0812345678"),
            ("นาง", "สมหมาย", "ทดสอบงาม"),
        ]
        assert [nominee.line for nominee in understand(read(data)).nominees] == [3, 7]

    def test_signatures_and_sums_beneath_are_no_people(self):
        rows = [
            ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"],
            [1, "นายสมมุติ ทดสอบดี", *ONE[3:]],
            ["รวมทั้งสิ้น", "1", "คน"],
            [None, "ขอรับรองว่าถูกต้อง"],
            [None, None, "ลงชื่อ ....................... ผู้รับรอง"],
            [None, None, "(นายสมมุติ ทดสอบดี)"],
            [None, None, "หัวหน้าสำนักงานจังหวัดน่าน"],
        ]
        data = workbook(a=rows)
        assert people(data) == [ONE]
        assert remarks(data) == [
            "รวมทั้งสิ้น 1 คน", "ขอรับรองว่าถูกต้อง", "ลงชื่อ ....................... ผู้รับรอง", "(นายสมมุติ ทดสอบดี)", "หัวหน้าสำนักงานจังหวัดน่าน",
        ]  # fmt: skip

    def test_headings_printed_again_on_every_page(self):
        head = ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"]
        rows = [head, [1, "นายสมมุติ ทดสอบดี", *ONE[3:]], head, [2, "นางสาวสมหมาย ทดสอบงาม", *TWO[3:]]]
        data = workbook(a=rows)
        assert (people(data), remarks(data)) == ([ONE, TWO], [])

    def test_two_sheets_and_a_third_without_a_list(self):
        head = ["คำนำหน้า", "ชื่อ", "สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"]
        data = workbook(ราชการ=[head, ONE], ประชาสังคม=[head, TWO], คำชี้แจง=[["โปรดกรอกให้ครบ"], ["ส่งภายในวันที่ ๑"]])
        assert [(nominee.sheet, nominee.line) for nominee in understand(read(data)).nominees] == [("ราชการ", 2), ("ประชาสังคม", 2)]
        assert [person[:5] for person in people(data)] == [ONE[:5], TWO[:5]]

    @pytest.mark.parametrize("encoding", ["cp874", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_text_files_of_every_encoding_and_separator(self, encoding, separator):
        rows = [["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"], ["๑", "นายสมมุติ ทดสอบดี", *ONE[3:]]]
        assert people("\r\n".join(separator.join(row) for row in rows).encode(encoding)) == [ONE]

    def test_thai_digits_and_an_office_number_with_extension(self):
        rows = [
            ["ชื่อ-สกุล", "อีเมล", "โทรศัพท์ที่ทำงาน", "ต่อ", "โทรศัพท์มือถือ"],
            ["นายสมมุติ ทดสอบดี", "one@example.org", "๐๕๔ ๑๒๓ ๔๕๖", 12, None],
            ["นางสมหมาย ทดสอบงาม", "two@example.org", "๐๕๔ ๑๒๓ ๔๕๖", 12, "๐๘๑-๒๓๔-๕๖๗๘"],
        ]
        assert [person[-1] for person in people(workbook(a=rows))] == ["๐๕๔ ๑๒๓ ๔๕๖ ต่อ 12", "๐๘๑-๒๓๔-๕๖๗๘"]

    @pytest.mark.parametrize(
        ("written", "understood"),
        [
            (812345678, "0812345678"),
            (54123456, "054123456"),
            ("0812345678", "0812345678"),
            ("+66812345678", "+66812345678"),
            (66812345678, "66812345678"),
        ],
    )
    def test_the_zero_that_excel_takes_is_put_back(self, written, understood):
        assert people(workbook(a=[["ชื่อ", "สกุล", "โทร"], ["นายก", "ข", written]])) == [("นายก", "ข", understood)]

    def test_a_person_with_little_more_than_a_name_is_not_lost(self):
        rows = [
            ["ลำดับ", "ชื่อ-สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"],
            [1, "สมมุติ ทดสอบดี"],
            [None, "นายสมหมาย ทดสอบงาม"],
            [None, None, None, None, "three@example.org"],
        ]
        assert people(workbook(a=rows)) == [("สมมุติ", "ทดสอบดี"), ("นาย", "สมหมาย", "ทดสอบงาม"), ("three@example.org",)]

    def test_a_name_and_a_post_are_enough(self):
        assert people(workbook(a=[["ชื่อ-สกุล", "ตำแหน่ง"], ["นายสมมุติ ทดสอบดี", "ปลัดอำเภอ"]])) == [("นาย", "สมมุติ", "ทดสอบดี", "ปลัดอำเภอ")]

    def test_addresses_alone_are_people(self):
        rows = [["อีเมล", "โทรศัพท์"], ["one@example.org", "0812345678"]]
        assert people(workbook(a=rows)) == [("one@example.org", "0812345678")]

    def test_a_number_or_a_title_makes_one_word_a_person_and_nothing_does_not(self):
        rows = [["ลำดับ", "ชื่อ-สกุล", "อีเมล"], [1, "สมมุติ"], ["(๒)", "สมหมาย"], [None, "นายสมชาย"], [None, "หัวหน้าสำนักงาน"]]
        data = workbook(a=rows)
        assert (people(data), remarks(data)) == ([("สมมุติ",), ("สมหมาย",)], ["หัวหน้าสำนักงาน"])

    def test_a_line_of_dots_to_sign_on_is_nobody(self):
        rows = [["ตำแหน่ง", "ชื่อ-สกุล", "อีเมล"], ["ปลัดอำเภอ", "นายสมมุติ ทดสอบดี"], [".................", "นายสมหมาย ทดสอบงาม"]]
        data = workbook(a=rows)
        assert [person[:3] for person in people(data)] == [("นาย", "สมมุติ", "ทดสอบดี")]
        assert [nominee.doubts for nominee in understand(read(data)).nominees] == [(), ((Doubt.NO_PERSON, ""),)]

    def test_two_columns_beneath_the_heading_of_the_whole_name(self):
        rows = [["ลำดับ", "ชื่อ-นามสกุล", None, "ตำแหน่ง"], [1, "นายสมมุติ", "ทดสอบดี", "ปลัดอำเภอ"]]
        assert people(workbook(a=rows)) == [("นาย", "สมมุติ", "ทดสอบดี", "ปลัดอำเภอ")]

    def test_headings_stand_within_the_first_sixty_rows(self):
        head, person = ["ชื่อ", "สกุล", "อีเมล"], ["นายสมมุติ", "ทดสอบดี", "one@example.org"]
        letter = [["เรียน ผู้ว่าราชการจังหวัด"]] * 59
        assert len(people(workbook(a=[*letter, head, person]))) == 1
        with pytest.raises(SpreadsheetFault):
            people(workbook(a=[*letter, ["ที่ส่งมาด้วย"], ["รายชื่อตามแนบ"], head, person]))

    def test_the_row_that_says_most_is_the_row_of_headings(self):
        rows = [["ชื่อ", "อีเมล"], ["ก", "x"], ["ชื่อ", "สกุล", "อีเมล"], ["นายสมมุติ", "ทดสอบดี", "one@example.org"]]
        assert people(workbook(a=rows)) == [("นาย", "สมมุติ", "ทดสอบดี", "one@example.org")]

    def test_a_first_and_a_last_name_in_the_cell_of_the_first(self):
        rows = [["ชื่อ", "สกุล", "อีเมล"], ["นายสมมุติ ณ ทดสอบ", None, "one@example.org"]]
        assert people(workbook(a=rows)) == [("นาย", "สมมุติ", "ณ ทดสอบ", "one@example.org")]

    def test_an_apostrophe_keeps_excel_from_counting_and_is_no_part_of_the_number(self):
        rows = [["ชื่อ", "สกุล", "โทร", "ต่อ"], ["นายก", "ข", "'812345678", None], ["นายก", "ข", "' 54123456", 7]]
        assert [person[-1] for person in people(workbook(a=rows))] == ["0812345678", "054123456 ต่อ 7"]

    @pytest.mark.parametrize("nothing", ["-", "–", "—", "...", "·", "ไม่มี", "ไม่ระบุ", "N/A", "n/a", "#N/A"])
    def test_what_means_nothing_is_nothing(self, nothing):
        rows = [["ชื่อ", "สกุล", "ตำแหน่ง", "อีเมล"], ["นายสมมุติ", "ทดสอบดี", nothing, "one@example.org"]]
        assert people(workbook(a=rows)) == [("นาย", "สมมุติ", "ทดสอบดี", "one@example.org")]

    def test_what_stands_beyond_the_last_heading_is_no_part_of_a_name(self):
        rows = [["อีเมล", "ชื่อ-สกุล"], ["one@example.org", "นายสมมุติ ทดสอบดี", "มาแทน"]]
        assert people(workbook(a=rows)) == [("นาย", "สมมุติ", "ทดสอบดี", "one@example.org")]

    def test_english_headings(self):
        rows = [
            ["No.", "Name", "Position", "Agency", "E-mail", "Tel."],
            [1, "Mr. John Smith", "Adviser", "UNDP", "john@example.org", "+66 81 234 5678"],
        ]
        assert people(workbook(a=rows)) == [("Mr.", "John", "Smith", "Adviser", "UNDP", "john@example.org", "+66 81 234 5678")]


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "rows"),
        [
            ("no_list", [["สวัสดี"], ["โลก"]]),
            ("no_list", [["ชื่อ"], ["นายสมมุติ ทดสอบดี"]]),
            ("no_list", [["ตำแหน่ง", "หน่วยงาน"], ["ปลัดอำเภอ", "ที่ทำการปกครอง"]]),
            ("no_people", [["ชื่อ", "สกุล", "อีเมล"]]),
            ("no_people", [["ชื่อ", "สกุล", "อีเมล"], ["", "", "รวม"]]),
            ("too_many_rows", [["ชื่อ", "สกุล"]] + [["นายก", "ข"]] * 2001),
        ],
    )
    def test_a_file_without_people_is_refused_by_name(self, code, rows):
        with pytest.raises(SpreadsheetFault) as refused:
            understand(read(workbook(a=rows)))
        assert refused.value.code == code

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            ([["สวัสดี"]], "ไม่พบรายชื่อ โปรดเพิ่มหัวตาราง เช่น ชื่อ นามสกุล หน่วยงาน อีเมล โทรศัพท์ ไว้เหนือรายชื่อ"),
            ([["ชื่อ", "สกุล", "อีเมล"]], "มีหัวตารางแต่ไม่มีรายชื่อ โปรดกรอกรายชื่อลงในไฟล์"),
            ([["ชื่อ", "สกุล"], *[["นายก", "ข"]] * 2001], "ไฟล์มีมากกว่า 2000 แถว โปรดแบ่งเป็นหลายไฟล์"),
        ],
    )
    def test_it_says_in_words_what_to_do(self, rows, words):
        sheet = Sheet("", [Row(number, cells) for number, cells in enumerate(rows, start=1)])
        with pytest.raises(SpreadsheetFault) as refused:
            understand([sheet])
        assert str(refused.value) == words

    def test_as_many_people_as_there_may_be_are_taken(self):
        rows = [["ชื่อ", "สกุล"], *[["นายก", "ข"]] * 2000]
        assert len(understand([Sheet("", [Row(number, cells) for number, cells in enumerate(rows, start=1)])]).nominees) == 2000


class TestHeadings:
    @pytest.mark.parametrize(
        ("cells", "meant"),
        [
            (["ชื่อ", "ชื่อสกุล"], {"first_name": 0, "last_name": 1}),
            (["ชื่อ - สกุล"], {"full_name": 0}),
            (["ชื่อ"], {"full_name": 0}),
            (["ชื่อ", "ชื่อ-นามสกุล (อังกฤษ)"], {"first_name": 0, "last_name": 1}),
            (["ชื่อหน่วยงาน", "ชื่อย่อหน่วยงาน", "ชื่อตำแหน่ง"], {"organisation": 0, "organisation_short": 1, "position": 2}),
            (["อีเมล", "e-mail"], {"email": 0, "note": 1}),
            (["รายชื่อผู้เข้าร่วมการประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมาย"], {}),
            (["one@example.org", ""], {}),
            (["email@example.org"], {}),
            (["ที่ (ข้อ)", "ชื่อ", "นามสกุล", "ผู้แทน"], {"first_name": 1, "last_name": 2}),
            ([f"อีเมล{'ก' * 55}", f"หมายเหตุ{'ก' * 55}"], {"email": 0}),
        ],
    )
    def test_columns_are_known_by_their_words(self, cells, meant):
        layout = laid_out(Sheet("", [Row(1, cells)]), (0, 1))
        assert {column.meaning.value: column.index for column in layout.columns if column.meaning is not Meaning.UNUSED} == meant


WORDS = st.sampled_from(
    [
        "ชื่อ",
        "นามสกุล",
        "ชื่อ-สกุล",
        "อีเมล",
        "โทร.",
        "ลำดับ",
        "นาย",
        "นายสมมุติ ทดสอบดี",
        "น.ส.",
        "a@example.org",
        "0812345678",
        "๑.",
        "-",
        "(",
        "รวม",
    ]
)


@given(st.lists(st.lists(st.one_of(st.just(""), WORDS, st.text(max_size=20)), max_size=8), max_size=12))
def test_whatever_stands_in_the_rows_they_are_people_remarks_or_a_named_fault(table):
    rows = [Row(number, cells) for number, cells in enumerate(table, start=1) if any(cells)]
    try:
        found = understand([Sheet("", rows)])
    except SpreadsheetFault:
        return
    lines = [nominee.line for nominee in found.nominees] + [line for _sheet, line, _text in found.remarks]
    assert len(lines) == len(set(lines))
    assert set(lines) <= {row.number for row in rows}
