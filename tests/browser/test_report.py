"""The report in the office and at a desk, and what a desk is always told: on a phone, in the dark, by keyboard without scripts."""

import datetime as dt

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registration.models import Attendance, Export, Quota
from registration.seats.actions import pool as verbs
from sessions.models import WorkshopDay
from tests.browser.test_attendance import sign_in
from tests.browser.test_desk_by_keyboard import press
from tests.browser.test_evaluation import looked_at
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of, work_off
from tests.registration.seats.test_pool import STAFF


def test_made_and_taken_by_keyboard_without_scripts(page: Page, browser: Browser, live_server, transactional_db):
    workshop = make_workshop(tracks=0)
    Attendance.objects.create(participant=make_participant(workshop), day=workshop.days.first(), minutes=60, source="report")
    staff = User.objects.create_superuser("staff", "staff@example.org", "x")
    context = browser.new_context(java_script_enabled=False, locale="th-TH", viewport={"width": 360, "height": 740}, accept_downloads=True)
    plain = context.new_page()
    sign_in(plain, live_server, staff)
    plain.goto(f"{live_server.url}/admin/registration/export/report/{workshop.slug}/")
    press(plain, plain.get_by_role("button", name="จัดทำรายงาน"))
    plain.wait_for_url("**/change/**")
    assert work_off() == ["make_export"]
    plain.reload()
    for suffix in ("docx", "pdf", "xlsx"):
        with plain.expect_download() as taken:
            press(plain, plain.locator(f"button[name=format][value={suffix}]"))
        assert taken.value.suggested_filename.endswith(f".{suffix}")
    context.close()

    sign_in(page, live_server, staff)
    page.goto(f"{live_server.url}/admin/registration/export/report/{workshop.slug}/")
    looked_at(page, "office-report", within="#content")
    page.goto(f"{live_server.url}/admin/registration/export/{Export.objects.get().pk}/change/")
    looked_at(page, "office-report-made", within="#content")


def test_a_provinces_own_page_and_what_it_is_always_told(page: Page, live_server, transactional_db):
    workshop = make_workshop(tracks=0)
    Attendance.objects.create(participant=make_participant(workshop), day=workshop.days.first(), minutes=60, source="report")
    sign_in(page, live_server, make_coordinator(workshop).user)
    for language in ("", "/en"):
        for name in ("report", "notices"):
            page.goto(f"{live_server.url}{language}/desk/{workshop.slug}/55/{name}/")
            looked_at(page, f"desk-{name}{language.replace('/', '-')}")


def test_the_office_sees_whose_seats_the_date_leaves(page: Page, live_server, transactional_db):
    workshop, now = make_workshop(tracks=0), timezone.now()
    for number, day in enumerate(workshop.days.all()):
        WorkshopDay.objects.filter(pk=day.pk).update(date=timezone.localdate() + dt.timedelta(days=21 + 7 * number))
    Quota.objects.filter(workshop=workshop, kind="province").exclude(pk=seats_of(workshop, "55").pk).update(capacity=0)
    verbs.set_up(workshop=workshop, is_on=True, releases_at=now - dt.timedelta(hours=1), rule="most_waiting", by=STAFF)
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    page.goto(f"{live_server.url}/admin/")
    looked_at(page, "office-board-untold", within=".dashboard-hand")
    page.get_by_role("link", name="จังหวัดมีที่นั่งว่างที่ระบบไม่คืนให้เอง").click()
    looked_at(page, "office-pool-untold", within="#content")
    page.get_by_role("button", name="คืน ๒๕ ที่นั่งเข้าส่วนกลาง").click()
    expect(page.get_by_role("heading", name="๒๕")).to_be_visible()
    assert seats_of(workshop, "55").capacity == 0
