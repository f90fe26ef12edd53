"""Seats that nobody uses: a province's desk and the office's pages, at both widths, in the light and the dark, and without scripts."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registration.models import Participant, SeatPool
from registration.seats.actions import pool as verbs
from sessions.models import WorkshopDay
from tests.browser.test_attendance import sign_in
from tests.browser.test_evaluation import looked_at
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of
from tests.registration.seats.test_pool import STAFF


@pytest.fixture
def workshop(transactional_db):
    """It begins in three weeks; provinces release their free seats in ten days."""
    workshop, now = make_workshop(tracks=0), timezone.now()
    for number, day in enumerate(workshop.days.all()):
        WorkshopDay.objects.filter(pk=day.pk).update(date=timezone.localdate() + dt.timedelta(days=21 + 7 * number))
    verbs.set_up(workshop=workshop, is_on=True, releases_at=now + dt.timedelta(days=10), rule="most_waiting", by=STAFF)
    seats_of(workshop, "56", capacity=0)
    for _n in range(3):
        make_participant(workshop, "56", at=now)
    return workshop


def test_a_desk_gives_seats_up_and_the_office_gives_them_to_others(page: Page, browser: Browser, live_server, workshop):
    coordinator = make_coordinator(workshop)
    sign_in(page, live_server, coordinator.user)
    page.goto(f"{live_server.url}/desk/{workshop.slug}/55/")
    page.get_by_role("link", name="เก็บไว้หรือคืน").click()
    looked_at(page, "desk-seats")
    page.goto(f"{live_server.url}/en/desk/{workshop.slug}/55/seats/")
    looked_at(page, "desk-seats-en")
    page.goto(f"{live_server.url}/desk/{workshop.slug}/55/seats/")
    page.locator("[name=seats]").fill("2")
    page.locator("[name=sure]").check()
    page.get_by_role("button", name="คืนที่นั่ง").click()
    expect(page.get_by_role("button", name="นำที่นั่งกลับ")).to_be_visible()
    assert SeatPool.objects.get().free == 2

    context = browser.new_context(java_script_enabled=False, locale="th-TH")
    office = context.new_page()
    sign_in(office, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    office.goto(f"{live_server.url}/admin/registration/quota/pool/{workshop.slug}/")
    office.get_by_role("button", name="ดูรายชื่อก่อนจัดสรร…").click()
    with office.expect_navigation():
        office.get_by_role("button", name="จัดสรร 2 ที่นั่ง").or_(office.get_by_role("button", name="จัดสรร ๒ ที่นั่ง")).click()
    assert (SeatPool.objects.get().free, Participant.objects.waiting().count()) == (0, 1)
    context.close()


def test_the_offices_pages(page: Page, live_server, workshop):
    verbs.give_up(pool=SeatPool.objects.get(), quota=seats_of(workshop, "55"), seats=2, by=STAFF)
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    page.goto(f"{live_server.url}/admin/registration/quota/pool/{workshop.slug}/")
    looked_at(page, "office-pool", within="#content")
    page.get_by_role("button", name="ดูรายชื่อก่อนจัดสรร…").click()
    looked_at(page, "office-pool-give", within="#content")
    page.goto(f"{live_server.url}/admin/")
    looked_at(page, "office-board-pool", within=".dashboard-head")
