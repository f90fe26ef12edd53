"""The office's year as the guide tells it: next year's workshop beside one that still runs, and how many clicks a job takes."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from registration.mail import outbox
from registration.models import Delivery, Participant
from sessions.models import AgendaItem, Workshop, WorkshopDay
from tests.browser.test_staff_journey import sign_in, somebody_registers
from tests.factories import make_participant, make_workshop, tracks_of, work_off

REHEARSAL = "rehearsal@example.org"


def send_all():
    Delivery.objects.filter(state="queued").update(due_at=timezone.now() - dt.timedelta(minutes=1))
    outbox.send_due("worker", seconds=30)


def part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="ส่วนของหน้านี้").get_by_role("link", name=name).click()


def save(page: Page) -> None:
    page.get_by_role("button", name="บันทึก", exact=True).click()


def test_next_years_workshop_is_made_previewed_rehearsed_cleaned_and_opened_beside_one_that_runs(
    page: Page, context: BrowserContext, live_server, settings
):
    settings.SITE_URL = site = live_server.url
    running = make_workshop(slug="this-year", title_th="การประชุมปีนี้")
    running.days.filter(pk=running.days.first().pk).update(date=timezone.localdate())
    AgendaItem.objects.filter(day__workshop=running, kind="parallel").update(ends_at=dt.time(23, 59, 59))
    somebody = make_participant(running, at=timezone.now() - dt.timedelta(days=30))
    sign_in(page, site)

    # Made
    page.get_by_role("link", name="ทุกโครงการประชุม").click()
    with page.expect_navigation():
        page.get_by_role("link", name="สร้างการประชุมใหม่จากการประชุมนี้").click()
    years = {field.input_value()[:4] for field in page.locator("input[type=date]").all()}
    assert years == {str(timezone.localdate().year + 1)} or min(years) > str(timezone.localdate().year)
    page.get_by_label("ที่อยู่เว็บ").fill("next-year")
    page.get_by_label("ชื่อเรื่อง (ไทย)").fill("การประชุมปีหน้า")
    page.get_by_role("button", name="สร้างการประชุมใหม่").click()

    # Previewed, while nobody else sees it
    page.get_by_role("link", name="ดูตัวอย่าง").click()
    expect(page.get_by_role("status")).to_contain_text("ตัวอย่างสำหรับเจ้าหน้าที่")
    expect(page.get_by_role("heading", name="การประชุมปีหน้า")).to_be_visible()
    assert context.request.get(f"{site}/w/next-year/").status == 404
    page.go_back()

    # Rehearsed
    part(page, "การซ้อม")
    page.get_by_label("อีเมลสำหรับซ้อม").fill(REHEARSAL)
    save(page)
    part(page, "ชื่อและที่อยู่เว็บ")
    page.get_by_label("เผยแพร่", exact=True).check()
    save(page)
    somebody_registers(context, site, "55", "ทดลอง")
    send_all()
    assert [sent.recipients() for sent in mail.outbox if "ปีหน้า" in sent.body] == [[REHEARSAL]]
    part(page, "การซ้อม")
    expect(page.locator(".strip")).to_contain_text("ส่งไปที่นั่นแล้ว ๑ ฉบับ")
    page.get_by_label("อีเมลสำหรับซ้อม").fill("")
    save(page)

    # Cleaned
    page.locator(".strip").get_by_role("link", name="จัดการให้เรียบร้อย").click()
    page.get_by_label("จำนวนที่เลือก").fill("1")
    page.get_by_label("การประชุมปีหน้า").last.fill("การประชุมปีหน้า")
    page.get_by_role("button", name="ลบผู้ลงทะเบียนระหว่างซ้อม").click()
    expect(page.get_by_text("ไม่มีผู้ลงทะเบียนระหว่างซ้อมเหลืออยู่")).to_be_visible()
    assert list(Participant.objects.all()) == [somebody]

    # Opened, beside the one that is on today
    mail.outbox.clear()
    somebody_registers(context, site, "50", "ตัวจริง")
    send_all()
    assert [sent.recipients() for sent in mail.outbox if "ปีหน้า" in sent.body] == [["50@example.org"]]
    page.goto(f"{site}/admin/")
    page.get_by_role("link", name="ทุกโครงการประชุม").click()
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text="this-year")).to_contain_text("กำลังประชุมวันนี้")
    expect(rows.filter(has_text="next-year")).to_contain_text("เปิดรับลงทะเบียน")
    assert Workshop.objects.get(slug="this-year").is_published


class Clicks:
    """Counts what a member of staff presses from the front page on."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.count = page, 0
        page.goto(f"{site}/admin/")

    def press(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.count += 1

    def find(self, name: str) -> None:
        """Typing a name and pressing Enter counts as one."""
        self.page.locator("#find-person").fill(name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()
        self.count += 1


@pytest.fixture
def soon(live_server, settings):
    """A workshop whose first day is tomorrow, with its links."""
    settings.SITE_URL = live_server.url
    workshop = make_workshop(slug="soon", decision="province_first")
    day = workshop.days.first()
    WorkshopDay.objects.filter(pk=day.pk).update(
        date=timezone.localdate() + dt.timedelta(days=1), join_url="https://zoom.example.org/j/1", join_opens_at=timezone.now()
    )
    make_participant(workshop, first_name="สมมุติชน", last_name="ทดสอบ", tracks=tracks_of(workshop)[:1], at=timezone.now())
    return workshop


def test_a_name_is_corrected_in_three_clicks(page: Page, live_server, soon):
    sign_in(page, live_server.url)
    clicks = Clicks(page, live_server.url)
    clicks.find("สมมุติชน")
    clicks.press("link", "แก้ไข")
    page.locator("[name=first_name]").fill("สมมุติ")
    clicks.press("button", "บันทึก")
    page.wait_for_load_state()
    assert (Participant.objects.get().first_name, clicks.count) == ("สมมุติ", 3)


def test_somebody_is_decided_in_three_clicks(page: Page, live_server, soon):
    sign_in(page, live_server.url)
    clicks = Clicks(page, live_server.url)
    clicks.find("สมมุติชน")
    clicks.press("button", "อนุมัติ")
    page.locator("[name=confirmed]").click()
    clicks.count += 1
    page.wait_for_load_state()
    assert (Participant.objects.get().state, clicks.count) == ("confirmed", 3)


def test_a_days_links_are_sent_in_two_clicks(page: Page, live_server, soon):
    Participant.objects.update(state="confirmed")
    sign_in(page, live_server.url)
    clicks = Clicks(page, live_server.url)
    clicks.press("link", "ส่งลิงก์เข้าประชุมของ")
    clicks.press("button", "ส่งลิงก์เข้าประชุม")
    page.wait_for_load_state()
    work_off()
    assert (Delivery.objects.filter(message="meeting_link").count(), clicks.count) == (1, 2)


def test_all_files_for_zoom_come_in_two_clicks(page: Page, live_server, soon):
    Participant.objects.update(state="confirmed")
    Workshop.objects.update(links_by="zoom")
    sign_in(page, live_server.url)
    clicks = Clicks(page, live_server.url)
    clicks.press("link", "ลงทะเบียนผู้เข้าร่วมใน Zoom")
    with page.expect_download() as download:
        clicks.press("button", "ดาวน์โหลดทุกห้อง (zip)")
    assert (download.value.suggested_filename, clicks.count) == ("zoom-soon.zip", 2)
