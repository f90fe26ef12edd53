"""Mailed links: the token goes into a cookie of the one page that it opens, and out of the address."""

from unittest.mock import ANY

import pytest
from django.urls import reverse
from django.utils import timezone

from registration.links import signed
from tests.factories import make_answers, make_invitation, make_participant, make_workshop
from tests.visitors import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_participant(make_workshop(), last_name="ลับเฉพาะ")


def test_the_link_hands_out_a_cookie_for_this_page_alone_and_leads_to_it(client, person):
    response = client.get(signed.personal_link(person))
    assert (response.status_code, response["Location"]) == (302, f"/p/{person.code}/")
    assert response["Cache-Control"] == "no-store"
    given = {name: (c.value, c["path"], c["httponly"], c["samesite"], c["secure"]) for name, c in response.cookies.items()}
    token = signed.page_token(person)
    assert given == {
        "personal-th": (token, f"/p/{person.code}/", True, "Lax", ""),
        "personal-en": (token, f"/en/p/{person.code}/", True, "Lax", ""),
        "evaluation-th": (ANY, f"/w/{person.workshop.slug}/evaluation/", True, "Lax", ""),
        "evaluation-en": (ANY, f"/en/w/{person.workshop.slug}/evaluation/", True, "Lax", ""),
    }


def test_where_cookies_are_secure_this_one_is_too(client, person, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert [cookie["secure"] for cookie in client.get(signed.personal_link(person)).cookies.values()] == [True] * 4


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("rest", ["", "qr.svg", "calendar.ics", "edit/", "cancel/", "email/", "link/"])
def test_what_belongs_to_the_page_is_reached_by_the_link_as_well(client, person, language, rest):
    response = client.open_page_of(person, rest, language)
    assert response.redirect_chain == [(f"{language}/p/{person.code}/{rest}", 302)]
    assert response.status_code == 200


def test_accepting_a_seat_is_asked_on_the_page(client, person):
    assert client.open_page_of(person, "accept/").request["PATH_INFO"] == f"/p/{person.code}/"


def test_who_opened_the_link_may_switch_the_language(client, person):
    client.open_page_of(person)
    assert client.get(f"/en/p/{person.code}/").status_code == 200


def test_no_page_says_the_token(client, person):
    pages = [client.open_page_of(person, rest) for rest in ("", "edit/", "cancel/", "email/", "link/", "qr.svg")]
    assert [signed.personal_token(person) in page.content.decode() for page in pages] == [False] * len(pages)


def test_one_browser_holds_the_pages_of_several_people_apart(client):
    workshop = make_workshop()
    people = [make_participant(workshop, last_name=f"ลับเฉพาะ{number}") for number in range(3)]
    for person in people:
        client.post(reverse("register", args=[workshop.slug]), make_answers(workshop))
        client.open_page_of(person)
    shown = [client.get(signed.personal_path(person)).content.decode() for person in people]
    assert [[person.last_name in page for person in people] for page in shown] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_who_registers_needs_no_mail_to_see_their_page(client):
    workshop = make_workshop()
    response = client.post(reverse("register", args=[workshop.slug]), make_answers(workshop, last_name="ลับเฉพาะ"))
    page = client.get(response["Location"])
    assert (page.status_code, "ลับเฉพาะ" in page.content.decode()) == (200, True)


@pytest.mark.parametrize("rest", ["", "qr.svg", "calendar.ics", "edit/", "cancel/", "email/", "link/", "accept/"])
def test_without_the_cookie_a_page_that_is_there_looks_like_one_that_is_not(client, person, rest):
    known, unknown = (client.get(f"/p/{code}/{rest}") for code in (person.code, "AAAAAAA"))
    assert (known.status_code, unknown.status_code) == (404, 404)
    assert known.content.decode().replace(person.code, "AAAAAAA") == unknown.content.decode()
    assert "โปรดเปิดหน้านี้จากลิงก์ของท่าน" in known.content.decode()
    assert known.headers.pop("X-Request-ID") != unknown.headers.pop("X-Request-ID")
    assert dict(known.headers) == dict(unknown.headers)


def test_the_cookie_of_one_opens_nothing_of_another(client, person):
    other = make_participant(person.workshop)
    client.cookies["personal-th"] = signed.page_token(other)
    assert client.get(signed.personal_path(other)).status_code == 200
    assert client.get(signed.personal_path(person)).status_code == 404


@pytest.mark.parametrize(
    "spoil", [lambda token: token[:-1], lambda token: "", lambda token: token.replace(".1.", ".2."), lambda token: "..."]
)
def test_a_changed_cookie_opens_nothing(client, person, spoil):
    client.cookies["personal-th"] = spoil(signed.page_token(person))
    assert client.get(signed.personal_path(person)).status_code == 404


def test_the_calendar_s_token_opens_no_page(client, person):
    client.cookies["personal-th"] = signed.calendar_token(person)
    assert client.get(signed.personal_path(person)).status_code == 404


def test_a_form_sent_to_the_link_changes_nothing(client, person):
    client.post(f"{signed.personal_link(person)}cancel/")
    person.refresh_from_db()
    assert person.state == "confirmed"


def test_a_link_leads_nowhere_else(client, person):
    for rest in ("//example.org/", "\\example.org", "..//example.org"):
        assert client.get(f"{signed.personal_link(person)}{rest}")["Location"].startswith(f"/p/{person.code}/")


class TestClosing:
    @pytest.mark.parametrize("language", ["", "/en"])
    def test_it_takes_the_cookie_of_this_page_away_in_every_language(self, client, person, language):
        client.open_page_of(person, language=language)
        response = client.post(f"{language}/p/{person.code}/close/")
        assert (response.status_code, response["Location"]) == (302, f"{language}/closed/")
        gone = {name: (cookie.value, cookie["path"], cookie["max-age"]) for name, cookie in response.cookies.items()}
        form = f"/w/{person.workshop.slug}/register/"
        pages = {"personal-th": ("", f"/p/{person.code}/", 0), "personal-en": ("", f"/en/p/{person.code}/", 0)}
        asked = f"/w/{person.workshop.slug}/evaluation/"
        pages |= {"evaluation-th": ("", asked, 0), "evaluation-en": ("", f"/en{asked}", 0)}
        assert gone == {**pages, "registered": ("", form, 0)}
        assert [client.get(f"{each}/p/{person.code}/").status_code for each in ("", "/en")] == [404, 404]
        assert "ลับเฉพาะ" not in client.get(response["Location"]).content.decode()

    def test_the_page_of_another_stays_open_and_the_link_opens_this_one_again(self, client, person):
        other = make_participant(person.workshop)
        for each in (person, other):
            client.open_page_of(each)
        client.post(f"/p/{person.code}/close/")
        assert client.get(signed.personal_path(other)).status_code == 200
        assert client.open_page_of(person).status_code == 200

    def test_the_page_leads_to_a_question_that_closes_nothing(self, client, person):
        assert f'href="/p/{person.code}/close/">' in client.open_page_of(person).content.decode()
        asked = client.get(f"/p/{person.code}/close/")
        assert f'<form method="post" action="/p/{person.code}/close/">' in asked.content.decode()
        assert client.get(signed.personal_path(person)).status_code == 200

    def test_another_site_closes_nothing(self, person):
        client = Browser(enforce_csrf_checks=True)
        client.open_page_of(person)
        assert client.post(f"/p/{person.code}/close/").status_code == 403
        assert client.get(signed.personal_path(person)).status_code == 200


class TestInvitations:
    def test_the_link_leads_to_an_address_without_a_token(self, client):
        invitation = make_invitation(make_workshop(), at=timezone.now(), last_name="ลับเฉพาะ")
        response = client.get(signed.invitation_link(invitation), follow=True)
        assert response.redirect_chain == [(f"/i/{invitation.pk}/", 302)]
        assert "ลับเฉพาะ" in response.content.decode()

    def test_without_the_cookie_an_invitation_looks_like_none(self, client):
        invitation = make_invitation(make_workshop(), at=timezone.now())
        known, unknown = Browser().get(f"/i/{invitation.pk}/"), Browser().get("/i/999999/")
        assert (known.status_code, unknown.status_code) == (404, 404)
        assert known.content.decode().replace(f"/i/{invitation.pk}/", "/i/999999/") == unknown.content.decode()
