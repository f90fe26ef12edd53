import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from registration.mail.actions.mailings import queue_deliveries
from registration.mail.actions.releases import tell_of_releases
from registration.models import Delivery, Mailing
from sessions import releases
from sessions.models import AgendaItem, Release, Workshop
from tests.browser.accessibility import faults
from tests.factories import make_participant, make_workshop

#: The page without Django's frame.


@pytest.fixture
def workshop() -> Workshop:
    workshop = make_workshop()
    for code in ("55", "50", "central"):
        make_participant(workshop, code)
    return workshop


@pytest.fixture
def admin(page: Page, live_server, workshop) -> Page:
    """The list of messages to many, as somebody who just signed in sees it."""
    User.objects.create_superuser("staff", "staff@example.org", "plainly-invented")
    page.goto(f"{live_server.url}/admin/registration/mailing/")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("plainly-invented")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ข้อความถึงหลายคน").first).to_be_visible()
    return page


def test_staff_write_look_try_send_and_watch(admin, workshop):
    admin.locator(".object-tools a").click()
    admin.get_by_label("หัวเรื่อง (ไทย)").fill("แจ้งเรื่องสำคัญ")
    admin.get_by_label("ข้อความ (ไทย)").fill("เรียน {nmae}")
    admin.get_by_role("button", name="บันทึก", exact=True).click()
    expect(admin.get_by_text("ระบบไม่รู้จัก “{nmae}”")).to_be_visible()

    admin.get_by_label("ข้อความ (ไทย)").fill("รหัสของท่านคือ {code}")
    admin.get_by_role("button", name="บันทึก", exact=True).click()
    expect(admin.get_by_text("จะส่งถึง ๓ คน")).to_be_visible()
    code = workshop.participants.order_by("pk").first().code
    expect(admin.frame_locator("iframe").first.get_by_text(f"รหัสของท่านคือ {code}")).to_be_visible()

    admin.get_by_role("button", name="ส่งทดสอบถึงตัวเองก่อน").click()
    expect(admin.get_by_text("กำลังส่งฉบับทดสอบไปที่ staff@example.org")).to_be_visible()
    admin.get_by_role("button", name="ส่งถึง ๓ คน").click()
    expect(admin.get_by_text("กำลังเตรียมอีเมล")).to_be_visible()

    queue_deliveries(mailing_id=Mailing.objects.get().pk, seconds=10)
    Delivery.objects.filter(message="announcement").update(state="sent")
    expect(admin.get_by_text("ดำเนินการแล้ว ๓ จาก ๓ ฉบับ")).to_be_visible()  # by itself
    expect(admin.get_by_role("button", name="หยุดส่งที่เหลือ")).to_have_count(0)


def test_staff_stop_the_rest(admin, workshop, live_server):
    mailing = Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ข้อความ", created_at=timezone.now())
    admin.goto(f"{live_server.url}/admin/registration/mailing/{mailing.pk}/review/")
    admin.get_by_role("button", name="ส่งถึง ๓ คน").click()
    queue_deliveries(mailing_id=mailing.pk, seconds=10)
    admin.get_by_role("button", name="หยุดส่งที่เหลือ").click()
    expect(admin.get_by_text("หยุดส่ง ๓ ฉบับแล้ว")).to_be_visible()
    assert set(Delivery.objects.filter(mailing=mailing).values_list("state", flat=True)) == {"stopped"}


def test_staff_draft_a_change_see_it_and_release_it(admin, workshop, live_server):
    admin.goto(f"{live_server.url}/admin/agenda/workshop/{workshop.pk}/change/")
    admin.get_by_role("link", name="แก้ไขกำหนดการ").click()
    admin.get_by_role("button", name="เริ่มทำฉบับร่าง").click()
    admin.get_by_role("link", name="แก้ไข", exact=True).first.click()
    admin.locator("#id_items-0-starts_at").fill("08:30")
    admin.get_by_role("button", name="บันทึก", exact=True).click()
    change = admin.get_by_text("“พิธีเปิด” เลื่อนจาก ๐๙.๐๐ – ๑๐.๐๐ น. เป็น ๐๘.๓๐ – ๑๐.๐๐ น.")
    expect(change).to_be_visible()
    assert AgendaItem.objects.filter(day__workshop=workshop, starts_at=dt.time(8, 30)).count() == 0

    admin.get_by_role("button", name="เผยแพร่การแก้ไขครั้งที่ ๑").click()
    expect(admin.get_by_text("เผยแพร่กำหนดการแก้ไขครั้งที่ ๑ แล้ว")).to_be_visible()
    assert (Release.objects.count(), tell_of_releases()) == (1, 3)
    admin.goto(f"{live_server.url}/w/{workshop.slug}/agenda/")
    admin.get_by_text("แก้ไขครั้งที่ ๑").click()
    expect(change).to_be_visible()


def test_staff_add_a_day_to_a_draft(admin, workshop, live_server):
    releases.open_draft(workshop)
    admin.goto(f"{live_server.url}/admin/agenda/workshop/{workshop.pk}/draft/")
    admin.get_by_role("link", name="เพิ่มวันประชุม").click()
    admin.locator("#id_date").fill("2027-03-11")
    admin.get_by_role("button", name="บันทึก", exact=True).click()
    expect(admin.get_by_text("เพิ่มวันนี้ในกำหนดการ")).to_be_visible()


def test_staff_make_the_next_workshop(admin, workshop, live_server):
    admin.goto(f"{live_server.url}/admin/agenda/workshop/{workshop.pk}/change/")
    admin.get_by_role("link", name="สร้างการประชุมใหม่จากการประชุมนี้").click()
    admin.get_by_label("ที่อยู่เว็บ").fill("next-year")
    admin.get_by_role("button", name="สร้างการประชุมใหม่").click()
    expect(admin.get_by_text("สร้างการประชุมใหม่แล้ว")).to_be_visible()
    new = Workshop.objects.get(slug="next-year")
    assert (list(new.days.values_list("date", flat=True)), new.is_published) == ([dt.date(2028, 2, 17), dt.date(2028, 2, 24)], False)


@pytest.fixture
def pages(workshop) -> list[str]:
    """Every page of ours, each with something on it."""
    draft = releases.open_draft(workshop)
    AgendaItem.objects.filter(day__workshop=draft).update(title_th="อื่น")
    texts = {"workshop": workshop, "subject_th": "เรื่อง", "body_th": "ข้อความ", "created_at": timezone.now()}
    written = Mailing.objects.create(**texts)
    sent = Mailing.objects.create(**texts, sent_at=timezone.now(), people=3)
    queue_deliveries(mailing_id=sent.pk, seconds=10)
    agenda, mailing = f"agenda/workshop/{workshop.pk}", "registration/mailing"
    return [
        *(f"{mailing}/", f"{mailing}/add/", f"{mailing}/{written.pk}/review/", f"{mailing}/{sent.pk}/progress/"),
        *(f"{agenda}/draft/", f"{agenda}/next/"),
    ]


def test_every_page_fits_a_phone(admin, pages, live_server):
    admin.set_viewport_size({"width": 360, "height": 800})
    widths = {}
    for path in pages:
        admin.goto(f"{live_server.url}/admin/{path}")
        widths[path] = admin.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(pages, 360)


def test_axe_has_no_objection_to_our_part_of_the_pages(admin, pages, live_server):
    found = {}
    for path in pages:
        admin.goto(f"{live_server.url}/admin/{path}")
        found[path] = faults(admin, within="#content")
    assert found == {path: [] for path in pages}
