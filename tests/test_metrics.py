import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registration.choices import State
from registration.models import Delivery, Heartbeat
from registration.operations import clock, metrics, tasks
from tests.factories import make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

TOKEN = "t" * 40


@pytest.fixture
def watcher(client, settings):
    """Reads /metrics; returns the lines without comments."""
    settings.METRICS_TOKEN = TOKEN

    def read(token: str = TOKEN) -> dict[str, float]:
        response = client.get("/metrics", headers={"authorization": f"Bearer {token}"})
        assert response.status_code == 200
        lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return read


def test_without_a_token_in_the_settings_there_is_no_such_page(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", TOKEN, f"bearer {TOKEN}"])
def test_who_does_not_know_the_token_is_refused(client, settings, given):
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"authorization": given})
    assert (response.status_code, response.content) == (401, b"token needed\n")


def test_requests_are_counted_by_kind_and_status(client, watcher):
    before = watcher()
    client.get("/healthz")
    client.get("/nowhere/")
    client.post("/nowhere/")
    after = watcher()
    grown = {name: after[name] - before.get(name, 0) for name in after if name.startswith("portal_requests_total")}
    assert grown == {
        'portal_requests_total{kind="read",status="2xx"}': 2,  # reading these numbers is one too
        'portal_requests_total{kind="read",status="4xx"}': 1,
        'portal_requests_total{kind="write",status="4xx"}': 1,
    } | {name: 0 for name in grown if not re.search('"(read",status="[24]|write",status="4)xx', name)}
    assert after['portal_request_seconds_count{kind="write"}'] - before.get('portal_request_seconds_count{kind="write"}', 0) == 1


def test_people_seats_and_mails_are_counted(watcher):
    workshop = make_workshop()
    seats_of(workshop, capacity=2)
    for _i in range(3):
        make_participant(workshop)
    Delivery.objects.filter(pk=Delivery.objects.latest("pk").pk).update(state=Delivery.State.SENT)
    told = watcher()
    slug = workshop.slug
    people = [told[f'portal_registrations{{state="{state}",workshop="{slug}"}}'] for state in ("confirmed", "waitlisted", "declined")]
    assert people == [2, 1, 0]
    assert told[f'portal_seats_taken{{workshop="{slug}"}}'] == 2
    assert [told[f'portal_deliveries{{state="{state}"}}'] for state in ("queued", "sent", "failed")] == [2, 1, 0]
    assert told["portal_database_up"] == 1


def metric(name: str, at: dt.datetime) -> metrics.Values:
    return {metric.name: metric.values for metric in metrics.read(at)}[name]


def test_the_oldest_mail_that_waits_is_told_and_one_for_later_is_not():
    now = timezone.now()
    make_participant(make_workshop())
    Delivery.objects.update(due_at=now - dt.timedelta(minutes=5))
    assert metric("oldest_due_delivery_seconds", now) == {(): 300}
    Delivery.objects.update(due_at=now + dt.timedelta(hours=1))
    assert metric("oldest_due_delivery_seconds", now) == {(): 0}


@pytest.mark.parametrize("workshops", [1, 3])
def test_reading_costs_the_same_however_much_there_is(workshops, django_assert_num_queries):
    for number in range(workshops):
        make_participant(make_workshop(slug=f"number-{number}"))
    with django_assert_num_queries(12):
        metrics.read(timezone.now())


def test_every_state_has_its_number_though_nobody_is_in_it():
    workshop = make_workshop()
    assert metric("registrations", timezone.now()) == {(workshop.slug, str(state)): 0 for state in State}


def test_the_clock_and_a_worker_are_seen(monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    clock.beat(now)
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"clock", "asked"}
    tasks.beat.call()
    assert metric("heartbeat_age_seconds", now)[("clock",)] == 0
    assert metric("heartbeat_age_seconds", now)[("worker",)] == 0


def test_many_clocks_ask_the_workers_once_a_minute():
    now = timezone.now()
    for seconds in (0, 0, 5, 59, 60, 61):
        clock.beat(now + dt.timedelta(seconds=seconds))
    assert DBTaskResult.objects.filter(task_path="registration.operations.tasks.beat").count() == 2


def test_while_the_database_is_away_the_rest_is_told(watcher, monkeypatch):
    def away(at):
        raise OperationalError("database is away")

    monkeypatch.setattr("sdgworkshop.metrics.read_metrics", away)
    told = watcher()
    assert told["portal_database_up"] == 0
    assert [name for name in told if name.startswith("portal_registrations")] == []
    assert told['portal_request_seconds_count{kind="read"}'] > 0


def test_what_counts_all_people_is_read_once_a_minute_by_whatever_process(watcher, settings, monkeypatch, django_assert_num_queries):
    settings.METRICS_KEPT_SECONDS = 60
    file = settings.VAR_DIR / "metrics" / "database.txt"
    file.unlink(missing_ok=True)
    first, written = watcher(), file.stat().st_mtime
    monkeypatch.setattr("sdgworkshop.metrics.time", SimpleNamespace(time=lambda: written + 59))
    with django_assert_num_queries(1):  # whether it answers
        assert watcher()["portal_database_up"] == 1
    make_workshop()
    assert {name for name in watcher() if name.startswith("portal_seats")} == {name for name in first if name.startswith("portal_seats")}
    monkeypatch.setattr("sdgworkshop.metrics.time", SimpleNamespace(time=lambda: written + 60))
    assert {name for name in watcher() if name.startswith("portal_seats")} != {name for name in first if name.startswith("portal_seats")}
