"""Inviting at the desk: the link to pass on, invitations by name, and what is taken away."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from registration.exports.papers import line_text
from registration.links import signed
from registration.models import Delivery, Invitation
from registration.seats import quotas
from tests.factories import make_coordinator, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def quota(workshop):
    return seats_of(workshop)


@pytest.fixture
def desk(workshop):
    return signed_in(make_coordinator(workshop).user)


def signed_in(user):
    client = Client(headers={"accept-language": "th"})
    client.force_login(user)
    return client


def path(quota, rest="invite/"):
    return f"/desk/{quota.workshop.slug}/{quota.code}/{rest}"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def sent(client, quota, rest="invite/", **data) -> str:
    """Sends a form and returns what the page that follows says came of it."""
    response = client.post(path(quota, rest), data, follow=True)
    found = re.search(r'<div id="result".*?</div>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip() if found else ""


class TestMistypedDomains:
    TYPED = "a@gmial.com, Somchai <B@Example.org>\nc@hotmial.com"

    def ask(self, desk, quota, **answer):
        return desk.post(path(quota, "invite/many/"), {"addresses": self.TYPED} | answer)

    def test_all_of_them_are_asked_about_at_once_and_nobody_is_invited(self, desk, quota):
        page = self.ask(desk, quota).content.decode()
        assert "a@gmial.com → a@gmail.com<br>c@hotmial.com → c@hotmail.com" in page
        assert (page.count('name="use_addresses"'), Invitation.objects.exists()) == (1, False)

    def test_one_press_takes_what_is_meant(self, desk, quota):
        self.ask(desk, quota, use_addresses="1")
        assert set(Invitation.objects.values_list("email", flat=True)) == {"a@gmail.com", "b@example.org", "c@hotmail.com"}

    @pytest.mark.parametrize("answer", [{"keep": "addresses"}, {}])
    def test_who_means_what_they_typed_is_not_held_up(self, desk, quota, answer):
        self.ask(desk, quota, asked="addresses|a@gmial.com|c@hotmial.com", **answer)
        assert set(Invitation.objects.values_list("email", flat=True)) == {"a@gmial.com", "b@example.org", "c@hotmial.com"}


class TestOnePerson:
    def test_an_address_is_enough(self, desk, quota):
        assert sent(desk, quota, email=" Guest@Example.org ") == "ส่งคำเชิญแล้ว: guest@example.org"
        assert (Invitation.objects.get().email, seats_of(quota.workshop).taken) == ("guest@example.org", 1)

    def test_what_is_known_goes_with_it(self, desk, quota):
        sent(desk, quota, email="guest@example.org", title="นาย", first_name="สมมุติ", phone="๐๘๑ ๒๓๔ ๕๖๗๘", group="4.1.1", language="en")
        invitation = Invitation.objects.get()
        known = (invitation.first_name, invitation.phone, invitation.group.code, invitation.language)
        assert known == ("สมมุติ", "+66812345678", "4.1.1", "en")

    @pytest.mark.parametrize(
        "data", [{"email": ""}, {"email": "x@"}, {"email": "a@example.org", "phone": "1"}, {"email": "a@example.org", "group": "9"}]
    )
    def test_what_is_wrong_is_said_and_nobody_is_invited(self, desk, quota, data):
        page = desk.post(path(quota), data).content.decode()
        assert page.count("field-error") == 1
        assert Invitation.objects.count() == 0

    def test_who_is_registered_is_said_by_name_of_their_state_here_and_no_more_elsewhere(self, desk, quota, workshop):
        make_participant(workshop, email="own@example.org")
        make_participant(workshop, "50", email="other@example.org", last_name="Secret")
        make_invitation(workshop, "50", email="invited@example.org")
        said = {}
        for name in ("own", "other", "invited"):
            page = desk.post(path(quota), {"email": f"{name}@example.org"}).content.decode()
            said[name] = re.search(r'class="field-error">([^<]+)<', page)[1]
            assert "Secret" not in page
        assert said == {
            "own": "อยู่ในรายชื่อของท่านแล้ว (ยืนยันแล้ว)",
            "other": "อีเมลนี้ลงทะเบียนแล้ว",
            "invited": "อีเมลนี้ได้รับเชิญแล้ว",
        }

    def test_when_the_seats_are_full_there_is_no_form_but_a_reason(self, desk, quota, workshop):
        seats_of(workshop, capacity=0)
        page = desk.get(path(quota)).content.decode()
        assert ("ขณะนี้ที่นั่งเต็ม" in page, 'name="email"' in page) == (True, False)


class TestSeveral:
    def test_addresses_are_understood_as_a_mail_program_writes_them(self, desk, quota):
        sent(desk, quota, "invite/many/", addresses="Somchai Test <a@example.org>; นางสมมุติ ทดสอบ <B@example.org>,\nmailto:c@example.org;")
        assert sorted(Invitation.objects.values_list("email", flat=True)) == ["a@example.org", "b@example.org", "c@example.org"]

    def test_each_pasted_address_gets_an_invitation_and_one_that_is_known_stops_no_other(self, desk, quota, workshop):
        make_participant(workshop, email="own@example.org")
        words = sent(desk, quota, "invite/many/", addresses="a@example.org\nB@example.org, own@example.org; a@example.org")
        assert words == "ส่งคำเชิญแล้ว ๒ คน own@example.org: อยู่ในรายชื่อของท่านแล้ว (ยืนยันแล้ว)"
        assert sorted(Invitation.objects.values_list("email", flat=True)) == ["a@example.org", "b@example.org"]

    def test_a_mistyped_one_is_named_before_anything_is_sent(self, desk, quota):
        page = desk.post(path(quota, "invite/many/"), {"addresses": "a@example.org\nb@\nc@@example.org"}).content.decode()
        assert re.findall(r'field-error">([^:<]+):', page) == ["b@", "c@@example.org"]
        assert Invitation.objects.count() == 0

    def test_no_more_than_a_hundred_at_once(self, desk, quota):
        page = desk.post(path(quota, "invite/many/"), {"addresses": " ".join(f"a{n}@example.org" for n in range(101))}).content.decode()
        assert "ไม่เกิน ๑๐๐ อีเมล" in page


class TestTheList:
    def test_the_state_of_each_invitation_is_seen(self, desk, quota, workshop):
        now = timezone.now()
        make_invitation(workshop, at=now, email="open@example.org")
        make_invitation(workshop, "50", at=now, email="elsewhere@example.org")
        over = make_invitation(workshop, at=now, email="over@example.org")
        Invitation.objects.filter(pk=over.pk).update(state="expired", closed_at=now)
        Delivery.objects.filter(invitation__email="open@example.org").update(state="failed")
        text = text_of(desk.get(path(quota)))
        words = ("open@example.org", "over@example.org", "elsewhere@example.org", "รอตอบรับ", "พ้นกำหนดตอบรับ", "ส่งอีเมลไม่สำเร็จ")
        assert [text.count(word) for word in words] == [1, 1, 0, 1, 1, 1]

    def test_one_is_withdrawn_and_the_next_in_line_is_named(self, desk, quota, workshop):
        seats_of(workshop, capacity=1)
        invitation = make_invitation(workshop, at=timezone.now(), email="guest@example.org")
        waiting = make_participant(workshop)
        words = sent(desk, quota, f"invite/{invitation.pk}/", withdraw="1")
        assert words == f"ยกเลิกคำเชิญและแจ้งทางอีเมลแล้ว: guest@example.org เลื่อนขึ้นจากรายชื่อสำรองแล้ว: {waiting.full_name}"
        assert quotas.mismatches() == []

    def test_one_is_sent_again(self, desk, quota, workshop):
        invitation = make_invitation(workshop, at=timezone.now() - dt.timedelta(hours=1))
        assert sent(desk, quota, f"invite/{invitation.pk}/", resend="1") == f"ส่งคำเชิญอีกครั้งถึง {invitation.email} แล้ว"
        assert Delivery.objects.filter(invitation=invitation).count() == 2

    @pytest.mark.parametrize("verb", ["withdraw", "resend"])
    def test_what_is_over_stays_over(self, desk, quota, workshop, verb):
        invitation = make_invitation(workshop, at=timezone.now())
        Invitation.objects.update(state="expired", closed_at=timezone.now())
        assert sent(desk, quota, f"invite/{invitation.pk}/", **{verb: "1"}).startswith(f"{invitation.email}: คำเชิญนี้ไม่เปิดให้ตอบแล้ว")

    def test_it_costs_the_same_for_many(self, desk, quota, workshop, django_assert_num_queries):
        make_invitation(workshop)
        desk.get(path(quota))
        with django_assert_num_queries(QUERIES):
            desk.get(path(quota))
        for _i in range(3):
            make_invitation(workshop, group=workshop.groups.get(scope="province"))
        with django_assert_num_queries(QUERIES):
            desk.get(path(quota))


QUERIES = 13


class TestTheLink:
    def test_its_text_for_line_says_what_when_where_and_whom_to_ask(self, workshop):
        workshop.registration_closes_at = timezone.make_aware(dt.datetime(2027, 2, 1, 16, 30))
        workshop.save()
        make_coordinator(workshop, name="สมมุติ ประสานดี", phone="+6654123456", phone_extension="12")
        assert line_text(seats_of(workshop)).splitlines() == [
            "จังหวัดน่านขอเชิญลงทะเบียนเข้าร่วม",
            "การประชุมตัวอย่าง",
            "",
            "• วันพฤหัสบดีที่ ๑๘ กุมภาพันธ์ ๒๕๗๐",
            "• วันพฤหัสบดีที่ ๒๕ กุมภาพันธ์ ๒๕๗๐",
            "",
            f"ลงทะเบียนที่ {signed.general_url(seats_of(workshop))}",
            "ลงทะเบียนภายในวันจันทร์ที่ ๑ กุมภาพันธ์ ๒๕๗๐ เวลา ๑๖.๓๐ น.",
            "สอบถาม: สมมุติ ประสานดี 054 123 456 ต่อ 12",
        ]

    def test_it_is_renewed_at_the_desk(self, desk, quota):
        before = signed.general_url(quota)
        assert "ออกลิงก์ใหม่แล้ว" in sent(desk, quota, "link/renew/")
        page = desk.get(path(quota)).content.decode()
        assert (before in page, signed.general_url(seats_of(quota.workshop)) in page) == (False, True)

    def test_its_code_comes_as_svg_and_png_and_on_paper(self, desk, quota):
        svg, png, pdf = (desk.get(path(quota, f"link/{name}")) for name in ("qr.svg", "qr.png", "letter.pdf"))
        assert [response.headers["Content-Type"] for response in (svg, png, pdf)] == ["image/svg+xml", "image/png", "application/pdf"]
        assert [response.content[:4] for response in (png, pdf)] == [b"\x89PNG", b"%PDF"]
        assert b"<svg" in svg.content


class TestTakingAway:
    def test_the_list_and_the_sheets_hold_the_own_province_only(self, desk, quota, workshop):
        make_participant(workshop, first_name="Own")
        make_participant(workshop, "50", first_name="Other")
        page = text_of(desk.get(path(quota, "papers/")))
        assert page.count("(PDF)") == 3
        response = desk.get(path(quota, "papers/list.xlsx"))
        sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
        names = [str(cell) for (cell,) in sheet.iter_rows(min_col=2, max_col=2, values_only=True) if cell]
        assert names == ["ชื่อ – นามสกุล", "นายOwn ทดสอบดี"]
        assert desk.get(path(quota, "papers/sign-in-2027-02-18.pdf")).content[:4] == b"%PDF"

    @pytest.mark.parametrize("date", ["2027-02-19", "x", "2027-02-18x"])
    def test_a_day_that_is_none_is_404(self, desk, quota, date):
        assert desk.get(path(quota, f"papers/sign-in-{date}.pdf")).status_code == 404


class TestAccess:
    def test_another_provinces_coordinator_finds_nothing(self, workshop, quota):
        client = signed_in(make_coordinator(workshop, "50").user)
        invitation = make_invitation(workshop)
        gets = ["invite/", "link/qr.svg", "link/qr.png", "link/letter.pdf", "papers/", "papers/list.xlsx", "papers/sign-in-2027-02-18.pdf"]
        assert [client.get(path(quota, rest)).status_code for rest in gets] == [404] * 7
        posts = ["invite/", "invite/many/", f"invite/{invitation.pk}/", "link/renew/"]
        assert [client.post(path(quota, rest), {"withdraw": "1"}).status_code for rest in posts] == [404] * 4
        assert client.post(path(seats_of(workshop, "50"), f"invite/{invitation.pk}/"), {"withdraw": "1"}).status_code == 404
        invitation.refresh_from_db()
        assert invitation.is_open

    def test_what_changes_something_is_not_done_by_looking(self, desk, workshop, quota):
        invitation = make_invitation(workshop)
        assert [desk.get(path(quota, rest)).status_code for rest in ("invite/many/", f"invite/{invitation.pk}/", "link/renew/")] == [
            405
        ] * 3
