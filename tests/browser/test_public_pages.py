import pytest
from django.core.management import call_command
from playwright.sync_api import Page, Route, expect

from registration.models import Quota
from sessions.models import Workshop
from tests.browser.accessibility import objections
from tests.factories import make_workshop

SLUG = "sdg-localisation-demo"
PAGES = ["/", f"/w/{SLUG}/agenda/"]
PHONE, DESKTOP = 360, 1280
FONTS = ["400 loaded", "600 loaded"]

#: In CSS pixels, as much as a thumb needs.
MIN_TARGET = 44


@pytest.fixture
def brief(live_server) -> str:
    """The workshop of the brief, still three weeks ahead, with some seats taken; the portal's address."""
    call_command("load_workshop", demonstration=True, verbosity=0)
    Quota.objects.filter(province__code__in=["50", "55"]).update(taken=25)
    Quota.objects.filter(province__code__in=["30", "80"]).update(taken=21)
    Quota.objects.filter(province__code="90").update(taken=13)
    return live_server.url


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_the_page_fits_its_screen_and_does_nothing_forbidden(page: Page, brief, path, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{brief}{language}{path}", wait_until="networkidle")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...new Set([...document.fonts].map(font => `${font.weight} ${font.status}`))].sort()") == FONTS


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_has_no_objection(browser, brief, path, language, width):
    assert objections(browser, f"{brief}{language}{path}", width=width) == []


def test_axe_has_no_objection_to_what_is_said_where_there_is_nothing(browser, live_server):
    make_workshop(days=0, tracks=0, slug="empty", registration_closes_at="2020-01-01T00:00:00Z")
    addresses = ["/w/empty/", "/en/w/empty/agenda/", "/nowhere/"]
    assert [objections(browser, live_server.url + address, width=PHONE) for address in addresses] == [[], [], []]
    Workshop.objects.update(is_published=False)
    assert objections(browser, live_server.url + "/en/", width=PHONE) == []


@pytest.mark.parametrize("width", [PHONE, 1000, DESKTOP])
@pytest.mark.parametrize("path", PAGES)
def test_every_link_is_large_enough_for_a_thumb(page: Page, brief, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(brief + path)
    for details in page.locator("main details").all():
        details.evaluate("element => { element.open = true }")

    targets = page.locator("a:not(.skip, .visually-hidden-focusable), summary").locator("visible=true").all()
    sizes = [(target.inner_text().strip(), target.bounding_box()) for target in targets]
    assert len(sizes) > 5
    assert [name for name, box in sizes if min(box["width"], box["height"]) < MIN_TARGET] == []


def test_a_phone_leads_to_the_province_in_three_taps(page: Page, brief):
    """The list of provinces is opened, the province tapped, the button pressed."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    page.goto(brief)
    expect(page.locator(".tile-map")).to_be_hidden()
    expect(page.locator(".map-small")).to_be_visible()

    page.get_by_label("จังหวัดหรือหน่วยงานส่วนกลาง").select_option("เชียงราย – เหลือ ๒๕ ที่นั่ง")
    page.locator(".finder button").click()

    assert page.url == f"{brief}/w/{SLUG}/register/?province=57"
    expect(page.locator("#id_province")).to_have_value("57")


def test_a_map_leads_to_the_province(page: Page, brief):
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.goto(brief)
    expect(page.locator(".map-small")).to_be_hidden()
    expect(page.get_by_role("link", name="น่าน เต็ม")).to_be_visible()

    page.get_by_role("link", name="เชียงราย 25").click()

    assert page.url == f"{brief}/w/{SLUG}/register/?province=57"
    expect(page.locator("#id_province")).to_have_value("57")


def test_names_fit_their_tiles(page: Page, brief):
    for width in (1000, 1200, DESKTOP):
        for language in ("/", "/en/"):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(brief + language)
            too_long = page.evaluate(
                """[...document.querySelectorAll(".tile")].filter(
                    tile => tile.scrollWidth > tile.clientWidth || tile.scrollHeight > tile.clientHeight
                ).map(tile => tile.innerText)"""
            )
            assert (width, language, too_long) == (width, language, [])


def test_nothing_is_measured_before_its_font_has_come(page: Page, brief, monkeypatch):
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(brief, wait_until="domcontentloaded")

    def let_go(timeout: float) -> None:
        while held:
            held.pop().continue_()
        page.unroute("**/*.woff2")
        Page.wait_for_timeout(page, timeout)

    monkeypatch.setattr(page, "wait_for_timeout", let_go)

    assert page.evaluate("() => document.fonts.status") == "loaded"
    assert held == []


def test_the_keyboard_alone_passes_the_map_by(page: Page, brief):
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.goto(brief)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามไปยังเนื้อหา")).to_be_focused()
    page.locator("summary", has_text="ดูเป็นตาราง").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="ข้ามแผนที่")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="ขั้นตอนการเข้าร่วม")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".seats-steps summary")).to_be_focused()


def test_parallel_tracks_stand_side_by_side_where_there_is_room(page: Page, brief):
    page.goto(f"{brief}/w/{SLUG}/agenda/")
    tracks = page.locator(".tracks > li")

    page.set_viewport_size({"width": DESKTOP, "height": 800})
    boxes = [track.bounding_box() for track in tracks.all()]
    assert len({box["y"] for box in boxes}) == 1

    page.set_viewport_size({"width": PHONE, "height": 800})
    boxes = [track.bounding_box() for track in tracks.all()]
    assert (len({box["x"] for box in boxes}), len({box["y"] for box in boxes})) == (1, 4)


def test_the_language_switch_keeps_the_page(page: Page, brief):
    page.goto(f"{brief}/w/{SLUG}/agenda/")
    with page.expect_navigation():
        page.get_by_role("link", name="English").click()
    assert page.url == f"{brief}/en/w/{SLUG}/agenda/"
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda")
    with page.expect_navigation():
        page.get_by_role("link", name="ไทย").click()
    assert page.url == f"{brief}/w/{SLUG}/agenda/"
