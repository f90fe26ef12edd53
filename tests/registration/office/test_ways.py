"""Every way that the pages of the office show, and every button, tried by each group of staff: none ends in a refusal, none in English."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import F
from django.urls import Resolver404, resolve

from registration.models import Agency, Participant, Province
from sessions import releases
from sessions.models import AgendaItem, Track, Workshop
from tests.pages import HeldForms
from tests.test_access_matrix import World

pytestmark = pytest.mark.django_db

ROLES = ["กำหนดการ", "งานลงทะเบียน", "อ่านอย่างเดียว", "ผู้ดูแลระบบ"]
#: How many kinds of buttons each of them finds at least.
PRESSED = {"กำหนดการ": 15, "งานลงทะเบียน": 30, "อ่านอย่างเดียว": 2, "ผู้ดูแลระบบ": 45}
#: So many pages of one kind are opened: the others differ by what they are about, not by the ways that they show.
OF_A_KIND = 2
#: How lists are sorted and leafed through: the same page.
ORDER = {"o", "p", "all", "sort", "_changelist_filters", "_facets", "_popup", "_to_field"}


#: How a page begins that asks for something to be ticked or filled in first: no refusal.
ASKING = ("โปรด", "กรุณา")


class Page(HTMLParser):
    """The ways (links and forms that only ask) and the words of a page, as somebody who reads Thai sees them."""

    SILENT = {"script", "style", "code", "pre", "svg", "iframe", "textarea"}
    EMPTY = {"meta", "link", "input", "br", "img", "hr", "col", "source", "wbr", "area", "base", "path", "rect", "line", "circle", "use"}

    def __init__(self, text):
        super().__init__()
        self.ways, self.words = [], []
        self.open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in self.EMPTY:
            of_data = re.search(r"\bfield-\w+_en\b", given.get("class", ""))
            self.open.append((tag, bool(of_data) or tag in self.SILENT or given.get("lang", "th") != "th"))
        if tag == "a" and given.get("href"):
            self.ways.append(given["href"])
        if tag == "form" and given.get("method", "get").lower() == "get" and given.get("action"):
            self.ways.append(given["action"])
        shown = [given.get("placeholder"), given.get("title"), given.get("aria-label")]
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            shown.append(given.get("value"))
        if not self.is_silent():
            self.words += filter(None, shown)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.is_silent() and data.strip():
            self.words.append(data)

    def is_silent(self):
        return any(silent for _tag, silent in self.open)


class Buttons(HTMLParser):
    """The buttons of a page that change something: where each one posts to, under which name and value, and the form that it sends."""

    def __init__(self, text):
        super().__init__()
        self.found, self.forms, self.current = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.current = given.get("id") or str(len(self.forms))
            self.forms[self.current] = given
        elif (tag == "button" and given.get("type", "submit") == "submit") or (tag == "input" and given.get("type") == "submit"):
            form = self.forms.get(key := given.get("form") or self.current, {})
            if "disabled" not in given and (given.get("formmethod") or form.get("method", "get")).lower() == "post":
                to = given.get("formaction") or form.get("action") or ""
                self.found.append((to, given.get("name", ""), given.get("value", ""), key))

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None


#: What is written in Latin letters in Thai too: names, kinds of files, addresses, and what this test made up.
LATIN = {
    *(
        "boss",
        "staff",
        "bare",
        "member",
        "xxx",
        "xxxx",
        "Mac",
        "Control",
        "Command",
        "LDAP",
        "Single",
        "Sign",
        "On",
        "Webinar",
        "webhook",
        "URL",
    ),
    *("API", "SDG", "SDGs", "Localisation", "NESDC", "English", "Zoom", "Open", "Chat", "LINE", "Teams", "Webex", "Microsoft", "Google"),
    *(
        "CSV",
        "PDF",
        "JPEG",
        "MB",
        "PowerPoint",
        "PNG",
        "SVG",
        "ZIP",
        "Excel",
        "Word",
        "QR",
        "csv",
        "xlsx",
        "pdf",
        "docx",
        "svg",
        "png",
        "zip",
    ),
}
NOT_WORDS = re.compile(r"https?://\S*|[\w.+-]+@[\w.-]+|\{[\w:]+\}|[\w-]*\d[\w.-]*|\w+\.(?:csv|xlsx|json)")


def english(page):
    found = set()
    for text in page.words:
        found |= set(re.findall(r"[A-Za-z]{2,}", NOT_WORDS.sub(" ", text)))
    return found - LATIN


class Walk:
    """Begins at the front page and goes every way once, not further than the portal's own pages reach."""

    def __init__(self, client):
        self.client, self.seen, self.kinds = client, set(), {}
        self.dead_ends, self.english, self.pressed = {}, {}, {}
        self.made_up = {part for code in Participant.objects.values_list("code", flat=True) for part in re.findall("[A-Z]+", code)}
        self.waiting = [("/admin/", "")]

    def go(self):
        while self.waiting:
            path, shown_on = self.waiting.pop(0)
            self.visit(path, shown_on)
        return self

    def kind_of(self, path):
        """What a page is: its view, and by what it is filtered, one thing at a time."""
        parts = urlsplit(path)
        asked = sorted({name for name, _value in parse_qsl(parts.query) if name not in ORDER})
        part = dict(parse_qsl(parts.query)).get("part", "")
        try:
            view = resolve(parts.path).view_name or parts.path
        except Resolver404:
            view = parts.path
        return view, asked[0] if asked else "", part

    def visit(self, path, shown_on):
        response = self.client.get(path, follow=True)
        if response.status_code >= 400:
            self.dead_ends[path] = f"{response.status_code}, shown on {shown_on}"
            return
        refusals = [str(each) for each in messages.get_messages(response.wsgi_request) if each.level >= messages.WARNING]
        if response.redirect_chain and refusals:
            self.dead_ends[path] = f"{refusals[0]}, shown on {shown_on}"
        here = response.redirect_chain[-1][0] if response.redirect_chain else path
        if not here.startswith("/admin/") or not response.get("Content-Type", "").startswith("text/html"):
            return
        self.press_buttons(here, response.content.decode())
        page = Page(response.content.decode())
        if words := english(page) - self.made_up:
            self.english[here] = words
        for way in page.ways:
            self.note(urljoin(here, way), here)

    def press_buttons(self, here, text):
        """Each kind of button once, with what the page holds; what it changes is undone, so that the next one finds all as it was."""
        held = HeldForms(text).forms
        for to, name, value, form in Buttons(text).found:
            path = urljoin(here, to)
            kind = (self.kind_of(path), name, value if name in ("deed", "action", "make") else "")
            if kind in self.pressed or form not in held:
                continue
            data = {}
            for each, said in [*held[form]["pairs"], *([(name, value)] if name else [])]:
                data.setdefault(each, []).append(said)
            cookies = self.client.cookies.copy()
            with transaction.atomic():
                response = self.client.post(path, data)
                transaction.set_rollback(True)
            self.client.cookies = cookies
            self.pressed[kind] = response.status_code
            refusals = [str(each) for each in messages.get_messages(response.wsgi_request) if each.level >= messages.WARNING]
            if response.status_code >= 400 or (response.status_code == 302 and refusals and not refusals[0].startswith(ASKING)):
                self.dead_ends[f"{path} {name} {value}"] = f"{response.status_code} {refusals}, a button on {here}"

    def note(self, path, shown_on):
        path = path.split("#")[0].removeprefix("http://testserver")
        if path in self.seen or not path.startswith("/") or path.startswith(("/en/", "//")):
            return
        self.seen.add(path)
        kind = self.kind_of(path)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kinds[kind] <= (OF_A_KIND if path.startswith("/admin/") and not kind[1] else 1):
            self.waiting.append((path, shown_on))


@pytest.fixture
def world():
    world = World()
    Workshop.objects.filter(pk=world.workshop.pk).update(is_published=True)
    Agency.objects.all().delete()
    Province.objects.update(name_en=F("code"))
    Workshop.objects.update(title_en="")
    Track.objects.update(title_en="")
    AgendaItem.objects.update(title_en="")
    releases.open_draft(world.workshop)
    return world


@pytest.mark.parametrize("role", [*(pytest.param(role, marks=pytest.mark.asked_before) for role in ROLES[:-1]), ROLES[-1]])
def test_every_way_that_staff_are_shown_is_open_to_them(client, world, role):
    member = User.objects.create_user("member", first_name="สมศรี", is_staff=True)
    member.groups.add(Group.objects.get(name=role))
    client.force_login(member)
    walk = Walk(client).go()
    assert (walk.dead_ends, walk.english) == ({}, {})
    assert len(walk.pressed) >= PRESSED[role]
