"""From the mailed link to linking ThaID, and in again by it: with the keyboard alone, and without scripts."""

import re

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Locator, Page, expect

from registration.security import sign_in
from tests.browser.accessibility import objections
from tests.factories import make_coordinator, make_workshop


@pytest.fixture
def provider(settings, live_server):
    with run_server_in_thread() as server:
        settings.SITE_URL = live_server.url
        settings.OPENID_ISSUER = f"http://localhost:{server.server_port}"
        settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = "portal", "plainly-invented"
        yield settings.OPENID_ISSUER


def go(page: Page, to: Locator) -> None:
    """Tabs to it and presses Enter."""
    expect(to).to_be_visible()
    for _tab in range(60):
        page.keyboard.press("Tab")
        if to.evaluate("it => it === document.activeElement"):
            break
    expect(to).to_be_focused()
    page.keyboard.press("Enter")


def be_known_there(page: Page, provider: str) -> None:
    page.wait_for_url(f"{provider}/**")
    page.locator("[name=sub]").first.fill("thaid-9f2c41")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [360, 1280])
def test_linked_once_then_in_by_it(browser: Browser, live_server, provider, width):
    user = make_coordinator(make_workshop(), email="nan@example.org").user
    context = browser.new_context(java_script_enabled=False, viewport={"width": width, "height": 800}, locale="th-TH")
    page = context.new_page()
    page.goto(sign_in.link_url(user))
    go(page, page.get_by_role("button", name="เข้าสู่ระบบ", exact=True))
    go(page, page.get_by_role("link", name="เข้าสู่ระบบด้วย ThaID"))
    page.wait_for_url("**/openid/")
    go(page, page.get_by_role("link", name="ผูกบัญชีกับ ThaID"))
    be_known_there(page, provider)
    expect(page.get_by_role("status")).to_contain_text("ท่านเข้าสู่ระบบด้วย ThaID ได้ตั้งแต่บัดนี้")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    go(page, page.get_by_role("link", name="หน้าประสานงานของท่าน"))
    go(page, page.get_by_role("button", name="ออกจากระบบ"))
    page.wait_for_url("**/desk/sign-in/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    go(page, page.get_by_role("link", name="เข้าสู่ระบบด้วย ThaID"))
    be_known_there(page, provider)
    expect(page).to_have_url(re.compile("/desk/.+/55/$"))
    context.close()
    site = live_server.url
    assert [objections(browser, f"{site}{path}", width=width) for path in ("/desk/sign-in/", "/admin/login/")] == [[], []]
