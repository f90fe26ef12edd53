"""The database out of reach while people send something: nobody is told that it was saved, and trying again saves it once."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, InternalError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from registration.links import signed
from registration.models import Delivery, Participant
from registration.participant.errors import is_away
from tests.factories import make_answers, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = ["anonymous", "participant", "desk", "admin"]
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="locks the file of SQLite")


@dataclass
class Sending:
    """Somebody who has their form open: where they send it, what is in it, and what it would change."""

    client: Client
    path: str
    form: dict[str, object]
    states: list[str]
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, **headers):
        return self.client.post(self.path, self.form, headers=headers)


def states() -> list[str]:
    return list(Participant.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def sending(role) -> Sending:
    """Somebody in `role` whose form lies ready. `states` are the participants' once it is saved."""
    workshop = make_workshop(decision="province_first")
    client = Client(raise_request_exception=False, headers={"accept-language": "th"})
    if role == "anonymous":
        return Sending(client, reverse("register", args=[workshop.slug]), make_answers(workshop), ["pending"])
    person = make_participant(workshop)
    if role == "participant":
        page = client.get(f"/p/{signed.personal_token(person)}/", follow=True).request["PATH_INFO"]
        return Sending(client, f"{page}cancel/", {}, ["cancelled"])
    if role == "desk":
        client.force_login(make_coordinator(workshop).user)
        form = {"verb": "approve", "people": f"{person.code}:pending"}
        return Sending(client, reverse("desk_decide", args=[workshop.slug, "55"]), form, ["confirmed"])
    client.force_login(User.objects.create_superuser("boss", password="boss"))
    path = reverse("admin:registration_participant_changelist")
    form = {"action": "approve_them", "_selected_action": str(person.pk), "people": f"{person.code}:pending", "confirmed": "yes"}
    return Sending(client, path, form, ["confirmed"])


@contextmanager
def locked() -> Iterator[None]:
    """Another program writes to the database for longer than anybody waits."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def read_only() -> Iterator[None]:
    """What SQLite answers where the disk may only be read."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")


def told(response) -> tuple[int, str, str, str]:
    page = response.content.decode()
    return (
        response.status_code,
        response.headers.get("Retry-After", ""),
        re.search(r'<html lang="(..)">', page)[1],
        re.search(r"<h1>(.*?)</h1>", page)[1],
    )


NOT_SAVED = (503, "60", "th", "ยังไม่ได้บันทึก โปรดลองอีกครั้ง")


@on_sqlite
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("trouble", [locked, read_only])
def test_nobody_is_told_that_it_was_saved_and_sending_again_saves_it_once(role, trouble, sending):
    before, mails = states(), Delivery.objects.count()
    with trouble():
        assert told(sending.send()) == NOT_SAVED
    assert (states(), Delivery.objects.count()) == (before, mails)
    assert sending.send().status_code in (200, 302)
    assert states() == sending.states
    assert Delivery.objects.count() == mails + 1


@contextmanager
def too_slow() -> Iterator[None]:
    """PostgreSQL ends what takes longer than an office has set (docs/deploy.md), here because somebody holds the table."""
    other = connection.copy()
    try:
        with other.cursor() as holding, connection.cursor() as cursor:
            holding.execute("BEGIN")
            holding.execute("LOCK TABLE registration_participant IN ACCESS EXCLUSIVE MODE")
            cursor.execute("SET statement_timeout = '200ms'")
            yield
            cursor.execute("RESET statement_timeout")
    finally:
        other.close()


@pytest.mark.postgres
@pytest.mark.parametrize("role", ROLES)
def test_what_takes_too_long_is_ended_and_who_sent_it_is_told(role, sending):
    before, mails = states(), Delivery.objects.count()
    with too_slow():
        assert told(sending.send()) == NOT_SAVED
    assert (states(), Delivery.objects.count()) == (before, mails)
    assert sending.send().status_code in (200, 302)
    assert states() == sending.states


@pytest.mark.postgres
def test_a_long_query_itself_is_ended():
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '200ms'")
        with pytest.raises(OperationalError) as ended:
            cursor.execute("SELECT pg_sleep(600)")
        cursor.execute("RESET statement_timeout")
    assert (ended.value.__cause__.pgcode, is_away(ended.value)) == ("57014", True)


@on_sqlite
@pytest.mark.parametrize("role", ["anonymous"])
def test_who_reads_english_is_told_in_english(role, sending):
    with locked():
        response = sending.client.post(f"/en{sending.path}", sending.form)
    assert told(response) == (503, "60", "en", "Not saved yet: please try again")


@on_sqlite
@pytest.mark.parametrize("role", ["desk"])
def test_a_decision_sent_by_htmx_is_answered_on_the_whole_page_and_not_by_silence(role, sending):
    with locked():
        response = sending.send(hx_request="true")
    assert told(response) == NOT_SAVED
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("body", "innerHTML")


def test_a_table_that_asks_by_itself_leaves_the_page_as_it_is(monkeypatch):
    monkeypatch.setattr(connection, "ensure_connection", raise_bare)
    response = Client(raise_request_exception=False).get("/", headers={"hx-request": "true"})
    assert (response.status_code, response.headers.get("HX-Reswap")) == (503, "none")


def raise_bare(*_arguments):
    raise DatabaseError("server closed the connection unexpectedly")


@pytest.mark.parametrize("path", ["/", "/desk/sign-in/", "/admin/login/", "/privacy/", "/nowhere/", "/w/none/register/"])
def test_every_page_says_so_or_needs_no_database(path, monkeypatch):
    """A session's cookie makes Django look the visitor up before any view is asked."""
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "0" * 32
    monkeypatch.setattr(connection, "ensure_connection", raise_bare)
    response = client.get(path)
    assert response.status_code in (503, *([404] if path == "/nowhere/" else []), *([200] if path == "/privacy/" else []))


def with_code(code: str) -> InternalError:
    class OfTheDriver(Exception):
        pgcode = code

    error = InternalError("cannot execute UPDATE")
    error.__cause__ = OfTheDriver()
    return error


def test_a_server_that_may_only_be_read_is_away_and_a_broken_transaction_is_a_mistake_of_ours():
    assert [is_away(with_code(code)) for code in ("25006", "25P02")] == [True, False]


def test_a_queue_that_does_not_answer_is_away_too():
    assert [is_away(error()) for error in (RedisConnectionError, RedisTimeoutError, ValueError)] == [True, True, False]


@on_sqlite
def test_a_seat_is_not_taken_by_who_could_not_be_saved():
    workshop = make_workshop()
    seats = seats_of(workshop, capacity=1)
    client = Client(raise_request_exception=False)
    with locked():
        client.post(reverse("register", args=[workshop.slug]), make_answers(workshop))
    seats.refresh_from_db()
    assert (seats.taken, Participant.objects.count()) == (0, 0)
