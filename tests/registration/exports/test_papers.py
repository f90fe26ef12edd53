"""What a province takes away: the page for its letter, the sheet to sign, the list for a memo."""

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from registration.actor import PARTICIPANT, SYSTEM
from registration.coordinators.actions import Appointee, appoint
from registration.exports.papers import enclosure, sign_in_sheet
from registration.exports.province_list import ListOrder, file_name, write_province_list
from registration.links import signed
from registration.models import Participant
from registration.seats.actions.moves import cancel
from sessions.models import StakeholderGroup
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


def pages(pdf: bytes) -> list[str]:
    """The text of each page. Thai marks come out mixed up, Latin letters and Thai digits do not."""
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(BytesIO(pdf)).pages]


def fonts(pdf: bytes) -> set[str]:
    found = set()
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(font.get_object()["/BaseFont"].rpartition("+")[2].partition("-")[0])
    return found


class TestEnclosure:
    def test_it_is_one_page_in_sarabun_with_the_link_of_the_province(self):
        quota = seats_of(make_workshop(title_th="การประชุม SDG Localisation"))
        text = enclosure(quota)
        (page,) = pages(text)
        assert signed.general_url(quota) in page.replace("\n", "")
        assert "SDG Localisation" in page
        assert fonts(text) == {"Sarabun"}

    def test_it_names_the_coordinators_and_no_more_than_fit(self):
        quota = seats_of(make_workshop(days=4))
        for number in range(5):
            appoint(quota=quota, appointee=Appointee(f"Name{number} Example", f"c{number}@example.org", "+66812345678"), by=SYSTEM, at=NOON)
        (page,) = pages(enclosure(quota))
        assert [f"Name{number} Example" in page for number in range(5)] == [True, True, True, False, False]
        assert "๐๘๑ ๒๓๔ ๕๖๗๘" in page

    def test_a_long_title_of_a_series_of_ten_days_still_is_one_page(self):
        quota = seats_of(make_workshop(days=10, title_th="การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืน " * 4))
        assert len(pages(enclosure(quota))) == 1

    def test_without_closing_date_hours_or_coordinator_nothing_breaks(self):
        workshop = make_workshop(platform="")
        workshop.days.first().items.all().delete()
        assert len(pages(enclosure(seats_of(workshop, "central")))) == 1


class TestSignInSheet:
    def test_who_comes_on_the_day_is_on_it_and_nobody_else(self):
        workshop = make_workshop()
        first, second = workshop.days.all()
        make_participant(workshop, first_name="Comes")
        make_participant(workshop, first_name="Otherday", days=[second])
        make_participant(workshop, "50", first_name="Otherplace")
        cancel(participant=make_participant(workshop, first_name="Cancelled"), by=PARTICIPANT, at=NOON)
        (page,) = pages(sign_in_sheet(seats_of(workshop), first))
        assert [name in page for name in ("Comes", "Otherday", "Otherplace", "Cancelled")] == [True, False, False, False]

    def test_pages_are_numbered_in_thai_digits(self):
        workshop = make_workshop()
        for _i in range(25):
            make_participant(workshop)
        texts = pages(sign_in_sheet(seats_of(workshop), workshop.days.first()))
        assert [re.findall("[๐-๙]+", text)[-2:] for text in texts] == [["๑", "๒"], ["๒", "๒"]]

    def test_names_are_text_whatever_signs_they_have(self):
        workshop = make_workshop()
        make_participant(workshop, first_name="#emph[x]", last_name="$a$ @b _c_ `d` \\ //", organisation="#panic(1)")
        (page,) = pages(sign_in_sheet(seats_of(workshop), workshop.days.first()))
        assert "#emph[x] $a$ @b _c_ `d` \\ //" in page
        assert "#panic(1)" in page

    @pytest.mark.parametrize(
        ("name", "font"),
        [
            ("王小明", "NotoSansCJKjp"),
            ("김철수", "NotoSansCJKjp"),
            ("さくら", "NotoSansCJKjp"),
            ("សុខា", "NotoSansKhmer"),
            ("ສົມສີ", "NotoSansLao"),
            ("အောင်", "NotoSansMyanmar"),
            ("Иван", "NotoSans"),
            ("مريم", "NotoSansArabic"),
        ],
    )
    def test_a_name_in_another_writing_is_printed_in_a_font_that_has_it(self, name, font):
        workshop = make_workshop()
        make_participant(workshop, first_name=name)
        assert font in fonts(sign_in_sheet(seats_of(workshop), workshop.days.first()))

    def test_names_in_thai_and_latin_letters_need_no_other_font(self):
        workshop = make_workshop()
        make_participant(workshop, first_name="Łukasz Nguyễn", organisation="“ฐานญาณ” – ปิ่น…")
        assert fonts(sign_in_sheet(seats_of(workshop), workshop.days.first())) == {"Sarabun"}

    @pytest.mark.parametrize(
        "words",
        [
            {
                "title": "ว่าที่ร้อยตรีหญิง",
                "first_name": "สมมุติ",
                "last_name": "สมมุติพัฒนากูล",
                "position": "หัวหน้ากลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด",
                "organisation": "สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อมจังหวัดน่าน",
            },
            {
                "title": "ผู้ช่วยศาสตราจารย์พิเศษ ว่าที่ร้อยตรีหญิง ดร.",
                "first_name": "สมมุติกุลธิดารัตนาภรณ์",
                "last_name": "ทดสอบวรวัฒนานนท์ประเสริฐกุล",
                "position": "ผู้อำนวยการกลุ่มงานยุทธศาสตร์การพัฒนาจังหวัดและติดตามประเมินผล",
                "organisation": "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดพระนครศรีอยุธยา",
            },
        ],
    )
    def test_twenty_five_people_with_long_words_stand_on_two_pages(self, words):
        workshop = make_workshop(title_th="การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนการพัฒนาที่ยั่งยืนในระดับพื้นที่ ประจำปีงบประมาณ ๒๕๗๐")
        for _i in range(25):
            make_participant(workshop, **words)
        assert len(pages(sign_in_sheet(seats_of(workshop), workshop.days.first()))) == 2

    def test_an_empty_sheet_says_so(self):
        workshop = make_workshop()
        assert len(pages(sign_in_sheet(seats_of(workshop), workshop.days.first()))) == 1


class TestListForAMemo:
    def written(self, quota):
        file = BytesIO()
        count = write_province_list(file, quota, at=NOON)
        return count, load_workbook(file).active

    def test_title_place_and_date_stand_above_the_numbered_names_and_a_signature_beneath(self):
        workshop = make_workshop()
        make_participant(workshop, first_name="เอก", last_name="ทดสอบ", email="two@example.org")
        make_participant(workshop, first_name="กมล", last_name="ทดสอบ", email="one@example.org", phone_extension="12", phone="+6622804085")
        make_participant(workshop, "50")
        count, sheet = self.written(seats_of(workshop))
        rows = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
        assert count == 2
        assert rows[:4] == [["รายชื่อผู้เข้าร่วมประชุม"], ["การประชุมตัวอย่าง"], ["จังหวัดน่าน จำนวน ๒ คน"], ["ข้อมูล ณ วันที่ ๑๕ มกราคม ๒๕๗๐"]]
        assert rows[5] == ["ลำดับ", "ชื่อ – นามสกุล", "ตำแหน่ง", "หน่วยงาน", "กลุ่มเป้าหมาย", "โทรศัพท์", "อีเมล", "สถานะ"]
        assert [(row[0], row[1], row[5], row[6]) for row in rows[6:8]] == [
            ("๑", "นายกมล ทดสอบ", "๐๒ ๒๘๐ ๔๐๘๕ ต่อ ๑๒", "one@example.org"),
            ("๒", "นายเอก ทดสอบ", "๐๘๑ ๒๓๔ ๕๖๗๘", "two@example.org"),
        ]
        assert rows[-1][0].startswith("ตำแหน่ง ...")

    def test_a_row_is_as_high_as_its_longest_text(self):
        workshop = make_workshop()
        make_participant(workshop, first_name="ก", organisation="อบต.")
        make_participant(workshop, first_name="ข", organisation="สำนักงานทรัพยากรธรรมชาติและสิ่งแวดล้อม " * 4)
        _count, sheet = self.written(seats_of(workshop))
        short, long = (sheet.row_dimensions[row].height for row in (7, 8))
        assert short < 60 and long >= short * 2.5

    def test_group_by_group_each_begins_with_its_name(self):
        workshop = make_workshop()
        other = StakeholderGroup.objects.create(workshop=workshop, code="4.1.10", name_th="กลุ่มอื่น")
        for name in ("ก", "ข", "ค"):
            make_participant(workshop, first_name=name)
        Participant.objects.filter(first_name="ก").update(group=other)
        file = BytesIO()
        write_province_list(file, seats_of(workshop), order=ListOrder.GROUP, at=NOON)
        rows = [[cell for cell in row if cell][:2] for row in load_workbook(file).active.iter_rows(min_row=7, max_row=11, values_only=True)]
        names = ["๔.๑.๑ สำนักงานจังหวัด"], ["๑", "นายข ทดสอบดี"], ["๒", "นายค ทดสอบดี"], ["๔.๑.๑๐ กลุ่มอื่น"], ["๓", "นายก ทดสอบดี"]
        assert rows == list(names)

    def test_only_who_holds_a_seat_is_on_it(self):
        workshop = make_workshop()
        seats_of(workshop, capacity=1)
        make_participant(workshop)
        make_participant(workshop)
        assert self.written(seats_of(workshop))[0] == 1

    def test_what_looks_like_a_formula_stays_text(self):
        workshop = make_workshop()
        make_participant(workshop)
        Participant.objects.update(organisation="=1+1", position="+66")  # as it may have come in before such signs were refused
        _count, sheet = self.written(seats_of(workshop))
        assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet[7][2:4]] == [("+66", "s", True), ("=1+1", "s", True)]

    def test_it_costs_one_query_for_three_people_as_for_one(self, django_assert_num_queries):
        workshop = make_workshop()
        for _i in range(3):
            make_participant(workshop)
        quota = seats_of(workshop)
        assert quota.province and quota.workshop
        with django_assert_num_queries(1):
            write_province_list(BytesIO(), quota, at=NOON)

    def test_the_file_is_named_after_workshop_province_and_date(self):
        assert file_name(seats_of(make_workshop(slug="sample")), NOON) == "sample-55-2027-01-15.xlsx"
