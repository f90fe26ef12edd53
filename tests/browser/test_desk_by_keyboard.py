"""The coordinator's whole job without a mouse, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from registration.models import Invitation, Participant
from registration.seats import quotas
from tests.browser.test_desk import sign_in
from tests.browser.test_invitations import LIST
from tests.factories import make_coordinator, make_participant, make_workshop
from tests.registration.spreadsheets.workbooks import workbook

#: So many keys at most lead to anything on a page.
FAR = 120


def reach(page: Page, what: Locator) -> Locator:
    """Goes to `what` with the tab key alone, and sees that it is in sight when it has the focus."""
    for _key in range(FAR):
        page.keyboard.press("Tab")
        if what.evaluate("element => element === document.activeElement"):
            page.wait_for_load_state("networkidle")
            # Where the page still moved to its anchor meanwhile, a step back and forth shows what has the focus.
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Tab")
            expect(what).to_be_in_viewport()
            return what
    raise AssertionError(f"the tab key does not lead to {what}")


def press(page: Page, what: Locator, key: str = "Enter") -> None:
    reach(page, what)
    page.keyboard.press(key)


def button(where: Page | Locator, name: str) -> Locator:
    return where.get_by_role("button", name=name)


@pytest.fixture
def desk(page: Page, live_server):
    """Nan's desk in a workshop in which the province approves first, with two people who wait for that."""
    workshop = make_workshop(decision="province_first")
    for name in ("กานดา", "ขวัญใจ"):
        make_participant(workshop, first_name=name)
    sign_in(page, live_server, make_coordinator(workshop).user)
    page.goto(f"{live_server.url}/desk/")
    return page


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(True, id="javascript"),
        pytest.param(False, id="plain", marks=pytest.mark.browser_context_args(java_script_enabled=False)),
    ],
)
def test_the_whole_job_is_done_with_the_keyboard(desk: Page, script, tmp_path):
    result = desk.locator("#result p")

    # What is to be done, and who it is about
    press(desk, desk.get_by_role("link", name="พิจารณา", exact=True))
    expect(desk.locator(".person-name")).to_have_count(2)
    press(desk, desk.get_by_role("link", name="นายกานดา ทดสอบดี").first)
    expect(desk.get_by_role("heading", name="นายกานดา ทดสอบดี")).to_be_visible()

    # Yes, and back
    press(desk, button(desk, "อนุมัติ นายกานดา ทดสอบดี").first)
    expect(result).to_have_text([re.compile("^อนุมัติ")])
    press(desk, button(desk, "เลิกทำ"))
    expect(result).to_have_text([re.compile("^ยกเลิกการอนุมัติ")])

    # No, with a reason, in the list; and back
    press(desk, desk.get_by_role("link", name="กลับไปที่รายชื่อ"))
    bar = desk.locator("#bulk")
    press(desk, desk.get_by_label("เลือก นายขวัญใจ ทดสอบดี"), "Space")
    press(desk, bar.locator("summary"))
    reach(desk, bar.get_by_label("เหตุผลที่จะแจ้งให้ทราบ"))
    desk.keyboard.press("End")
    reach(desk, bar.get_by_label("ข้อความเพิ่มเติม"))
    desk.keyboard.type("ผู้แทนครบแล้ว")
    press(desk, button(bar, "ไม่คัดเลือก และแจ้งทุกคน"))
    expect(result).to_have_text([re.compile("^ไม่คัดเลือก")])
    assert list(Participant.objects.values_list("state", "decision_reason").order_by("pk")) == [("pending", ""), ("declined", "ผู้แทนครบแล้ว")]
    press(desk, button(desk, "เลิกทำ"))
    expect(result).to_have_text([re.compile("^นำกลับ")])

    # Several at once
    for box in desk.locator(".pick").all():
        press(desk, box, "Space")
    press(desk, button(desk.locator("#bulk"), "อนุมัติ").first)
    expect(desk.locator("#numbers .state-confirmed + strong")).to_have_text("2")

    # An invitation
    press(desk, desk.get_by_role("link", name="เชิญ", exact=True))
    reach(desk, desk.get_by_label("อีเมล", exact=True).first)
    desk.keyboard.type("guest@example.org")
    desk.keyboard.press("Enter")
    expect(result).to_have_text(["ส่งคำเชิญแล้ว: guest@example.org"])

    # The office's list
    press(desk, desk.get_by_role("link", name="นำเข้ารายชื่อ", exact=True).first)
    file = tmp_path / "list.xlsx"
    file.write_bytes(workbook(รายชื่อ=LIST))
    reach(desk, desk.get_by_label("รายชื่อ (Excel")).set_input_files(file)
    press(desk, button(desk, "อัปโหลดและตรวจรายชื่อ"))
    press(desk, button(desk, "ตรวจรายชื่อ ๒ แถว"))
    row = desk.locator("#row-2")
    reach(desk, row.get_by_label("อีเมล"))
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.type("two@example.org")
    press(desk, button(row, "บันทึกแถวนี้"))
    expect(desk.get_by_role("link", name="พร้อม ๒", exact=True)).to_be_visible()
    press(desk, button(desk, "ส่งคำเชิญทางอีเมล ๒ คน"))
    expect(desk.locator(".listing .change-cell")).to_have_text(["เชิญแล้ว", "เชิญแล้ว"])

    assert set(Participant.objects.values_list("state", flat=True)) == {"confirmed"}
    assert sorted(Invitation.objects.values_list("email", flat=True)) == ["guest@example.org", "one@example.org", "two@example.org"]
    assert quotas.mismatches() == []
