"""Each event arrives, at least once and under one id: whatever the receiver and the workers do meanwhile."""

import datetime as dt
import itertools
import json
from collections import Counter
from types import SimpleNamespace

import pytest

from registration.choices import Verb
from registration.models import Delivery, WebhookDelivery, WebhookEndpoint
from registration.operations import clock as rounds
from registration.operations import jobs
from registration.seats.actions.states import record
from registration.webhooks.actions import endpoints, sending
from tests.factories import make_participant, make_workshop
from tests.registration.webhooks.making import STAFF, make_endpoint, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def endpoint(clock):
    return make_endpoint()


@pytest.fixture
def person(clock):
    return make_participant(make_workshop())


def happen(person, clock, times=1):
    for _each in range(times):
        record(person, Verb.CHANGED, by=STAFF, at=clock.now)


def now_of(endpoint):
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


def states():
    return Counter(WebhookDelivery.objects.values_list("state", flat=True))


def test_what_happened_arrives_in_its_order(endpoint, person, receiver, clock):
    WebhookDelivery.objects.all().delete()
    happen(person, clock, 3)
    assert clock.work() == 3
    assert receiver.taken == list(WebhookDelivery.objects.order_by("pk").values_list("message_id", flat=True))
    assert states() == {"taken": 3}
    assert clock.work() == 0


def test_a_receiver_that_is_down_for_a_day_gets_everything_once(endpoint, person, receiver, clock):
    down_until = clock.now + dt.timedelta(days=1)
    receiver.answers = lambda body: None if clock.now < down_until else 204
    for _minute in range(48 * 6):
        if clock.now < down_until and clock.now.minute == 0:
            happen(person, clock)
        clock.work()
        clock.turn(minutes=10)
    noted = set(WebhookDelivery.objects.values_list("message_id", flat=True))
    assert len(noted) == 25
    assert Counter(receiver.taken) == dict.fromkeys(noted, 1)
    assert (states(), now_of(endpoint).failures) == ({"taken": 25}, 0)


def test_pauses_grow_and_a_busy_day_tries_no_oftener(endpoint, person, receiver, clock):
    tries = []
    receiver.answers = lambda body: tries.append(clock.now) or 500
    for _minute in range(160):
        happen(person, clock)
        clock.work()
        clock.turn(minutes=1)
    pauses = [int((after - before).total_seconds() // 60) for before, after in itertools.pairwise(tries)]
    assert pauses == [1, 5, 30, 120]


def test_after_twenty_failures_it_is_paused_staff_are_told_and_nothing_is_lost(endpoint, person, receiver, clock):
    boss = make_staff("boss", "add_webhookendpoint", "change_webhookendpoint")
    receiver.answers = lambda body: 503
    for _day in range(30):
        clock.turn(days=1)
        clock.work()
    known = now_of(endpoint)
    assert (known.state, known.failures, len(receiver.sent)) == ("failing", 20, 20)
    assert list(Delivery.objects.filter(message="webhook_ended").values_list("user", flat=True)) == [boss.pk]
    happen(person, clock)
    assert states() == {"waiting": 2}
    receiver.answers = lambda body: 200
    assert endpoints.resume(endpoint=endpoint, by=STAFF)
    assert clock.work() == 2


def test_one_message_that_is_always_refused_holds_up_no_other(endpoint, person, receiver, clock):
    refused = WebhookDelivery.objects.get()
    receiver.answers = lambda body: 400 if "registered" in json.loads(body)["type"] else 200
    for _hour in range(40):
        happen(person, clock)
        clock.work()
        clock.turn(hours=1)
    clock.work()
    refused.refresh_from_db()
    assert (refused.state, refused.attempts, refused.status) == ("refused", 7, 400)
    assert states() == {"taken": 40, "refused": 1}
    assert now_of(endpoint).state == "on"


def test_who_answers_gone_gets_nothing_any_more(endpoint, person, receiver, clock):
    make_staff("boss", "change_webhookendpoint")
    receiver.answers = lambda body: 410
    happen(person, clock)
    clock.work()
    happen(person, clock)
    assert (now_of(endpoint).state, len(receiver.sent), states()) == ("gone", 1, {"stopped": 2})
    assert Delivery.objects.filter(message="webhook_ended").count() == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 500, 100, None])
def test_only_what_says_so_was_taken(endpoint, person, receiver, clock, status):
    receiver.answers = lambda body: status
    clock.work()
    assert states() == {"waiting": 1}


def test_a_worker_that_dies_after_it_posted_is_followed_by_one_that_posts_the_same_id(endpoint, person, receiver, clock, monkeypatch):
    class Killed(BaseException):
        pass

    def die(*args):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(sending, "_note_taken", die)
        clock.work()
    assert clock.work() == 0, "it may still be at it"
    clock.turn(seconds=jobs.LEASE.total_seconds() + 1)
    assert clock.work() == 1
    first, second = receiver.sent
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert first[1] == second[1]
    assert first[0]["webhook-timestamp"] != second[0]["webhook-timestamp"], "signed anew, within the receiver's five minutes"


def test_two_workers_do_not_send_to_one_receiver(endpoint, person, receiver, clock):
    assert sending.left_by_workers(clock.now) == [endpoint.pk]
    assert sending.left_by_workers(clock.now) == []
    receiver.answers = lambda body: sending.send(endpoint_id=endpoint.pk, seconds=60) or 200
    assert sending.send(endpoint_id=endpoint.pk, seconds=60) == 1
    assert len(receiver.sent) == 1


def test_while_it_is_paused_events_wait(endpoint, person, receiver, clock):
    endpoints.pause(endpoint=endpoint, by=STAFF)
    happen(person, clock)
    assert clock.work() == 0
    endpoints.resume(endpoint=endpoint, by=STAFF)
    assert clock.work() == 2


def test_a_test_is_sent_at_once_even_after_a_failure(endpoint, receiver, clock):
    receiver.answers = lambda body: 500
    endpoints.send_test(endpoint=endpoint, by=STAFF)
    clock.work()
    receiver.answers = lambda body: 200
    test = endpoints.send_test(endpoint=endpoint, by=STAFF)
    assert clock.work() == 1
    assert receiver.taken[-1] == test.message_id


def test_what_is_sent_again_has_the_same_id_and_body(endpoint, person, receiver, clock):
    clock.work()
    assert endpoints.send_again(delivery=WebhookDelivery.objects.get(), by=STAFF)
    assert not endpoints.send_again(delivery=WebhookDelivery.objects.get(), by=STAFF)
    clock.work()
    (first, body), (second, again) = receiver.sent
    assert (first["webhook-id"], body) == (second["webhook-id"], again)


def test_what_was_done_long_ago_is_put_away_and_what_waits_stays(endpoint, person, receiver, clock, settings):
    clock.work()
    happen(person, clock)
    clock.turn(days=settings.WEBHOOKS_KEPT_DAYS, minutes=1)
    rounds.put_webhooks_away(clock.now)
    assert states() == {"waiting": 1}


def test_the_clock_starts_what_is_due(endpoint, person, clock, monkeypatch):
    started = []
    monkeypatch.setattr(rounds, "tasks", SimpleNamespace(send_webhooks=SimpleNamespace(enqueue=started.append)))
    assert (rounds.start_webhooks(clock.now), started) == (1, [endpoint.pk])
    assert rounds.start_webhooks(clock.now) == 0
