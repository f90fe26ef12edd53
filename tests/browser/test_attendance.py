"""The whole way: reports in, who is who, minutes, the rule, certificates, the person's phone, the code on the sheet, verified."""

import datetime as dt
import os
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from registration.attendance.actions import entries
from registration.links import signed
from registration.models import Certificate, Sighting
from sessions.models import AgendaItem
from tests.browser.accessibility import faults
from tests.factories import make_coordinator, make_participant, make_workshop, work_off
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import Somebody
from tests.registration.attendance.test_report_actions import applied

#: Where pictures are kept, for who wants to look at them.
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def workshop(transactional_db, monkeypatch):
    date = timezone.localdate() - dt.timedelta(days=1)
    monkeypatch.setattr(files, "DAY", date)
    workshop = make_workshop(title_th=files.TOPIC, days=1, tracks=0)
    workshop.days.update(date=date + dt.timedelta(days=30))  # nobody registers for what is over
    AgendaItem.objects.create(day=workshop.days.first(), starts_at=dt.time(10), ends_at=dt.time(12), kind="lecture", title_th="บรรยาย")
    return workshop


@pytest.fixture
def people(workshop):
    found = [make_participant(workshop, email=person.email, at=timezone.now()) for person in files.PEOPLE]
    found.append(make_participant(workshop, first_name="สมศรี", last_name="แสนคำ", email="somsri@example.org", at=timezone.now()))
    workshop.days.update(date=files.DAY)
    return found


def looked_at(page: Page, name: str) -> None:
    """On a phone as on a desktop nothing is wider than the screen, and axe has nothing to say."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    assert faults(page, within="main") == []


def sign_in(page: Page, live_server, user: User) -> None:
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])


def test_from_the_report_of_a_meeting_to_a_certificate_that_anybody_may_check(page: Page, live_server, workshop, people, tmp_path):
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    phone = Somebody("iPhone ของสมศรี", "", [("09:00", "12:00")], "iPhone", "ของสมศรี")
    report, poll = tmp_path / "attendee.csv", tmp_path / "Poll Report (2).csv"
    report.write_bytes(files.csv_file(files.webinar_rows(people=[*files.PEOPLE, phone])))
    poll.write_bytes(files.csv_file(files.poll_rows()))

    page.goto(f"{live_server.url}/admin/registration/attendancereport/{workshop.slug}/")
    page.set_input_files("#files", [report, poll])
    with page.expect_navigation():
        page.get_by_role("button", name="อ่านไฟล์").click()
    work_off()
    page.goto(page.url)
    expect(page.get_by_role("heading", name="ความพึงพอใจ")).to_be_visible()
    looked_at(page, "reports")

    with page.expect_navigation():
        page.get_by_role("button", name="บันทึกการเข้าร่วม").click()
    work_off()
    page.goto(page.url)
    with page.expect_navigation():
        page.get_by_role("button", name="ใช่: iPhone ของสมศรี").click()
    assert Sighting.objects.get(name="iPhone ของสมศรี").participant == people[4]
    page.get_by_role("link", name="ผู้อื่น").first.click()
    page.fill("#q", "น่าน")
    page.get_by_role("button", name="ค้นหา", exact=True).last.click()
    looked_at(page, "who")
    with page.expect_navigation():
        page.get_by_role("button", name="ไม่นับ (ผู้จัด").click()

    page.goto(f"{live_server.url}/admin/registration/attendance/{workshop.slug}/")
    work_off()
    expect(page.get_by_role("cell", name="๕", exact=True).first.or_(page.get_by_role("cell", name="5", exact=True).first)).to_be_visible()
    expect(page.get_by_text("กำลังนับใหม่")).to_have_count(0)
    looked_at(page, "board")
    entries.doubt(participant=people[1], text="ดิฉันนั่งในห้องประชุมจังหวัด")
    page.goto(f"{live_server.url}/en/admin/registration/attendance/{workshop.slug}/")
    looked_at(page, "board-en")

    page.goto(f"{live_server.url}/admin/registration/certificate/{workshop.slug}/rule/")
    page.fill("#id_days", "1")
    page.fill("#id_percent", "60")
    with page.expect_navigation():
        page.get_by_role("button", name="ลองกับข้อมูลจริง").click()
    work_off()
    expect(page.get_by_text("๔ คนได้รับเกียรติบัตร")).to_be_visible()
    looked_at(page, "rule")
    page.goto(f"{live_server.url}/en/admin/registration/certificate/{workshop.slug}/rule/?days=1&percent=60")
    looked_at(page, "rule-en")
    page.go_back()
    page.get_by_role("button", name="ใช้หลักเกณฑ์นี้").click()

    page.goto(f"{live_server.url}/admin/registration/certificate/{workshop.slug}/layout/")
    page.fill("#id_title_th", "ได้เข้าร่วม\nการประชุมเชิงปฏิบัติการเพื่อขับเคลื่อน\nเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่")
    page.fill("#id_signer_th", "นางสาวสมมุติ ผู้ลงนาม")
    page.fill("#id_post_th", "เลขาธิการสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ")
    page.get_by_role("button", name="บันทึก", exact=True).click()
    looked_at(page, "layout")
    page.goto(f"{live_server.url}/admin/registration/certificate/{workshop.slug}/issue/")
    work_off()
    page.goto(page.url)
    page.get_by_label("ตรวจรายชื่อและตัวอย่างแล้ว").check()
    looked_at(page, "issue")
    page.get_by_role("button", name="ออกเกียรติบัตร ๔ ฉบับ").click()
    work_off()
    page.goto(page.url)
    looked_at(page, "certificates")

    own = Certificate.objects.get(participant=people[4])
    page.context.clear_cookies()
    page.goto(live_server.url + own_page(people[4]))
    expect(page.get_by_role("img", name="เกียรติบัตรของ")).to_be_visible()
    looked_at(page, "person")
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(page.request.get(live_server.url + picture_of(people[4])).body())))
    assert code.text == f"{settings.SITE_URL}{reverse('verify', args=[own.token])}"
    page.goto(live_server.url + code.text.removeprefix(settings.SITE_URL))
    expect(page.get_by_text("เกียรติบัตรฉบับนี้ใช้ได้")).to_be_visible()
    expect(page.get_by_text(own.snapshot["name"])).to_be_visible()
    looked_at(page, "verify")

    sign_in(page, live_server, make_coordinator(workshop).user)
    page.goto(f"{live_server.url}/desk/{workshop.slug}/55/attendance/")
    expect(page.get_by_role("link", name="แสนคำ")).to_be_visible()
    looked_at(page, "desk")


def test_a_desk_says_who_sat_in_the_room(page: Page, live_server, workshop, people):
    hall = Somebody("ห้องประชุมจังหวัดน่าน", "", [("09:00", "11:00")])
    applied(workshop, files.webinar_rows(people=[*files.PEOPLE, hall], other=False))
    sign_in(page, live_server, make_coordinator(workshop).user)
    page.goto(f"{live_server.url}/desk/{workshop.slug}/55/attendance/")
    page.get_by_role("link", name="หลายคนเข้าร่วมผ่านหน้าจอเดียวกัน").click()
    looked_at(page, "desk-rooms")
    page.get_by_role("link", name="ระบุผู้ที่อยู่ในห้อง ห้องประชุมจังหวัดน่าน").click()
    page.get_by_label("แสนคำ").check()
    looked_at(page, "desk-room")
    page.get_by_label("ผู้ที่เลือกมีชื่อในใบลงลายมือชื่อ").check()
    page.get_by_role("button", name="บันทึกผู้ที่อยู่ในห้อง").click()
    expect(page.get_by_text("ได้เวลาของ “ห้องประชุมจังหวัดน่าน”")).to_be_visible()
    page.goto(f"{live_server.url}/desk/{workshop.slug}/55/attendance/")
    expect(page.get_by_role("row", name="แสนคำ")).to_contain_text("ในห้องประชุม")
    looked_at(page, "desk-with-room")
    page.goto(f"{live_server.url}/en/desk/{workshop.slug}/55/attendance/rooms/")
    looked_at(page, "desk-rooms-en")


def picture_of(person) -> str:
    return reverse("certificate_picture", args=[person.code])


def own_page(person) -> str:
    return reverse("personal_link", args=[signed.personal_token(person), ""])
