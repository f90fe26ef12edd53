"""Whatever stands in whatever field of whatever form: an answer in time, nothing unescaped, and no error of ours.

The forms are found by walking over every page that the URL conf has. AWKWARD=all tries all strings, which takes long (`make prove`).
"""

import os
import re
from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from tests.awkward import FEW, Form, Forms, faults, strings, tries
from tests.test_access_matrix import World, addresses

pytestmark = pytest.mark.django_db

#: Their forms, whose pages Django makes and nobody but a superuser opens, are Django's own.
NOT_OURS = ("/admin/auth/", "/admin/django_tasks_database/", "/admin/password_change/", "/admin/r/")


@pytest.fixture(autouse=True)
def _answers_without_contexts(monkeypatch):
    """Nobody asks here what a template was given: the test client copies it for every template of every page."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *given, **known: None)


def forms_of(world: World, client: Client, role: str) -> list[Form]:
    """Every form that `role` finds, each kind once."""
    found: dict[object, Form] = {}
    for name, route in dict.fromkeys(addresses()):
        path = world.path(name, route, role)
        if path.startswith(NOT_OURS):
            continue
        response = world.send(client, role, "get", path)
        if response.status_code in (200, 404) and "text/html" in response.headers.get("Content-Type", ""):
            for form in Forms(response.content.decode(), urlsplit(path).path).found:
                found.setdefault(form.key, form)
    return [form for form in found.values() if not urlsplit(form.action).path.startswith(NOT_OURS)]


#: What pages read from an address, beside what their forms send.
ASKED = (
    "q", "state", "group", "page", "people", "of", "track", "day", "o", "p", "e", "all", "province", "workshop", "show", "next", "invite",
    "twice",
)  # fmt: skip


def test_nothing_in_any_address_brings_a_page_down():
    world, client, wrong = World(), Client(headers={"accept-language": "th"}), []
    for name, route in dict.fromkeys(addresses()):
        for role, number in (("boss", 0), ("A", 1), ("link", 2), ("anon", 3)):
            path, statuses = world.path(name, route, role), []

            def send(method, path, role=role, statuses=statuses, **options):
                response = world.send(client, role, method, path, **options)
                statuses.append(response.status_code)
                return response

            for text in dict.fromkeys([FEW[number], FEW[3]]):
                if statuses and 200 not in statuses and send("get", path).status_code != 200:
                    break  # whom a page leads away, whatever is asked, it does not read twice
                form = Form(path, "get", fields={asked: [text] for asked in ASKED})
                wrong += [f"{role} {path}: {fault}" for fault in faults(send, form, text, list(ASKED))]
    assert wrong == []


def test_nothing_in_the_place_of_a_number_or_name_in_an_address_brings_a_page_down():
    world, client = World(), Client(raise_request_exception=False)
    routes = [re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route).rstrip("$") for _name, route in dict.fromkeys(addresses())]
    with_places = [route for route in routes if "<" in route]
    assert len(with_places) > 80
    wrong = []
    for route in with_places:
        client.force_login(world.users["boss"])
        for text in ("x", "1/change/widgets.css", "9" * 40, "-1", "ก\u0e38", "\x00", "1.5", "%27"):
            path = "/" + re.sub("<[^>]+>", lambda _place: quote(text), route)  # noqa: B023
            wrong += [path for method in ("get", "post") if getattr(client, method)(path).status_code >= 500]
    assert wrong == []


def test_there_are_four_hundred_of_them_and_no_two_are_alike():
    assert (len(strings()), len(set(strings()))) == (400, 400)


@pytest.mark.parametrize("role", ["anon", "link", "A", "boss"])
def test_nothing_in_any_field_brings_a_page_down(role, settings):
    world, client = World(), Client(headers={"accept-language": "th"})
    forms = forms_of(world, client, role)
    assert len(forms) >= {"anon": 4, "link": 8, "A": 12, "boss": 30}[role], [form.key for form in forms]

    if role in world.users:
        world.sign_in(client, role)  # before what is taken back after each try

    def send(method, path, **options):
        return world.send(client, role, method, path, **options)

    every = os.environ.get("AWKWARD") == "all"
    wrong = []
    for form in forms:
        for text, where in tries(form, strings() if every else FEW):
            wrong += [f"{form.method} {form.action} {where[:3]} {text[:40]!r}: {fault}" for fault in faults(send, form, text, where)]
    assert wrong == []
