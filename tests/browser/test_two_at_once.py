"""Two of staff with the page of a workshop open in two browsers: what both wrote is there, and what both changed is asked about."""

from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from sessions.models import Workshop
from tests.factories import make_workshop


def open_page(browser: Browser, site: str, path: str, settings) -> Page:
    client = Client()
    client.force_login(User.objects.create_superuser(f"staff{User.objects.count()}"))
    context = browser.new_context(locale="th-TH")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": site}])
    page = context.new_page()
    page.goto(site + path)
    return page


def save(page: Page) -> None:
    page.locator("[name=_save]").first.click()
    page.wait_for_load_state()


def test_neither_loses_what_they_wrote(browser: Browser, live_server, settings):
    workshop = make_workshop(slug="sample", title_th="การประชุมสมมุติ", is_published=False)
    path = f"/admin/agenda/workshop/{workshop.pk}/change/?part=general"
    first, second = (open_page(browser, live_server.url, path, settings) for _i in range(2))
    first.locator("[name=title_th]").fill("การประชุมของคนแรก")
    save(first)
    second.locator("[name=title_th]").fill("การประชุมของคนที่สอง")
    second.locator("[name=lead_th]").fill("คำนำของคนที่สอง")
    save(second)
    expect(second.locator(".errorlist")).to_contain_text("ระหว่างนี้มีผู้อื่นแก้ไขเป็น “การประชุมของคนแรก” แล้ว")
    assert Workshop.objects.get().title_th == "การประชุมของคนแรก"
    save(second)
    workshop.refresh_from_db()
    assert (workshop.title_th, workshop.lead_th) == ("การประชุมของคนที่สอง", "คำนำของคนที่สอง")
    for page in (first, second):
        page.context.close()
