"""An evaluation from the template to its results: the office's pages, two minutes on a phone, by keys, without scripts."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from registration.evaluation.actions import runs
from registration.links import signed
from registration.models import EvaluationUrn
from tests.browser.accessibility import faults
from tests.browser.test_attendance import sign_in
from tests.factories import make_participant, make_workshop
from tests.registration.evaluation.answering import STAFF, make_evaluation, take

#: Where pictures are kept, for who wants to look at them.
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def evaluation(transactional_db):
    workshop = make_workshop(tracks=0)
    now = timezone.now()
    evaluation = make_evaluation(workshop, is_open=False)
    runs.plan(evaluation=evaluation, opens_at=now - dt.timedelta(hours=1), closes_at=now + dt.timedelta(days=7), by=STAFF)
    evaluation.refresh_from_db()
    return evaluation


@pytest.fixture
def people(evaluation):
    """Six, whose first day was yesterday."""
    found = [make_participant(evaluation.workshop, at=timezone.now()) for _n in range(6)]
    evaluation.workshop.days.filter(pk=evaluation.workshop.days.first().pk).update(date=timezone.localdate() - dt.timedelta(days=1))
    return found


def looked_at(page: Page, name: str, *, within: str = "main") -> None:
    """On a phone as on a desktop, in the light and in the dark, nothing is wider than the screen, and axe has nothing to say."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}-{scheme}.png"), full_page=True)
        assert faults(page, within=within) == []
    page.emulate_media(color_scheme="light")


def tick_everything(page: Page, level: int) -> None:
    for group in page.locator("fieldset.ask").all():
        group.locator("label").nth(min(level, group.locator("label").count() - 1)).click()


def test_two_minutes_on_a_phone(page: Page, live_server, evaluation, people):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{live_server.url}{signed.personal_link(people[0])}")
    expect(page.get_by_role("heading", name="แบบประเมิน")).to_be_visible()
    looked_at(page, "personal-evaluation")
    page.get_by_role("link", name="ตอบแบบประเมิน").click()
    page.locator(".promise summary").click()
    looked_at(page, "evaluation")

    tick_everything(page, 1)
    page.locator("textarea").first.fill("วิทยากรอธิบายชัดเจน")
    page.reload()
    assert page.locator("fieldset.ask input:checked").count() == page.locator("fieldset.ask").count(), "kept while typing"
    expect(page.locator("textarea").first).to_have_value("วิทยากรอธิบายชัดเจน")

    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_text("ได้รับคำตอบของท่านแล้ว")).to_be_visible()
    looked_at(page, "evaluation-thanks")
    assert page.evaluate("sessionStorage.length") == 0, "nothing stays in the tab"
    assert EvaluationUrn.objects.get().answers == 1


def test_what_is_missing_is_told_and_led_to(page: Page, live_server, evaluation, people):
    page.goto(f"{live_server.url}{signed.personal_link(people[0])}")
    page.goto(f"{live_server.url}/en/p/{people[0].code}/evaluation/{evaluation.pk}/")
    if "evaluation" not in page.url:
        pytest.fail("the page did not open")
    page.goto(f"{live_server.url}/p/{people[0].code}/evaluation/{evaluation.pk}/")
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, "evaluation-faults")
    page.get_by_role("alert").get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.type") == "radio"


def test_by_keys_alone(page: Page, live_server, evaluation, people):
    page.goto(f"{live_server.url}{signed.personal_link(people[0])}evaluation/{evaluation.pk}/")
    groups = page.locator("fieldset.ask")
    groups.first.locator("input").first.focus()
    for _n in range(groups.count()):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ได้รับคำตอบของท่านแล้ว")).to_be_visible()


def test_without_scripts(browser: Browser, live_server, evaluation, people):
    context = browser.new_context(java_script_enabled=False, locale="th-TH")
    page = context.new_page()
    page.goto(f"{live_server.url}{signed.personal_link(people[0])}evaluation/{evaluation.pk}/")
    tick_everything(page, 0)
    page.get_by_role("button", name="ส่งคำตอบ").click()
    expect(page.get_by_text("ได้รับคำตอบของท่านแล้ว")).to_be_visible()
    context.close()


def test_the_offices_pages(page: Page, live_server, evaluation, people):
    sign_in(page, live_server, User.objects.create_superuser("staff", "staff@example.org", "x"))
    office = f"{live_server.url}/admin/registration/evaluation"
    page.goto(f"{office}/{evaluation.workshop.slug}/")
    looked_at(page, "office-evaluations", within="#content")
    page.get_by_role("link", name="แบบประเมินการประชุม").first.click()
    looked_at(page, "office-evaluation", within="#content")
    section = evaluation.sections.all()[1]
    page.goto(f"{office}/one/{evaluation.pk}/section/{section.pk}/question/0/")
    looked_at(page, "office-question", within="#content")
    page.goto(f"{office}/one/{evaluation.pk}/preview/")
    looked_at(page, "office-preview", within="#content")
    for number, person in enumerate(people):
        take(evaluation, person, at=timezone.now(), level=[5, 4, 3 + number % 3] * 5, words=[f"ความเห็นที่ {number + 1}", "", "เพิ่มเวลา"])
    runs.close(evaluation=evaluation, by=STAFF)
    page.goto(f"{office}/one/{evaluation.pk}/")
    page.get_by_role("link", name="สรุปผล…").click()
    page.locator("[name=sure]").check()
    looked_at(page, "office-count", within="#content")
    page.get_by_role("button", name="สรุปผลคำตอบ").click()
    looked_at(page, "office-results", within="#content")
    page.get_by_role("link", name="ตรวจข้อคิดเห็น").click()
    page.locator("[name=answer]").first.check()
    looked_at(page, "office-words", within="#content")
    page.get_by_role("button", name="เผยแพร่ได้").click()
    expect(page.get_by_text("๑ คำตอบ: เผยแพร่ได้")).to_be_visible()
