"""One person's whole way: the form, the mail, the link in it, a change, the cancellation, and the next person's mail."""

import re

from django.core import mail
from playwright.sync_api import Browser, Page, expect

from registration.mail import outbox
from registration.models import Participant
from tests.browser.accessibility import objections
from tests.factories import make_participant, make_workshop, seats_of, work_off


def delivered() -> dict[str, list[mail.EmailMessage]]:
    """What the worker sends now, by address."""
    mail.outbox.clear()
    work_off()
    outbox.send_due("worker", seconds=20)
    sent: dict[str, list[mail.EmailMessage]] = {}
    for message in mail.outbox:
        sent.setdefault(message.to[0], []).append(message)
    return sent


def link_in(message: mail.EmailMessage, site: str) -> str:
    """The personal link, as somebody finds it in the text."""
    return re.search(re.escape(site) + r"/p/\S+", message.body)[0]


def test_from_the_form_to_the_next_persons_mail(page: Page, browser: Browser, live_server, settings):
    settings.SITE_URL = live_server.url
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    page.set_viewport_size({"width": 360, "height": 740})

    page.goto(f"{live_server.url}/w/{workshop.slug}/register/?province=55")
    page.locator(".segments label").nth(1).click()
    for name, value in {
        "first_name": "เกษมศรี",
        "last_name": "ทดสอบดี",
        "organisation": "องค์การบริหารส่วนตำบลสมมุติ",
        "email": "kasemsri@example.org",
        "phone": "081 234 5678",
    }.items():
        page.locator(f"#id_{name}").fill(value)
    expect(page.locator(".group-choice")).to_be_hidden()  # the only group there is
    page.locator(".block summary").click()
    page.locator(".block input[type=radio]").first.check()
    page.locator("form[novalidate] button[type=submit]").click()
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "confirmed")

    waiting = make_participant(workshop, email="next@example.org")
    assert waiting.state == "waitlisted"
    first_mails = delivered()
    (received,) = first_mails["kasemsri@example.org"]
    assert "text/calendar" in [part.get_content_type() for part in received.message().walk()]

    page.goto(link_in(received, live_server.url))
    with page.expect_navigation():
        page.locator(f"a[href$='{page.url.split('/p/')[1]}edit/']").click()
    assert objections(browser, page.url, width=360) == []
    expect(page.locator("#id_first_name")).to_have_value("เกษมศรี")
    page.locator("#id_position").fill("ปลัดองค์การบริหารส่วนตำบล")
    page.locator("form[novalidate] button[type=submit]").click()
    page.locator("summary", has_text="ข้อมูลที่ท่านให้ไว้").click()
    expect(page.locator("dd", has_text="ปลัดองค์การบริหารส่วนตำบล")).to_be_visible()
    (changed,) = delivered()["kasemsri@example.org"]
    mine = page.url
    page.goto(link_in(changed, live_server.url))
    assert page.url == mine

    with page.expect_navigation():
        page.locator("a[href$='cancel/']").click()
    assert objections(browser, page.url, width=360) == []
    page.locator("form button.btn-danger").click()
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "cancelled")
    last_mails = delivered()
    assert sorted(last_mails) == ["kasemsri@example.org", "next@example.org"]

    page.goto(link_in(last_mails["next@example.org"][0], live_server.url))
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "confirmed")
    assert Participant.objects.get(pk=waiting.pk).state == "confirmed"


def test_the_link_is_sent_again_and_a_new_one_made(page: Page, browser: Browser, live_server, settings):
    settings.SITE_URL = live_server.url
    workshop = make_workshop()
    make_participant(workshop, email="lost@example.org")
    delivered()
    page.goto(f"{live_server.url}/w/{workshop.slug}/my-link/")
    assert objections(browser, page.url, width=360) == []
    page.locator("#id_email").fill("LOST@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/check-mail/"))
    old = link_in(delivered()["lost@example.org"][0], live_server.url)
    page.goto(old)
    page.locator("a[href$='/link/']").click()
    page.locator("form button.btn-primary").click()
    expect(page.locator("[data-state]")).to_be_visible()
    new = link_in(delivered()["lost@example.org"][0], live_server.url)
    assert (new == old, page.request.get(old).status, page.request.get(new).status) == (False, 404, 200)
