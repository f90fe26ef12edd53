"""A coordinator on a phone, with JavaScript and without."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from registration.models import Delivery, Participant
from registration.seats import quotas
from tests.browser.accessibility import faults
from tests.factories import make_coordinator, make_participant, make_workshop

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}

with_and_without_javascript = pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, marks=pytest.mark.browser_context_args(**PHONE), id="javascript"),
        pytest.param(False, marks=pytest.mark.browser_context_args(**PHONE, java_script_enabled=False), id="plain"),
    ],
)


def sign_in(page: Page, live_server, user):
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": live_server.url}])


@pytest.fixture
def nan():
    """Nan with its 25 seats taken and 6 people in line."""
    workshop = make_workshop()
    for number in range(31):
        make_participant(workshop, first_name=f"กานดา{number:02}")
    return workshop


@pytest.fixture
def desk(page, live_server, nan):
    sign_in(page, live_server, make_coordinator(nan).user)
    page.goto(f"{live_server.url}/desk/")
    expect(page.get_by_role("heading", name="หน้าประสานงานจังหวัดน่าน")).to_be_visible()
    return page


def number(page, state):
    return page.locator("#numbers li", has=page.locator(f".state-{state}")).locator("strong")


@with_and_without_javascript
def test_two_are_declined_and_two_move_up(desk, javascript, nan):
    queued = Delivery.objects.count()
    if javascript:
        desk.evaluate("window.samePage = true")
    for name in ("นายกานดา00 ทดสอบดี", "นายกานดา07 ทดสอบดี"):
        desk.get_by_label(f"เลือก {name}").check()
    bar = desk.get_by_role("form", name="ดำเนินการกับผู้ที่เลือก")
    bar.locator("summary").click()
    bar.get_by_label("เหตุผลที่จะแจ้งให้ทราบ").select_option("หน่วยงานของท่านมีผู้แทนครบแล้ว")
    bar.get_by_role("button", name="ไม่คัดเลือก และแจ้งทุกคน").click()

    def right_numbers():
        expect(number(desk, "confirmed")).to_have_text("25")
        expect(number(desk, "waitlisted")).to_have_text("4")
        expect(number(desk, "declined")).to_have_text("2")

    right_numbers()
    expect(desk.locator("#result p")).to_have_text(
        [
            "ไม่คัดเลือก และแจ้งทางอีเมลแล้ว: นายกานดา00 ทดสอบดี, นายกานดา07 ทดสอบดี",
            "เลื่อนขึ้นจากรายชื่อสำรองแล้ว: นายกานดา25 ทดสอบดี, นายกานดา26 ทดสอบดี",
            re.compile("^ขณะนี้ที่นั่งเต็ม"),
        ]
    )
    if javascript:
        assert desk.evaluate("window.samePage") is True
    new = Delivery.objects.order_by("pk").values_list("message", "participant__first_name")[queued:]
    assert sorted(new) == [("declined", "กานดา00"), ("declined", "กานดา07"), ("moved_up", "กานดา25"), ("moved_up", "กานดา26")]
    assert set(Participant.objects.filter(state="declined").values_list("decision_reason", flat=True)) == {"หน่วยงานของท่านมีผู้แทนครบแล้ว"}
    desk.reload()
    right_numbers()
    assert quotas.mismatches() == []


@with_and_without_javascript
def test_a_mistake_is_undone_where_it_was_made(desk, javascript):
    row = desk.locator("tr.roster-row", has_text="นายกานดา27 ทดสอบดี")
    row.locator(".pick").check()
    desk.locator("#bulk summary").click()
    desk.get_by_role("button", name="ไม่คัดเลือก และแจ้งทุกคน").click()
    expect(number(desk, "waitlisted")).to_have_text("5")
    desk.locator("#result").get_by_role("button", name="นำกลับเข้ารายชื่อสำรอง").click()
    expect(number(desk, "waitlisted")).to_have_text("6")
    expect(row.locator(".person-place")).to_have_text("ลำดับที่ ๓")


@with_and_without_javascript
def test_the_order_is_changed_with_a_reason(desk, javascript):
    desk.get_by_role("link", name="นายกานดา30 ทดสอบดี").first.click()
    desk.locator("summary", has_text="เปลี่ยนลำดับ").click()
    desk.get_by_label("ลำดับใหม่ในรายชื่อสำรอง").fill("2")
    desk.get_by_label("เหตุผล", exact=True).fill("ผู้แทนเยาวชนคนเดียว")
    desk.get_by_role("button", name="เปลี่ยนลำดับ").click()
    expect(desk.locator(".state-line, .card p").first).to_contain_text("ลำดับที่ ๒")


@with_and_without_javascript
def test_people_are_found_by_name_and_by_state(desk, javascript):
    names = desk.locator(".person-name")
    desk.get_by_label("ค้นหา").fill("กานดา13")
    desk.keyboard.press("Enter")
    expect(names).to_have_text(["นายกานดา13 ทดสอบดี"])
    desk.get_by_label("ค้นหา").fill("")
    desk.locator("summary", has_text="ทุกสถานะ").click()
    desk.locator(".filter").get_by_label("อยู่ในรายชื่อสำรอง").check()
    if not javascript:
        desk.get_by_role("search").get_by_role("button").click()
    expect(desk.locator("#chosen-states")).to_have_text("อยู่ในรายชื่อสำรอง")
    expect(names).to_have_text([f"นายกานดา{n} ทดสอบดี" for n in range(25, 31)])


@pytest.mark.browser_context_args(**PHONE)
def test_the_desk_is_accessible(desk, live_server, nan):
    person = Participant.objects.waiting().first()
    for path in (desk.url, f"{desk.url}people/{person.code}/", f"{desk.url}coordinators/", f"{live_server.url}/desk/sign-in/"):
        desk.goto(path)
        for summary in desk.locator("summary:visible").all()[:3]:
            summary.click()
        assert (path, faults(desk)) == (path, [])


@pytest.mark.browser_context_args(**PHONE)
def test_the_page_stays_where_it_is_while_the_list_changes(desk):
    desk.locator(".pick").nth(20).check()
    before = desk.evaluate("scrollY")
    desk.evaluate("document.querySelector('.bulk .btn-danger').click()")
    expect(desk.locator("#result")).to_be_focused()
    expect(desk.locator("#result")).to_be_in_viewport()
    assert before > 1000
    assert desk.evaluate("scrollY") == before


@pytest.mark.browser_context_args(**PHONE)
def test_a_person_is_one_short_row_on_a_phone(desk):
    """Thirty-one people with their state, their group, a button to call and one to write to them."""
    assert desk.locator(".roster").evaluate("roster => roster.offsetHeight") < 31 * 130
    row = desk.locator("tr.roster-row", has_text="นายกานดา03 ทดสอบดี")
    for sign in row.locator(".reach").all():
        box = sign.bounding_box()
        assert (box["width"], box["height"]) == (44, 44)
