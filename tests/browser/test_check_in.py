"""The door with a camera that films what the test draws: with a network and without, with the browser's own reader and with ours."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import qrcode
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from registration.models import CheckIn
from tests.browser.accessibility import faults
from tests.factories import make_participant, make_workshop

#: Where pictures are kept, for who wants to look at them.
SHOTS = os.environ.get("SHOTS", "")
WIDTH, HEIGHT = 640, 480
NO_READER = "delete window.BarcodeDetector;"
#: A browser that reads codes by itself: in this one nothing stands behind the name.
OWN_READER = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect(video) { return Promise.resolve(video.videoWidth ? [{ rawValue: %s }] : []); }
};
"""


@pytest.fixture
def workshop(transactional_db, monkeypatch):
    """Its day, 18 February 2027 from 9 to 10, is on."""
    clock = timezone.now
    since = clock()
    monkeypatch.setattr(timezone, "now", lambda: timezone.make_aware(dt.datetime(2027, 2, 18, 9, 20)) + (clock() - since))
    workshop = make_workshop(days=1, tracks=0, title_th="การประชุมตัวอย่าง ณ สถานที่")
    workshop.people = [make_participant(workshop, "55", first_name=name) for name in ("หนึ่ง", "สอง")]
    workshop.days.update(room_th="ห้องประชุม ๕๑๑ อาคาร ๕", room_en="Room 511, Building 5")
    return workshop


def filmed(code: str, path: Path) -> Path:
    """A film of one picture, a QR code of `code` (YUV4MPEG2, which Chromium takes for a camera)."""
    picture = Image.new("L", (WIDTH, HEIGHT), 200)
    drawn = qrcode.make(code, box_size=8).convert("L")
    picture.paste(drawn, ((WIDTH - drawn.width) // 2, (HEIGHT - drawn.height) // 2))
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return path


@pytest.fixture
def with_camera(playwright: Playwright, browser_type_launch_args: dict, workshop, tmp_path) -> Iterator[Browser]:
    """A browser before whose camera the first person's code is held."""
    film = filmed(workshop.people[0].code, tmp_path / "code.y4m")
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(**browser_type_launch_args | {"args": [*browser_type_launch_args["args"], *camera]})
    yield browser
    browser.close()


def visitor(browser: Browser, live_server, script: str = "", **options) -> BrowserContext:
    client = Client()
    client.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("door", "door@example.org", "x"))
    context = browser.new_context(locale="th-TH", timezone_id="Asia/Bangkok", permissions=["camera"], **options)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    context.add_init_script(script)
    return context


def violations(page: Page) -> list[str]:
    """What the page tries against its policy from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def door(live_server, workshop, language: str = "") -> str:
    return f"{live_server.url}{language}/desk/check-in/{workshop.slug}/2027-02-18/"


def looked_at(page: Page, name: str) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)
    assert faults(page) == []


def test_the_kept_reader_reads_codes_and_a_lost_network_loses_nobody(with_camera, live_server, workshop):
    first, second = workshop.people
    context = visitor(with_camera, live_server, NO_READER)
    page = context.new_page()
    against_policy = violations(page)
    page.goto(door(live_server, workshop))
    page.get_by_role("button", name="เปิดกล้อง").click()
    answers = page.locator(".check-in-answer")
    expect(answers.filter(has_text="หนึ่ง")).to_contain_text("เข้างานแล้ว")
    assert CheckIn.objects.get().participant == first
    if SHOTS:
        page.set_viewport_size({"width": 360, "height": 900})
        page.screenshot(path=str(Path(SHOTS) / "check-in-camera-360.png"), full_page=True)
    page.get_by_role("button", name="ปิดกล้อง").click()

    context.set_offline(True)
    page.locator("#id_code").fill(f"{second.code[:3]}-{second.code[3:].lower()}")
    page.keyboard.press("Enter")
    expect(page.locator("#waiting")).to_contain_text("รอส่ง ๑")
    expect(page.locator("#waiting")).to_contain_text("ไม่มีเครือข่าย")
    page.locator("#id_code").fill(second.code)
    page.keyboard.press("Enter")
    expect(answers.filter(has_text=second.code)).to_contain_text("บันทึกไว้แล้ว")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "check-in-offline-360.png"), full_page=True)
    kept = json.loads(page.evaluate("Object.values(localStorage)[0]"))
    assert [sorted(row) for row in kept] == [["at", "code"]]
    # A minute goes by.
    page.evaluate("for (const [key, text] of Object.entries(localStorage)) localStorage.setItem(key, JSON.stringify("
                  "JSON.parse(text).map(row => ({...row, at: row.at - 60000}))))")  # fmt: skip
    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    expect(answers.filter(has_text="สอง")).to_contain_text("เข้างานแล้ว")
    known = CheckIn.objects.get(participant=second)
    assert known.received_at - known.at >= dt.timedelta(seconds=59)
    assert CheckIn.objects.count() == 2
    assert against_policy == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browsers_own_reader_is_used_where_it_is_there(with_camera, live_server, workshop, scheme):
    """Also looked at in both languages, with red and green answers, and used by keyboard alone."""
    context = visitor(with_camera, live_server, OWN_READER % json.dumps(workshop.people[1].code), color_scheme=scheme)
    page = context.new_page()
    against_policy = violations(page)
    page.goto(door(live_server, workshop, "/en"))
    page.get_by_role("button", name="Start the camera").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".check-in-answer").filter(has_text="สอง")).to_contain_text("Checked in at")
    assert page.evaluate("typeof Html5Qrcode") == "undefined"
    page.get_by_role("button", name="Stop the camera").click()
    page.locator("#id_code").focus()
    page.keyboard.type("2345678")
    page.keyboard.press("Enter")
    expect(page.locator("#answers")).to_contain_text("Unknown code")
    looked_at(page, f"check-in-en-{scheme}")
    page.goto(f"{door(live_server, workshop)}?q=ทดสอบ")
    looked_at(page, f"check-in-th-{scheme}")
    page.goto(f"{live_server.url}/desk/check-in/")
    looked_at(page, f"check-ins-th-{scheme}")
    assert against_policy == []
    context.close()


def test_without_javascript_a_code_is_typed_and_a_slip_taken_back(browser, live_server, workshop):
    context = visitor(browser, live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto(door(live_server, workshop))
    expect(page.get_by_role("button", name="เปิดกล้อง")).to_be_hidden()
    page.locator("#id_code").fill(workshop.people[0].code)
    page.get_by_role("button", name="ลงทะเบียนเข้างาน", exact=True).click()
    expect(page.locator("#answers")).to_contain_text("เข้างานแล้ว")
    page.locator("#answers").get_by_role("button", name="ยกเลิก").click()
    expect(page.locator("#answers")).to_contain_text("ยกเลิกเมื่อ")
    assert not CheckIn.objects.standing().exists()
    context.close()
