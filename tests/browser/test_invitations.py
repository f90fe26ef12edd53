"""Inviting from a phone or a desktop, with JavaScript and without; pages without an objection from axe."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from registration.links import signed
from registration.models import Invitation, Nominee, Participant
from registration.seats import quotas
from tests.browser.accessibility import objections
from tests.browser.test_desk import PHONE, sign_in, with_and_without_javascript
from tests.factories import make_coordinator, make_invitation, make_workshop, seats_of
from tests.registration.spreadsheets.workbooks import workbook

LIST = [
    ["บัญชีรายชื่อผู้เข้าร่วมประชุม จังหวัดน่าน"],
    ["ที่", "ชื่อ - สกุล", "ตำแหน่ง", "หน่วยงาน", "อีเมล", "โทรศัพท์"],
    [1, "นายสมมุติ ทดสอบดี", "ปลัดอำเภอ", "ที่ทำการปกครองจังหวัดน่าน", "one@example.org", 812345678],
    [2, "น.ส.สมหญิง ทดสอบดี", "ครู", "โรงเรียนตัวอย่าง", "two@example", "๐๘๑ ๒๓๔ ๕๖๗๘"],
]


@pytest.fixture
def workshop(live_server):
    return make_workshop()


@pytest.fixture
def desk(page: Page, live_server, workshop):
    """The desk of Nan, and a function that opens one of its pages."""
    sign_in(page, live_server, make_coordinator(workshop).user)

    def go(rest: str) -> Page:
        page.goto(f"{live_server.url}/desk/{workshop.slug}/55/{rest}")
        return page

    return go


@with_and_without_javascript
def test_somebody_is_invited_and_the_invitation_taken_back(desk, javascript, workshop):
    page = desk("invite/")
    page.get_by_label("อีเมล", exact=True).first.fill("guest@example.org")
    page.get_by_role("button", name="ส่งคำเชิญ", exact=True).click()
    expect(page.locator("#result")).to_have_text(re.compile("ส่งคำเชิญแล้ว: guest@example.org"))
    page.get_by_role("button", name="ยกเลิกคำเชิญของ guest@example.org").click()
    expect(page.locator("#result")).to_have_text(re.compile("ยกเลิกคำเชิญและแจ้งทางอีเมลแล้ว"))
    assert (Invitation.objects.get().state, quotas.mismatches()) == ("withdrawn", [])


@with_and_without_javascript
def test_an_offices_list_is_looked_through_corrected_and_applied(desk, javascript, workshop, tmp_path):
    file = tmp_path / "รายชื่อ.xlsx"
    file.write_bytes(workbook(รายชื่อ=LIST))
    page = desk("nominations/")
    page.get_by_label("รายชื่อ (Excel").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="อัปโหลดและตรวจรายชื่อ").click()
    expect(page.get_by_label("คอลัมน์ E คือ")).to_have_value("1.email")
    page.get_by_role("button", name="ตรวจรายชื่อ ๒ แถว").click()
    expect(page.locator(".field-error")).to_have_count(1)
    page.locator("#row-2").get_by_label("อีเมล").fill("two@example.org")
    page.get_by_role("button", name="บันทึกแถวนี้").click()
    expect(page.get_by_role("button", name="ส่งคำเชิญทางอีเมล ๒ คน")).to_be_visible()
    assert Invitation.objects.count() == 0
    page.get_by_role("button", name="ส่งคำเชิญทางอีเมล ๒ คน").click()
    expect(page.locator(".listing .change-cell")).to_have_text(["เชิญแล้ว", "เชิญแล้ว"])
    assert sorted(Invitation.objects.values_list("first_name", flat=True)) == ["สมมุติ", "สมหญิง"]
    assert (list(Nominee.objects.values_list("state", flat=True)), seats_of(workshop).taken) == (["invited"] * 2, 2)


@with_and_without_javascript
def test_an_invited_person_accepts_on_a_phone(page, live_server, javascript, workshop):
    invitation = make_invitation(
        workshop, at=timezone.now(), title="นาง", first_name="สมหญิง", last_name="ทดสอบดี", organisation="โรงเรียนตัวอย่าง", phone="+66812345678"
    )
    page.goto(f"{live_server.url}/i/{signed.personal_invitation_token(invitation)}/")
    page.get_by_label("อีเมล", exact=True).fill(invitation.email)
    page.locator(".pills label", has_text="สำนักงานจังหวัด").click()
    expect(page.locator("[name=group][value='4.1.1']")).to_be_checked()
    expect(page.get_by_text("๔.๑.๑ สำนักงานจังหวัด")).to_be_visible()
    page.get_by_text("เลือกหัวข้อบรรยายเลย").click()
    page.get_by_label("๑. หัวข้อที่ 1").check()
    page.get_by_role("button", name="ตอบรับคำเชิญ").click()
    expect(page).to_have_url(re.compile("/p/"))
    participant = Participant.objects.get()
    assert (participant.state, participant.group.code, participant.choices.get().track.number) == ("confirmed", "4.1.1", 1)
    assert quotas.mismatches() == []


@pytest.mark.browser_context_args(**PHONE)
@pytest.mark.parametrize("rest", ["invite/", "nominations/", "papers/"])
def test_the_pages_fit_a_phone(desk, rest):
    page = desk(rest)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_no_objection(browser, live_server, workshop, width, tmp_path, page, desk):
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook(รายชื่อ=LIST))
    desk("nominations/").get_by_label("รายชื่อ (Excel").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="อัปโหลดและตรวจรายชื่อ").click()
    columns = page.url
    page.get_by_role("button", name="ตรวจรายชื่อ ๒ แถว").click()
    expect(page.locator("#work")).to_be_visible()
    invitation = make_invitation(workshop, at=timezone.now() - dt.timedelta(hours=1))
    user = workshop.quotas.get(province__code="55").coordinators.get().user
    found = []
    for address in (
        f"/desk/{workshop.slug}/55/invite/",
        columns.removeprefix(live_server.url),
        f"{page.url.removeprefix(live_server.url)}?show=all",
        f"/desk/{workshop.slug}/55/papers/",
    ):
        found += objections(
            browser, live_server.url + "/", width=width, after=lambda other, address=address: show(other, live_server, user, address)
        )
    found += objections(browser, f"{live_server.url}/i/{signed.personal_invitation_token(invitation)}/", width=width)
    assert found == []


def show(page, live_server, user, address):
    sign_in(page, live_server, user)
    page.goto(live_server.url + address)
