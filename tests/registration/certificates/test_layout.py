"""The sheet: what is on it, in how many pages, and that it is the same each time."""

import base64
import datetime as dt
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from registration.certificates import layout
from registration.models import CertificateLayout
from sessions.models import Workshop

DAYS = [dt.date(2027, 2, 18), dt.date(2027, 3, 4)]
TOKEN = "hQ2xW9vT0m4kLz7bNcR1sA"


def design(**changes):
    fields = {
        "workshop": Workshop(platform="Zoom Webinar"), "title_th": "ได้เข้าร่วม\nการประชุมเชิงปฏิบัติการ", "title_en": "for attending",
        "signer_th": "นายสมมุติ ทดสอบ", "signer_en": "Mr Sommut Thotsop", "post_th": "เลขาธิการ", "post_en": "Secretary-General",
    }  # fmt: skip
    return CertificateLayout(**fields | changes)


def printed(name="นายสมมุติ ทดสอบดี", language="th", **changes):
    return layout.snapshot(design(**changes), name=name, number=42, token=TOKEN, language=language, days=DAYS, given=dt.date(2027, 3, 20))


def text(snapshot):
    pages = PdfReader(BytesIO(layout.pdf(snapshot))).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().replace("\u200b", "").split())


def test_everything_that_is_printed_is_in_the_snapshot():
    found = printed()
    assert {name: found[name] for name in ("number", "when", "given", "title", "check_url")} == {
        "number": "สศช. ๐๐๔๒/๒๕๗๐",
        "when": "รวม ๒ ครั้ง ระหว่างวันที่ ๑๘ กุมภาพันธ์ ๒๕๗๐ ถึงวันที่ ๔ มีนาคม ๒๕๗๐ ผ่านระบบ Zoom Webinar",
        "given": "ให้ไว้ ณ วันที่ ๒๐ มีนาคม พุทธศักราช ๒๕๗๐",
        "title": ["ได้เข้าร่วม", "การประชุมเชิงปฏิบัติการ"],
        "check_url": f"http://localhost:8000/v/{TOKEN}/",
    }


def test_in_english_everything_is_english():
    found = printed("Mr David Sample", "en")
    assert (found["number"], found["when"], found["given"]) == (
        "NESDC 0042/2027", "2 sessions, 18 February 2027 to 4 March 2027, by Zoom Webinar", "Given on 20 March 2027",
    )  # fmt: skip
    assert "Mr David Sample" in text(found) and "Certificate of Participation" in text(found)


def test_without_english_words_of_the_office_the_sheet_is_thai():
    assert printed(language="en", title_en="")["lang"] == "th"


def test_the_sheet_is_the_same_bytes_each_time_and_for_archives():
    sheet = layout.pdf(printed())
    assert layout.pdf(printed()) == sheet
    metadata = PdfReader(BytesIO(sheet)).xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata and "<pdfuaid:part>1</pdfuaid:part>" in metadata


@pytest.mark.parametrize("name", ["Mr. 小明 王", "นายសុខ ចាន់", "Mr. ສົມ ໃຈ", "Ms. အောင် စန်း", "Mr. Иван Петров"])
def test_a_name_in_another_writing_is_printed_for_archives_too(name):
    sheet = PdfReader(BytesIO(layout.pdf(printed(name))))
    assert name.split()[-1] in sheet.pages[0].extract_text()
    assert "<pdfaid:part>2</pdfaid:part>" in sheet.xmp_metadata.stream.get_data().decode()


def test_a_letter_that_no_font_has_costs_nobody_their_certificate():
    assert PdfReader(BytesIO(layout.pdf(printed("\U00013000 ทดสอบ")))).pages


@pytest.mark.parametrize(
    "name",
    [
        "ว่าที่ร้อยตรีหญิง กมลลักษณ์ภัทรวดี วงศ์สุวรรณไพบูลย์กิจ ณ เวียงพิงค์",
        "Acting Sub Lieutenant Kamonlakphatthrawadi Wongsuwanphaibunkit Na Wiangphing",
        "ก" * 60 + "ข" * 100 + " " + "ค" * 100,
        "#panic() $x$ *y* = H",
        '"\\ {number} ]',
    ],
)
def test_any_name_is_one_line_on_one_page_as_it_was_written(name):
    found = text(printed(name)).replace(" ", "")
    if name.isascii():  # what the reader of these tests makes of Thai marks is not what was written
        assert name.replace(" ", "") in found


def test_a_picture_of_the_signature_is_on_it_where_there_is_one():
    file = BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 120, 255)).save(file, "PNG")
    signed = printed(signature=base64.b64encode(file.getvalue()).decode())
    count = lambda found: len(PdfReader(BytesIO(layout.pdf(found))).pages[0].images)  # noqa: E731
    assert (count(printed()), count(signed)) == (0, 1)


def test_a_corrected_edition_says_so_under_the_same_number():
    found = layout.corrected(printed(), name="นายใหม่ ทดสอบดี", token="new")
    assert (found["number"], found["edition"], found["name"], found["check_url"]) == (
        printed()["number"], "ฉบับแก้ไข", "นายใหม่ ทดสอบดี", "http://localhost:8000/v/new/",
    )  # fmt: skip
    english = layout.corrected(printed("A B", "en"), name="Ann B", token="new")
    assert "(corrected edition)" in text(english)
