"""Registering as people do it: on a phone, at a desk, without scripts, with the keyboard alone."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from benchmarks.servers import environment, gunicorn, manage
from registration.choices import State
from registration.links import signed
from registration.models import Participant, Quota
from sessions.models import Workshop
from tests import migrated
from tests.browser.accessibility import objections, objections_in, visitor
from tests.browser.words import scattered
from tests.factories import make_participant, tracks_of

SLUG = "sdg-localisation-demo"
FORM = f"/w/{SLUG}/register/"
PHONE, DESKTOP = 360, 1280
FIRST_VISIT_BYTES = 80_000
#: What registering may cost on a phone beyond what the browser fills in by itself.
MAX_TAPS, MAX_KEYSTROKES, MAX_HEIGHT = 8, 60, 2800


@pytest.fixture
def portal(live_server) -> str:
    """The workshop of the brief, Nan full and six people waiting there; the portal's address."""
    call_command("load_workshop", demonstration=True, verbosity=0)
    workshop = Workshop.objects.get()
    Quota.objects.filter(province__code="55").update(capacity=2)
    for _person in range(8):
        make_participant(workshop)
    return live_server.url


def press(page: Page, words: str) -> None:
    """Presses a button that is a radio."""
    page.locator("form .segments label, form .pills label").filter(has_text=words).first.click()


def fill_in(page: Page, *, email: str = "mangmang@example.org") -> None:
    """Everything but the place, the way a person types it."""
    press(page, "นาย")
    page.locator("#id_first_name").fill("มั่งมั่ง")
    page.locator("#id_last_name").fill("ทดสอบดี")
    page.locator("#id_email").fill(email)
    page.locator("#id_phone").fill("๐๘๑ ๒๓๔ ๕๖๗๘")
    page.locator("#id_organisation").fill("สำนักงานพัฒนาชุมชนจังหวัดนครปฐม")
    press(page, "ส่วนภูมิภาค")
    page.locator(".block summary").click()
    page.locator(".block input[type=radio]").nth(1).check()
    page.locator("#id_position").fill("นักวิชาการพัฒนาชุมชน")


def send(page: Page) -> None:
    page.locator("form[novalidate] button[type=submit]").click()


# The way through ---------------------------------------------------------------------------------


def test_a_person_registers_on_a_phone(page: Page, portal):
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(f"{portal}/w/{SLUG}/")
    page.get_by_role("link", name="ลงทะเบียน", exact=True).first.click()
    page.locator("#id_province").select_option("73")
    expect(page.locator("#seats")).to_have_text("เหลือ ๒๕ ที่นั่ง")
    fill_in(page)
    send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("ยืนยันที่นั่งของท่านแล้ว")
    page.get_by_role("link", name="เปิดหน้าส่วนตัว").click()
    expect(page.locator("#zoom-name")).to_have_text("นครปฐม พช. นายมั่งมั่ง")
    participant = Participant.objects.get(email="mangmang@example.org")
    expect(page.locator("[data-state]")).to_have_attribute("data-code", participant.code)
    assert page.url == f"{portal}/p/{participant.code}/"
    assert (participant.phone, participant.organisation_short, participant.days.count()) == ("+66812345678", "พช.", 4)
    assert [choice.track.number for choice in participant.choices.all()] == [2]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    page.wait_for_load_state("networkidle")
    assert page.locator("img").evaluate_all("pictures => pictures.map(picture => picture.naturalWidth > 0)") == [True, True]


def test_a_person_registers_in_english_at_a_desk(page: Page, portal):
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.goto(f"{portal}/en{FORM}")
    page.locator("#id_province").select_option("central")
    expect(page.locator("#seats")).to_have_text("50 seats left")
    expect(page.locator(".group-choice")).to_be_hidden()
    expect(page.locator("[name=group][value='4.2']")).to_be_checked()
    press(page, "Mr.")
    page.locator("#id_first_name").fill("David")
    page.locator("#id_last_name").fill("Sample")
    page.locator("#id_email").fill("david@example.org")
    page.locator("#id_phone").fill("+1 202 555 0143")
    expect(page.locator("#id_organisation_short")).to_be_hidden()
    page.locator("#id_organisation").fill("International Programme Department")
    page.locator("#id_organisation_short").fill("IPPD")
    send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Your seat is confirmed")
    page.get_by_role("link", name="Open your personal page").click()
    expect(page.locator("#zoom-name")).to_have_text("IPPD Mr.David")
    assert page.url.startswith(f"{portal}/en/p/")


def test_the_name_is_copied_with_one_press(page: Page, context: BrowserContext, portal):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    participant = make_participant(Workshop.objects.get(), first_name="มั่งมี")
    Participant.objects.filter(pk=participant.pk).update(state=State.CONFIRMED)
    page.goto(portal + signed.personal_link(participant))
    button = page.get_by_role("button", name="คัดลอกชื่อ").first
    button.click()
    expect(page.get_by_role("button", name="คัดลอกแล้ว")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "น่าน พช. นายมั่งมี"


@pytest.fixture
def plain_page(browser: Browser, browser_context_args, live_server) -> Iterator[Page]:
    """A browser whose owner has switched scripts off."""
    context = browser.new_context(**browser_context_args, java_script_enabled=False, viewport={"width": PHONE, "height": 740})
    yield context.new_page()
    context.close()


def test_a_person_registers_without_scripts(plain_page: Page, portal):
    plain_page.goto(portal + FORM)
    expect(plain_page.locator("#id_province option[value='55']")).to_have_text("น่าน – เต็ม ขอเข้ารายชื่อสำรองได้")
    expect(plain_page.locator("#id_waitlist_ok")).to_be_visible()
    plain_page.locator("#id_province").select_option("55")
    fill_in(plain_page)
    send(plain_page)

    expect(plain_page.locator(".error-summary")).to_be_focused()
    expect(plain_page.locator("#seats")).to_have_text("ที่นั่งของจังหวัดน่านเต็มแล้ว (๒ คน) ท่านขอเข้ารายชื่อสำรองได้ ขณะนี้มีผู้รอ ๖ คน")
    expect(plain_page.locator("#id_first_name")).to_have_value("มั่งมั่ง")
    plain_page.locator("#id_waitlist_ok").check()
    send(plain_page)

    expect(plain_page.get_by_role("heading", level=1)).to_have_text("ท่านอยู่ในรายชื่อสำรองลำดับที่ ๗")
    expect(plain_page.locator("[data-copy]:visible")).to_have_count(0)


def test_a_person_registers_and_cancels_with_the_keyboard_alone(page: Page, portal):
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.goto(portal + FORM)

    def tab_to(selector: str) -> None:
        for _press in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached")

    tab_to("#id_province")
    while page.locator("#id_province").input_value() != "73":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#seats")).to_have_text("เหลือ ๒๕ ที่นั่ง")
    tab_to("[name=title]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for name, typed in [("first_name", "จริงใจ"), ("last_name", "ทดสอบดี"), ("email", "jingjai@example.org"), ("phone", "0812345678")]:
        tab_to(f"#id_{name}")
        page.keyboard.type(typed)
    tab_to("#id_organisation")
    page.keyboard.type("กลุ่มสมมุติ")
    tab_to("[name=group]")
    page.keyboard.press("Space")
    tab_to("[name=days]")
    tab_to(".block summary")
    page.keyboard.press("Enter")
    tab_to(".block [type=radio]")
    page.keyboard.press("ArrowUp")
    tab_to("form[novalidate] button")
    page.keyboard.press("Enter")

    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    participant = Participant.objects.get(email="jingjai@example.org")
    assert (participant.title, participant.group.code, participant.choices.get().track.number) == ("นางสาว", "4.1.1", 4)

    for link, address in [(f"a[href$='/p/{participant.code}/']", "**/p/*/"), ("a[href$='/cancel/']", "**/cancel/")]:
        tab_to(link)
        page.keyboard.press("Enter")
        page.wait_for_url(address)
    tab_to("main button")
    page.keyboard.press("Enter")
    expect(page.locator("[data-state=cancelled]")).to_be_visible()


# What the page says while it is filled in ---------------------------------------------------------


def test_a_full_province_is_told_at_once_and_offers_the_line(page: Page, portal):
    page.goto(portal + FORM)
    expect(page.locator("#id_waitlist_ok")).to_be_hidden()
    page.locator("#id_province").select_option("55")
    expect(page.locator("#seats")).to_have_text("ที่นั่งของจังหวัดน่านเต็มแล้ว (๒ คน) ท่านขอเข้ารายชื่อสำรองได้ ขณะนี้มีผู้รอ ๖ คน")
    expect(page.locator("#id_waitlist_ok")).to_be_visible()
    page.locator("#id_province").select_option("73")
    expect(page.locator("#id_waitlist_ok")).to_be_hidden()


def test_topics_are_asked_for_on_a_chosen_day_only_and_their_seats_are_live(page: Page, portal):
    page.goto(portal + FORM)
    first = tracks_of(Workshop.objects.get())[0]
    Quota.objects.filter(track=first).update(capacity=7)
    page.locator("#id_province").select_option("73")
    page.locator(".block summary").click()
    expect(page.locator(f"#seats-{first.pk}")).to_have_text("เหลือ ๗ ที่นั่ง")
    page.locator("[name=days]").first.uncheck()
    expect(page.locator(".block")).to_be_hidden()
    page.locator("[name=days]").first.check()
    expect(page.locator(".block")).to_be_visible()


def test_groups_follow_the_place(page: Page, portal):
    page.goto(portal + FORM)
    expect(page.locator(".pills label:visible")).to_have_count(9)
    press(page, "ส่วนภูมิภาค")
    expect(page.locator(".full-words:visible")).to_have_text("๔.๑.๒ ผู้บริหารหรือเจ้าหน้าที่หน่วยงานราชการส่วนภูมิภาค")
    page.locator("#id_province").select_option("central")
    expect(page.locator("[name=group]:checked")).to_have_value("4.2")
    page.locator("#id_province").select_option("73")
    expect(page.locator("[name=group]:checked")).to_have_count(0)


def test_an_abbreviation_is_asked_for_only_where_none_is_known(page: Page, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    expect(page.locator("#id_organisation_short")).to_be_hidden()
    page.locator("#id_organisation").press_sequentially("สำนักงานพัฒนาชุมชนจังหวัดนครปฐม")
    expect(page.locator("#known-short")).to_have_text(re.compile(r"ชื่อย่อใน Zoom:\s*พช."))
    expect(page.locator("#id_organisation_short")).to_be_hidden()
    page.locator("#id_organisation").fill("กลุ่มรักษ์น่าน")
    page.locator("#id_organisation_short").press_sequentially("กรน.")
    page.locator("#id_organisation").fill("สำนักงานพัฒนาชุมชนจังหวัดนครปฐม")
    expect(page.locator("#id_organisation_short")).to_have_value("กรน.")
    expect(page.locator("#known-short")).to_be_hidden()


def test_faults_are_summed_up_and_each_leads_to_its_field(page: Page, portal):
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page, email="mangmang@")
    page.locator("#id_first_name").fill("")
    send(page)

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^มีข้อผิดพลาด: ลงทะเบียน"))
    expect(page.locator(".error-summary a")).to_have_text(["โปรดกรอกชื่อ", "อีเมลยังไม่ครบถ้วน ตัวอย่างเช่น name@example.org โปรดตรวจสอบและแก้ไข"])
    page.locator(".error-summary a").last.click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_value("mangmang@")
    expect(page.locator(".block input:checked")).to_have_value(re.compile(r"\d+"))
    page.locator("#id_email").fill("mangmang@example.org")
    page.locator("#id_first_name").fill("มั่งมั่ง")
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()


def test_going_back_and_sending_again_shows_the_same_registration(page: Page, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page)
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    first = page.url
    page.go_back()
    expect(page.locator("#id_province")).to_have_value("73")
    expect(page.locator("#seats")).to_have_text("เหลือ ๒๔ ที่นั่ง")
    send(page)
    page.wait_for_url("**/p/**")
    assert page.url == first
    assert Participant.objects.filter(email="mangmang@example.org").count() == 1


# Nothing typed is lost ----------------------------------------------------------------------------


def typed(page: Page) -> list[str]:
    return [page.locator(f"#id_{name}").input_value() for name in ("province", "first_name", "email", "organisation")]


def test_with_a_token_that_is_no_longer_valid_the_filled_form_comes_back(context: BrowserContext, portal):
    page = context.new_page()
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page)
    before = typed(page)
    context.clear_cookies()  # as after a day, or after signing in elsewhere
    send(page)
    expect(page.locator(".notice[autofocus]")).to_be_focused()
    assert typed(page) == before
    assert Participant.objects.filter(email="mangmang@example.org").count() == 0
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    assert Participant.objects.filter(email="mangmang@example.org").count() == 1


def test_what_was_typed_is_there_after_faults_and_going_back_and_forth(page: Page, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page, email="mangmang@")
    send(page)
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("#id_email").fill("mangmang@example.org")
    page.locator(".eyebrow a").click()
    page.wait_for_url(f"**/w/{SLUG}/")
    page.go_back()
    assert typed(page) == ["73", "มั่งมั่ง", "mangmang@example.org", "สำนักงานพัฒนาชุมชนจังหวัดนครปฐม"]
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_first_name")).to_have_value("มั่งมั่ง")


def test_offline_in_between_nothing_is_lost(page: Page, context: BrowserContext, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page)
    before = typed(page)
    context.set_offline(True)
    send(page)
    expect(page.locator("#offline")).to_be_in_viewport()
    assert typed(page) == before
    context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    assert Participant.objects.filter(email="mangmang@example.org").count() == 1


def test_offline_in_between_without_scripts_loading_anew_sends_what_was_filled_in(plain_page: Page, portal):
    plain_page.goto(portal + FORM)
    plain_page.locator("#id_province").select_option("73")
    fill_in(plain_page)
    plain_page.context.set_offline(True)
    send(plain_page)
    plain_page.wait_for_url("chrome-error://**")
    plain_page.context.set_offline(False)
    plain_page.reload()
    expect(plain_page.locator("[data-state=confirmed]")).to_be_visible()
    assert Participant.objects.filter(email="mangmang@example.org").count() == 1


def test_pressed_twice_it_is_one_registration(page: Page, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page)
    page.locator("form[novalidate] button[type=submit]").dblclick()
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    assert Participant.objects.filter(email="mangmang@example.org").count() == 1


def test_a_full_province_is_told_where_the_eye_is(page: Page, portal):
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(portal + FORM)
    fill_in(page)
    page.locator("#id_province").select_option("55")
    page.locator(".seats-full").wait_for()
    send(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_be_in_viewport()
    page.locator(".error-summary a").click()
    expect(page.locator("#id_waitlist_ok")).to_be_in_viewport()


def test_a_colleague_is_registered_with_place_and_organisation_kept(page: Page, portal):
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page)
    send(page)
    page.get_by_role("link", name="ลงทะเบียนให้เพื่อนร่วมงาน").click()
    expect(page.locator("#id_organisation")).to_have_value("สำนักงานพัฒนาชุมชนจังหวัดนครปฐม")
    assert typed(page) == ["73", "", "", "สำนักงานพัฒนาชุมชนจังหวัดนครปฐม"]


# How much it asks -----------------------------------------------------------------------------------

COUNT = """
window.taps = 0; window.keystrokes = 0;
addEventListener("pointerdown", () => { window.taps += 1 }, true);
addEventListener("keydown", () => { window.keystrokes += 1 }, true);
"""


def test_registering_on_a_phone_takes_few_taps_and_keystrokes(page: Page, portal):
    """Autofill pays name, e-mail, phone and organisation at once, with one tap into the first name and one on what it proposes."""
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(portal + FORM)
    page.evaluate(COUNT)
    assert page.evaluate("document.documentElement.scrollHeight") <= MAX_HEIGHT
    by_browser = 2 + 1  # the list of provinces is opened and answered; what autofill proposes is tapped
    page.locator("#id_province").select_option("73")
    press(page, "นางสาว")
    page.locator("#id_first_name").click()
    for name, value in [
        ("first_name", "มั่งมั่ง"), ("last_name", "ทดสอบดี"), ("email", "mangmang@example.org"), ("phone", "0812345678"),
        ("organisation", "กลุ่มสมมุติ"),
    ]:  # fmt: skip
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_organisation_short").click()
    page.keyboard.type("กสม.")
    press(page, "ภาคประชาสังคม")
    taps, keystrokes = page.evaluate("[window.taps + 1, window.keystrokes]")
    send(page)
    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    assert (taps + by_browser <= MAX_TAPS, keystrokes <= MAX_KEYSTROKES) == (True, True), (taps + by_browser, keystrokes)


@pytest.mark.parametrize(("width", "font"), [(320, "100%"), (PHONE, "200%")])
def test_the_form_never_scrolls_sideways(page: Page, portal, width, font):
    page.set_viewport_size({"width": width, "height": 740})
    for path in (FORM, f"/en{FORM}"):
        page.goto(portal + path)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", font)
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_wrong_stands_there_in_sentences(page: Page, portal):
    """Each fault of a form on which nearly everything is missing, the waiting list and the guardian too."""
    page.set_viewport_size({"width": PHONE, "height": 740})
    for language in ("", "/en"):
        page.goto(f"{portal}{language}{FORM}")
        choose_full(page)
        choose_youth(page)
        send(page)
        expect(page.locator("#id_waitlist_ok_error")).to_be_visible()
        expect(page.locator("#id_guardian_name_error")).to_be_visible()
        assert (scattered(page), page.evaluate("document.documentElement.scrollWidth")) == ([], PHONE)


# What everybody must be able to read --------------------------------------------------------------


def choose_full(page: Page) -> None:
    page.locator("#id_province").select_option("55")
    page.locator(".seats-full").wait_for()


def make_faults(page: Page) -> None:
    choose_full(page)
    page.locator("#id_email").fill("mangmang@")
    send(page)
    page.locator(".error-summary").wait_for()


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESKTOP, False)])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("after", [None, choose_full, make_faults])
def test_axe_has_no_objection_to_the_form(browser, portal, language, width, dark, after):
    assert objections(browser, f"{portal}{language}{FORM}", width=width, after=after, dark=dark) == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_has_no_objection_to_any_state_of_the_personal_page(browser, portal, language, width):
    participant = make_participant(Workshop.objects.get(), first_name="มั่งมี")
    address = f"{portal}{language}/p/{signed.personal_token(participant)}/"
    found = {}
    for state in State:
        Participant.objects.filter(pk=participant.pk).update(state=state, offer_expires_at=timezone.now(), decision_reason="ครบจำนวนแล้ว")
        found[state] = objections(browser, address, width=width)
    assert found == {state: [] for state in State}


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_form_stays_short_where_a_guardian_a_topic_or_the_waiting_list_is_asked_for(page: Page, portal, language):
    page.set_viewport_size({"width": PHONE, "height": 740})
    heights = {}
    for province, asked in [("73", "label:has([data-guardian])"), ("73", ".block summary"), ("55", "#id_waitlist_ok")]:
        page.goto(f"{portal}{language}{FORM}?province={province}")
        page.locator(asked).click()
        heights[asked] = page.evaluate("document.documentElement.scrollHeight")
    assert {asked: height for asked, height in heights.items() if height > MAX_HEIGHT} == {}


def choose_youth(page: Page) -> None:
    page.locator("label:has([data-guardian])").click()


def leave_the_agreement_out(page: Page) -> None:
    choose_youth(page)
    send(page)
    page.locator(".error-summary").wait_for()


@pytest.mark.parametrize(("language", "dark"), [("", True), ("/en", False)])
def test_guardian_and_correcting_group_or_province_are_for_everybody(browser, portal, language, dark):
    """Axe, a narrow screen and text twice as large, in the states that ask for something: one visitor, both themes."""
    person = make_participant(Workshop.objects.get(), guardian_name="นางสมมุติ ผู้ปกครอง")
    other = make_participant(Workshop.objects.get())
    pages = [
        (signed.guardian_path(person).removeprefix("/en"), None),
        (f"/p/{signed.personal_token(person)}/", None),
        (f"/p/{signed.personal_token(other)}/", None),
        (f"/p/{other.code}/place/", choose_youth),
        (f"/p/{other.code}/group/", choose_youth),
        (f"/p/{other.code}/group/", leave_the_agreement_out),
    ]
    with visitor(browser, dark=dark) as context:
        for address, after in pages:
            assert objections_in(context, f"{portal}{language}{address}", width=PHONE, after=after) == [], address
            page = context.new_page()
            page.goto(f"{portal}{language}{address}")
            for width, size in ((320, "100%"), (PHONE, "200%")):
                page.set_viewport_size({"width": width, "height": 740})
                page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width, size)
            page.close()


@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_has_no_objection_to_what_is_said_instead_of_the_form(browser, portal, language):
    addresses = [f"{FORM}check-mail/", "/privacy/", "/p/AAAAAAA.1.forged/", "/p/AAAAAAA/"]
    assert [objections(browser, f"{portal}{language}{address}", width=PHONE) for address in addresses] == [[], [], [], []]
    Workshop.objects.update(registration_closes_at=timezone.now())
    assert objections(browser, f"{portal}{language}{FORM}", width=PHONE) == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_everything_to_press_is_large_enough_for_a_thumb(page: Page, portal, width):
    page.set_viewport_size({"width": width, "height": 800})
    participant = make_participant(Workshop.objects.get())
    Participant.objects.filter(pk=participant.pk).update(state=State.CONFIRMED)
    for address in (FORM, signed.personal_link(participant)):
        page.goto(portal + address)
        targets = (
            page.locator("main :is(button, select, .check, .segments label, .pills label, .form-check, input.form-control, a.btn)")
            .locator("visible=true")
            .all()
        )
        boxes = [(target.inner_text()[:30], target.bounding_box()) for target in targets]
        assert len(boxes) >= 5
        assert [name for name, box in boxes if box["height"] < 44] == []


# Over the wire ------------------------------------------------------------------------------------


#: An emblem of staff's, so finely drawn that its file is as large as one may be.
EMBLEM = """
from io import BytesIO
from PIL import Image
from sessions import emblems
from sessions.models import Workshop
drawn = BytesIO()
Image.effect_noise((320, 320), 80).convert("RGB").save(drawn, "PNG")
emblems.set_emblem(Workshop.objects.get(), emblems.drawn(drawn.getvalue()), instead_of=None)
"""


def test_the_first_visit_to_the_form_is_light_with_an_emblem_too(browser: Browser, tmp_path: Path):
    env = environment(f"sqlite:///{tmp_path / 'portal.sqlite3'}", tmp_path)
    env["DJANGO_SETTINGS_MODULE"] = "sdgworkshop.settings"
    shutil.copyfile(migrated.sqlite(), tmp_path / "portal.sqlite3")
    manage(env, "load_workshop", "--demonstration")
    manage(env, "shell", "-v0", "-c", EMBLEM)
    with gunicorn("sdgworkshop.wsgi", env, workers=1) as port:
        context = browser.new_context(locale="th-TH", viewport={"width": PHONE, "height": 740})
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        loaded: dict[str, float] = {}
        asked: dict[str, str] = {}
        wire.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda event: loaded.update({event["requestId"]: event["encodedDataLength"]}))
        page.goto(f"http://localhost:{port}{FORM}", wait_until="networkidle")
        context.close()
    sizes = {asked[number]: int(size) for number, size in loaded.items()}
    assert len(sizes) >= 7 and any("/emblem/" in address for address in sizes)
    assert sum(sizes.values()) <= FIRST_VISIT_BYTES, sizes
