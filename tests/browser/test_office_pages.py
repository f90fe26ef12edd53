"""Every page of the admin that has an address, as somebody of the office with every right sees it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from registration.admin.deciding import FITTING
from registration.models import Delivery, Participant
from sessions import releases
from tests.factories import make_participant
from tests.test_access_matrix import World, addresses

#: What is shown in a frame of a page: a mail as its reader sees it.
NOT_PAGES = ("_html",)
#: Faults of Django's own widgets, by axe's rule and what the element looks like. Nothing else may be found, and each of these is.
DJANGOS_OWN = {
    "empty-table-header": r'^<th(?: class="original")?>\s*</th>',  # the corners of tables of rows that are edited together
    "label": r'id="id_\w+-\d+-\w+"|class="v(?:Date|Time)Field"',  # such rows are told by the heading of their column alone
    "select-name": r'id="id_\w+-\d+-\w+"',
    "label-title-only": r'id="searchbar"|id="id_\w+-\d+-\w+"',  # the search's label is a picture
    "scrollable-region-focusable": r'class="js-inline-admin-form',
    "aria-prohibited-attr": r'class="help-tooltip',  # of two lists side by side: groups and permissions of a user
}


#: Commands of lists that ask on a page of their own before they do anything: of which list, and how many rows each is tried with.
COMMANDS = [
    *((f"registration/participant/?state__exact={sorted(states)[0]}", f"{verb}_them", 1) for verb, states in FITTING.items()),
    ("registration/participant/", "correct_email", 1),
    ("registration/participant/", "erase_them", 1),
    ("registration/participant/", "compare_them", 2),
    ("registration/delivery/?state__exact=failed", "ask_to_send_again", 1),
    ("registration/quota/", "set_places", 1),
]


@pytest.fixture
def office(settings, tmp_path) -> tuple[World, Client]:
    """Everything there is, and somebody who may do all of it."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail_files.EmailBackend", tmp_path
    world = World()
    releases.open_draft(world.workshop)
    Delivery.objects.filter(pk=Delivery.objects.earliest("pk").pk).update(state="failed", error="550 No such user")
    client = Client(headers={"accept-language": "th"})
    client.force_login(User.objects.get(username="boss"))
    return world, client


@pytest.fixture
def pages(live_server, office) -> tuple[list[str], str]:
    """The addresses that answer with a page, and the session of who may open all of them."""
    world, client = office
    paths = {}
    for name, route in addresses():
        if name.startswith("admin:") and name not in ("admin:login", "admin:logout"):
            path = world.path(name, route, "boss")
            response = client.get(path)
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html") and not name.endswith(NOT_PAGES):
                paths[path] = name
    session = client.cookies[portal.SESSION_COOKIE_NAME].value
    return list(paths), session


def sign_in(context: BrowserContext, live_server, session: str) -> None:
    context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def test_no_page_breaks_its_policy_or_asks_other_hosts(page: Page, live_server, pages):
    paths, session = pages
    sign_in(page.context, live_server, session)
    shown = {}
    for path in paths:
        page.goto(live_server.url + path)
        shown[path] = page.locator("#content").count()
    assert shown == dict.fromkeys(paths, 1)
    assert len(paths) > 50


def test_commands_ask_on_pages_that_keep_to_the_policy_and_are_for_everybody(browser: Browser, page: Page, live_server, office):
    world, client = office
    for state in {sorted(states)[0] for states in FITTING.values()}:
        Participant.objects.filter(pk=make_participant(world.workshop).pk).update(state=state, ticket=1)
    unguarded = browser.new_context(viewport={"width": 360, "height": 900}, bypass_csp=True, locale="th-TH")
    faults = {}
    for context in (page.context, unguarded):
        sign_in(context, live_server, client.cookies[portal.SESSION_COOKIE_NAME].value)
        shown = page if context is page.context else context.new_page()
        for path, command, rows in COMMANDS:
            shown.goto(f"{live_server.url}/admin/{path}")
            for row in range(rows):
                shown.locator("input.action-select").nth(row).check()
            shown.locator("select[name=action]").select_option(command)
            with shown.expect_navigation():
                shown.locator("button[name=index]").click()
            assert (command, shown.locator("#content").count(), shown.locator("input.action-select").count()) == (command, 1, 0)
            if context is unguarded:
                found = Axe().run(shown).response["violations"]
                faults[command] = [(fault["id"], node["html"]) for fault in found for node in fault["nodes"]]
    unguarded.close()
    assert faults == {command: [] for _path, command, _rows in COMMANDS}


def test_axe_objects_to_nothing_but_djangos_own_faults(browser: Browser, live_server, pages):
    """On a phone, where it is hardest. Without the policy, which axe itself would break."""
    paths, session = pages
    context = browser.new_context(viewport={"width": 360, "height": 900}, bypass_csp=True, locale="th-TH")
    sign_in(context, live_server, session)
    page = context.new_page()
    found = {}
    for path in paths:
        page.goto(live_server.url + path)
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
        for fault in Axe().run(page).response["violations"]:
            for node in fault["nodes"]:
                found.setdefault(fault["id"], []).append((path, node["html"][:300]))
    context.close()
    ours = {rule: [place for place in places if not re.search(DJANGOS_OWN.get(rule, "$^"), place[1])] for rule, places in found.items()}
    assert {rule: places for rule, places in ours.items() if places} == {}
    assert set(found) == set(DJANGOS_OWN)
