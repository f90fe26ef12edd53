"""Documents from a file of the office's to a phone: published by pages, opened without scripts, nothing wider than the screen."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registration.links import signed
from sessions.models import WorkshopDay
from tests.browser.test_attendance import sign_in
from tests.browser.test_evaluation import looked_at
from tests.factories import make_participant, make_workshop, tracks_of
from tests.registration.evaluation.answering import attend
from tests.registration.materials.making import PDF, make_document

LONG = "การขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่ระดับจังหวัดและกลุ่มจังหวัด ประเด็นการวัดผล"


@pytest.fixture
def workshop(transactional_db):
    """Its days were last week."""
    workshop = make_workshop()
    for number, day in enumerate(workshop.days.all()):
        WorkshopDay.objects.filter(pk=day.pk).update(date=timezone.localdate() - dt.timedelta(days=7 - number))
    return workshop


@pytest.fixture
def person(workshop):
    came = make_participant(workshop, at=timezone.now() - dt.timedelta(days=30))
    attend(came, workshop.days.first())
    return came


def test_the_office_publishes_and_people_open_it(page: Page, browser: Browser, live_server, workshop, person, tmp_path):
    file = tmp_path / "สไลด์.pdf"
    file.write_bytes(PDF)
    day, track = workshop.days.first(), tracks_of(workshop)[0]
    make_document(workshop, day=day, item=track.item, track=track, title_th=LONG)
    make_document(workshop, day=day, url="https://youtu.be/abc", audience="attended", title_th="วีดิทัศน์ครั้งที่ ๑")
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    office = f"{live_server.url}/admin/registration/document"
    page.goto(f"{office}/{workshop.slug}/")
    looked_at(page, "office-documents", within="#content")
    page.get_by_role("link", name="เพิ่มไฟล์").click()
    looked_at(page, "office-document-new", within="#content")
    page.locator("[name=file]").set_input_files(file)
    page.locator("[name=title_th]").fill("สไลด์วันแรก")
    page.locator("[name=audience]").select_option("everybody")
    page.get_by_role("button", name="บันทึก").click()
    looked_at(page, "office-document", within="#content")
    page.get_by_role("link", name="เผยแพร่…").click()
    looked_at(page, "office-publish", within="#content")
    page.get_by_role("button", name="เผยแพร่ให้ทุกคน").click()
    page.goto(f"{office}/{workshop.slug}/thanks/{day.pk}/")
    looked_at(page, "office-thanks", within="#content")
    page.get_by_role("button", name="ส่งอีเมลขอบคุณ").click()

    for name, path in {"agenda-documents": "/agenda/", "over-documents": "/"}.items():
        page.goto(f"{live_server.url}/w/{workshop.slug}{path}")
        expect(page.get_by_role("link", name="สไลด์วันแรก")).to_be_visible()
        looked_at(page, name)
    page.goto(f"{live_server.url}/en/w/{workshop.slug}/")
    looked_at(page, "over-documents-en")
    page.goto(f"{live_server.url}{signed.personal_link(person)}")
    expect(page.get_by_role("link", name="วีดิทัศน์ครั้งที่ ๑")).to_be_visible()
    looked_at(page, "personal-documents")

    context = browser.new_context(java_script_enabled=False, locale="th-TH")
    plain = context.new_page()
    plain.goto(f"{live_server.url}{signed.personal_link(person)}#documents")
    with plain.expect_download() as download:
        plain.get_by_role("link", name=LONG).click()
    assert download.value.suggested_filename == "สไลด์.pdf"
    context.close()
