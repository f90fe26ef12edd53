"""Sheets as pictures: what a camera reads on them, and that nothing runs over the paper's edge or over anything else."""

import datetime as dt
from io import BytesIO
from itertools import pairwise

import pytest
import zxingcpp
from PIL import Image

from registration.certificates import layout
from sessions.models import Workshop
from tests.registration.certificates.test_layout import TOKEN, printed

LONGEST = {
    "th": "ว่าที่ร้อยตรีหญิง กมลลักษณ์ภัทรวดีสมมุติ วงศ์สุวรรณไพบูลย์กิจทดสอบ ณ เวียงพิงค์ตัวอย่าง",
    "en": "Acting Sub Lieutenant Kamonlakphatthrawadi Wongsuwanphaibunkitthotsop Na Wiangphingtuayang",
}
TWO_LINES = "ได้เข้าร่วม\nการประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนการพัฒนาที่ยั่งยืนในระดับพื้นที่\nเรื่อง การนำเป้าหมายการพัฒนาที่ยั่งยืน\nไปสู่การปฏิบัติในจังหวัดอย่างเป็นรูปธรรม"
TWO_LINES_EN = (
    "for attending\nthe online workshop series on localising the Sustainable Development Goals\n"
    "in the seventy-seven provinces of the Kingdom of Thailand"
)
#: Millimetres of the foot, where the code stands on the left and who signs in the middle.
WIDTH, HEIGHT = 297, 210


def drawn(snapshot, width=1782) -> Image.Image:
    return Image.open(BytesIO(layout.picture(snapshot, width))).convert("RGB")


def ink(picture, box):
    """How many dark dots there are in `box` (left, top, right, bottom, in millimetres)."""
    scale = picture.width / WIDTH
    part = picture.crop(tuple(round(side * scale) for side in box)).convert("L")
    return sum(part.histogram()[:140])


@pytest.mark.parametrize("width", [594, 1188, 1782])
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_code_on_the_sheet_is_read_back_from_the_picture_as_the_address_that_checks_it(width, language):
    found = zxingcpp.read_barcodes(drawn(printed(language=language), width))
    assert [(each.text, each.format.name) for each in found] == [
        (f"http://localhost:8000{'/en' if language == 'en' else ''}/v/{TOKEN}/", "QRCode")
    ]


def test_the_code_is_read_also_from_a_poor_photograph():
    """Turned by three degrees, and compressed as telephones do."""
    photograph = drawn(printed(), 1188).rotate(3, resample=Image.Resampling.BICUBIC, fillcolor="white")
    file = BytesIO()
    photograph.save(file, "JPEG", quality=40)
    (found,) = zxingcpp.read_barcodes(Image.open(file))
    assert found.text.endswith(f"/v/{TOKEN}/")


@pytest.mark.parametrize(
    ("language", "titles"), [("th", {"title_th": TWO_LINES}), ("en", {"title_en": TWO_LINES_EN}), ("th", {}), ("en", {})]
)
def test_the_longest_name_and_two_lines_of_title_stay_on_the_paper_and_leave_the_foot_free(language, titles):
    whole = drawn(printed(LONGEST[language], language, post_th="เลขาธิการสภาพัฒนาการเศรษฐกิจ\nและสังคมแห่งชาติ", **titles))
    for margin in ((0, 0, 7, HEIGHT), (WIDTH - 7, 0, WIDTH, HEIGHT), (0, 0, WIDTH, 7), (0, HEIGHT - 7, WIDTH, HEIGHT)):
        assert ink(whole, margin) == 0
    # The name is one line between the frames.
    assert ink(whole, (14, 90, 26, 130)) == ink(whole, (WIDTH - 26, 90, WIDTH - 14, 130)) == 0
    # Between what is said and who signs there is air.
    (code,) = zxingcpp.read_barcodes(whole)
    assert code.text.endswith(f"/v/{TOKEN}/")


def test_a_long_line_of_dates_keeps_away_from_the_code():
    platform = "Zoom Webinar และ Microsoft Teams ของสำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ"
    whole = drawn(printed(title_th=TWO_LINES, workshop=Workshop(platform=platform)))
    assert zxingcpp.read_barcodes(whole)
    assert ink(whole, (44.5, 146, 45.5, 170)) == 0


@pytest.mark.parametrize(("language", "name"), [("th", "นางสาวสมมุติ ปัญญูทดสอบ"), ("en", "Ms Sommut Thotsopjgy")])
def test_what_hangs_below_a_name_does_not_touch_the_line_under_it(language, name):
    whole = drawn(layout.corrected(printed(language=language), name=name, token=TOKEN))
    inked = [y for y in range(1000, 1260) if ink(whole, (100, y / 10, 197, (y + 1) / 10))]
    gaps = [(before, after) for before, after in pairwise(inked) if after - before > 5]
    assert any(115_0 < before < 124_0 for before, _after in gaps), "there is paper between the name and the line"


def test_a_sheet_of_before_the_air_below_the_name_is_drawn_as_it_was():
    older = {name: value for name, value in printed().items() if name != "sheet"}
    assert layout.pdf({**older, "sheet": 1}) == layout.pdf(older) != layout.pdf(printed())


def test_a_sheet_of_before_the_line_on_keeping_is_the_same_as_then():
    older = printed()
    older.pop("kept")
    assert layout.pdf({**older, "kept": ""}) == layout.pdf(older) != layout.pdf(printed())


def test_it_was_given_on_a_day_of_the_buddhist_era():
    assert printed()["given"].endswith("พุทธศักราช ๒๕๗๐") and dt.date.fromisoformat(printed()["issued"]).year == 2027
