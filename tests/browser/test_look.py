"""What the pages look like where it can be measured: the day itself, both themes, narrow screens, large text, paper, Thai words."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from registration.links.signed import personal_link
from registration.models import Participant
from sessions.line_breaks import keep_together
from sessions.models import Contact, Track, WorkshopDay
from tests.browser.accessibility import faults
from tests.browser.words import scattered
from tests.factories import make_participant, make_workshop, tracks_of

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
TITLE = "การประชุมเชิงปฏิบัติการเพื่อขับเคลื่อนเป้าหมายการพัฒนาที่ยั่งยืนเชิงพื้นที่ (SDG Localisation)"
CHAT = {"chat_name": "SDG ตัวอย่าง", "chat_url": "https://example.org/chat", "chat_passcode": "sample"}

#: The workshop of the factories is on 18 and 25 February 2027 from nine o'clock; its topics begin at ten.
BEFORE, ON_THE_DAY, AFTER = (timezone.make_aware(dt.datetime(2027, *moment)) for moment in ((1, 20, 9), (2, 18, 9, 20), (3, 5, 9)))


@pytest.fixture
def at(monkeypatch):
    def move_clock(moment: dt.datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return move_clock


@pytest.fixture
def participant(live_server) -> Participant:
    workshop = make_workshop(title_th=TITLE, **CHAT)
    Contact.objects.create(workshop=workshop, name_th="นางสาวสมมุติ ทดสอบ", phone="02 000 0000", phone_extension="123")
    return make_participant(workshop, tracks=tracks_of(workshop)[:1])


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    return box["y"] + box["height"]


def leads_to(page: Page) -> str:
    """Where the button to join leads in the end: its own address notes the press first."""
    button = page.locator(".join-main > .btn-primary")
    return page.request.get(page.url.split("/p/")[0] + button.get_attribute("href"), max_redirects=0).headers["location"]


def test_on_the_day_the_button_to_join_is_on_the_first_screen(page: Page, live_server, participant, at):
    at(ON_THE_DAY)
    WorkshopDay.objects.filter(date="2027-02-18").update(join_url="https://zoom.example.org/j/old")
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}{personal_link(participant)}")
    assert leads_to(page) == "https://zoom.example.org/j/old"

    WorkshopDay.objects.filter(date="2027-02-18").update(join_url="https://zoom.example.org/j/new")
    at(ON_THE_DAY + dt.timedelta(minutes=1))
    page.reload()

    assert leads_to(page) == "https://zoom.example.org/j/new"
    assert bottom(page, ".join-main > .btn-primary") <= 640
    assert bottom(page, ".join-name-text") <= 740
    expect(page.locator(".join-help")).to_have_text(re.compile(r"เข้าไม่ได้ โทร\.\s+02 000 0000 ต่อ 123"))
    expect(page.locator(".join-now dt").first).to_contain_text("ขณะนี้")


def test_when_the_topic_begins_its_own_room_leads(page: Page, live_server, participant, at):
    WorkshopDay.objects.update(join_url="https://zoom.example.org/j/day")
    Track.objects.update(join_url="https://zoom.example.org/j/topic")
    page.set_viewport_size(PHONE)
    leads = {}
    for hour, minute in ((9, 20), (9, 50), (10, 59), (11, 30)):
        at(timezone.make_aware(dt.datetime(2027, 2, 18, hour, minute)))
        page.goto(f"{live_server.url}{personal_link(participant)}")
        leads[hour, minute] = leads_to(page).rpartition("/")[2]
    assert leads == {(9, 20): "day", (9, 50): "topic", (10, 59): "topic", (11, 30): "day"}


def test_the_link_and_the_name_are_copied(page: Page, live_server, participant, at):
    at(ON_THE_DAY)
    WorkshopDay.objects.update(join_url="https://zoom.example.org/j/day")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}{personal_link(participant)}")
    for name, copied in (("คัดลอกลิงก์", "https://zoom.example.org/j/day"), ("คัดลอกชื่อ", "น่าน พช. นาย" + participant.first_name)):
        page.locator(".join-copy").get_by_role("button", name=name).click()
        expect(page.locator(".join-copy").get_by_role("button", name="คัดลอกแล้ว").first).to_be_visible()
        assert " ".join(page.evaluate("navigator.clipboard.readText()").split()) == copied


@pytest.mark.parametrize("moment", [BEFORE, ON_THE_DAY, AFTER], ids=["before", "on the day", "after"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_no_objection_in_either_theme(browser: Browser, live_server, participant, at, scheme, moment):
    at(moment)
    WorkshopDay.objects.update(join_url="https://zoom.example.org/j/1")
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, locale="th-TH")
    try:
        page = context.new_page()
        for path in (personal_link(participant), f"/w/{participant.workshop.slug}/", f"/w/{participant.workshop.slug}/agenda/"):
            page.goto(f"{live_server.url}{path}")
            for details in page.locator("details").all():
                details.evaluate("element => { element.open = true }")
            assert (path, faults(page)) == (path, [])
    finally:
        context.close()


@pytest.mark.parametrize("moment", [BEFORE, ON_THE_DAY, AFTER], ids=["before", "on the day", "after"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_nothing_is_wider_than_a_narrow_screen_nor_with_text_twice_as_large(page: Page, live_server, participant, at, language, moment):
    at(moment)
    WorkshopDay.objects.update(join_url="https://zoom.example.org/j/1")
    for path in (personal_link(participant), f"/w/{participant.workshop.slug}/"):
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{live_server.url}{language}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.set_viewport_size(PHONE)
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("moment", [BEFORE, ON_THE_DAY, AFTER], ids=["before", "on the day", "after"])
def test_the_personal_page_is_one_sheet_of_paper(page: Page, live_server, participant, at, moment):
    at(moment)
    page.goto(f"{live_server.url}{personal_link(participant)}")
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True))) == 1


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_thai_word_of_a_title_or_fixed_text_is_divided(page: Page, live_server, participant, at, width):
    at(BEFORE)
    page.set_viewport_size({"width": width, "height": 800})
    for path in (f"/w/{participant.workshop.slug}/", personal_link(participant)):
        page.goto(f"{live_server.url}{path}")
        divided = page.evaluate(
            "[...document.querySelectorAll('main .nb')].filter(e => e.getClientRects().length > 1).map(e => e.innerText)"
        )
        assert divided == []
        assert scattered(page) == []
        bare = page.evaluate(
            """[...document.querySelectorAll("main h1, main h2, main h3, main p, main .btn, main dt")]
               .flatMap(e => [...e.childNodes].filter(n => n.nodeType === Node.TEXT_NODE).map(n => n.textContent))"""
        )
        assert [text for text in bare if keep_together(text) != text] == []


JUMPS = """window.jumps = 0;
new PerformanceObserver(list => { for (const jump of list.getEntries()) window.jumps += jump.value })
  .observe({type: "layout-shift", buffered: true});
"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint').length && document.readyState !== 'loading'"
#: Two pictures later: what the font moves has moved by then.
SETTLED = """() => document.fonts.status === "loaded"
  && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done({jumps: window.jumps})))))"""


def jumps(browser: Browser, url: str) -> float:
    """How far the page jumps (the sum of its layout shifts) for somebody to whom the font comes after the first picture."""
    context = browser.new_context(viewport=PHONE, locale="th-TH")
    context.add_init_script(JUMPS)
    page, held = context.new_page(), list[Route]()
    try:
        page.route("**/*.woff2", lambda route: held.append(route))
        page.goto(url, wait_until="commit")
        page.wait_for_function(PAINTED)
        assert len(held) == 2
        for font in held:
            font.continue_()
        return page.wait_for_function(SETTLED).json_value()["jumps"]
    finally:
        context.close()


def test_no_page_jumps_when_the_font_comes_late(browser: Browser, live_server, participant, at):
    at(BEFORE)
    workshop = f"/w/{participant.workshop.slug}/"
    paths = ["/", workshop, f"{workshop}register/", f"{workshop}agenda/", "/privacy/", "/en/", personal_link(participant), "/v/none/"]
    found = {path: jumps(browser, live_server.url + path) for path in paths}
    assert {path: far for path, far in found.items() if far >= 0.05} == {}


def test_the_keyboard_passes_the_tiles_by(page: Page, live_server, participant, at):
    at(BEFORE)
    page.set_viewport_size(DESKTOP)
    page.goto(f"{live_server.url}/w/{participant.workshop.slug}/")
    page.locator(".finder button").focus()
    page.keyboard.press("Tab")  # the table
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามแผนที่")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('tile')") is False
