"""Not coming, and sending somebody: on a phone, with JavaScript and without; pages without an objection from axe."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from registration.links import signed
from registration.models import Invitation, Participant
from registration.seats import quotas
from tests.browser.accessibility import objections_in, visitor
from tests.browser.test_desk import sign_in, with_and_without_javascript
from tests.factories import make_coordinator, make_invitation, make_participant, make_workshop, seats_of


@pytest.fixture
def workshop(live_server):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    return workshop


def open_invitation(page, live_server, invitation):
    page.goto(f"{live_server.url}/i/{signed.personal_invitation_token(invitation)}/")


def register_as(page, email):
    page.locator("form .segments label").filter(has_text="นาย").first.click()
    page.locator("#id_first_name").fill("สมมุติ")
    page.locator("#id_last_name").fill("ทดสอบดี")
    page.locator("#id_email").fill(email)
    page.locator("#id_phone").fill("081 234 5678")
    page.locator("#id_organisation").fill("โรงเรียนตัวอย่าง")
    page.locator(".pills label", has_text="สำนักงานจังหวัด").click()
    page.get_by_role("button", name="ตอบรับคำเชิญ").click()


@with_and_without_javascript
def test_a_seat_passes_to_a_substitute_under_their_own_address(page, live_server, javascript, workshop):
    person = make_participant(workshop, at=timezone.now())
    page.goto(signed.personal_url(person).replace("http://localhost:8000", live_server.url))
    page.get_by_role("link", name="ส่งผู้แทน").click()
    page.get_by_label("อีเมลของผู้แทน").fill("substitute@example.org")
    page.get_by_role("button", name="ส่งลิงก์ให้ผู้แทน").click()
    expect(page.get_by_text("ที่นั่งยังเป็นของท่านจนกว่าผู้แทนจะลงทะเบียน")).to_be_visible()
    open_invitation(page, live_server, Invitation.objects.get())
    register_as(page, "forwarded@example.org")
    expect(page.locator("#for-another")).to_be_visible()
    assert Participant.objects.count() == 1
    page.locator("#id_email").fill("substitute@example.org")
    page.get_by_role("button", name="ตอบรับคำเชิญ").click()
    expect(page).to_have_url(re.compile("/p/"))
    assert list(Participant.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "confirmed"]
    assert (seats_of(workshop).taken, quotas.mismatches()) == (1, [])


@with_and_without_javascript
def test_whoever_has_a_forwarded_invitation_gets_a_link_of_their_own(page, live_server, javascript, workshop):
    open_invitation(page, live_server, make_invitation(workshop, at=timezone.now(), email="invited@example.org"))
    register_as(page, "substitute@example.org")
    page.get_by_role("button", name="ข้าพเจ้าเป็นผู้แทน").click()
    expect(page.get_by_label("อีเมลของผู้แทน")).to_have_value("substitute@example.org")
    assert Invitation.objects.count() == 1
    page.get_by_role("button", name="ส่งลิงก์ให้ผู้แทน").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ท่านส่งผู้แทนแล้ว")
    assert list(Invitation.objects.order_by("pk").values_list("email", "state")) == [
        ("invited@example.org", "passed_on"),
        ("substitute@example.org", "open"),
    ]


@with_and_without_javascript
def test_who_cannot_come_frees_the_seat(page, live_server, javascript, workshop):
    open_invitation(page, live_server, make_invitation(workshop, at=timezone.now()))
    page.get_by_role("link", name="เข้าร่วมไม่ได้").click()
    page.get_by_label("เหตุผล").fill("ติดราชการ")
    page.get_by_role("button", name="เข้าร่วมไม่ได้").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ท่านแจ้งว่าเข้าร่วมไม่ได้")
    assert (Invitation.objects.get().answer, seats_of(workshop).taken) == ("ติดราชการ", 0)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_no_objection(browser, live_server, workshop, width):
    seats_of(workshop, capacity=2)
    person, invitation = make_participant(workshop, at=timezone.now()), make_invitation(workshop, at=timezone.now())
    own, found = make_coordinator(workshop, phone="+66812345678"), []
    with visitor(browser) as context:
        page = context.new_page()
        open_invitation(page, live_server, invitation)
        page.goto(live_server.url + signed.personal_link(person))
        sign_in(page, live_server, own.user)
        for path in (
            f"/i/{invitation.pk}/",
            f"/i/{invitation.pk}/refuse/",
            f"/i/{invitation.pk}/substitute/",
            f"/p/{person.code}/substitute/",
            f"/desk/{workshop.slug}/55/",
            f"/desk/{workshop.slug}/55/notices/",
        ):
            found += objections_in(context, live_server.url + path, width=width)
            page.goto(live_server.url + path)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == []
