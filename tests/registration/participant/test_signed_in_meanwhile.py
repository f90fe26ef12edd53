"""Signing in in another tab makes new tokens: a form that was filled in before comes back with everything in it, and says why."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.middleware.csrf import rotate_token
from django.test import Client, RequestFactory

from registration.models import Participant
from tests.factories import make_answers, make_workshop

pytestmark = pytest.mark.django_db

WHY = "ท่านได้เข้าสู่ระบบหรือออกจากระบบในแท็บอื่น"


@pytest.fixture
def browser():
    return Client(enforce_csrf_checks=True, headers={"accept-language": "th", "sec-fetch-site": "same-origin"})


def token_of(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page.content.decode())[1]


def sign_in_elsewhere(browser) -> None:
    """What signing in does to the cookie of the tokens."""
    request = RequestFactory().get("/")
    rotate_token(request)
    browser.cookies["csrftoken"] = request.META["CSRF_COOKIE"]


def test_the_registration_comes_back_filled_in_and_is_sent_by_one_press(browser):
    workshop = make_workshop()
    path = f"/w/{workshop.slug}/register/"
    answers = make_answers(workshop, first_name="กรอกนาน") | {"csrfmiddlewaretoken": token_of(browser.get(path))}
    sign_in_elsewhere(browser)
    page = browser.post(path, answers)
    words = unescape(re.sub(r"<[^>]+>", "", page.content.decode()))
    assert (page.status_code, WHY in words, 'value="กรอกนาน"' in page.content.decode()) == (403, True, True)
    assert Participant.objects.count() == 0
    browser.post(path, answers | {"csrfmiddlewaretoken": token_of(page)})
    assert Participant.objects.get().first_name == "กรอกนาน"


def test_any_other_form_is_kept_to_be_sent_once_more(browser):
    browser.force_login(User.objects.create_superuser("boss"))
    path = "/admin/registration/agency/add/"
    token = token_of(browser.get(path))
    sign_in_elsewhere(browser)
    page = browser.post(path, {"name": "หน่วย <b>ใหม่</b>", "abbreviation": "นม.", "csrfmiddlewaretoken": token}).content.decode()
    assert WHY in unescape(re.sub(r"<[^>]+>", "", page))
    kept = {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)}
    assert (kept["name"], kept["abbreviation"]) == ("หน่วย <b>ใหม่</b>", "นม.")
    assert "csrfmiddlewaretoken" in kept


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example.org"}, {}])
def test_what_a_stranger_s_page_filled_in_is_not_kept(headers):
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "th"} | headers)
    page = browser.post("/admin/registration/agency/add/", {"name": "ของผู้อื่น"}).content.decode()
    assert "ของผู้อื่น" not in page


def test_passwords_are_not_kept(browser):
    page = browser.post("/admin/login/", {"username": "a", "password": "plainly-invented"})
    assert (page.status_code, "plainly-invented" in page.content.decode()) == (403, False)


def test_a_browser_without_cookies_is_told_so(browser):
    page = browser.post("/admin/registration/agency/add/", {"name": "ก"}).content.decode()
    assert "โปรดอนุญาตคุกกี้" in page
