"""What systems do: under the rules and with the mails of the pages, and once however often it is sent."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.api import actions
from registration.api.actions import LEASE, StillAtWork, begin
from registration.api.tokens import Scope
from registration.models import ApiAnswer, ApiToken, AuditEvent, DelayedDecision, Delivery, Participant
from registration.people.history import actor_in_words
from sessions.models import Workshop
from tests.factories import make_participant, make_workshop, seats_of, tracks_of
from tests.registration.api.making import System, make_token, problem
from tests.registration.seats.test_concurrency import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def system() -> System:
    return System(make_token(Scope.WRITE_REGISTRATIONS)[1])


def person(workshop, **changes) -> dict[str, object]:
    said = {
        "place": "55", "group": "4.1.1", "title": "นาย", "first_name": "สมมุติ", "last_name": "ทดสอบดี",
        "organisation": "สำนักงานจังหวัดน่าน", "email": "somebody@example.org", "phone": "081 234 5678",
        "days": [day.date.isoformat() for day in workshop.days.all()], "privacy_notice_read": True,
    }  # fmt: skip
    return {name: value for name, value in (said | changes).items() if value is not None}


def path(workshop) -> str:
    return f"/workshops/{workshop.slug}/registrations"


def test_somebody_is_registered_as_the_office_does_it_by_hand(workshop, system):
    track = tracks_of(workshop)[0]
    answer = system.write(path(workshop), person(workshop, tracks=[{"session": track.item_id, "track": 1}]))
    made = Participant.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/people/{made.code}")
    assert answer.json() == {"code": made.code, "state": "confirmed", "workshop": workshop.slug, "place": "55"}
    assert (made.email, made.phone, made.days.count(), made.choices.get().track) == ("somebody@example.org", "+66812345678", 2, track)
    assert Delivery.objects.get().message == "confirmed"
    event = made.events.get()
    assert (event.actor_kind, actor_in_words(event)) == ("staff", "API token “ระบบสมมุติ”")
    assert AuditEvent.objects.latest("pk").filters == {"token": str(ApiToken.objects.get().pk)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "none"}, "email"), ({"phone": "1"}, "phone"), ({"group": "4.2"}, "group"), ({"last_name": ""}, "last_name"),
        ({"days": ["2027-01-01"]}, "days"), ({"days": []}, "days"), ({"tracks": [{"session": 1, "track": 9}]}, "tracks"),
        ({"privacy_notice_read": False}, "privacy_notice_read"), ({"first_name": None}, "first_name"), ({"unknown": 1}, "unknown"),
        ({"email": "somebody@gmial.com"}, "email"), ({"title": "\ud800"}, "title"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nobody_is_registered(workshop, system, change, field):
    answer = system.write(path(workshop), person(workshop, **change))
    assert problem(answer) == (422, "invalid")
    assert field in [error["field"].split(".")[0] for error in answer.json()["errors"]]
    assert not Participant.objects.exists()


def test_what_the_portal_asks_about_is_kept_where_the_system_says_so(workshop, system):
    answer = system.write(path(workshop), person(workshop, email="somebody@gmial.com", as_written=True))
    assert (answer.status_code, Participant.objects.get().email) == (201, "somebody@gmial.com")


def test_who_does_not_want_to_wait_is_told_that_it_is_full(workshop, system):
    seats_of(workshop, "55", capacity=0)
    assert problem(system.write(path(workshop), person(workshop))) == (409, "quota_full")
    assert system.write(path(workshop), person(workshop, waits_if_full=True)).json()["state"] == "waitlisted"


def test_one_address_is_one_person(workshop, system):
    system.write(path(workshop), person(workshop))
    assert problem(system.write(path(workshop), person(workshop))) == (409, "already_registered")
    passed_on = {"email_is_passed_on": True, "email": "office@example.org"}
    system.write(path(workshop), person(workshop, **passed_on))
    assert problem(system.write(path(workshop), person(workshop, **passed_on))) == (409, "already_registered")
    assert Participant.objects.count() == 2


def test_before_and_after_its_time_a_place_registers_nobody_and_the_office_does(workshop, system):
    Workshop.objects.update(registration_closes_at=timezone.now() - dt.timedelta(days=1))
    of_place = System(make_token(Scope.WRITE_REGISTRATIONS, place_code="55")[1])
    assert problem(of_place.write(path(workshop), person(workshop))) == (409, "registration_closed")
    assert system.write(path(workshop), person(workshop)).status_code == 201


def test_what_is_sent_again_under_its_key_is_done_once(workshop, system):
    key, said = str(uuid4()), person(workshop)
    first = system.write(path(workshop), said, key)
    again = system.write(path(workshop), said, key)
    assert (again.status_code, again.content, again.headers["Idempotency-Replayed"]) == (201, first.content, "true")
    assert again.headers["Location"] == first.headers["Location"] == f"/api/v1/people/{first.json()['code']}"
    assert (Participant.objects.count(), Delivery.objects.count()) == (1, 1)
    assert problem(system.write(path(workshop), person(workshop, phone="081 999 9999"), key)) == (422, "idempotency_key_reused")
    assert problem(System(make_token()[1]).write(path(workshop), said, key)) == (409, "already_registered")


def test_a_refusal_is_answered_again_too(workshop, system):
    seats_of(workshop, "55", capacity=0)
    key = str(uuid4())
    assert problem(system.write(path(workshop), person(workshop), key)) == (409, "quota_full")
    seats_of(workshop, "55", capacity=1)
    assert problem(system.write(path(workshop), person(workshop), key)) == (409, "quota_full")


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_under_one_key_register_one_person(workshop):
    in_full = make_token(Scope.WRITE_REGISTRATIONS)[1]

    def send():
        return System(in_full).write(path(workshop), person(workshop), "the-same-key").status_code

    statuses = at_once(*[send] * 8)
    assert set(statuses) <= {201, 409}
    assert statuses.count(201) >= 1
    assert Participant.objects.count() == Delivery.objects.count() == 1


def test_of_two_at_once_one_works_and_who_died_is_followed():
    token, _in_full = make_token()
    at = timezone.now()
    begin(token=token, key="k" * 8, request="r", at=at)
    with pytest.raises(StillAtWork):
        begin(token=token, key="k" * 8, request="r", at=at + LEASE - dt.timedelta(seconds=1))
    begin(token=token, key="k" * 8, request="r", at=at + LEASE)
    with pytest.raises(StillAtWork):
        begin(token=token, key="k" * 8, request="r", at=at + LEASE)


def test_what_is_still_being_worked_on_is_not_done_twice(workshop, system, monkeypatch):
    key, said = str(uuid4()), person(workshop)
    meanwhile = []
    real = actions.keep

    def keep(**known):
        meanwhile.append(system.write(path(workshop), said, key))
        real(**known)

    monkeypatch.setattr(actions, "keep", keep)
    assert system.write(path(workshop), said, key).status_code == 201
    assert problem(meanwhile[0]) == (409, "idempotency_key_in_use")
    assert Participant.objects.count() == 1


def test_who_died_after_registering_is_answered_the_same_registration(workshop, system, monkeypatch):
    key, said = str(uuid4()), person(workshop)
    monkeypatch.setattr(actions, "keep", lambda **_known: None)
    first = system.write(path(workshop), said, key)
    ApiAnswer.objects.update(started_at=timezone.now() - LEASE)
    assert system.write(path(workshop), said, key).json() == first.json()
    assert Participant.objects.count() == 1


def test_a_mistake_of_ours_leaves_the_key_free(workshop, monkeypatch):
    system, key = System(make_token()[1], raise_request_exception=False), str(uuid4())

    def broken(**_known):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("registration.api.endpoints.registrations.register", broken)
        assert problem(system.write(path(workshop), person(workshop), key)) == (500, "internal")
    assert system.write(path(workshop), person(workshop), key).status_code == 201


def test_kept_answers_name_nobody_and_are_forgotten_after_a_day(workshop, system):
    system.write(path(workshop), person(workshop), str(uuid4()))
    kept = ApiAnswer.objects.get()
    assert [word in kept.body for word in ("สมมุติ", "somebody", "0812345678")] == [False] * 3
    assert (actions.forget(at=kept.started_at + dt.timedelta(hours=23)), actions.forget(at=kept.started_at + dt.timedelta(days=1))) == (
        0,
        1,
    )


@pytest.mark.parametrize("key", ["short", "ไทยไทยไทย".encode().decode("latin-1"), "x" * 101])
def test_a_key_that_is_none_is_named(workshop, system, key):
    answer = system.write(path(workshop), person(workshop), key)
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "invalid"), "Idempotency-Key")


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ("{", "application/json", (400, "bad_request")), ("[" * 50_000, "application/json", (400, "bad_request")),
        ("1" * 5_000, "application/json", (400, "bad_request")), ("null", "application/json", (422, "invalid")),
        (b"\xff", "application/json", (400, "bad_request")), ("{}", "text/plain", (415, "not_json")),
        ("a=b", "application/x-www-form-urlencoded", (415, "not_json")), ("", "application/json", (422, "invalid")),
        ('{"\\ud800": 1}', "application/json", (422, "invalid")),
    ],
)  # fmt: skip
def test_any_body_is_answered(workshop, system, body, content_type, expected):
    assert problem(system.post(f"/api/v1{path(workshop)}", body, content_type=content_type)) == expected


def decide(system, person, command, *, seen=None, **more):
    return system.write(f"/people/{person.code}/decisions", {"command": command, "seen": seen or person.state, **more})


def test_a_decision_is_that_of_the_desk(workshop, system):
    seats_of(workshop, "55", capacity=1)
    seated, waiting = make_participant(workshop), make_participant(workshop)
    answer = decide(system, seated, "decline", reason="ครบจำนวนแล้ว")
    at_once_done = {"decision": None, "takes_effect_at": None}
    assert answer.json() == {
        "code": seated.code,
        "state": "declined",
        "command": "decline",
        "moved_up": [waiting.code],
        **at_once_done,
    }
    seated.refresh_from_db()
    assert (seated.decision_reason, seated.deliveries.latest("pk").message) == ("ครบจำนวนแล้ว", "declined")
    assert decide(system, seated, "put_back").json()["state"] == "waitlisted"


def test_what_can_be_taken_back_is_taken_back(workshop, system):
    Workshop.objects.update(decision_minutes=5)
    one = make_participant(workshop)
    told = decide(system, one, "cancel").json()
    decision = DelayedDecision.objects.get()
    assert (told["state"], told["decision"]) == ("confirmed", decision.pk)
    assert problem(decide(system, one, "cancel")) == (409, "decision_open")
    back = system.write(f"/decisions/{decision.pk}/take-back", {})
    assert back.json() == {"code": one.code, "state": "confirmed", "decision": decision.pk}
    assert problem(system.write(f"/decisions/{decision.pk}/take-back", {})) == (409, "decision_closed")
    assert decide(system, one, "cancel", at_once=True).json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("command", "seen", "expected"),
    [
        ("approve", None, (409, "state_changed")), ("cancel", "waitlisted", (409, "state_changed")),
        ("put_back", None, (409, "state_changed")),
        ("decline", None, (422, "invalid")), ("swap", None, (422, "invalid")), ("erase", None, (422, "invalid")),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(workshop, system, command, seen, expected):
    one = make_participant(workshop)
    assert problem(decide(system, one, command, seen=seen)) == expected
    one.refresh_from_db()
    assert (one.state, one.events.count()) == ("confirmed", 1)


def test_an_offered_seat_is_accepted_for_who_says_so_elsewhere(system):
    workshop = make_workshop(waiting_list="offer")
    seats_of(workshop, "55", capacity=1)
    seated, waiting = make_participant(workshop), make_participant(workshop)
    assert problem(system.write(f"/people/{waiting.code}/accept", {})) == (409, "state_changed")
    decide(system, seated, "cancel")
    assert system.write(f"/people/{waiting.code}/accept", {}).json()["state"] == "confirmed"


def test_a_place_decides_as_its_coordinator_and_about_nobody_else(workshop):
    _token, in_full = make_token(place_code="55")
    ours, theirs = make_participant(workshop), make_participant(workshop, "56")
    system = System(in_full)
    assert problem(decide(system, theirs, "cancel")) == (404, "not_found")
    assert problem(system.write(path(workshop), person(workshop, place="56"))) == (404, "not_found")
    assert decide(system, ours, "cancel").status_code == 200
    event = ours.events.latest("pk")
    assert (event.actor_kind, event.details["token"]) == ("coordinator", "ระบบสมมุติ")
    assert Actor(ActorKind.COORDINATOR).token is None


def test_writing_has_a_limit_of_its_own(limits, workshop, monkeypatch):
    monkeypatch.setattr("registration.security.rate_limits.API_WRITES", 1)
    system = System(make_token()[1])
    assert system.write(path(workshop), person(workshop)).status_code == 201
    assert problem(system.write(path(workshop), person(workshop))) == (429, "too_often")
    assert system.read("/workshops").status_code == 200
