"""The page behind a mailed invitation, the mails that lead to it, and the province's general link."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from registration.actor import SYSTEM
from registration.invitations.actions.invitations import renew_general_link, withdraw
from registration.links import signed
from registration.mail import compose
from registration.models import Delivery, Invitation, Participant
from registration.seats import quotas
from tests.factories import make_answers, make_coordinator, make_invitation, make_participant, make_workshop, seats_of, tracks_of
from tests.registration.mail.test_messages import html_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def invitation(client, workshop):
    known = {"title": "นาง", "first_name": "สมหญิง", "last_name": "ทดสอบดี", "organisation": "ที่ทำการปกครองจังหวัดน่าน", "phone": "+66812345678"}
    group = workshop.groups.get(scope="province")
    invitation = make_invitation(workshop, at=timezone.now(), group=group, email="guest@example.org", **known)
    client.get(signed.invitation_link(invitation))
    return invitation


def path(invitation, language=""):
    return f"{language}/i/{invitation.pk}/"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def answers(invitation, **changes):
    return make_answers(invitation.workshop, **{"province": None, "email": invitation.email} | changes)


class TestTheForm:
    def test_it_is_filled_in_with_what_is_known_but_the_address(self, client, invitation):
        page = client.get(path(invitation)).content.decode()
        values = dict(re.findall(r'name="(title|first_name|last_name|organisation|phone)"[^>]*?value="([^"]*)"', page))
        values |= {
            name: value for value, name in re.findall(r'value="([^"]*)"[^>]*?name="(title|first_name|last_name|organisation|phone)"', page)
        }
        assert re.search(r'name="title" value="นาง" checked', page)
        assert {name: value for name, value in values.items() if name != "title"} == {
            "first_name": "สมหญิง", "last_name": "ทดสอบดี", "organisation": "ที่ทำการปกครองจังหวัดน่าน", "phone": "081 234 5678",
        }  # fmt: skip
        assert ("guest@example.org" in page, "g•••@example.org" in page) == (False, True)
        assert re.search(r'value="4\.1\.1"[^>]* checked', page)

    def test_only_groups_of_the_province_can_be_chosen(self, client, invitation):
        page = client.get(path(invitation)).content.decode()
        assert re.findall(r'name="group"[^>]*value="([^"]*)"', page) == ["4.1.1"]
        response = client.post(path(invitation), answers(invitation, group="4.2"))
        assert "โปรดเลือกกลุ่ม" in text_of(response)

    def test_looking_at_it_decides_nothing(self, client, invitation):
        client.get(path(invitation))
        client.head(path(invitation))
        invitation.refresh_from_db()
        assert (invitation.state, Participant.objects.count()) == ("open", 0)

    def test_accepting_leads_to_the_personal_page_of_a_confirmed_person(self, client, invitation):
        response = client.post(path(invitation), answers(invitation, first_name="สมหญิงใหม่"))
        participant = Participant.objects.get()
        assert response.headers["Location"] == signed.personal_path(participant)
        assert (participant.state, participant.email, participant.first_name) == ("confirmed", "guest@example.org", "สมหญิงใหม่")
        assert (seats_of(invitation.workshop).taken, quotas.mismatches()) == (1, [])

    def test_another_province_cannot_be_smuggled_in(self, client, invitation):
        client.post(path(invitation), answers(invitation, email="Guest@Example.org", province="50"))
        participant = Participant.objects.get()
        assert (participant.email, participant.quota.code) == ("guest@example.org", "55")

    def test_who_was_passed_the_link_is_shown_the_way_of_substitutes(self, client, invitation):
        page = client.post(path(invitation), answers(invitation, email="other@example.org"))
        assert "ส่งไปยังอีเมลอื่น" in text_of(page)
        form = re.search(r'formaction="([^"]*)" name="look"', re.sub(r"\s+", " ", page.content.decode()))[1]
        shown = client.post(form, answers(invitation, email="other@example.org", look="1"))
        assert 'value="other@example.org"' in shown.content.decode()
        assert (Participant.objects.count(), Invitation.objects.count()) == (0, 1)

    def test_sent_twice_it_leads_to_the_same_page(self, client, invitation):
        data = answers(invitation)
        first, second = client.post(path(invitation), data), client.post(path(invitation), data)
        assert first.headers["Location"] == second.headers["Location"]

    def test_faults_stand_beside_their_fields_and_nothing_is_lost(self, client, invitation):
        response = client.post(path(invitation), answers(invitation, phone="12", first_name=""))
        page = response.content.decode()
        assert re.findall(r'<li><a href="#(\w+)">', page) == ["id_first_name", "id_phone"]
        assert ('value="12"' in page, Participant.objects.count()) == (True, 0)

    def test_a_track_that_filled_up_meanwhile_is_said(self, client, invitation):
        data = answers(invitation)
        track = tracks_of(invitation.workshop)[0]
        track.quota.capacity = 0
        track.quota.save()
        assert "เต็ม" in text_of(client.post(path(invitation), data))
        invitation.refresh_from_db()
        assert invitation.is_open

    def test_in_english_too(self, client, invitation):
        assert "invites you" in text_of(client.get(path(invitation, "/en")))
        client.post(path(invitation, "/en"), answers(invitation))
        assert Participant.objects.get().language == "en"

    def test_it_is_kept_by_no_cache_and_told_to_no_other_site(self, client, invitation):
        response = client.get(path(invitation))
        assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == ("no-store", "same-origin")

    def test_it_costs_the_same_every_time(self, client, invitation, django_assert_num_queries):
        client.get(path(invitation))
        with django_assert_num_queries(QUERIES):
            client.get(path(invitation))
        for _i in range(3):
            make_participant(invitation.workshop)
        with django_assert_num_queries(QUERIES):
            client.get(path(invitation))


QUERIES = 7


class TestWhatIsOver:
    def test_an_expired_one_says_so_and_whom_to_ask(self, client, invitation):
        make_coordinator(invitation.workshop, name="สมมุติ ประสานดี", phone="+66812345678")
        Invitation.objects.update(expires_at=timezone.now() - DAY)
        text = text_of(client.get(path(invitation)))
        assert [words in text for words in ("พ้นกำหนดตอบรับแล้ว", "สมมุติ ประสานดี", "081 234 5678", "ลงทะเบียน")] == [True] * 4
        assert "พ้นกำหนดตอบรับแล้ว" in text_of(client.post(path(invitation), answers(invitation)))
        assert Participant.objects.count() == 0

    def test_a_withdrawn_one_says_so(self, client, invitation):
        withdraw(invitation=invitation, by=SYSTEM)
        assert "ยกเลิกคำเชิญนี้แล้ว" in text_of(client.get(path(invitation)))
        client.post(path(invitation), answers(invitation))
        assert Participant.objects.count() == 0

    def test_an_accepted_one_says_so_but_opens_nobodys_page(self, client, invitation):
        client.post(path(invitation), answers(invitation))
        page = client.get(path(invitation)).content.decode()
        assert "ตอบรับคำเชิญนี้แล้ว" in page
        assert signed.personal_token(Participant.objects.get()) not in page

    def test_who_registered_elsewhere_meanwhile_gets_their_link_by_mail(self, client, invitation):
        make_participant(invitation.workshop, "50", email="guest@example.org")
        response = client.post(path(invitation), answers(invitation))
        assert response.headers["Location"] == f"/w/{invitation.workshop.slug}/register/check-mail/"
        assert Delivery.objects.filter(message="link").count() == 1

    @pytest.mark.parametrize("token", ["x", "1.signature", "0"])
    def test_a_forged_link_is_404(self, client, invitation, token):
        assert client.get(f"/i/{token}/").status_code == 404


class TestMails:
    def mail(self, invitation, message):
        delivery = Delivery.objects.create(
            key=message, message=message, invitation=invitation, email=invitation.email, created_at=timezone.now(), due_at=timezone.now()
        )
        return compose.compose(delivery)

    @pytest.mark.parametrize("message", ["invitation", "invitation_reminder", "invitation_withdrawn"])
    @pytest.mark.parametrize("language", ["th", "en"])
    def test_each_message_is_written_in_both_languages(self, invitation, message, language):
        Invitation.objects.update(language=language)
        mail = self.mail(invitation, message)
        place, title = ("จังหวัดน่าน", "การประชุมตัวอย่าง") if language == "th" else ("Nan province", "Sample workshop")
        html = html_of(mail)
        assert [place in mail.body, title in mail.body, place in html, "\n" in mail.subject] == [True, True, True, False]
        own_link = signed.invitation_url(Invitation.objects.get())
        assert [own_link in text for text in (mail.body, html)] == [message != "invitation_withdrawn"] * 2

    def test_who_is_not_known_by_name_is_greeted_all_the_same(self, workshop):
        assert self.mail(make_invitation(workshop), "invitation").body.startswith("เรียน ท่านผู้ได้รับเชิญ\n")

    def test_a_name_cannot_bring_a_link_of_its_own(self, workshop):
        invitation = make_invitation(workshop, first_name="https://evil.example", last_name="x")
        assert "https://evil.example" not in self.mail(invitation, "invitation").body


class TestTheGeneralLink:
    def url(self, workshop, code="55", token=None):
        return f"/w/{workshop.slug}/register/?invite={token or signed.invitation_token(seats_of(workshop, code))}"

    def test_it_chooses_the_province_in_the_form(self, client, workshop):
        page = client.get(self.url(workshop)).content.decode()
        assert re.findall(r'<option value="(\w+)" selected', page) == ["55"]

    def test_without_it_a_workshop_of_the_provinces_sends_people_to_their_coordinators(self, client):
        workshop = make_workshop(entry="province_link")
        assert "ต้องใช้ลิงก์ของจังหวัด" in text_of(client.get(f"/w/{workshop.slug}/register/"))
        client.post(f"/w/{workshop.slug}/register/", make_answers(workshop))
        assert Participant.objects.count() == 0

    def test_with_it_people_register_there(self, client):
        workshop = make_workshop(entry="province_link")
        page = client.get(self.url(workshop)).content.decode()
        token = re.search(r'name="invite" value="([^"]*)"', page)[1]
        client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, invite=token))
        assert Participant.objects.get().quota == seats_of(workshop)

    def test_with_another_provinces_link_they_do_not(self, client):
        workshop = make_workshop(entry="province_link")
        token = signed.invitation_token(seats_of(workshop, "50"))
        response = client.post(f"/w/{workshop.slug}/register/", make_answers(workshop, invite=token))
        assert "ลิงก์ที่ท่านใช้เป็นของจังหวัดอื่น" in text_of(response)
        assert Participant.objects.count() == 0

    def test_a_renewed_link_is_said_to_be_old(self, client):
        workshop = make_workshop(entry="province_link")
        old = self.url(workshop)
        renew_general_link(quota=seats_of(workshop))
        assert "ลิงก์ที่ท่านใช้ไม่มีผลแล้ว" in text_of(client.get(old))
        assert "ลิงก์ที่ท่านใช้ไม่มีผลแล้ว" not in text_of(client.get(self.url(workshop)))

    def test_a_link_of_another_workshop_is_none(self, client):
        workshop, other = make_workshop(entry="province_link"), make_workshop()
        response = client.get(self.url(workshop, token=signed.invitation_token(seats_of(other))))
        assert "ต้องใช้ลิงก์ของจังหวัด" in text_of(response)
