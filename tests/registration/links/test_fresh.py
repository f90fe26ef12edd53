"""What matters asks for a link that was mailed within the last ten minutes."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from registration.links import fresh, signed
from registration.links.actions.fresh_links import send_fresh_link
from registration.mail import compose, outbox
from registration.models import Delivery, Participant
from tests.factories import make_answers, make_participant, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

#: The first purpose there was; the others go the same way.
PURPOSE = "new_email"
FORM = 'name="email"'


@pytest.fixture
def person():
    return make_participant(make_workshop(), email="somebody@example.org")


def address(person):
    return reverse(PURPOSE, args=[person.code])


def asked(person):
    return list(Delivery.objects.filter(message="fresh_link", participant=person).values_list("email", "details"))


def test_a_page_that_was_opened_weeks_ago_is_not_enough(client, person):
    client.open_page_of(person)
    page = client.get(address(person))
    assert (page.status_code, FORM in page.content.decode(), asked(person)) == (200, False, [])
    client.post(address(person), {"email": "thief@example.org"})
    assert Delivery.objects.filter(email="thief@example.org").count() == 0


def test_the_button_mails_a_link_that_opens_it(client, person, settings):
    settings.SITE_URL = "http://testserver"
    client.open_page_of(person)
    page = client.post(address(person), {"send_link": "yes"}, follow=True)
    assert "somebody@example.org" in page.content.decode()
    assert asked(person) == [("somebody@example.org", {"state": "confirmed", "purpose": PURPOSE})]
    outbox.send_due("worker", seconds=20)
    (url,) = {word for word in mail.outbox[-1].body.split() if "/f/" in word}
    response = client.get(url.removeprefix("http://testserver"), follow=True)
    assert response.redirect_chain == [(address(person), 302)]
    assert FORM in response.content.decode()


def test_a_mail_that_waited_for_too_long_says_how_to_ask_again(client, person, settings):
    settings.SITE_URL = "http://testserver"
    send_fresh_link(participant=person, purpose=PURPOSE, at=timezone.now() - dt.timedelta(minutes=31))
    outbox.send_due("worker", seconds=20)
    late = mail.outbox[-1]
    assert late.subject.startswith("เปลี่ยนอีเมล: โปรดขอลิงก์อีกครั้ง")
    for text in (late.body, late.alternatives[0][0]):
        assert ("/f/" in text, f"http://testserver{address(person)}" in text) == (False, True)
    client.open_page_of(person)
    assert "send_link" in client.get(address(person)).content.decode()


def test_it_is_mailed_once_in_two_minutes_however_often_it_is_asked_for(person):
    at = timezone.make_aware(dt.datetime(2027, 1, 15, 12, 0))
    for seconds in (0, 1, 119, 120):
        send_fresh_link(participant=person, purpose=PURPOSE, at=at + dt.timedelta(seconds=seconds))
    assert len(asked(person)) == 2


def test_the_link_alone_opens_the_page_in_a_browser_that_never_saw_it(person):
    browser = Browser()
    assert FORM in browser.open_fresh_link(person, PURPOSE).content.decode()
    assert browser.get(signed.personal_path(person)).status_code == 200


def test_its_token_stands_in_no_address_and_no_page(client, person):
    token = fresh.token(person, PURPOSE)
    response = client.get(reverse("fresh_link", args=[PURPOSE, token]), follow=True)
    assert [token in path for path, _status in response.redirect_chain] == [False]
    assert token not in response.content.decode()


@pytest.mark.parametrize(("minutes", "opens"), [(9, True), (11, False)])
def test_it_works_for_ten_minutes(client, person, monkeypatch, minutes, opens):
    token = fresh.token(person, PURPOSE)
    client.open_fresh_link(person, PURPOSE)
    now = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + minutes * 60)
    link = Browser().get(reverse("fresh_link", args=[PURPOSE, token]))
    assert (link.status_code == 302, FORM in client.get(address(person)).content.decode()) == (opens, opens)


def test_a_form_that_comes_too_late_does_nothing_and_says_so(client, person, monkeypatch):
    client.open_fresh_link(person, PURPOSE)
    now = timezone.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 601)
    page = client.post(address(person), {"email": "new@example.org"})
    assert "ลิงก์ของท่านครบ ๑๐ นาทีแล้ว" in page.content.decode()
    assert Delivery.objects.filter(email="new@example.org").count() == 0


def test_a_link_for_one_purpose_opens_no_other(person, monkeypatch):
    monkeypatch.setitem(fresh.PURPOSES, "another", "Another")
    token = fresh.token(person, "another")
    assert fresh.participant_of_token(token, "another") == person
    assert fresh.participant_of_token(token, PURPOSE) is None
    assert signed.participant_of_token(token) is None
    assert fresh.participant_of_token(signed.personal_token(person), PURPOSE) is None


def test_a_renewed_link_kills_fresh_ones(person):
    token = fresh.token(person, PURPOSE)
    Participant.objects.filter(pk=person.pk).update(link_version=2)
    assert fresh.participant_of_token(token, PURPOSE) is None


def test_the_fresh_link_of_one_opens_nothing_of_another(client, person):
    other = make_participant(person.workshop)
    client.open_page_of(other)
    client.cookies["fresh-th"] = fresh.token(person, PURPOSE)
    assert FORM not in client.get(address(other)).content.decode()


def test_an_unknown_purpose_is_not_there(client, person):
    assert client.get(reverse("fresh_link", args=["participant", fresh.token(person, "participant")])).status_code == 404


def test_every_purpose_is_a_view_behind_the_personal_page():
    assert [reverse(purpose, args=["AAAAAAA"]).startswith("/p/AAAAAAA/") for purpose in fresh.PURPOSES] == [True] * len(fresh.PURPOSES)


def test_what_staff_see_of_the_mail_opens_nothing(person):
    send_fresh_link(participant=person, purpose=PURPOSE)
    body = compose.compose(Delivery.objects.get(message="fresh_link"), for_show=True).body
    (url,) = {word for word in body.split() if "/f/" in word}
    assert fresh.participant_of_token(url.split("/")[-2], PURPOSE) is None


def test_who_mistyped_their_address_corrects_it_in_the_browser_that_registered_them(client):
    workshop = make_workshop()
    client.post(reverse("register", args=[workshop.slug]), make_answers(workshop, email="mistyped@example.org"))
    person = Participant.objects.get()
    assert FORM in client.get(address(person)).content.decode()
    client.post(address(person), {"email": "right@example.org"})
    assert Delivery.objects.filter(message="confirm_email", email="right@example.org").count() == 1


def test_nothing_else_is_open_to_whom_no_mail_reached(client):
    workshop = make_workshop()
    client.post(reverse("register", args=[workshop.slug]), make_answers(workshop))
    person = Participant.objects.get()
    for purpose in fresh.PURPOSES.keys() - {PURPOSE}:
        page = client.get(reverse(purpose, args=[person.code])).content.decode()
        assert 'name="send_link"' in page
