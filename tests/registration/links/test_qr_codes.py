"""The QR codes that staff hand out: what they say, and the page where they are."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission, User
from pypdf import PdfReader

from registration.exports.papers import qr_sheet
from registration.links import qr_codes, signed
from registration.links.qr import qr_png, qr_svg
from registration.links.qr_codes import QrCode
from tests.factories import make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

ADMIN = "/en/admin/registration/participant"
EFS = 0x800  #: The flag of a zip archive that says: this name is UTF-8.


def said(codes):
    return {code.key: code.text for code in codes}


class TestCodes:
    def test_everybody_finds_the_form_the_agenda_and_the_open_chat(self, settings):
        settings.SITE_URL = "https://sdg.example.org"
        workshop = make_workshop(slug="sdg", chat_url="https://line.example.org/g/1")
        assert said(qr_codes.for_everybody(workshop)) == {
            "register": "https://sdg.example.org/w/sdg/register/",
            "agenda": "https://sdg.example.org/w/sdg/agenda/",
            "chat": "https://line.example.org/g/1",
        }

    def test_without_an_open_chat_there_is_no_code_of_it(self):
        assert list(said(qr_codes.for_everybody(make_workshop(chat_url="")))) == ["register", "agenda"]

    def test_each_of_the_77_provinces_has_the_form_with_itself_chosen(self, client):
        codes = qr_codes.of_provinces(make_workshop())
        assert (len(codes), len({code.text for code in codes})) == (77, 77)
        assert [code.name for code in codes][:3] == ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี"]
        nan = next(code for code in codes if code.key == "province-55")
        path, query = nan.text.removeprefix(signed.absolute("")).split("?")
        assert query == "province=55"
        assert client.get(path, {"province": "55"}).status_code == 200

    def test_where_only_a_provinces_link_lets_people_in_its_code_is_that_link(self):
        workshop = make_workshop(entry="province_link")
        assert said(qr_codes.of_provinces(workshop))["province-55"] == signed.general_url(seats_of(workshop))

    def test_the_code_of_a_person_says_their_reference_code_and_is_named_by_them(self):
        person = make_participant(make_workshop(), title="นาย", first_name="สมมุติ", last_name="ทดสอบดี")
        assert qr_codes.of_person(person) == QrCode(f"person-{person.code}", f"นายสมมุติ ทดสอบดี {person.code}", person.code)

    @pytest.mark.parametrize(
        ("name", "file_name"),
        [("น่าน", "น่าน.svg"), ("ก/ข\\ค: ง", "ก-ข-ค- ง.svg"), ("../up.", "-up.svg"), ("a\x00b\n", "a-b-.svg"), ('"<x>|?*', "-x-.svg")],
    )
    def test_the_name_of_a_file_holds_nothing_that_a_computer_forbids(self, name, file_name):
        assert QrCode("key", name, "text").file_name("svg") == file_name


class TestSheet:
    def test_the_77_provinces_stand_on_seven_pages_in_thai(self):
        workshop = make_workshop(title_th="การประชุม SDG")
        pages = [
            page.extract_text().replace("\u200b", "")
            for page in PdfReader(BytesIO(qr_sheet(workshop, qr_codes.of_provinces(workshop)))).pages
        ]
        assert len(pages) == 7
        assert [page.count("province=") for page in pages] == [12, 12, 12, 12, 12, 12, 5]
        assert ["SDG" in page for page in pages] == [True] * 7


@pytest.fixture
def workshop():
    return make_workshop(slug="sdg")


@pytest.fixture
def staff(client, workshop):
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_participant", "export_participant"]))
    client.force_login(user)
    return client


class TestPages:
    def test_every_picture_that_the_page_offers_is_there(self, staff, workshop):
        context = staff.get(f"{ADMIN}/qr-codes/sdg/").context
        codes = [*context["for_everybody"], context["of_provinces"][0]]
        for code in codes:
            assert staff.get(f"{ADMIN}/qr-codes/sdg/{code.key}.svg").content == qr_svg(code.text)
            assert staff.get(f"{ADMIN}/qr-codes/sdg/{code.key}.png").content == qr_png(code.text)

    def test_a_picture_says_what_it_is_and_what_it_is_called(self, staff):
        response = staff.get(f"{ADMIN}/qr-codes/sdg/province-55.png")
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["Content-Disposition"] == 'inline; filename="sdg-province-55.png"'

    @pytest.mark.parametrize("name", ["province-99.svg", "nothing.svg", "register.gif", "chat.svg", "person-NOBODY.svg"])
    def test_what_there_is_no_code_of_is_not_found(self, staff, name):
        assert staff.get(f"{ADMIN}/qr-codes/sdg/{name}").status_code == 404

    @pytest.mark.parametrize("suffix", ["svg", "png"])
    def test_all_provinces_come_in_an_archive_with_their_thai_names(self, staff, workshop, suffix):
        archive = ZipFile(BytesIO(staff.get(f"{ADMIN}/qr-codes/sdg/provinces/{suffix}.zip".removeprefix("/en")).content))
        assert len(archive.namelist()) == 77
        nan = archive.getinfo(f"น่าน.{suffix}")
        assert nan.flag_bits & EFS
        text = said(qr_codes.of_provinces(workshop))["province-55"]
        assert archive.read(nan) == {"svg": qr_svg, "png": qr_png}[suffix](text)

    def test_the_sheet_is_a_pdf(self, staff):
        response = staff.get(f"{ADMIN}/qr-codes/sdg/provinces.pdf")
        assert (response.headers["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")

    def test_a_persons_page_leads_to_their_code(self, staff, workshop):
        person = make_participant(workshop)
        address = f"{ADMIN}/qr-codes/sdg/person-{person.code}.svg"
        assert staff.get(f"{ADMIN}/{person.pk}/change/").content.decode().count(f'href="{address}"') == 1
        assert staff.get(address).content == qr_svg(person.code)

    def test_a_person_of_another_workshop_is_not_found(self, staff):
        person = make_participant(make_workshop())
        assert staff.get(f"{ADMIN}/qr-codes/sdg/person-{person.code}.svg").status_code == 404

    def test_the_page_takes_the_same_queries_for_many_people(self, staff, workshop, django_assert_num_queries):
        for code in ("55", "56", "central"):
            make_participant(workshop, code)
        with django_assert_num_queries(15):  # session, user, two of rights, workshop, provinces
            staff.get(f"{ADMIN}/qr-codes/sdg/")

    @pytest.mark.parametrize("page", ["", "register.svg", "provinces/svg.zip", "provinces.pdf"])
    def test_who_may_only_see_people_is_refused(self, client, workshop, page):
        user = User.objects.create_user("reader", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_participant"))
        client.force_login(user)
        assert client.get(f"{ADMIN}/qr-codes/sdg/{page}").status_code == 403
