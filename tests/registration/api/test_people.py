"""What systems read about people: for each scope and place no more than it is for, page by page, written down."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.actor import SYSTEM
from registration.api.tokens import Scope
from registration.attendance.actions.objections import stop_using
from registration.models import Attendance, AuditEvent, Certificate, Participant
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_workshop, tracks_of
from tests.registration.api.making import System, make_token, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def system(*scopes, **where) -> System:
    return System(make_token(*scopes, **where)[1])


def codes(answer) -> list[str]:
    return [item.get("code") or item["person"] for item in answer.json()["items"]]


def test_a_person_is_told_without_how_to_reach_them(workshop):
    track = tracks_of(workshop)[0]
    person = make_participant(workshop, tracks=[track], email="secret@example.org")
    answer = system(Scope.READ_PEOPLE).read(f"/workshops/{workshop.slug}/people")
    (told,) = answer.json()["items"]
    assert (told["code"], told["state"], told["place"], told["group"]) == (person.code, "confirmed", "55", "4.1.1")
    assert (told["last_name"], told["days"]) == ("ทดสอบดี", ["2027-02-18", "2027-02-25"])
    assert (told["tracks"], told["contact"]) == ([{"session": track.item_id, "track": 1}], None)
    assert [word in answer.content.decode() for word in ("secret", "+668")] == [False, False]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_addresses_and_phones_have_a_scope_of_their_own(workshop):
    person = make_participant(workshop, email="known@example.org")
    told = system(Scope.READ_PEOPLE, Scope.READ_CONTACTS).read(f"/people/{person.code}").json()
    assert told["contact"] == {"email": "known@example.org", "email_is_passed_on": False, "phone": "+66812345678", "phone_extension": ""}


def test_states_and_places_are_asked_for(workshop):
    here, there, gone = make_participant(workshop), make_participant(workshop, "56"), make_participant(workshop)
    cancel(participant=gone, by=SYSTEM)
    reader, path = system(Scope.READ_PEOPLE), f"/workshops/{workshop.slug}/people"
    assert codes(reader.read(path)) == [here.code, there.code, gone.code]
    assert codes(reader.read(path, state="cancelled")) == [gone.code]
    assert codes(reader.read(path, place="56")) == [there.code]
    assert codes(reader.read(path, place="central")) == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"state": "x"}, "state"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1e9"}, "limit"),
        ({"cursor": "eA=="}, "cursor"),
        ({"place": "ไทย"}, "place"),
    ],
)
def test_what_is_asked_wrongly_is_named(workshop, asked, field):
    answer = system().read(f"/workshops/{workshop.slug}/people", **asked)
    assert problem(answer) == (422, "invalid")
    assert [(error["field"], bool(error["message"])) for error in answer.json()["errors"]] == [(field, True)]


@pytest.mark.parametrize("held", ["", "1:", "1:-1", "1:1e3", "2:1", "1:99999999999999999999"])
def test_a_cursor_that_we_did_not_make_is_none(workshop, held):
    cursor = base64.urlsafe_b64encode(held.encode()).decode() or "="
    assert problem(system().read(f"/workshops/{workshop.slug}/people", cursor=cursor)) == (422, "invalid")


def test_pages_hold_everybody_once_whoever_comes_or_goes_meanwhile(workshop):
    people = [make_participant(workshop) for _number in range(5)]
    reader, path = system(Scope.READ_PEOPLE), f"/workshops/{workshop.slug}/people"
    first = reader.read(path, limit=2).json()
    cancel(participant=people[0], by=SYSTEM)
    late = make_participant(workshop)
    seen, cursor = [item["code"] for item in first["items"]], first["next"]
    while cursor:
        following = reader.read(path, limit=2, cursor=cursor).json()
        seen, cursor = seen + [item["code"] for item in following["items"]], following["next"]
    assert seen == [person.code for person in [*people, late]]


def test_whoever_was_made_anonymous_is_nobody(workshop):
    person = make_participant(workshop)
    Participant.objects.update(anonymised_at=NOON)
    reader = system()
    assert codes(reader.read(f"/workshops/{workshop.slug}/people")) == []
    assert problem(reader.read(f"/people/{person.code}")) == (404, "not_found")


def test_each_page_stands_in_the_audit_trail(workshop):
    make_participant(workshop)
    token, in_full = make_token(place_code="55")
    System(in_full).read(f"/workshops/{workshop.slug}/people", state="confirmed")
    line = AuditEvent.objects.latest("pk")
    assert (line.verb, line.what, line.count, line.workshop, line.quota.code) == ("taken", "api people", 1, workshop, "55")
    assert (line.actor, line.filters) == (token.created_by, {"state": "confirmed", "token": str(token.pk)})
    System(in_full).read(f"/people/{Participant.objects.get().code}")
    assert AuditEvent.objects.latest("pk").what == "api person"


def test_minutes_are_told_by_code_and_not_of_who_objected(workshop):
    day, track = workshop.days.first(), tracks_of(workshop)[0]
    person, objecting = make_participant(workshop), make_participant(workshop)
    for each in (person, objecting):
        Attendance.objects.create(participant=each, day=day, minutes=60, source="report")
    Attendance.objects.create(participant=person, day=day, track=track, minutes=20, source="hand")
    stop_using(participant=objecting, by=SYSTEM)
    answer = system(Scope.READ_ATTENDANCE).read(f"/workshops/{workshop.slug}/attendance")
    known = {"person": person.code, "date": "2027-02-18"}
    assert answer.json()["items"] == [
        {**known, "session": None, "track": None, "minutes": 60, "source": "report"},
        {**known, "session": track.item_id, "track": 1, "minutes": 20, "source": "hand"},
    ]


def test_certificates_are_told_by_code_with_where_they_are_verified(workshop):
    person, other = make_participant(workshop), make_participant(workshop)
    known = {"workshop": workshop, "snapshot": {"number": "สศช. ๑"}, "issued_at": NOON}
    valid = Certificate.objects.create(participant=person, number=1, **known)
    Certificate.objects.create(participant=other, number=2, withdrawn_at=NOON, **known)
    Certificate.objects.create(participant=other, number=3, awaits_seal=True, **known)
    items = system(Scope.READ_CERTIFICATES).read(f"/workshops/{workshop.slug}/certificates").json()["items"]
    assert [(item["person"], item["standing"], item["verify"]) for item in items] == [
        (person.code, "valid", f"http://localhost:8000/v/{valid.token}/"),
        (other.code, "withdrawn", None),
    ]


@pytest.mark.parametrize("name", ["people", "attendance", "certificates"])
def test_a_long_page_asks_no_more_than_a_short_one(workshop, name):
    reader, counts = system(), []
    for more in (1, 2):
        for _number in range(more):
            person = make_participant(workshop, tracks=tracks_of(workshop)[:1])
            Attendance.objects.create(participant=person, day=workshop.days.first(), minutes=60, source="report")
            number = Certificate.objects.count() + 1
            Certificate.objects.create(workshop=workshop, participant=person, number=number, snapshot={"number": "1"}, issued_at=NOON)
        reader.read(f"/workshops/{workshop.slug}/{name}")
        with CaptureQueriesContext(connection) as asked:
            assert len(reader.read(f"/workshops/{workshop.slug}/{name}").json()["items"]) == len(Participant.objects.all())
        counts.append(len(asked))
    assert counts[0] == counts[1]
