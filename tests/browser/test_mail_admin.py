import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from registration.mail import outbox
from registration.models import Delivery, MailFlow
from tests.factories import make_participant, make_workshop

#: The page without Django's frame and without its search field, whose label is a picture.

LONG_AGO = timezone.make_aware(dt.datetime(2020, 1, 15, 12, 0))


@pytest.fixture
def admin(page: Page, live_server, settings, tmp_path) -> Page:
    """The list of deliveries of a portal that writes its mail to files, as somebody who just signed in sees it."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail.files.EmailBackend", tmp_path
    settings.SITE_URL = live_server.url
    User.objects.create_superuser("staff", "staff@example.org", "plainly-invented")
    make_participant(make_workshop(), first_name="สมมุติ")
    Delivery.objects.update(due_at=LONG_AGO)
    page.goto(f"{live_server.url}/admin/registration/delivery/")
    page.get_by_label("ชื่อผู้ใช้").fill("staff")
    page.get_by_label("รหัสผ่าน").fill("plainly-invented")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="อีเมลทั้งหมดของระบบ")).to_be_visible()
    return page


def test_a_newcomer_follows_the_link_of_a_mail_to_the_personal_page(admin):
    outbox.send_due("w", seconds=5)
    admin.get_by_role("link", name="อีเมลในไฟล์").click()
    admin.get_by_role("link", name="ยืนยันการลงทะเบียนประชุม").click()
    mail = admin.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="ยืนยันที่นั่งของท่านแล้ว")).to_be_visible()
    with admin.expect_popup() as opened:
        mail.get_by_role("link", name="เปิดหน้าส่วนตัว").click()
    expect(opened.value.locator("[data-state=confirmed]")).to_be_visible()


def test_staff_stop_the_mail_and_send_again_what_failed(admin):
    admin.get_by_role("button", name="หยุดส่งชั่วคราว").click()
    expect(admin.get_by_text("หยุดส่งอีเมลชั่วคราว", exact=True)).to_be_visible()
    assert MailFlow.objects.get().is_paused
    admin.get_by_role("button", name="ส่งอีเมลต่อ").click()
    expect(admin.get_by_text("ส่งอีเมลต่อแล้ว")).to_be_visible()

    Delivery.objects.update(state="failed", error="550 No such user")
    admin.reload()
    admin.locator("#result_list").get_by_role("checkbox").last.check()
    admin.get_by_role("combobox", name="คำสั่ง").select_option("ส่งอีกครั้ง…")
    admin.locator("button[name=index]").click()
    expect(admin.get_by_text("อีเมล ๑ ฉบับจะกลับเข้าคิวส่ง")).to_be_visible()
    admin.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(admin.get_by_text("อีเมล ๑ ฉบับกลับเข้าคิวส่งแล้ว")).to_be_visible()
    assert Delivery.objects.get().state == "queued"


def test_our_part_of_the_pages_fits_a_phone(admin, live_server):
    outbox.send_due("w", seconds=5)
    day = Delivery.objects.get().participant.days.first()
    day.join_url, day.join_opens_at = "https://zoom.example.org/j/98765432101?pwd=abcdef", LONG_AGO
    day.save()
    admin.set_viewport_size({"width": 360, "height": 800})
    start = f"{live_server.url}/admin/registration/delivery/"
    pages = ["", f"{Delivery.objects.get().pk}/change/", "mailbox/", "meeting-links/", f"meeting-links/{day.pk}/"]
    widths = {}
    for path in pages:
        admin.goto(start + path)
        widths[path] = admin.evaluate("document.documentElement.scrollWidth")
    assert widths == dict.fromkeys(pages, 360)
