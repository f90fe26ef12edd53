"""Every page of the admin that has an address, as somebody of the office with every right sees it."""

import re

import pytest
from django.conf import settings as portal
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from registration.models import Delivery, Participant
from registration.office.participants.commands import SEND_LINK, VERBS, fits
from sessions import releases
from sessions.admin.parts import PARTS
from tests.browser.accessibility import faults, unfold
from tests.browser.words import divided_labels
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
    "aria-prohibited-attr": r'class="help-tooltip',  # of two lists side by side: groups and permissions of a user
}


#: Commands of lists that ask on a page of their own before they do anything: of which list, and how many rows each is tried with.
_FITTING = {verb: fits(verb) for verb in (*VERBS, SEND_LINK)}
COMMANDS = [
    *((f"registration/participant/?state__exact={sorted(states)[0]}", f"{verb}_them", 1) for verb, states in _FITTING.items()),
    ("registration/participant/?state__exact=confirmed", "correct_email", 1),
    ("registration/participant/", "erase_them", 1),
    ("registration/participant/", "compare_them", 2),
    ("registration/delivery/?state__exact=failed", "ask_to_send_again", 1),
    ("registration/quota/", "set_places", 1),
]


@pytest.fixture
def office(settings, tmp_path) -> tuple[World, Client]:
    """Everything there is, and somebody who may do all of it."""
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "registration.mail.files.EmailBackend", tmp_path
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
                if name == "admin:agenda_workshop_change":
                    paths |= {f"{path}?part={part.key}": name for part in PARTS}
    session = client.cookies[portal.SESSION_COOKIE_NAME].value
    return list(paths), session


def sign_in(context: BrowserContext, live_server, session: str) -> None:
    context.add_cookies([{"name": portal.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def test_pages_keep_to_their_policy_and_axe_objects_to_nothing_but_djangos_own_faults(page: Page, live_server, pages):
    """On a phone, where it is hardest."""
    paths, session = pages
    sign_in(page.context, live_server, session)
    page.set_viewport_size({"width": 360, "height": 900})
    shown, found, divided, wide = {}, {}, {}, []
    for path in paths:
        page.goto(live_server.url + path)
        shown[path] = page.locator("#content").count()
        unfold(page)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(path)
        if labels := divided_labels(page):
            divided[path] = labels
        for rule, element in faults(page):
            found.setdefault(rule, []).append((path, element))
    assert (divided, wide) == ({}, [])
    assert shown == dict.fromkeys(paths, 1)
    assert len(paths) > 50
    ours = {rule: [place for place in places if not re.search(DJANGOS_OWN.get(rule, "$^"), place[1])] for rule, places in found.items()}
    assert {rule: places for rule, places in ours.items() if places} == {}
    assert set(found) == set(DJANGOS_OWN)


def test_commands_ask_on_pages_that_keep_to_the_policy_and_are_for_everybody(page: Page, live_server, office):
    world, client = office
    for state in sorted({sorted(states)[0] for states in _FITTING.values()}):
        Participant.objects.filter(pk=make_participant(world.workshop).pk).update(state=state, ticket=1)
    sign_in(page.context, live_server, client.cookies[portal.SESSION_COOKIE_NAME].value)
    page.set_viewport_size({"width": 360, "height": 900})
    found = {}
    for path, command, rows in COMMANDS:
        page.goto(f"{live_server.url}/admin/{path}")
        for row in range(rows):
            page.locator("input.action-select").nth(row).check()
        page.locator("select[name=action]").select_option(command)
        with page.expect_navigation():
            page.locator("button[name=index]").click()
        assert (command, page.locator("#content").count(), page.locator("input.action-select").count()) == (command, 1, 0)
        found[command] = faults(page)
    assert found == {command: [] for _path, command, _rows in COMMANDS}
