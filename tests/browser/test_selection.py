"""Nan chooses: 34 came forward for 25 seats, on a phone, with JavaScript and without."""

import os
from collections import Counter

import pytest
from playwright.sync_api import expect

from registration.choices import State
from registration.models import Delivery, Participant, Selection
from registration.seats import quotas
from registration.selection.actions.announcements import announce_due
from sessions.models import StakeholderGroup
from tests.browser.accessibility import faults
from tests.browser.test_desk import sign_in, with_and_without_javascript
from tests.factories import make_coordinator, make_participant, make_workshop

GROUPS = ["ราชการส่วนภูมิภาค", "อำเภอ ตำบล หมู่บ้าน", "ภาคเอกชน", "ภาคประชาสังคม", "เด็กและเยาวชน", "ภาคส่วนอื่น ๆ"]
#: A list of 34 people shall not be longer than this on a phone.
MAX_HEIGHT = 4500


@pytest.fixture
def nan():
    """34 people from three groups; four groups have nobody."""
    workshop = make_workshop(decision="selection", decision_minutes=5)
    groups = [
        StakeholderGroup.objects.create(workshop=workshop, code=f"4.1.{number}", name_th=name, name_en=f"Group {number}")
        for number, name in enumerate(GROUPS, start=2)
    ]
    for number in range(34):
        person = make_participant(workshop, first_name=f"กานดา{number:02}", organisation="สำนักงานพัฒนาชุมชนจังหวัดน่าน")
        if number >= 12:
            Participant.objects.filter(pk=person.pk).update(group=groups[number % 2])
    Delivery.objects.all().delete()
    return workshop


@with_and_without_javascript
def test_nan_chooses_and_announces(page, live_server, javascript, nan):
    sign_in(page, live_server, make_coordinator(nan).user)
    page.goto(f"{live_server.url}/desk/{nan.slug}/55/selection/")
    expect(page.locator(".mix .none")).to_have_count(4)
    if javascript:
        assert faults(page) == []
    for number in range(25):
        page.get_by_label(f"เลือก นายกานดา{number:02} ทดสอบดี").check()
    height = page.evaluate("document.querySelector('main').scrollHeight")
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/select-{javascript}.png", full_page=True)
    assert height < MAX_HEIGHT
    page.locator("tr", has_text="กานดา33").locator("select").select_option("1")
    page.get_by_role("button", name="ตรวจก่อนประกาศผล").click()
    expect(page.get_by_text("ระบบจะยืนยันที่นั่ง ๒๕ คน และส่งอีเมลรวม ๓๔ ฉบับ")).to_be_visible()
    expect(page.locator(".thai-list li").first).to_contain_text("กานดา33")
    if folder:
        page.screenshot(path=f"{folder}/review-{javascript}.png", full_page=True)
    if javascript:
        assert faults(page) == []
    page.get_by_label("จังหวัดเห็นชอบรายชื่อนี้แล้ว").check()
    page.get_by_role("button", name="ประกาศผลและส่งอีเมล ๓๔ ฉบับ").click()
    expect(page.get_by_role("button", name="ไม่ทำแล้ว")).to_be_visible()
    if folder:
        page.screenshot(path=f"{folder}/due-{javascript}.png", full_page=True)
    assert Delivery.objects.count() == 0

    due = Selection.objects.get().due_at
    assert [announce_due(at=due), announce_due(at=due)] == [1, 0]
    states = Counter(Participant.objects.values_list("state", flat=True))
    assert states == {State.CONFIRMED: 25, State.WAITLISTED: 9}
    assert Participant.objects.waiting().first().first_name == "กานดา33"
    assert Counter(Delivery.objects.values_list("message", flat=True)) == {"confirmed": 25, "reserve": 9}
    assert quotas.mismatches() == []
    page.reload()
    expect(page.get_by_text("ประกาศผลแล้วเมื่อ")).to_be_visible()
    page.goto(f"{live_server.url}/desk/{nan.slug}/55/")
    assert page.locator(".roster-row").count() == 34
    assert page.locator(".roster").bounding_box()["height"] < MAX_HEIGHT
    if folder:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.screenshot(path=f"{folder}/desk-{javascript}.png", full_page=True)
