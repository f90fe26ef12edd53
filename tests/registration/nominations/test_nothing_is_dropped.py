"""For any table of people, whatever is made of it: every cell is in a person, in a remark, or in a column that is not used."""

import datetime as dt

from hypothesis import example, given, settings
from hypothesis import strategies as st

from registration.nominations.columns import Layout
from registration.nominations.headings import Meaning
from registration.nominations.layouts import propose_layouts
from registration.nominations.rows import Nominations, read_people
from registration.people.text import means_nothing
from registration.spreadsheets.tables import Row, Sheet, SpreadsheetFault, row_of
from sessions.thai import arabic_digits
from tests.registration.nominations.groups import GROUPS

DAYS = [dt.date(2022, 2, 18), dt.date(2022, 3, 3)]

HEADINGS = st.sampled_from(
    [
        "ที่", "คำนำหน้า", "ชื่อ", "นามสกุล", "ชื่อ-สกุล", "ตำแหน่ง", "ตำแหน่ง/สังกัด", "หน่วยงาน", "อักษรย่อ", "กลุ่ม", "อีเมล", "อีเมลหน่วยงาน",
        "โทรศัพท์", "มือถือ", "ต่อ", "โทร/อีเมล", "จังหวัด", "หมายเหตุ", "๑๘ ก.พ.", "ผู้แทนสำรอง", "ขนาดเสื้อ", "เลขประจำตัวประชาชน", "",
    ]
)  # fmt: skip
NAMES = st.sampled_from(
    ["นายสมมุติ ทดสอบดี", "น.ส.สมหมาย ทดสอบงาม", "ดร.กานดา ณ น่าน", "สมมุติ", "พระครูทดสอบธรรม", "Mr. John Testman", "นาย", "คุณธรรม"]
)
CELLS = st.one_of(
    NAMES,
    st.sampled_from(
        [
            "a@example.org",
            "a@example.org, b@example.org",
            "E-mail: c@example.org (ราชการ)",
            "0812345678",
            "812345678",
            "081-234-5678 / 054-710123",
            "โทร. 0812345678\nd@example.org",
            "นายสมมุติ ทดสอบดี\nนักวิเคราะห์",
            "เกษตรจังหวัด สำนักงานเกษตรจังหวัดน่าน",
            "น่าน",
            "แพร่",
            "4.1.2",
            "๔.๑.๓",
            "อปท.",
            "ยกเลิก",
            "สำรอง",
            "รายชื่อสำรอง",
            "รวม 10 คน",
            "ลงชื่อ ........",
            "(นายวันชัย มีดี)",
            "ผู้ประสานงาน: นางสาวอรุณี",
            "/",
            "✓",
            "-",
            "ไม่มี",
            "\"",
            "〃",
            "1",
            "2",
            "๓.",
            "*",
            "3550100000001",
            "xx@",
            "L",
            "ชื่อ-สกุล",
            "อีเมล",
            "หมายเหตุ",
            "กลุ่มที่ ๒ ส่วนราชการ",
        ]
    ),
    st.text(alphabet="กขคงจฉสมนาิีุูเแโ่้ abcXYZ012๓-.,@/()\n", max_size=14),
    st.just(""),
)  # fmt: skip
TABLES = st.integers(1, 8).flatmap(
    lambda width: st.tuples(
        st.lists(HEADINGS, min_size=width, max_size=width),
        st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6),
    )
)


def sheet_of(rows: list[list[str]], name: str = "รายชื่อ", **signs: object) -> Sheet:
    made = [row_of(number, cells, **signs) for number, cells in enumerate(rows, start=1)]
    return Sheet(name, [row for row in made if row])


@settings(max_examples=400, deadline=None)
@given(TABLES, st.booleans(), st.booleans())
@example((["ชื่อ-สกุล", "อีเมล"], [["นายสมมุติ ทดสอบดี", "-"], ["", "a@example.org x"]]), True, False)
def test_every_cell_is_somewhere(table, with_headings, is_struck):
    headings, rows = table
    sheet = sheet_of([headings, *rows] if with_headings else rows)
    if is_struck and sheet.rows:
        last = sheet.rows[-1]
        sheet.rows[-1] = Row(last.number, last.cells, is_hidden=True, struck={0: last.cells[0][:3]} if last.cells and last.cells[0] else {})
    layouts = propose_layouts([sheet], days=DAYS, groups=GROUPS)
    try:
        found = read_people([sheet], layouts, groups=GROUPS, days=DAYS)
    except SpreadsheetFault:
        return
    (layout,) = layouts
    for row in sheet.rows[layout.begin :] if layout.is_used else sheet.rows:
        for index, cell in enumerate(row.cells):
            assert is_somewhere(cell, index, row, layout, found), (cell, row, layout, found)


def is_somewhere(cell: str, index: int, row: Row, layout: Layout, found: Nominations) -> bool:
    if not cell or all(means_nothing(line) for line in cell.split("\n")) or not bare(cell):
        return True
    column = next((column for column in layout.columns if column.index == index), None)
    if column is None:
        return False
    if column.meaning is Meaning.UNUSED or cell == column.heading:
        return True
    if any(row.number == line and bare(cell) in bare(text) for _sheet, line, text in found.remarks):
        return True
    people = [nominee for nominee in found.nominees if nominee.line == row.number]
    if column.meaning is Meaning.DAY and len(cell) <= 3:
        return bool(people)
    said = [" ".join([*nominee.values.values(), nominee.remark]) for nominee in people]
    told = bare(" ".join(said))
    if struck := row.struck.get(index, ""):
        cell = cell.replace(struck, f"{struck} ", 1)
    return is_ditto(cell) or all(part in told or written in told for part, written in parts(cell))


def parts(cell: str) -> list[tuple[str, str]]:
    """The pieces of a cell that must be found again, each as it stands and with short titles written out; labels may be left."""
    for label in ("E-mail:", "โทร."):
        cell = cell.replace(label, " ")
    pieces = cell.replace(",", " ").replace("/", " ").replace("(", " ").replace(")", " ").split()
    return [(bare(piece), bare(piece.replace("น.ส.", "นางสาว"))) for piece in pieces if bare(piece)]


def is_ditto(text: str) -> bool:
    return text in ('"', "〃")


def bare(text: str) -> str:
    return "".join(c for c in arabic_digits(text).casefold() if c.isalnum() or "\u0e30" <= c <= "\u0e4e" or c in "@")
