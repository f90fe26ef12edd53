"""Somebody is erased of whom other systems were told: they are told, and nothing of the person is left here."""

import json

import pytest

from registration.choices import WebhookEvent
from registration.models import WebhookDelivery
from registration.privacy.actions.erasure import erase
from registration.webhooks.actions import endpoints
from registration.webhooks.notes import forget_who_listens
from tests.factories import make_participant, make_workshop
from tests.registration.webhooks.making import STAFF, make_endpoint

pytestmark = pytest.mark.django_db

SECRETS = {"first_name": "ลับสุดยอด", "last_name": "ห้ามเหลือ", "email": "erase.me@example.org", "phone": "+66899999123"}


@pytest.fixture(autouse=True)
def register_of_erasures(settings, tmp_path):
    settings.ERASURES_DIR, settings.EMAIL_FILE_PATH = tmp_path / "erasures", tmp_path / "mail"


@pytest.fixture
def person(clock):
    make_endpoint()
    return make_participant(make_workshop(), **SECRETS)


def left():
    return json.dumps(list(WebhookDelivery.objects.values()), default=str, ensure_ascii=False)


def test_the_receiver_is_told_by_the_code_alone_and_then_even_that_is_forgotten(person, receiver, clock):
    receiver.answers = lambda body: 200
    clock.work()
    erase(participant=person, by=STAFF, at=clock.now)
    told = {"participant": person.code, "workshop": person.workshop.slug}
    (row,) = WebhookDelivery.objects.all()
    assert json.loads(row.body) == {"type": "participant.erased", "timestamp": "2027-01-15T05:00:00Z", "data": told}
    clock.work()
    assert json.loads(receiver.sent[-1][1])["data"] == told
    (row,) = WebhookDelivery.objects.all()
    assert (row.event, row.state, row.body, row.participant_id) == ("participant.erased", "taken", "", None)
    assert not [word for word in (*SECRETS.values(), person.code) if word in left()]
    assert not endpoints.send_again(delivery=row, by=STAFF), "there is nothing to send"


def test_what_had_not_left_yet_goes_with_them_and_others_stay(person, receiver, clock):
    other = make_participant(person.workshop)
    erase(participant=person, by=STAFF, at=clock.now)
    clock.work()
    told = [(said["type"], said["data"]["participant"]) for said in (json.loads(body) for _headers, body in receiver.sent)]
    assert told == [("participant.registered", other.code), ("participant.erased", person.code)]


def test_while_a_receiver_is_down_it_waits_without_a_name(person, receiver, clock):
    receiver.answers = lambda body: 503
    erase(participant=person, by=STAFF, at=clock.now)
    clock.work()
    assert not [word for word in SECRETS.values() if word in left()]
    receiver.answers = lambda body: 200
    clock.turn(minutes=2)
    clock.work()
    assert [json.loads(body)["type"] for _headers, body in receiver.sent][-1] == "participant.erased"
    assert person.code not in left()


def test_who_hears_of_people_is_told_whatever_they_chose_and_who_does_not_is_not(clock):
    workshop = make_workshop()
    chosen = {
        "certificates": make_endpoint(workshop=workshop, events=[WebhookEvent.CERTIFICATE_ISSUED]),
        "agenda": make_endpoint(events=[WebhookEvent.PROGRAMME_RELEASED]),
        "another workshop": make_endpoint(workshop=make_workshop()),
    }
    person = make_participant(workshop)
    forget_who_listens()
    erase(participant=person, by=STAFF, at=clock.now)
    assert [row.endpoint for row in WebhookDelivery.objects.filter(event="participant.erased")] == [chosen["certificates"]]


def test_each_registration_of_theirs_is_told(person, receiver, clock):
    second = make_participant(make_workshop(), **SECRETS)
    erase(participant=person, by=STAFF, at=clock.now)
    clock.work()
    assert {json.loads(body)["data"]["participant"] for _headers, body in receiver.sent} == {person.code, second.code}
