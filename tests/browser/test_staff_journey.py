"""A year of the office: next year's workshop is made, opened, watched, exported, put on paper and sent its links."""

import re
from io import BytesIO
from zipfile import ZipFile

from django.contrib.auth.models import User
from django.core import mail
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from registration.mail import outbox
from registration.models import Participant
from sessions.models import Workshop
from tests.factories import make_participant, make_workshop, work_off

LINK = "https://zoom.example.org/j/next-year-4321"


def sign_in(page: Page, site: str) -> None:
    User.objects.create_superuser("staff", "staff@example.org", "plainly-invented")
    page.goto(f"{site}/admin/")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("plainly-invented")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="จัดการการประชุม")).to_be_visible()


def somebody_registers(context: BrowserContext, site: str, province: str, name: str) -> None:
    """From the public page, as anybody does, in a browser of their own."""
    page = context.new_page()
    page.goto(f"{site}/w/next-year/")
    page.get_by_role("link", name="ลงทะเบียน", exact=True).first.click()
    page.wait_for_load_state("load")  # the script that hides what is no choice runs then
    page.locator("#id_province").select_option(province)
    if page.locator(".group-choice").is_visible():
        page.locator(".pills label:visible").first.click()
    page.locator(".segments label").nth(1).click()
    typed = {"first_name": name, "last_name": "ทดสอบดี", "organisation": "องค์การบริหารส่วนตำบลสมมุติ", "phone": "081 234 5678"}
    for field, value in typed.items():
        page.locator(f"#id_{field}").fill(value)
    page.locator("#id_email").fill(f"{province}@example.org")
    page.locator(".block summary").click()
    page.locator(".block input[type=radio]").first.check()
    page.locator("form[novalidate] button[type=submit]").click()
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    page.close()


def test_from_next_years_workshop_to_its_meeting_links(page: Page, context: BrowserContext, browser, live_server, settings):
    settings.SITE_URL = site = live_server.url
    make_participant(make_workshop(slug="this-year", title_th="การประชุมปีนี้"))
    sign_in(page, site)

    # Next year's workshop from this one
    page.get_by_role("link", name="โครงการประชุม", exact=True).click()
    page.get_by_role("link", name="การประชุมปีนี้").click()
    page.get_by_role("link", name="สร้างการประชุมใหม่จากการประชุมนี้").click()
    page.get_by_label("ที่อยู่เว็บ").fill("next-year")
    page.get_by_label("ชื่อเรื่อง (ไทย)").fill("การประชุมปีหน้า")
    page.get_by_role("button", name="สร้างการประชุมใหม่").click()
    expect(page.get_by_text("สร้างการประชุมใหม่แล้ว")).to_be_visible()

    # Published, with the time of registering and the links of its meetings, which stand on a page of their own
    page.locator("#id_is_published").check()
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.get_by_role("navigation", name="ส่วนของหน้านี้").get_by_role("link", name="วันประชุมและช่วงเวลาลงทะเบียน").click()
    page.locator("#id_registration_opens_at").fill("2026-01-01T08:30")
    page.locator("#id_registration_closes_at").fill("2028-01-31T16:30")
    for day in page.locator("[name^=days-][name$=-join_url]").all():
        if "__prefix__" not in (day.get_attribute("name") or ""):
            day.fill(LINK)
    page.get_by_role("button", name="บันทึก", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    next_year = Workshop.objects.get(slug="next-year")
    assert (next_year.is_published, next_year.quotas.seats().count(), next_year.participants.count()) == (True, 78, 0)

    # People register, and the dashboard shows it
    visitors = browser.new_context(locale="th-TH")
    for province, name in (("55", "เกษมศรี"), ("50", "แก้วตา"), ("90", "ขวัญใจ")):
        somebody_registers(visitors, site, province, name)
    visitors.close()
    page.get_by_role("link", name="หน้าหลัก").click()
    page.locator("#dashboard-workshop").select_option("next-year")
    page.locator(".dashboard-choice button").click()
    expect(page.locator(".dashboard-statistics li").nth(1)).to_contain_text("3")

    # The list, as a file that is made in the background
    page.goto(f"{site}/admin/registration/participant/?workshop=next-year")
    expect(page.locator("#result_list .field-shown_name")).to_have_text(["นางเกษมศรี ทดสอบดี", "นางแก้วตา ทดสอบดี", "นางขวัญใจ ทดสอบดี"])
    page.get_by_role("link", name="ส่งออกรายชื่อตามตัวกรองนี้").click()
    page.get_by_role("button", name="จัดทำไฟล์").first.click()
    expect(page.get_by_text("ระบบจะเริ่มจัดทำไฟล์ในอีกสักครู่")).to_be_visible()
    work_off()
    with page.expect_download() as list_file:
        page.get_by_role("button", name="ดาวน์โหลดไฟล์").click()  # it comes by itself
    workbook = load_workbook(BytesIO(list_file.value.path().read_bytes()))
    names = [cell.value for row in workbook.worksheets[1].iter_rows() for cell in row if cell.value in ("เกษมศรี", "แก้วตา", "ขวัญใจ")]
    assert names == ["แก้วตา", "เกษมศรี", "ขวัญใจ"]  # by province

    # The codes of the 77 provinces
    page.goto(f"{site}/admin/registration/participant/?workshop=next-year")
    page.locator("#content-main").get_by_role("link", name="คิวอาร์โค้ด").click()
    with page.expect_download() as archive:
        page.get_by_role("link", name="ทุกจังหวัดเป็น PNG (zip)").click()
    with ZipFile(BytesIO(archive.value.path().read_bytes())) as codes:
        assert len(codes.namelist()) == 77
    sheet = page.get_by_role("link", name="ทุกจังหวัดบนกระดาษ A4 (PDF)").get_attribute("href")
    assert page.request.get(site + str(sheet)).body().startswith(b"%PDF")  # which a browser shows itself

    # The meeting links, once they may be seen
    day = next_year.days.first()
    page.goto(f"{site}/admin/agenda/workshopday/{day.pk}/change/")
    page.locator("#id_join_opens_at").fill("2026-01-01T08:30")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    page.get_by_role("link", name="หน้าหลัก").click()
    page.get_by_role("link", name="การส่งอีเมล", exact=True).first.click()
    page.get_by_role("link", name="ส่งลิงก์เข้าประชุม").click()
    page.locator(f"a[href$='/meeting-links/{day.pk}/']").click()
    expect(page.get_by_text("มีผู้ที่ยังไม่ได้รับลิงก์นี้ ๓ คน")).to_be_visible()
    page.get_by_role("button", name="ส่งลิงก์เข้าประชุม").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    work_off()
    mail.outbox.clear()
    outbox.send_due("worker", seconds=20)
    told = {message.to[0] for message in mail.outbox if re.search(re.escape(LINK), message.body)}
    assert told == set(Participant.objects.filter(workshop=next_year).values_list("email", flat=True))
