"""Registering as people do it: on a phone, at a desk, without scripts, with the keyboard alone."""

import re
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
from tests.browser.accessibility import objections
from tests.factories import make_participant, tracks_of

SLUG = "sdg-localisation-2565"
FORM = f"/w/{SLUG}/register/"
PHONE, DESKTOP = 360, 1280
FIRST_VISIT_BYTES = 100_000


@pytest.fixture
def portal(live_server) -> str:
    """The workshop of the brief, Nan full and six people waiting there; the portal's address."""
    call_command("load_workshop", verbosity=0)
    workshop = Workshop.objects.get()
    Quota.objects.filter(province__code="55").update(capacity=2)
    for _person in range(8):
        make_participant(workshop)
    return live_server.url


def fill_in(page: Page, *, email: str = "mangmang@example.org") -> None:
    """Everything but the place, the way a person types it."""
    page.locator("[name=group][value='4.1.2']").check()
    page.get_by_label(re.compile("^(คำนำหน้าชื่อ|Title)")).fill("นาย")
    page.locator("#id_first_name").fill("มั่งมั่ง")
    page.locator("#id_last_name").fill("ทดสอบดี")
    page.locator("#id_position").fill("นักวิชาการพัฒนาชุมชน")
    page.locator("#id_organisation").fill("สำนักงานพัฒนาชุมชนจังหวัดนครปฐม")
    page.locator("#id_email").fill(email)
    page.locator("#id_phone").fill("๐๘๑ ๒๓๔ ๕๖๗๘")
    page.locator(".block input[type=radio]").nth(1).check()
    page.locator("#id_consent").check()


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
    expect(page.locator("[name=group]:visible")).to_have_count(1)
    expect(page.locator("[name=group][value='4.2']")).to_be_checked()
    page.locator("#id_title").fill("Mr.")
    page.locator("#id_first_name").fill("David")
    page.locator("#id_last_name").fill("Sample")
    page.locator("#id_organisation").fill("International Programme Department")
    page.locator("#id_organisation_short").fill("IPPD")
    page.locator("#id_email").fill("david@example.org")
    page.locator("#id_phone").fill("+1 202 555 0143")
    page.locator(".block input[type=radio]").first.check()
    page.locator("#id_consent").check()
    send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Your seat is confirmed")
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
    expect(plain_page.locator("#id_province option[value='55']")).to_have_text("น่าน – เต็ม ขอเข้าคิวสำรองได้")
    expect(plain_page.locator("#id_waitlist_ok")).to_be_visible()
    plain_page.locator("#id_province").select_option("55")
    fill_in(plain_page)
    send(plain_page)

    expect(plain_page.locator(".error-summary")).to_be_focused()
    expect(plain_page.locator("#seats")).to_have_text("ที่นั่งของจังหวัดน่านเต็มแล้ว (๒ คน) ท่านขอเข้าคิวสำรองได้ ขณะนี้มีผู้รอ ๖ คน")
    expect(plain_page.locator("#id_first_name")).to_have_value("มั่งมั่ง")
    plain_page.locator("#id_waitlist_ok").check()
    send(plain_page)

    expect(plain_page.get_by_role("heading", level=1)).to_have_text("ท่านอยู่ในคิวสำรองลำดับที่ ๗")
    expect(plain_page.locator("[data-copy]:visible")).to_have_count(0)


def test_a_person_registers_with_the_keyboard_alone(page: Page, portal):
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    page.goto(portal + FORM)

    def tab_to(selector: str) -> None:
        for _press in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} is not reached")

    tab_to("#id_province")
    while page.locator("#id_province").input_value() != "73":
        page.keyboard.press("ArrowDown")
    expect(page.locator("#seats")).to_have_text("เหลือ ๒๕ ที่นั่ง")
    tab_to("[name=group]")
    page.keyboard.press("Space")
    for name, typed in [("title", "นางสาว"), ("first_name", "จริงใจ"), ("last_name", "ทดสอบดี")]:
        tab_to(f"#id_{name}")
        page.keyboard.type(typed)
    tab_to("#id_organisation")
    page.keyboard.type("กลุ่มสมมุติ")
    tab_to("#id_email")
    page.keyboard.type("jingjai@example.org")
    tab_to("#id_phone")
    page.keyboard.type("0812345678")
    tab_to("[name=days]")
    tab_to(".block [type=radio]")
    page.keyboard.press("Space")
    tab_to("#id_consent")
    page.keyboard.press("Space")
    tab_to("form[novalidate] button")
    page.keyboard.press("Enter")

    expect(page.locator("[data-state=confirmed]")).to_be_visible()
    expect(page.locator("#zoom-name")).to_have_text("นครปฐม กลุ่มสมมุติ นางสาวจริงใจ")


# What the page says while it is filled in ---------------------------------------------------------


def test_a_full_province_is_told_at_once_and_offers_the_line(page: Page, portal):
    page.goto(portal + FORM)
    expect(page.locator("#id_waitlist_ok")).to_be_hidden()
    page.locator("#id_province").select_option("55")
    expect(page.locator("#seats")).to_have_text("ที่นั่งของจังหวัดน่านเต็มแล้ว (๒ คน) ท่านขอเข้าคิวสำรองได้ ขณะนี้มีผู้รอ ๖ คน")
    expect(page.locator("#id_waitlist_ok")).to_be_visible()
    page.locator("#id_province").select_option("73")
    expect(page.locator("#id_waitlist_ok")).to_be_hidden()


def test_topics_are_asked_for_on_a_chosen_day_only_and_their_seats_are_live(page: Page, portal):
    page.goto(portal + FORM)
    first = tracks_of(Workshop.objects.get())[0]
    Quota.objects.filter(track=first).update(capacity=7)
    page.locator("#id_province").select_option("73")
    expect(page.locator(f"#seats-{first.pk}")).to_have_text("เหลือ ๗ ที่นั่ง")
    page.locator("[name=days]").first.uncheck()
    expect(page.locator(".block")).to_be_hidden()
    page.locator("[name=days]").first.check()
    expect(page.locator(".block")).to_be_visible()


def test_groups_follow_the_place_and_a_known_agency_brings_its_abbreviation(page: Page, portal):
    page.goto(portal + FORM)
    expect(page.locator("[name=group]:visible")).to_have_count(10)
    page.locator("#id_province").select_option("73")
    expect(page.locator("[name=group]:visible")).to_have_count(9)
    page.locator("[name=group]").first.check()
    page.locator("#id_province").select_option("central")
    expect(page.locator("[name=group]:checked")).to_have_value("4.2")
    page.locator("#id_organisation").fill("สำนักงานสถิติแห่งชาติ")
    page.locator("#id_organisation").blur()
    expect(page.locator("#id_organisation_short")).to_have_value("สสช.")


def test_faults_are_summed_up_and_each_leads_to_its_field(page: Page, portal):
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.goto(portal + FORM)
    page.locator("#id_province").select_option("73")
    fill_in(page, email="mangmang@")
    page.locator("#id_first_name").fill("")
    send(page)

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^มีข้อผิดพลาด: ลงทะเบียน"))
    expect(page.locator(".error-summary a")).to_have_text(["โปรดพิมพ์ชื่อ", "อีเมลยังไม่ครบถ้วน ตัวอย่างเช่น name@example.org โปรดตรวจสอบและแก้ไข"])
    page.locator(".error-summary a").last.click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_value("mangmang@")
    expect(page.locator(".block input:checked")).to_have_count(1)
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


# What everybody must be able to read --------------------------------------------------------------


def choose_full(page: Page) -> None:
    page.locator("#id_province").select_option("55")
    page.locator(".seats-full").wait_for()


def make_faults(page: Page) -> None:
    choose_full(page)
    page.locator("#id_email").fill("mangmang@")
    send(page)
    page.locator(".error-summary").wait_for()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("after", [None, choose_full, make_faults])
def test_axe_has_no_objection_to_the_form(browser, portal, language, width, after):
    assert objections(browser, f"{portal}{language}{FORM}", width=width, after=after) == []


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
        targets = page.locator("main :is(button, select, .choice, .form-check, input.form-control, a.btn)").locator("visible=true").all()
        boxes = [(target.inner_text()[:30], target.bounding_box()) for target in targets]
        assert len(boxes) >= 5
        assert [name for name, box in boxes if box["height"] < 44] == []


# Over the wire ------------------------------------------------------------------------------------


def test_the_first_visit_to_the_form_is_light(browser: Browser, tmp_path: Path):
    env = environment(f"sqlite:///{tmp_path / 'portal.sqlite3'}", tmp_path)
    env["DJANGO_SETTINGS_MODULE"] = "sdgworkshop.settings"
    manage(env, "migrate", "-v0")
    manage(env, "load_workshop")
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
    assert len(sizes) >= 6
    assert sum(sizes.values()) <= FIRST_VISIT_BYTES, sizes
