"""Staff set up their second factor on the way in, and give its code the next time."""

import re
import time
from base64 import b32decode

import pytest
from django.contrib.auth.models import User
from django_otp.oath import TOTP
from playwright.sync_api import Browser, Page, expect

from registration.links import fresh
from registration.security.actions.second_factor import give_word
from tests.browser.accessibility import objections
from tests.factories import make_participant, make_workshop

PASSWORD = "plainly-invented-words"


@pytest.fixture
def clerk(live_server, settings):
    settings.STAFF_SECOND_FACTOR = True
    user = User.objects.create_superuser("clerk", password=PASSWORD)
    give_word(user=user)
    return user


def enter_password(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.fill("[name=username]", "clerk")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-factor/**")


def shown_by_app(page: Page) -> str:
    totp = TOTP(b32decode(page.locator(".factor-key").text_content().replace(" ", "")))
    totp.time = time.time()
    return f"{totp.token():06d}"


def test_from_the_password_to_the_codes_and_in_again_with_one(page: Page, live_server, clerk):
    enter_password(page, live_server.url)
    assert page.locator(".factor-qr").evaluate("picture => picture.naturalWidth > 0")
    page.locator("#id_code").fill(shown_by_app(page))
    page.keyboard.press("Enter")
    expect(page.locator(".factor-codes li")).to_have_count(8)
    recovery = page.locator(".factor-codes li").first.text_content()
    page.get_by_role("link", name="เก็บรหัสแล้ว").click()
    expect(page).to_have_url(f"{live_server.url}/admin/")

    page.context.clear_cookies()
    enter_password(page, live_server.url)
    page.locator("#id_code").fill(recovery)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/admin/$"))


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_no_objection_to_setting_up(browser: Browser, live_server, clerk, width):
    def wrong(page):
        enter_password(page, live_server.url)
        page.locator("#id_code").fill("000000")
        page.keyboard.press("Enter")
        page.locator("#code_error").wait_for()

    def codes(page):
        enter_password(page, live_server.url)
        page.locator("#id_code").fill(shown_by_app(page))
        page.keyboard.press("Enter")
        page.locator(".factor-codes").wait_for()

    def asked(page):
        enter_password(page, live_server.url)
        page.locator("#id_code").wait_for()

    found = [objections(browser, f"{live_server.url}/privacy/", width=width, after=state) for state in (wrong, codes, asked)]
    assert found == [[], [], []]


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_no_objection_to_fresh_links(browser: Browser, live_server, width):
    participant = make_participant(make_workshop())
    link = f"{live_server.url}/f/new_email/{fresh.token(participant, 'new_email')}/"

    def not_fresh(page):
        page.context.clear_cookies(name="fresh-th")
        page.reload()
        page.locator("[name=send_link]").wait_for()

    def sent(page):
        not_fresh(page)
        page.locator("[name=send_link]").click()
        page.wait_for_url("**?sent")

    found = [objections(browser, link, width=width, after=state) for state in (None, not_fresh, sent)]
    found.append(objections(browser, f"{live_server.url}/f/new_email/x.y.z/", width=width))
    assert found == [[], [], [], []]
