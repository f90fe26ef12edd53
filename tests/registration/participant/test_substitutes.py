"""The pages on which somebody says that they cannot come, or sends a substitute."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from registration.actor import PARTICIPANT
from registration.choices import State
from registration.invitations.actions.invitations import withdraw
from registration.invitations.actions.substitutes import name_substitute
from registration.links import signed
from registration.mail import compose
from registration.models import Delivery, Invitation, Participant
from registration.seats import quotas
from registration.seats.actions.moves import decline
from tests.factories import make_answers, make_coordinator, make_invitation, make_participant, make_workshop, register_invited, seats_of
from tests.registration.mail.test_messages import html_of
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    return workshop


@pytest.fixture
def visitor():
    return Browser()


@pytest.fixture
def invitation(visitor, workshop):
    invitation = make_invitation(workshop, at=timezone.now(), email="guest@example.org")
    visitor.get(signed.invitation_link(invitation))
    return invitation


@pytest.fixture
def person(visitor, workshop):
    person = make_participant(workshop, at=timezone.now(), email="own@example.org", first_name="สมมุติ")
    visitor.open_page_of(person)
    return person


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestWhoIsInvited:
    def test_the_invitation_leads_to_both_ways_of_not_coming(self, visitor, invitation):
        page = visitor.get(f"/i/{invitation.pk}/").content.decode()
        assert re.findall(r'href="(/i/\d+/\w+/)"', page) == [f"/i/{invitation.pk}/refuse/", f"/i/{invitation.pk}/substitute/"]

    def test_cannot_come_frees_the_seat_at_once_and_says_why_to_the_desk(self, visitor, client, workshop, invitation):
        waiting = make_participant(workshop, at=timezone.now())
        page = visitor.post(f"/i/{invitation.pk}/refuse/", {"reason": "ติดราชการ"})
        waiting.refresh_from_db()
        assert (waiting.state, "ท่านแจ้งว่าเข้าร่วมไม่ได้" in text_of(page), quotas.mismatches()) == (State.CONFIRMED, True, [])
        client.force_login(make_coordinator(workshop).user)
        assert "เหตุผล: ติดราชการ" in text_of(client.get(f"/desk/{workshop.slug}/55/invite/"))

    def test_looking_decides_nothing(self, visitor, invitation):
        for rest in ("refuse/", "substitute/"):
            assert visitor.get(f"/i/{invitation.pk}/{rest}").status_code == 200
        assert list(Invitation.objects.values_list("state", flat=True)) == ["open"]

    def test_a_reason_is_not_needed_and_twice_is_once(self, visitor, invitation):
        pages = [text_of(visitor.post(f"/i/{invitation.pk}/refuse/")) for _i in range(2)]
        assert (["ท่านแจ้งว่าเข้าร่วมไม่ได้" in page for page in pages], seats_of(invitation.workshop).taken) == ([True, True], 0)

    def test_the_substitute_registers_under_their_own_address_on_the_same_seat(self, visitor, invitation):
        page = visitor.post(f"/i/{invitation.pk}/substitute/", {"email": "Other@Example.org"})
        asked = Invitation.objects.get(email="other@example.org")
        assert ("o•••@example.org" in text_of(page), asked.passed_from, asked.holds_seat) == (True, invitation, True)
        assert list(Delivery.objects.order_by("pk").values_list("message", "email")) == [
            ("invitation", "guest@example.org"),
            ("substitute_asked", "other@example.org"),
            ("invitation_passed_on", "guest@example.org"),
        ]
        substitute = Browser()
        substitute.get(signed.invitation_link(asked))
        answers = make_answers(invitation.workshop, province=None, email="other@example.org")
        substitute.post(f"/i/{asked.pk}/", answers)
        registered = Participant.objects.get()
        assert (registered.email, registered.state, registered.consent_version != "") == ("other@example.org", State.CONFIRMED, True)
        again = make_answers(invitation.workshop, province=None, email="guest@example.org")
        assert "ท่านส่งผู้แทนแล้ว" in text_of(visitor.post(f"/i/{invitation.pk}/", again))
        assert quotas.mismatches() == []

    def test_ones_own_address_is_no_substitute(self, visitor, invitation):
        assert "เป็นของท่านเอง" in text_of(visitor.post(f"/i/{invitation.pk}/substitute/", {"email": "guest@example.org"}))
        assert Invitation.objects.count() == 1

    def test_whether_an_address_is_known_is_not_told(self, visitor, invitation):
        make_participant(invitation.workshop, "50", email="known@example.org")
        make_invitation(invitation.workshop, "50", email="asked@example.org")
        pages = [visitor.post(f"/i/{invitation.pk}/substitute/", {"email": email}) for email in ("known@example.org", "asked@example.org")]
        said = [re.findall(r'id="id_email_error"[^>]*>(.*?)</p>', page.content.decode(), re.S) for page in pages]
        faults = [re.findall(r'<li><a href="#id_email">([^<]*)', page.content.decode()) for page in pages]
        assert (faults[0], said[0]) == (faults[1], said[1]) and len(faults[0]) == 1
        invitation.refresh_from_db()
        assert invitation.is_open

    def test_nobody_writes_to_strangers_without_end(self, visitor, invitation, limits):
        make_participant(invitation.workshop, "50", email="known@example.org")
        answered = [visitor.post(f"/i/{invitation.pk}/substitute/", {"email": "known@example.org"}).status_code for _i in range(7)]
        assert answered == [200] * 6 + [429]

    @pytest.mark.parametrize("rest", ["refuse/", "substitute/"])
    def test_a_link_that_was_not_opened_leads_nowhere(self, client, invitation, rest):
        assert client.get(f"/i/{invitation.pk}/{rest}").status_code == 404

    @pytest.mark.parametrize("rest", ["refuse/", "substitute/"])
    @pytest.mark.parametrize("language", ["", "/en"])
    def test_what_is_over_says_so(self, visitor, invitation, rest, language):
        withdraw(invitation=invitation, by=PARTICIPANT)
        page = text_of(visitor.post(f"{language}/i/{invitation.pk}/{rest}", {"email": "other@example.org"}))
        assert ("This invitation was withdrawn" if language else "ยกเลิกคำเชิญ") in page
        assert Invitation.objects.count() == 1


class TestWhoIsConfirmed:
    def test_the_personal_page_leads_there_and_says_whom_was_asked(self, visitor, person):
        page = visitor.get(f"/p/{person.code}/")
        assert f"/p/{person.code}/substitute/" in page.content.decode()
        shown = visitor.post(f"/p/{person.code}/substitute/", {"email": "other@example.org"}, follow=True)
        assert "ระบบส่งลิงก์ไปที่ other@example.org แล้ว" in text_of(shown)
        assert "ส่งลิงก์ไปที่ other@example.org แล้ว" in text_of(visitor.get(f"/p/{person.code}/"))
        person.refresh_from_db()
        assert person.state == State.CONFIRMED

    def test_the_seat_passes_to_who_fills_in_their_own_form(self, visitor, person):
        visitor.post(f"/p/{person.code}/substitute/", {"email": "other@example.org"})
        asked = Invitation.objects.get()
        mail = compose.compose(Delivery.objects.get(message="substitute_asked"))
        assert signed.invitation_url(asked) in mail.body
        substitute = Browser()
        form = text_of(substitute.get(signed.invitation_link(asked), follow=True))
        assert ("ท่านเข้าร่วมแทน นายสมมุติ" in form, "ส่งผู้แทน" in form) == (True, False)
        answers = make_answers(person.workshop, province=None, first_name="ทดสอบ", email="other@example.org")
        response = substitute.post(f"/i/{asked.pk}/", answers)
        person.refresh_from_db()
        new = Participant.objects.get(email="other@example.org")
        assert (person.state, new.state, new.first_name) == (State.CANCELLED, State.CONFIRMED, "ทดสอบ")
        assert response.headers["Location"] == signed.personal_path(new)
        assert (seats_of(person.workshop).taken, quotas.mismatches()) == (1, [])

    def test_taken_back_the_link_of_the_substitute_is_dead(self, visitor, person):
        visitor.post(f"/p/{person.code}/substitute/", {"email": "other@example.org"})
        visitor.post(f"/p/{person.code}/substitute/", {"take_back": "1"})
        asked = Invitation.objects.get()
        substitute = Browser()
        assert "ท่านไม่ต้องเข้าร่วมในฐานะผู้แทนแล้ว" in text_of(substitute.get(signed.invitation_link(asked), follow=True))
        assert asked.state == "withdrawn"

    def test_who_has_no_sure_seat_is_led_back(self, visitor, workshop, person):
        waiting = make_participant(workshop, at=timezone.now())
        visitor.open_page_of(waiting)
        assert visitor.get(f"/p/{waiting.code}/substitute/").headers["Location"] == f"/p/{waiting.code}/"
        assert f"/p/{waiting.code}/substitute/" not in visitor.get(f"/p/{waiting.code}/").content.decode()
        decline(participant=person, reason="ทดสอบ", by=PARTICIPANT)
        assert visitor.post(f"/p/{person.code}/substitute/", {"email": "other@example.org"}).status_code == 302
        assert Invitation.objects.count() == 0

    def test_who_is_about_to_cancel_is_told_that_the_substitute_gets_nothing(self, visitor, person):
        assert "ส่งผู้แทนเข้าร่วมแทน" in text_of(visitor.get(f"/p/{person.code}/cancel/"))
        visitor.post(f"/p/{person.code}/substitute/", {"email": "other@example.org"})
        assert "ไม่ใช่ของผู้แทน" in text_of(visitor.get(f"/p/{person.code}/cancel/"))

    def test_the_page_names_the_coordinator_first(self, visitor, person):
        make_coordinator(person.workshop, email="ours@example.org", phone="+66891234567")
        make_coordinator(person.workshop, "50", email="theirs@example.org")
        cache.clear()
        page = visitor.get(f"/p/{person.code}/").content.decode()
        assert ["089 123 4567" in page, "mailto:ours@example.org" in page, "theirs@example.org" in page] == [True, True, False]


class TestTheDesk:
    def test_it_sees_the_substitute_and_refuses(self, client, workshop, person):
        client.force_login(make_coordinator(workshop).user)
        asked = name_substitute(participant=person, email="other@example.org", by=PARTICIPANT)
        desk = f"/desk/{workshop.slug}/55/"
        for page in (f"{desk}people/{person.code}/", f"{desk}invite/"):
            assert ["other@example.org" in text_of(client.get(page)), "ไม่รับผู้แทน" in text_of(client.get(page))] == [True, True]
        shown = client.post(f"{desk}invite/{asked.pk}/", {"withdraw": "1"}, follow=True)
        assert "ไม่รับผู้แทน และแจ้งทางอีเมลแล้ว: other@example.org" in text_of(shown)
        person.refresh_from_db()
        assert (person.state, person.deliveries.filter(message="substitute_ended").count()) == (State.CONFIRMED, 1)

    def test_it_sees_who_came_in_whose_place(self, client, workshop, person):
        asked = name_substitute(participant=person, email="other@example.org", by=PARTICIPANT)
        new = register_invited(asked, at=timezone.now())
        client.force_login(make_coordinator(workshop).user)
        assert f"เข้าร่วมแทน {person.full_name}" in text_of(client.get(f"/desk/{workshop.slug}/55/people/{new.code}/"))


@pytest.mark.parametrize("message", ["invitation", "invitation_reminder", "declined"])
def test_the_mail_names_the_coordinator_before_nesdc(workshop, message):
    make_coordinator(workshop, name="นางสมมุติ ประสานดี", phone="+66812345678", email="coordinator@example.org")
    workshop.contacts.create(name_th="นายกลาง สมมุติ", phone="02 000 0000", email="office@example.org")
    to = {"participant": make_participant(workshop)} if message == "declined" else {"invitation": make_invitation(workshop)}
    delivery = Delivery.objects.create(
        key="x", message=message, email="x@example.org", created_at=timezone.now(), due_at=timezone.now(), **to
    )
    mail = compose.compose(delivery)
    for text in (mail.body, html_of(mail)):
        assert -1 < text.index("นางสมมุติ ประสานดี") < text.index("ผู้ประสานงานจังหวัดน่าน") < text.index("นายกลาง สมมุติ")
    assert mail.reply_to == ["coordinator@example.org"]
