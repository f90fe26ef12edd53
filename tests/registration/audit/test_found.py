"""The audit trail is searched by who, what and number, and reads no more with very many lines; where not all were looked at, it says so."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import translation

from registration.audit import found
from registration.audit.found import found_lines
from registration.models import AuditEvent
from registration.office import paging
from tests.factories import NOON, make_workshop
from tests.steps import steps

pytestmark = pytest.mark.django_db

TRAIL = "/en/admin/registration/auditevent/"
FEW, MANY = 480, 4_800


@pytest.fixture
def limits(monkeypatch):
    """Those that two million are measured with, for hundreds."""
    monkeypatch.setattr(found, "MAX_FOUND", 20)
    monkeypatch.setattr(found, "MAX_SEARCHED", 40)
    monkeypatch.setattr(paging, "MAX_LISTED", 150)


@pytest.fixture
def users():
    return [User.objects.create_user(name, first_name=first) for name, first in (("somsak", "สมศักดิ์"), ("malee", "มาลี"), ("desk55", ""))]


def write(users, number, **fields):
    """Lines of everybody in turn, a third of them of each kind; the newest last."""
    whats = ["participant list", "attendees", "desk person", "cancelled"]
    AuditEvent.objects.bulk_create(
        AuditEvent(**{
            "at": NOON + dt.timedelta(minutes=n), "actor": users[n % len(users)], "actor_kind": "staff", "verb": ("seen", "taken")[n % 2],
            "what": whats[n % len(whats)], "participant_key": n, "request_id": f"request-{n}",
        } | fields)
        for n in range(number)
    )  # fmt: skip


def told(text, **filters):
    lines = AuditEvent.objects.filter(**{name.removesuffix("__exact"): value for name, value in filters.items()})
    answer = found_lines(lines.order_by("-at", "-pk"), text, filters)
    return [(line.actor.username, line.what) for line in answer.rows]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("mal", [("malee", "attendees")]),
        ("มาลี", [("malee", "attendees")]),
        ("attendee", [("malee", "attendees")]),
        ("desk", [("desk55", "desk person")]),
        ("person desk", [("desk55", "desk person")]),
        ("List participants", [("somsak", "participant list")]),
        ("somsak list", [("somsak", "participant list")]),
        ("somsak attendees", []),
        ("2", [("desk55", "desk person")]),
        ("๒", [("desk55", "desk person")]),
        ("request-1", [("malee", "attendees")]),
        ("request-", []),
        ("nobody", []),
        ("", [("desk55", "desk person"), ("malee", "attendees"), ("somsak", "participant list")]),
    ],
)
def test_lines_are_found_by_who_what_and_number(users, text, lines):
    write(users, 3)
    with translation.override("en"):
        assert told(text) == lines


def test_what_is_called_otherwise_in_thai_is_found_in_thai(users):
    write(users, 4)
    with translation.override("th"):
        assert told("ยกเลิก") == [("somsak", "cancelled")]


def test_a_search_is_of_what_the_list_is_filtered_to(users):
    write(users, 12)
    assert told("malee", verb__exact="seen") == [("malee", "desk person"), ("malee", "participant list")]
    assert told("malee", verb__exact="erased") == []


def test_of_very_many_the_newest_are_listed_and_the_page_says_so(admin_client, users, limits):
    write(users, FEW)
    page = admin_client.get(TRAIL, {"q": "desk"})  # a user and a kind of line
    shown = [line.participant_key for line in page.context["cl"].result_list]
    assert shown == [n for n in reversed(range(FEW)) if n % 3 == 2 or n % 4 == 2][:20]
    assert "more than 20 (the newest 20 are listed)" in page.content.decode()


def test_all_that_one_user_did_are_turned_page_by_page(admin_client, users, limits):
    write(users, FEW)
    page = admin_client.get(TRAIL, {"q": "somsak"})
    assert (page.context["cl"].result_count, "more than 150 (the first 150" in page.content.decode()) == (150, True)


def test_where_each_filter_leaves_many_the_newest_of_each_are_searched_and_the_page_says_so(admin_client, users, limits):
    write(users, FEW)
    write(users[:1], 1, at=NOON - dt.timedelta(days=9), verb="taken", what="invited")
    words = {name: " ".join(admin_client.get(TRAIL, asked).content.decode().split()) for name, asked in {
        "many": {"q": "somsak", "verb__exact": "taken"},
        "few": {"q": "invited", "verb__exact": "taken"},
    }.items()}  # fmt: skip
    assert "20 of the newest 40 for each filter and word (older ones were not searched)" in words["many"]
    assert "not searched" not in words["few"] and "request-0" not in words["few"]
    assert told("invited", verb__exact="taken") == [("somsak", "invited")], "the oldest of all, but one of few"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine")
def test_what_is_read_for_the_trail_does_not_grow(admin_client, users, limits):
    workshop = make_workshop()
    asked = {
        "the list": {},
        "one user": {"q": "somsak"},
        "a kind of line": {"q": "attendees"},
        "several": {"q": "desk"},
        "two words": {"q": "somsak attendees"},
        "a participant": {"q": "7"},
        "a request": {"q": "request-7"},
        "nobody": {"q": "nobody"},
        "a filter": {"verb__exact": "taken"},
        "that leaves nothing": {"verb__exact": "erased"},
        "of a workshop": {"workshop__id__exact": workshop.pk},
        "two filters": {"verb__exact": "taken", "actor_kind": "staff", "workshop__id__exact": workshop.pk},
        "a filter and a word": {"verb__exact": "taken", "q": "somsak"},
        "that leave nothing": {"verb__exact": "erased", "q": "somsak"},
    }

    def taken():
        counts = {}
        for name, parameters in asked.items():
            with steps() as counted:
                assert admin_client.get(TRAIL, parameters).status_code == 200
            counts[name] = counted.taken
        return counts

    write(users, FEW, workshop=workshop)
    taken()  # what is kept for the next request
    few = taken()
    for _more in range(MANY // FEW - 1):
        write(users, FEW, workshop=workshop, participant_key=None, request_id="")
    assert {name: (few[name], many) for name, many in taken().items() if many > 1.5 * few[name]} == {}
