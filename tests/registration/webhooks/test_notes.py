"""What is noted of an event, for whom, and what it costs."""

import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registration.actor import SYSTEM
from registration.choices import State, Verb, WebhookEvent
from registration.models import Event, WebhookDelivery
from registration.seats.actions.moves import cancel
from registration.seats.actions.states import record
from registration.webhooks.actions import endpoints
from registration.webhooks.events import EVENTS, PRIVATE
from sessions import releases
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.webhooks.making import STAFF, make_endpoint

pytestmark = pytest.mark.django_db

PEOPLE = [WebhookEvent.REGISTERED, WebhookEvent.STATE_CHANGED]


def bodies():
    return [json.loads(body) for body in WebhookDelivery.objects.order_by("pk").values_list("body", flat=True)]


def test_each_verb_of_the_history_is_an_event_or_private():
    assert (EVENTS.keys() | PRIVATE, EVENTS.keys() & PRIVATE) == (set(Verb), set())


def test_a_registration_is_told_by_codes_alone():
    make_endpoint()
    workshop = make_workshop()
    person = make_participant(workshop, first_name="ลับเฉพาะ")
    assert bodies() == [
        {
            "type": "participant.registered",
            "timestamp": "2027-01-15T05:00:00Z",
            "data": {"participant": person.code, "workshop": workshop.slug, "province": "55", "state": "confirmed", "what": "registered"},
        }
    ]


def test_a_cancellation_is_told_with_the_state_after_it_and_of_whom_it_moves_up():
    workshop = make_workshop()
    person = make_participant(workshop, "central")
    make_endpoint(events=PEOPLE)
    cancel(participant=person, by=SYSTEM, at=NOON)
    (told,) = bodies()
    assert told["data"] == {
        "participant": person.code, "workshop": workshop.slug, "province": None, "state": State.CANCELLED, "what": "cancelled",
    }  # fmt: skip


def test_each_endpoint_has_a_row_of_its_own_for_what_it_chose():
    workshop, other = make_workshop(), make_workshop()
    for_all, of_workshop = make_endpoint(events=PEOPLE), make_endpoint(workshop=workshop, events=PEOPLE)
    make_endpoint(workshop=other, events=PEOPLE)
    make_endpoint(events=[WebhookEvent.CERTIFICATE_ISSUED])
    stopped = make_endpoint(events=PEOPLE)
    endpoints.stop(endpoint=stopped, by=STAFF)
    endpoints.pause(endpoint=of_workshop, by=STAFF)
    make_participant(workshop)
    rows = list(WebhookDelivery.objects.order_by("endpoint").values_list("endpoint", "event"))
    assert rows == [(for_all.pk, "participant.registered"), (of_workshop.pk, "participant.registered")]
    assert len(set(WebhookDelivery.objects.values_list("message_id", flat=True))) == 2


def test_what_is_rolled_back_was_never_noted():
    make_endpoint()
    workshop = make_workshop()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_participant(workshop)
        raise ZeroDivisionError
    assert not WebhookDelivery.objects.exists()


def test_what_is_private_is_noted_for_nobody():
    make_endpoint()
    person = make_participant(make_workshop())
    WebhookDelivery.objects.all().delete()
    for verb in PRIVATE:
        record(person, verb, by=SYSTEM, at=NOON)
    assert not WebhookDelivery.objects.exists()


def test_where_nobody_listens_an_event_asks_the_database_nothing():
    workshop = make_workshop()
    person = make_participant(workshop)
    with CaptureQueriesContext(connection) as asked:
        event = record(person, Verb.CHANGED, by=SYSTEM, at=NOON)
    assert isinstance(event, Event)
    assert len(asked) == 1


@pytest.mark.parametrize("many", [1, 3])
def test_three_endpoints_cost_what_one_costs(many):
    person = make_participant(make_workshop())
    for _each in range(many):
        make_endpoint()
    record(person, Verb.CHANGED, by=SYSTEM, at=NOON)
    with CaptureQueriesContext(connection) as asked:
        record(person, Verb.CHANGED, by=SYSTEM, at=NOON)
    assert len(asked) == 2


def test_a_revision_of_the_agenda_is_told_once_it_is_released():
    make_endpoint()
    workshop = make_workshop(tracks=0)
    releases.call_off(workshop.days.first(), at=NOON)
    assert bodies() == [
        {
            "type": "programme.released",
            "timestamp": "2027-01-15T05:00:00Z",
            "data": {"workshop": workshop.slug, "revision": 1, "days": ["2027-02-18"]},
        }
    ]


def test_of_a_workshop_that_is_not_published_nobody_is_told():
    make_endpoint()
    workshop = make_workshop(tracks=0, is_published=False)
    releases.call_off(workshop.days.first(), at=NOON)
    assert bodies() == []
