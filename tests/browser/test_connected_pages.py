"""The office's pages of Zoom, the API, webhooks and sign-in by OpenID Connect in the states that no address alone brings them into."""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from registration.actor import SYSTEM
from registration.api.actions import issue, take_back
from registration.api.tokens import Scope
from registration.attendance.actions.kept import keep_figures
from registration.choices import WebhookEvent
from registration.models import (
    LinkedIdentity,
    WebhookDelivery,
    WebhookEndpoint,
    ZoomPresence,
    ZoomRegistrant,
    ZoomStanding,
    ZoomWebinar,
)
from registration.webhooks.actions import endpoints
from registration.zoom.actions.webinars import say_webinar
from registration.zoom.meetings import meetings_of
from tests.browser.accessibility import faults, unfold
from tests.factories import make_participant, make_workshop

#: Where pictures are kept, for who wants to look at them: in both languages, themes and widths.
SHOTS = os.environ.get("SHOTS", "")
LOOKS = [(language, scheme) for language in ("th", "en") for scheme in ("light", "dark")] if SHOTS else [("th", "dark")]
WIDTHS = (360, 1280)
PROVINCES = ("55", "56", "50", "10")


@pytest.fixture
def boss(settings) -> User:
    settings.ZOOM_ACCOUNT_ID, settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "account", "client", "very-secret"
    settings.ZOOM_SIGN_IN_URL, settings.ZOOM_WEBHOOK_SECRET = "http://127.0.0.1:9", "webhook-secret"
    return User.objects.create_superuser("boss", "boss@example.org")


@pytest.fixture
def workshop(transactional_db):
    """In Zoom: some are in, one awaits approval, one was denied, one is to be added; one meeting is in trouble. Its day is today."""
    workshop = make_workshop(links_by="zoom", days=2)
    people = [make_participant(workshop, PROVINCES[number % 4], first_name=f"สมมุติ{number}", tracks=[]) for number in range(6)]
    first, *others = [say_webinar(meeting=meeting, number=f"9876543210{place}", by=SYSTEM)
                      for place, meeting in enumerate(meetings_of(workshop)[:3])]  # fmt: skip
    now = timezone.now()
    for place, person in enumerate(people[:3]):
        told = {"email": person.email, "registrant_id": f"k{place}", "join_url": "https://zoom.example.org/w/1", "at": now}
        ZoomRegistrant.objects.create(webinar=first, participant=person, **told)
        ZoomPresence.objects.create(webinar=first, participant=person, connection=str(place), joined_at=now)
    ZoomPresence.objects.create(webinar=first, connection="x", joined_at=now)
    for person, kind in zip(people[3:5], ZoomStanding.HELD, strict=True):
        ZoomStanding.objects.create(webinar=first, participant=person, email=person.email, registrant_id=kind, kind=kind, at=now)
    told = {"read_at": now, "in_step_at": now, "is_in_step": True}
    ZoomWebinar.objects.filter(pk=first.pk).update(strangers=2, **told)
    ZoomWebinar.objects.filter(pk=others[0].pk).update(trouble=ZoomWebinar.Trouble.FULL, trouble_at=now, read_at=now)
    ZoomWebinar.objects.filter(pk=others[1].pk).update(push_asked_at=now, rests_until=now + dt.timedelta(minutes=20))
    workshop.days.filter(pk=workshop.days.first().pk).update(date=timezone.localdate())
    keep_figures(workshop=workshop)
    return workshop


@pytest.fixture
def endpoint(workshop, boss) -> WebhookEndpoint:
    """With messages in every state; three more that are paused, failing and gone."""
    for state in (WebhookEndpoint.State.PAUSED, WebhookEndpoint.State.FAILING, WebhookEndpoint.State.GONE):
        one = endpoints.add(
            name=f"ระบบ {state}", url=f"https://{state}.example.org/hooks", workshop=None, events=[*WebhookEvent], by=SYSTEM
        )
        WebhookEndpoint.objects.filter(pk=one.pk).update(state=state, failures=20 if state == "failing" else 0)
    found = endpoints.add(name="ระบบบุคลากร (สมมุติ)", url="https://receiver.example.org/a/rather/long/address/of/hooks", workshop=workshop,
                          events=[WebhookEvent.REGISTERED, WebhookEvent.STATE_CHANGED], by=SYSTEM)  # fmt: skip
    now, body = timezone.now(), '{"type":"participant.registered","timestamp":"2027-01-15T05:00:00Z","data":{"participant":"K7M2QXA"}}'
    for place, (state, status, answer) in enumerate(
        [("taken", 204, ""), ("waiting", 503, "Service Unavailable: we are being mended, come again later"), ("refused", 400, "no"),
         ("stopped", None, ""), ("waiting", None, "ConnectTimeout")]
    ):  # fmt: skip
        told = {"state": state, "status": status, "answer": answer, "attempts": place + 1, "attempted_at": now, "due_at": now}
        WebhookDelivery.objects.create(endpoint=found, key=f"k{place}", event="participant.registered", body=body, created_at=now, **told)
    told = {"state": "taken", "status": 204, "attempts": 1, "attempted_at": now, "due_at": now, "finished_at": now}
    WebhookDelivery.objects.create(endpoint=found, key="gone", event="participant.erased", body="", created_at=now, **told)
    WebhookEndpoint.objects.filter(pk=found.pk).update(failures=5, rests_until=now + dt.timedelta(hours=2), last_failed_at=now)
    return found


@pytest.fixture
def tokens(workshop, boss) -> None:
    known = {"by": SYSTEM, "days": 30}
    issue(name="ระบบบุคลากร (สมมุติ)", scopes=[*Scope], submission=uuid4(), workshop=workshop, place_code="55", **known)
    ended, _secret = issue(name="ระบบเดิม", scopes=[Scope.READ_PROGRAMME], submission=uuid4(), **known)
    take_back(token=ended, by=SYSTEM)


@pytest.fixture
def provider(settings, live_server) -> Iterator[str]:
    with run_server_in_thread() as server:
        settings.SITE_URL, settings.OPENID_ISSUER = live_server.url, f"http://localhost:{server.server_port}"
        settings.OPENID_CLIENT_ID, settings.OPENID_CLIENT_SECRET = "portal", "plainly-invented"
        yield settings.OPENID_ISSUER


class Walk:
    """Goes from page to page as one user, and looks at each at both widths."""

    def __init__(self, page: Page, site: str, language: str, scheme: str, found: dict[str, object]) -> None:
        self.page, self.site, self.language, self.scheme = page, site, language, scheme
        self.found = found

    def open(self, name: str, address: str, *args: object, query: str = "", do: Callable[[Page], object] | None = None) -> None:
        with translation.override(self.language):
            self.page.goto(self.site + reverse(address, args=args) + query)
        if do:
            do(self.page)
        self.look(name)

    def look(self, name: str) -> None:
        unfold(self.page)
        self.page.evaluate("document.fonts.ready")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if (wide := self.page.evaluate("document.documentElement.scrollWidth")) > width:
                self.found[f"{name} at {width}"] = wide
            sideways = "[...document.querySelectorAll('.att-scroll, .table-box')].some(box => box.scrollWidth > box.clientWidth + 1)"
            if self.page.evaluate(sideways):
                self.found[f"a table of {name} at {width}"] = "moves sideways"
            if SHOTS:
                shot = Path(SHOTS) / f"{name}-{self.language}-{self.scheme}-{width}.png"
                self.page.screenshot(path=str(shot), full_page=True)
        if objections := faults(self.page):
            self.found[name] = objections


def send_anyway(page: Page, button: str = "#content form [type=submit], #content form button:not([type])") -> None:
    """Without the browser's own checks."""
    press = page.locator(button).last
    press.evaluate("it => { it.form.noValidate = true }")
    with page.expect_navigation():
        press.click()


@pytest.fixture
def walks(browser: Browser, live_server) -> Iterator[Callable[[User], Iterator[Walk]]]:
    contexts = []

    def begin(user: User) -> Iterator[Walk]:
        found: dict[str, object] = {}
        for language, scheme in LOOKS:
            client = Client()
            client.force_login(user)
            locale = "th-TH" if language == "th" else "en-GB"
            context = browser.new_context(locale=locale, color_scheme=scheme)
            contexts.append(context)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
            yield Walk(context.new_page(), live_server.url, language, scheme, found)
        assert found == {}

    yield begin
    for context in contexts:
        context.close()


def test_zoom(walks, boss, workshop):
    for walk in walks(boss):
        walk.open("zoom-webinars", "admin:registration_participant_webinars", workshop.slug)
        walk.open("zoom-ledger", "admin:registration_participant_zoom", workshop.slug)
        walk.open("zoom-live", "admin:registration_attendance_live", workshop.slug)
        walk.open("zoom-connection", "admin:registration_participant_zoom_connection")
        walk.open("zoom-connection-fails", "admin:registration_participant_zoom_connection", do=send_anyway)
        walk.open("zoom-webinars-error", "admin:registration_participant_webinars", workshop.slug,
                  do=lambda page: (page.locator("[name=number]").first.fill("12"), page.locator("button.btn", has_text="หมายเลข").or_(
                      page.get_by_role("button", name="Save the number")).first.click()))  # fmt: skip


def test_zoom_without_anything(walks, boss, settings, transactional_db):
    settings.ZOOM_CLIENT_ID = ""
    workshop = make_workshop(links_by="zoom", days=1, tracks=0)
    for walk in walks(boss):
        walk.open("zoom-connection-empty", "admin:registration_participant_zoom_connection")
        walk.open("zoom-webinars-empty", "admin:registration_participant_webinars", workshop.slug)
        walk.open("zoom-ledger-empty", "admin:registration_participant_zoom", workshop.slug)
        walk.open("zoom-live-empty", "admin:registration_attendance_live", workshop.slug)
        walk.open("webhooks-empty", "admin:registration_webhookendpoint_changelist")
        walk.open("tokens-empty", "admin:registration_apitoken_changelist")


def test_webhooks(walks, boss, endpoint):
    for walk in walks(boss):
        WebhookEndpoint.objects.update(shown_at=None)
        walk.open("webhooks", "admin:registration_webhookendpoint_changelist")
        walk.open("webhook-new", "admin:registration_webhookendpoint_add")
        walk.page.locator("[name=url]").fill("http://10.0.0.1/")
        send_anyway(walk.page, "[name=_save]")
        walk.look("webhook-errors")
        walk.open("webhook", "admin:registration_webhookendpoint_change", endpoint.pk)
        for each in WebhookEndpoint.objects.exclude(pk=endpoint.pk) if SHOTS else []:
            walk.open(f"webhook-{each.state}", "admin:registration_webhookendpoint_change", each.pk)
        walk.open("webhook", "admin:registration_webhookendpoint_change", endpoint.pk)
        show = walk.page.locator("button[name=deed][value=show]")
        show.focus()
        walk.page.keyboard.press("Enter")
        walk.page.wait_for_url("**/secret/")
        expect(walk.page.locator("input[readonly], code").first).to_be_visible()
        walk.look("webhook-secret")


def test_tokens(walks, boss, tokens):
    for walk in walks(boss):
        walk.open("tokens", "admin:registration_apitoken_changelist")
        walk.open("token-new", "admin:registration_apitoken_new")
        send_anyway(walk.page)
        walk.look("token-errors")
        walk.page.locator("[name=name]").focus()
        walk.page.keyboard.type("ระบบทดสอบ")
        walk.page.locator("[name=scopes]").first.focus()
        walk.page.keyboard.press("Space")
        walk.page.locator("#content form button").last.focus()
        walk.page.keyboard.press("Enter")
        expect(walk.page.locator("#token")).to_have_value(re.compile("^sdgp_"))
        walk.look("token-made")


def test_openid(walks, boss, workshop, provider):
    for walk in walks(boss):
        LinkedIdentity.objects.all().delete()
        walk.open("openid-without-factor", "openid")
        LinkedIdentity.objects.create(user=boss, issuer=provider, subject="s", linked_at=timezone.now())
        walk.open("openid-linked", "openid")
        walk.open("openid-refused", "openid_callback")
        walk.page.context.clear_cookies()
        walk.open("openid-sign-in-desk", "desk_sign_in")
        walk.open("openid-sign-in-staff", "admin:login")
