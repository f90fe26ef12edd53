"""Every page that a participant can open, on a phone: words whole, text at full size, nothing sideways, both themes for everybody."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, Page

from registration.evaluation.actions import runs
from registration.links import signed
from registration.models import Participant
from sessions.models import Workshop
from tests.browser.accessibility import faults, unfold
from tests.browser.words import divided_words
from tests.factories import make_invitation, make_participant, tracks_of
from tests.registration.evaluation.answering import STAFF, make_evaluation

PHONE = {"width": 360, "height": 740}
PUBLIC = ["", "agenda/", "register/", "register/check-mail/", "my-link/"]
PERSONAL = [
    *("", "registered/", "edit/", "group/", "place/", "cancel/", "substitute/", "email/", "link/", "data/", "objection/", "erase/"),
    *("close/", "attendance/"),
]
ANYWHERE = ["/", "/privacy/", "/closed/", "/erased/", "/v/none/", "/p/AAAAAAA.1.forged/", "/p/AAAAAAA/", "/nowhere/"]
#: Boxes that set their parts side by side and so lose the blanks round a word that is kept together.
TORN = """() => [...document.querySelectorAll(".nb")].filter(word => getComputedStyle(word.parentElement).display.includes("flex")
  && [...word.parentElement.childNodes].some(part => part.nodeType === Node.TEXT_NODE && part.data.trim()))
  .map(word => word.parentElement.outerHTML.slice(0, 120))"""


@pytest.fixture
def person(live_server) -> Participant:
    """Somebody of the workshop of the brief, still three weeks ahead, for whom a guardian agreed."""
    call_command("load_workshop", demonstration=True, verbosity=0)
    workshop, now = Workshop.objects.get(), timezone.now()
    return make_participant(workshop, "73", tracks=tracks_of(workshop)[:1], at=now, guardian_name="นางสมมุติ ผู้ปกครอง")


def paths(person: Participant) -> list[str]:
    """The pages of `person`, after the one that lets them in."""
    workshop = person.workshop
    now, day = timezone.now(), dt.timedelta(days=1)
    evaluation, invitation = make_evaluation(workshop, is_open=False), make_invitation(workshop, at=now)
    runs.plan(evaluation=evaluation, opens_at=now - day, closes_at=now + day, by=STAFF)
    return [
        signed.personal_link(person),
        *(f"/p/{person.code}/{rest}" for rest in [*PERSONAL, f"evaluation/{evaluation.pk}/"]),
        *(f"/w/{workshop.slug}/{rest}" for rest in PUBLIC),
        signed.guardian_path(person),
        signed.invitation_link(invitation),
        *(f"/i/{invitation.pk}/{rest}" for rest in ("refuse/", "substitute/")),
        *ANYWHERE,
    ]


def wrong_with(page: Page) -> dict[str, object]:
    unfold(page)
    found: dict[str, object] = {"divided": divided_words(page), "torn": page.evaluate(TORN), "axe": faults(page)}
    page.emulate_media(color_scheme="dark")
    found["axe in the dark"] = faults(page, rules=["color-contrast"])
    page.emulate_media(color_scheme="light")
    for width, size in ((320, "100%"), (PHONE["width"], "212.5%")):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        found[f"sideways at {width}"] = page.evaluate("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
    return {what: fault for what, fault in found.items() if fault}


def test_every_page_of_a_participant_is_for_everybody(browser: Browser, live_server, person):
    context, found = browser.new_context(locale="th-TH"), {}
    try:
        page = context.new_page()
        for path in paths(person):
            page.set_viewport_size(PHONE)
            page.goto(live_server.url + path)
            found[path] = wrong_with(page)
    finally:
        context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}
