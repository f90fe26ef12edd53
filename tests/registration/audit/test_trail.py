import datetime as dt
from importlib import import_module

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.audit import trail
from registration.audit.request_id import REQUEST_ID
from registration.models import AuditEvent
from registration.models.audit_event import AppendOnly
from registration.privacy.actions.objections import object_to
from registration.seats.actions import moves
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guarded():
    """The trail as it is outside the tests: see `django_db_setup`."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(import_module("registration.migrations.0005_audit_trail").ON_SQLITE[1])


def lines():
    return list(AuditEvent.objects.order_by("pk").values_list("actor__username", "verb", "what", "count"))


def test_who_takes_a_file_along_is_written_down():
    workshop, staff = make_workshop(), User.objects.create_user("staff")
    trail.record_download(
        by=Actor("staff", staff), what="attendees", count=3, workshop=workshop, filters={"state": "confirmed", "group": ""}, at=NOON
    )
    line = AuditEvent.objects.get()
    assert (line.actor, line.actor_kind, line.verb, line.what, line.count) == (staff, "staff", "taken", "attendees", 3)
    assert (line.workshop, line.quota, line.filters, line.at) == (workshop, None, {"state": "confirmed"}, NOON)


def test_a_place_says_of_which_workshop_it_is():
    quota = seats_of(make_workshop())
    trail.record_view(by=SYSTEM, what="desk", count=1, quota=quota)
    assert list(AuditEvent.objects.values_list("workshop", "quota", "actor")) == [(quota.workshop_id, quota.pk, None)]


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("th", "๑๕ ม.ค. ๒๕๗๐", "๑๕ ม.ค. ๒๕๗๐ ๑๒.๐๐ น."), ("en", "15 Jan 2027", "15 Jan 2027 12:00")],
)
def test_lines_and_messages_are_called_by_when_they_were_written_as_the_reader_writes_it(language, day, moment):
    person = make_participant(make_workshop())
    trail.record_view(by=SYSTEM, what="desk", count=1, at=NOON)
    objection = object_to(participant=person, text="ไม่ต้องการ", by=PARTICIPANT, at=NOON)
    with translation.override(language):
        told = f"{moment} {AuditEvent.Verb.SEEN.label}", f"{moment} objected", f"{day} {person.code}"
        assert (str(AuditEvent.objects.get()), str(person.events.get(verb="objected")), str(objection)) == told


@pytest.mark.parametrize("words", ["สมมุติ", "somebody@example.org", "081 234 5678", "0" * 41])
def test_what_was_searched_for_is_not_written_down(words):
    assert trail.without_search_words({"state": words, "page": "2"}) == {"state": "…", "page": "2"}


def test_a_search_is_known_to_have_been_one_even_for_a_plain_word():
    assert trail.without_search_words({"q": "David"}) == {"q": "…"}


@pytest.mark.parametrize("asked", [{"phone__contains": "0812345678"}, {"first_name": "David"}, {"David": "1"}])
def test_what_no_page_offers_as_a_filter_is_not_written_down(asked):
    """Django's lists take any column of theirs from an address."""
    assert trail.without_search_words(asked | {"province": "55"}) == {"…": "…", "province": "55"}


def test_the_number_of_the_request_stands_in_the_trail():
    token = REQUEST_ID.set("abc-1")
    try:
        trail.record_view(by=SYSTEM, what="desk", count=0)
    finally:
        REQUEST_ID.reset(token)
    assert AuditEvent.objects.get().request_id == "abc-1"


def test_what_is_decided_about_somebody_is_written_down_with_their_key_alone():
    workshop = make_workshop()
    person, coordinator = make_participant(workshop), make_coordinator(workshop).user
    moves.decline(participant=person, reason="เหตุผล", by=Actor("coordinator", coordinator), at=NOON)
    line = AuditEvent.objects.get()
    assert (line.verb, line.what, line.count, line.at) == ("decided", "declined", 1, NOON)
    assert (line.actor, line.participant_key, line.quota_id, line.filters) == (coordinator, person.pk, person.quota_id, {})


def test_what_people_do_for_themselves_stands_in_their_own_history_only():
    person = make_participant(make_workshop())
    moves.cancel(participant=person, by=PARTICIPANT)
    assert (AuditEvent.objects.count(), person.events.count()) == (0, 2)


def test_a_decision_that_failed_leaves_no_line():
    person = make_participant(make_workshop())
    with pytest.raises(RuntimeError), transaction.atomic():
        moves.cancel(participant=person, by=Actor("staff", User.objects.create_user("staff")))
        raise RuntimeError
    assert AuditEvent.objects.count() == 0


@pytest.mark.parametrize(
    "attempt",
    [
        lambda line: line.save(),
        lambda line: line.delete(),
        lambda line: AuditEvent.objects.update(count=0),
        lambda line: AuditEvent.objects.all().delete(),
    ],
    ids=["save", "delete", "update many", "delete many"],
)
def test_nothing_of_the_trail_is_changed_or_deleted(attempt):
    trail.record_view(by=SYSTEM, what="desk", count=7)
    with pytest.raises(AppendOnly):
        attempt(AuditEvent.objects.get())
    assert lines() == [(None, "seen", "desk", 7)]


@pytest.mark.parametrize("statement", ["UPDATE registration_auditevent SET count = 0", "DELETE FROM registration_auditevent"])
def test_the_database_itself_refuses_it_too(guarded, statement):
    trail.record_view(by=SYSTEM, what="desk", count=7)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert lines() == [(None, "seen", "desk", 7)]


def test_a_line_outlives_the_workshop_and_the_user_that_it_names():
    workshop, user = make_workshop(), User.objects.create_user("gone")
    trail.record_view(by=Actor("staff", user), what="participants", count=1, workshop=workshop)
    kept = (workshop.pk, user.pk)
    user.delete()
    workshop.delete()
    assert list(AuditEvent.objects.values_list("workshop_id", "actor_id")) == [kept]


def test_who_was_affected_is_asked_by_workshop_and_time():
    workshop, other = make_workshop(), make_workshop()
    for what, where, at in [("a", workshop, NOON), ("b", other, NOON), ("c", None, NOON), ("d", workshop, NOON + dt.timedelta(days=1))]:
        trail.record_view(by=SYSTEM, what=what, count=1, workshop=where, at=at)
    found = AuditEvent.objects.touching(workshop, NOON, NOON + dt.timedelta(days=1))
    assert set(found.values_list("what", flat=True)) == {"a", "c"}
