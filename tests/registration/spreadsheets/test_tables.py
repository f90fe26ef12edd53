"""Files of strangers become rows of text, or are refused in words."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from registration.spreadsheets import tables, uploads
from registration.spreadsheets.files import read
from registration.spreadsheets.tables import MAX_ROWS, ROWS_AROUND, SpreadsheetFault, Unseen
from tests.effort import effort
from tests.registration.spreadsheets.workbooks import parts, saved, workbook, zipped

#: The container of old Excel and Word.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def table(data: bytes) -> list[list[str]]:
    """The cells of a file that has one sheet."""
    (sheet,) = read(data)
    return [row.cells for row in sheet.rows]


def fault(data: bytes) -> str:
    with pytest.raises(SpreadsheetFault) as refused:
        read(data)
    assert str(refused.value)
    return refused.value.code


class TestWorkbooks:
    def test_rows_keep_the_numbers_that_excel_shows(self):
        (sheet,) = read(workbook(รายชื่อ=[["ชื่อ", "สกุล"], [], [None, None], ["สมมุติ", "ทดสอบดี"]]))
        assert (sheet.name, [(row.number, row.cells) for row in sheet.rows]) == (
            "รายชื่อ",
            [(1, ["ชื่อ", "สกุล"]), (4, ["สมมุติ", "ทดสอบดี"])],
        )

    def test_numbers_look_as_in_the_cell(self):
        assert table(workbook(a=[[812345678, 812345678.0, 1.5, True, -3, 25650218]])) == [
            ["812345678", "812345678", "1.5", "TRUE", "-3", "25650218"]
        ]

    def test_a_number_in_exponents_is_written_out(self):
        cells = '<row r="1"><c r="A1"><v>8.12345678E8</v></c><c r="B1"><v>1E400</v></c></row>'
        assert table(zipped(parts(cells))) == [["812345678", "inf"]]

    def test_cells_are_cleaned_of_what_cannot_be_seen(self):
        assert table(workbook(a=[["  สมมุติ\u00a0\u200b ", "บรรทัดแรก\nบรรทัดสอง", "เเพร่"]])) == [["สมมุติ", "บรรทัดแรก\nบรรทัดสอง", "แพร่"]]

    def test_a_formula_is_not_evaluated_but_its_kept_result_is_read(self):
        cells = '<row r="1"><c r="A1" t="str"><f>A2&amp;" "&amp;A3</f><v>สมมุติ</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>'
        without_result = '<row r="2"><c r="A2"><f>WEBSERVICE("https://example.org")</f></c><c r="B2"><v>3</v></c></row>'
        assert table(zipped(parts(cells + without_result))) == [["สมมุติ", "2"], ["", "3"]]

    @pytest.mark.parametrize(
        ("cell", "is_told"),
        [
            ('<c r="A2"><f>B2</f></c>', True),
            ('<c r="A2"><f>B2</f><v></v></c>', True),
            ('<c r="A2" t="n"><f t="shared" si="0"/><v/></c>', True),
            ('<c r="A2" t="str"><f>B2</f></c>', True),
            ('<c r="A2" t="str"><f>B2</f><v></v></c>', False),
            ('<c r="A2"><f>B2</f><v xml:space="preserve">1</v></c>', False),
        ],
    )
    def test_a_formula_that_no_program_has_computed_is_told_and_an_empty_result_is_one(self, cell, is_told):
        (sheet,) = read(zipped(parts(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{cell}<c r="B2"><v>3</v></c></row>')))
        assert (Unseen.RESULTS in sheet.unseen) == is_told

    def test_what_excel_shows_for_a_broken_formula_is_no_text(self):
        assert table(zipped(parts('<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><v>1</v></c></row>'))) == [["", "1"]]

    def test_rich_text_is_joined_and_readings_are_left_out(self):
        strings = "<si><r><t>นาย</t></r><r><t>สมมุติ</t></r><rPh><t>reading</t></rPh></si><si><t>ทดสอบดี</t></si>"
        cells = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>พช.</t></is></c></row>'
        assert table(zipped(parts(cells, strings=strings))) == [["นายสมมุติ", "ทดสอบดี", "พช."]]

    def test_prefixed_names_of_elements_are_understood(self):
        members = parts("")
        cells = '<x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData>'
        strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
        members["xl/worksheets/sheet1.xml"] = f'<x:worksheet xmlns:x="{strict}">{cells}</x:worksheet>'
        assert table(zipped(members)) == [["7"]]

    def test_a_cell_merged_over_rows_is_repeated_beside_what_else_they_hold(self):
        book = Workbook()
        sheet = book.active
        for row in [["หน่วยงาน", "ชื่อ"], ["สำนักงานจังหวัด", "หนึ่ง"], [None, "สอง"], [None, "สาม"], ["อบจ.", "สี่"]]:
            sheet.append(row)
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("A9:F1000")
        assert table(saved(book)) == [
            ["หน่วยงาน", "ชื่อ"], ["สำนักงานจังหวัด", "หนึ่ง"], ["สำนักงานจังหวัด", "สอง"], ["สำนักงานจังหวัด", "สาม"], ["อบจ.", "สี่"],
        ]  # fmt: skip

    def test_hidden_sheets_are_known_as_such_and_empty_ones_are_left_out(self):
        book = Workbook()
        book.active.title = "ว่าง"
        book.create_sheet("คนที่มา").append(["สมมุติ"])
        hidden = book.create_sheet("รายการ")
        hidden.append(["ไม่ให้เห็น"])
        hidden.sheet_state = "hidden"
        assert [(sheet.name, sheet.is_hidden) for sheet in read(saved(book))] == [("คนที่มา", False), ("รายการ", True)]

    def test_backslashes_and_capitals_in_part_names_are_understood(self):
        members = parts("<row><c><v>7</v></c></row>")
        members["XL\\WorkSheets\\Sheet1.XML"] = members.pop("xl/worksheets/sheet1.xml")
        assert table(zipped(members)) == [["7"]]


class TestTexts:
    ROWS = "ชื่อ,สกุล\r\nสมมุติ,ทดสอบดี\r\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874", "tis-620"])
    def test_thai_encodings_are_recognised(self, encoding):
        assert table(self.ROWS.encode(encoding)) == [["ชื่อ", "สกุล"], ["สมมุติ", "ทดสอบดี"]]

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_separators_are_recognised(self, separator):
        rows = [["ชื่อ", "สกุล", "ตำแหน่ง"], ["สมมุติ", "ทดสอบดี", "หัวหน้า"], ["สมหมาย", "ทดสอบดี", "ปลัด"]]
        assert table("\n".join(separator.join(row) for row in rows).encode()) == rows

    def test_commas_within_cells_do_not_mislead(self):
        rows = [["ชื่อ", "หน่วยงาน"], ["สมมุติ", "กอง ก, ข, ค, ง"], ["สมหมาย", "กอง ก"]]
        assert table("\n".join(";".join(row) for row in rows).encode()) == rows

    def test_a_title_above_does_not_mislead(self):
        assert table("รายชื่อผู้เข้าร่วม, จังหวัดน่าน\n\nชื่อ;สกุล;อีเมล\nก;ข;a@example.org\n".encode())[1:] == [
            ["ชื่อ", "สกุล", "อีเมล"],
            ["ก", "ข", "a@example.org"],
        ]

    def test_a_hint_of_the_separator_is_followed(self):
        (sheet,) = read("sep=;\nชื่อ;สกุล\nก,ก;ข\n".encode())
        assert [(row.number, row.cells) for row in sheet.rows] == [(2, ["ชื่อ", "สกุล"]), (3, ["ก,ก", "ข"])]

    def test_quoted_cells_may_hold_separators_and_line_breaks(self):
        assert table('"ก,ข","บรรทัดแรก\nบรรทัดสอง"\n"ค""ง",จ\n'.encode()) == [["ก,ข", "บรรทัดแรก\nบรรทัดสอง"], ['ค"ง', "จ"]]


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "data"),
        [
            ("empty", b""),
            ("empty", b"\n , , \n"),
            ("empty", workbook(a=[[]])),
            ("too_large", b"a" * (tables.MAX_BYTES + 1)),
            ("too_many_rows", b"a,b\n" * (MAX_ROWS + ROWS_AROUND + 1)),
            ("too_many_rows", workbook(a=[["a"]] * 1500, b=[["b"]] * 1500)),
            ("too_much_text", ("ก" * 900 + "," + "ข" * 900 + "," + "ค" * 900 + "\n").encode("cp874") * 1700),
            ("not_a_list", OLE + bytes(500)),
            ("locked", OLE + "EncryptedPackage".encode("utf-16-le")),
            ("old_word", OLE + "WordDocument".encode("utf-16-le")),
            ("workbook", OLE + "Workbook".encode("utf-16-le")),
            ("pdf", b"%PDF-1.7\n"),
            ("picture", b"\x89PNG\r\n\x1a\n\x00\x00"),
            ("picture", b"\x00\x00\x00\x18ftypheic" + bytes(20)),
            ("rtf", b"{\\rtf1 "),
            ("not_a_list", b"<html><p>1</p></html>"),
            ("not_a_list", b'"' + b"a" * 200_000),
            ("encoding", b"\xff\xff\x81\x82"),
            ("workbook", b"PK\x03\x04 and nothing more"),
            ("workbook", zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"})),
            ("writer", zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})),
            ("archive", zipped({"photo.jpg": b"\xff\xd8"})),
            ("slides", zipped({"ppt/presentation.xml": "<a/>"})),
            ("numbers", zipped({"Index/Document.iwa": b"x"})),
            ("workbook", zipped({"word/document.xml": "<a/>"})),
            ("workbook", workbook(a=[["a"]])[:-40]),
            ("too_many_sheets", workbook(**{f"s{n}": [["a"]] for n in range(31)})),
            ("too_many_columns", workbook(a=[["a"] * 201])),
            ("cell_too_long", workbook(a=[["a" * 5_001]])),
            ("workbook", zipped(parts('<row><c t="s"><v>5</v></c></row>'))),
            ("workbook", zipped(parts("<row><c><v>1</v></row>"))),
            ("too_large_inside", zipped({f"xl/{n}.xml": "" for n in range(2001)})),
        ],
    )  # fmt: skip
    def test_what_is_no_list_is_refused_by_name(self, code, data):
        assert fault(data) == code

    def test_two_thousand_rows_are_read(self):
        assert len(table(workbook(a=[["ลำดับ", "ชื่อ"]] + [[n, f"สมมุติ{n}"] for n in range(MAX_ROWS)]))) == MAX_ROWS + 1

    def test_a_million_empty_rows_with_borders_do_not_matter(self):
        empty = "".join(f'<row r="{n}" ht="20" customHeight="1"/>' for n in range(2, 500_000))
        assert table(zipped(parts(f'<row r="1"><c><v>1</v></c></row>{empty}'))) == [["1"]]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
    def test_a_dtd_is_refused_in_every_encoding(self, encoding):
        dtd = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        members = parts("<row><c><v>1</v></c></row>")
        mark = {"utf-8": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
        assert table(zipped(members | {"xl/workbook.xml": mark + members["xl/workbook.xml"].encode(encoding)})) == [["1"]]
        assert fault(zipped(members | {"xl/workbook.xml": mark + (dtd + members["xl/workbook.xml"]).encode(encoding)})) == "workbook"

    def test_an_external_part_is_not_fetched(self):
        members = parts("<row><c><v>1</v></c></row>")
        outside = 'Target="file:///etc/passwd" TargetMode="External"'
        rels = members["xl/_rels/workbook.xml.rels"].replace('Target="worksheets/sheet1.xml"', outside)
        assert fault(zipped(members | {"xl/_rels/workbook.xml.rels": rels})) == "workbook"

    def test_a_path_out_of_the_archive_leads_nowhere(self):
        members = parts("<row><c><v>1</v></c></row>")
        rels = members["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "../../../../etc/passwd")
        assert fault(zipped(members | {"xl/_rels/workbook.xml.rels": rels})) == "workbook"

    def test_a_locked_archive_is_refused(self):
        data = bytearray(zipped(parts("<row><c><v>1</v></c></row>")))
        for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = -1
            while (place := data.find(signature, place + 1)) >= 0:
                data[place + flags] |= 1
        assert fault(bytes(data)) == "locked"

    def test_a_hostile_merged_range_costs_nothing(self):
        after = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        assert table(zipped(parts("<row><c><v>1</v></c></row>", after=after))) == [["1"]]


def bomb(megabytes: int) -> bytes:
    """A workbook whose one sheet unpacks to so much, in a thousandth of it."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts("").items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _i in range(megabytes):
                sheet.write(b"<row/>" * (2**20 // 6))
            sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


def with_small_claims(data: bytes) -> bytes:
    """`data` with a zip directory that says of its sheet that it unpacks to a thousand bytes."""
    place = data.rindex(b"PK\x01\x02")
    return data[: place + 24] + (1000).to_bytes(4, "little") + data[place + 28 :]


class TestBombs:
    @pytest.mark.parametrize("make", [lambda: bomb(200), lambda: with_small_claims(bomb(200)), lambda: bomb(30)])
    def test_a_bomb_is_refused_with_little_work_and_within_the_reader_s_memory(self, make):
        """The reader's memory is the system's to hold; here the answer has to come from the limits, whatever the bomb is."""
        data = make()
        assert len(data) < 400_000
        with effort() as spent, pytest.raises(SpreadsheetFault) as refused:
            uploads.read(BytesIO(data), by=None)
        assert refused.value.code in ("workbook", "too_large_inside", "too_much", "empty")
        assert spent.units < 50


class TestAnything:
    """Whatever the bytes are: rows, or the reader's own fault."""

    @staticmethod
    def try_to(data: bytes) -> None:
        try:
            sheets = read(data)
        except SpreadsheetFault:
            return
        assert all(any(row.cells) for sheet in sheets for row in sheet.rows)

    @given(st.binary(max_size=2000))
    def test_random_bytes(self, data):
        self.try_to(data)

    @given(st.text(max_size=500), st.sampled_from(["utf-8", "utf-16", "cp874"]))
    def test_random_text(self, text, encoding):
        self.try_to(text.encode(encoding, "replace"))

    @given(st.text(max_size=200), st.text(max_size=100), st.text(max_size=50))
    def test_random_markup(self, rows, strings, book):
        members = parts(rows, strings=strings)
        self.try_to(zipped(members))
        self.try_to(zipped(members | {"xl/workbook.xml": book.encode("utf-8", "replace")}))

    @given(
        st.lists(
            st.sampled_from(
                ['<row r="1">', "</row>", '<c r="A1" t="s">', '<c r="ZZZ9999999">', '<c t="inlineStr">', "</c>", "<v>", "</v>",
                 "0", "-1", "1e999", "<is><t>", "</t></is>", "&#65;", "&nope;", "<f>", "</f>", "<rPh>", "</rPh>",
                 '<mergeCell ref="A1:A99"/>', "x"]
            ),
            max_size=40,
        )
    )  # fmt: skip
    def test_random_elements(self, pieces):
        self.try_to(zipped(parts("".join(pieces), strings="<si><t>ก</t></si>")))

    @given(st.data())
    def test_a_workbook_with_broken_bytes(self, data):
        good = bytearray(SAMPLE)
        for _i in range(data.draw(st.integers(1, 8))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
        self.try_to(bytes(good[: data.draw(st.integers(1, len(good)))]) if data.draw(st.booleans()) else bytes(good))

    def test_an_endless_tag_takes_no_endless_time(self):
        with effort() as spent:
            assert fault(zipped(parts("<row " + "a" * 20_000_000))) == "workbook"
        assert spent.units < 50


SAMPLE = workbook(รายชื่อ=[["ชื่อ", "สกุล", "โทร"], ["สมมุติ", "ทดสอบดี", 812345678]])
