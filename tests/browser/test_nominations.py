"""The whole way of a list on a phone: file, columns, rows, invitations, and back; with a script and without."""

import os
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from playwright.sync_api import expect

from registration.models import Invitation, NominationFile
from tests.browser.accessibility import faults
from tests.browser.test_desk import sign_in
from tests.factories import make_coordinator, make_workshop, seats_of
from tests.registration.spreadsheets.workbooks import saved

HEAD = ["ที่", "ผู้ได้รับมอบหมายเข้าร่วม", "ตำแหน่ง/สังกัด", "เบอร์ติดต่อกลับ", "อีเมลหน่วยงาน", "อีเมลผู้เข้าร่วม", "หมายเหตุ", "เลขประจำตัวประชาชน", "ขนาดเสื้อ"]
OFFICE = "saraban_nan@example.org"


def a_list() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "รายชื่อ"
    sheet.append(["บัญชีรายชื่อผู้เข้าร่วมประชุม จังหวัดน่าน"])
    sheet.append(HEAD)
    names = ["กิตติพงษ์ สมมุติ", "พญาดา ทดสอบดี", "นฤมล ทดสอบงาม", "ประเสริฐ สมมุติดี", "กมลชนก ทดสอบใจ", "อนุชา สมมุติชัย"]
    for number, name in enumerate(names, start=1):
        place = "นวก.เกษตรชำนาญการ สนง.เกษตรจังหวัดน่าน"
        sheet.append([number, f"นาย{name}", place, f"081555010{number}", OFFICE, f"nan0{number}@example.org", None, "1559900000001", "L"])
    sheet["D4"] = "081-555-1444, 054 710 123 (ที่ทำงาน)"
    sheet.row_dimensions[5].hidden = True
    sheet["B6"].font = Font(strike=True)
    sheet["G6"] = "ขอถอนตัว"
    sheet["F7"] = "nan05@"
    sheet.append(["รายชื่อสำรอง"])
    for number, name in ((7, "สุพรรณี สมมุติ"), (8, "เอกชัย ทดสอบ")):
        sheet.append([number, f"นางสาว{name}", "สนง.สถิติจังหวัดน่าน", f"081555010{number}", OFFICE, f"nan0{number}@example.org"])
    sheet.append([None, "ผู้ประสานงาน: นางสาวอรุณี ทดสอบ", None, None, None, "coordinator@example.org"])
    return saved(book)


PHONE = {"viewport": {"width": int(os.environ.get("WIDTH", "360")), "height": 740}, "locale": os.environ.get("SHOWN_IN", "th-TH")}
IN_THAI = PHONE["locale"] == "th-TH"

with_and_without_javascript = pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, marks=pytest.mark.browser_context_args(**PHONE), id="javascript"),
        pytest.param(False, marks=pytest.mark.browser_context_args(**PHONE, java_script_enabled=False), id="plain"),
    ],
)
on_a_phone = pytest.mark.browser_context_args(**PHONE)


@pytest.fixture
def quota():
    return seats_of(make_workshop())


@pytest.fixture
def phone(page, live_server, quota):
    """The page of lists, opened by the province's coordinator."""
    sign_in(page, live_server, make_coordinator(quota.workshop).user)
    page.goto(f"{live_server.url}{'' if IN_THAI else '/en'}/desk/{quota.workshop.slug}/55/nominations/")
    return page


def upload(phone, tmp_path):
    file = tmp_path / "รายชื่อ.xlsx"
    file.write_bytes(a_list())
    phone.set_input_files("[name=file]", file)
    phone.click("main form .btn-primary")
    phone.wait_for_selector("#columns")


def taken(page, name, javascript):
    """A picture, where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(
            path=Path(folder) / f"{name}-{PHONE['viewport']['width']}-{'js' if javascript else 'plain'}.png",
            full_page=True,
            caret="initial",
        )


@with_and_without_javascript
def test_a_list_from_the_file_to_the_invitations_and_back(phone, javascript, tmp_path):
    upload(phone, tmp_path)
    taken(phone, "1-columns", javascript)
    assert phone.locator("#columns fieldset.doubt input:checked").get_attribute("value") == "5"
    assert "1559900000001" not in phone.content()

    phone.click("#columns .btn-primary")
    phone.wait_for_selector("#work")
    taken(phone, "2-look", javascript)
    phone.locator(".doubt", has_text="081-555-1444").locator("[name=accept]").click()
    phone.locator(".doubt", has_text="081-555-1444").wait_for(state="detached")
    phone.locator(".doubt", has_text="สุพรรณี").locator("[name=accept]").click()
    phone.locator(".doubt", has_text="สุพรรณี").wait_for(state="detached")
    phone.locator(".doubt [name$=-email]").fill("nan05@example.org")
    phone.locator(".doubt-wrong .btn").first.click()
    phone.locator(".doubt-wrong").wait_for(state="detached")
    taken(phone, "3-look-less", javascript)

    phone.click(".chips a[href*='show=ready']")
    phone.wait_for_selector(".listing")
    taken(phone, "4-ready", javascript)
    phone.select_option("#id_group", "4.1.1")
    phone.click(".listing [name=set]")
    phone.wait_for_selector(f".listing >> text={'๔.๑.๑' if IN_THAI else '4.1.1'}", state="attached")
    phone.click(".chips a[href*='show=left_out']")
    phone.wait_for_selector(".listing .is-out")
    taken(phone, "5-unused", javascript)
    phone.click("#apply [name=mode][value=invite]")
    phone.wait_for_selector(".chips a[href*='show=done'][aria-current]")
    taken(phone, "6-done", javascript)
    assert sorted(Invitation.objects.open().values_list("email", "phone")) == [
        ("nan01@example.org", "+66815550101"), ("nan02@example.org", "+66815551444"), ("nan05@example.org", "+66815550105"),
        ("nan06@example.org", "+66815550106"),
    ]  # fmt: skip

    phone.locator("details", has=phone.locator("[action$='take-back/']")).locator("summary").click()
    phone.click("[action$='take-back/'] button")
    phone.wait_for_selector(".chips a[href*='show=ready']")
    taken(phone, "7-back", javascript)
    assert (Invitation.objects.open().count(), NominationFile.objects.get().mode) == (0, "")


@on_a_phone
def test_every_page_of_the_way_can_be_used_by_everybody(phone, tmp_path):
    found = faults(phone)
    upload(phone, tmp_path)
    found += faults(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.click("#columns .btn-primary")
    phone.wait_for_selector("#work")
    found += faults(phone)
    phone.click(".chips a[href*='show=ready']")
    phone.wait_for_selector(".listing")
    assert found + faults(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    heights = phone.evaluate("[...document.querySelectorAll('.listing tbody tr')].map(row => row.getBoundingClientRect().height)")
    assert sum(heights[:4]) + 4 <= 740, "a phone's screen shows four rows"


@on_a_phone
def test_with_a_script_the_focus_goes_to_the_next_row(phone, tmp_path):
    upload(phone, tmp_path)
    with phone.expect_navigation():  # or a press comes before the script
        phone.click("#columns .btn-primary")
    phone.locator(".doubt", has_text="081-555-1444").locator("[name=accept]").click()
    phone.locator(".doubt", has_text="081-555-1444").wait_for(state="detached")
    expect(phone.locator(".doubt h3", has_text="นายนฤมล")).to_be_focused()
