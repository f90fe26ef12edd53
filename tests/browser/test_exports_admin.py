"""Exports as somebody of the office meets them: from the list of participants to the file on the computer."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from registration.models import AuditEvent, Export
from registration.operations import tasks
from tests.browser.accessibility import faults
from tests.factories import make_participant, make_workshop

#: The page without Django's frame.


def sign_in(page: Page, portal: str) -> None:
    page.goto(f"{portal}/admin/registration/participant/")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("plainly-invented")
    page.keyboard.press("Enter")
    expect(page.locator("#user-tools")).to_be_visible()


@pytest.fixture
def people():
    """Three of two provinces, and somebody of the office who signs in."""
    User.objects.create_superuser("staff", "staff@example.org", "plainly-invented")
    workshop = make_workshop(slug="sdg")
    return [make_participant(workshop, code, first_name=name) for code, name in [("55", "เอก"), ("50", "แก้ว"), ("50", "กร")]]


def work() -> None:
    """What a worker does with all that waits."""
    for export in Export.objects.unfinished():
        assert tasks.make_export.func(export.pk)


def names_in(download) -> list[str]:
    sheet = load_workbook(BytesIO(download.value.path().read_bytes()))["ผู้เข้าร่วม"]
    return [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)]


def test_the_list_as_it_is_shown_is_made_and_taken_without_reloading(page, live_server, people):
    sign_in(page, live_server.url)
    page.locator("#filter-province").select_option("เชียงใหม่")
    page.locator("form", has=page.locator("#filter-province")).get_by_role("button").click()
    page.get_by_role("link", name="ส่งออกรายชื่อตามตัวกรองนี้").click()
    expect(page.get_by_text("เชียงใหม่: ๒ คน ในจำนวนนี้มีที่นั่ง ๒ คน")).to_be_visible()
    page.get_by_role("form", name="รายชื่อผู้เข้าร่วม", exact=True).get_by_role("button").click()
    expect(page.get_by_text("ระบบจะเริ่มจัดทำไฟล์ในอีกสักครู่")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_be_visible()
    work()
    expect(page.get_by_text("ไฟล์พร้อมแล้ว")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="ดาวน์โหลดไฟล์").click()
    assert names_in(download) == ["กร", "แก้ว"]
    assert AuditEvent.objects.get(verb="taken").count == 2


def test_ticked_people_are_exported_without_javascript(browser, live_server, people):
    context = browser.new_context(java_script_enabled=False, locale="th-TH")
    page = context.new_page()
    sign_in(page, live_server.url)
    page.get_by_role("row", name="เอก").get_by_role("checkbox").check()
    page.get_by_role("combobox", name="คำสั่ง").select_option("ส่งออกผู้ที่เลือก")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("เฉพาะผู้ที่ท่านเลือก: ๑ คน")).to_be_visible()
    page.get_by_role("form", name="รายชื่อผู้เข้าร่วม", exact=True).get_by_role("button").click()
    work()
    page.get_by_role("link", name="ดูความคืบหน้าล่าสุด").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="ดาวน์โหลดไฟล์").click()
    assert names_in(download) == ["เอก"]
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_has_no_objection_and_nothing_sticks_out(browser, page, live_server, people, width):
    """Run in a context of its own whose policy is switched off: axe writes styles into the page."""
    sign_in(page, live_server.url)
    workshop, staff = people[0].workshop, User.objects.get()
    known = {
        "workshop": workshop,
        "kind": "xlsx",
        "created_by": staff,
        "created_at": people[0].registered_at,
        "leased_until": people[0].registered_at,
    }
    running = Export.objects.create(**known, state="running", people=1000, done=300)
    failed = Export.objects.create(**known, state="failed", people=1000)
    ready = Export.objects.create(**known | {"options": {"sheets": ["all"]}})
    tasks.make_export.func(ready.pk)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="th-TH")
    context.add_cookies(page.context.cookies())
    looked_at = context.new_page()
    start, found, widths = f"{live_server.url}/admin/registration/", {}, {}
    exports = ["export/add/", "export/", *(f"export/{export.pk}/change/" for export in (running, failed, ready)), "exportprofile/add/"]
    for path in exports:
        looked_at.goto(start + path)
        found[path] = faults(looked_at, within="#content")
        widths[path] = looked_at.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found == {path: [] for path in exports}
    assert widths == dict.fromkeys(exports, width)
