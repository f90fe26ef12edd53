"""What the personal page keeps of the programme for some seconds, and what it never does."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.links import signed
from registration.models import Participant, Quota
from registration.participant import programmes
from sessions.models import Track, WorkshopDay
from tests.factories import make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db


def found(participant) -> Participant:
    person = programmes.participant_of_token(signed.personal_token(participant))
    assert person == participant
    return person


def shown(person) -> tuple:
    """Everything of the programme that the page shows of somebody."""
    return (
        str(person.workshop),
        person.quota.name,
        person.group.name,
        [(day.pk, day.hours(), day.is_cancelled, day.join_url) for day in person.days.all()],
        [(choice.track_id, choice.track.title, choice.track.join_url, choice.track.item.day.date) for choice in person.choices.all()],
    )


def test_it_finds_what_the_plain_reading_finds():
    workshop = make_workshop()
    for participant in (make_participant(workshop, tracks=tracks_of(workshop)[1:2]), make_participant(workshop, "40")):
        assert shown(found(participant)) == shown(signed.participant_of_token(signed.personal_token(participant)))


def test_another_s_days_and_choices_are_not_his():
    workshop = make_workshop()
    days = list(workshop.days.all())
    mine = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    yours = make_participant(workshop)
    yours.days.set(days[1:])
    assert [day.pk for day in found(mine).days.all()] == [day.pk for day in days]
    assert [day.pk for day in found(yours).days.all()] == [days[1].pk]
    assert [choice.track_id for choice in found(mine).choices.all()] == [tracks_of(workshop)[0].pk]
    assert list(found(yours).choices.all()) == []


def test_a_meeting_link_and_a_cancelled_day_are_seen_at_once():
    workshop = make_workshop()
    participant = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    found(participant)
    WorkshopDay.objects.update(join_url="https://example.org/new", is_cancelled=True)
    Track.objects.update(join_url="https://example.org/new-track")
    person = found(participant)
    assert {(day.join_url, day.is_cancelled) for day in person.days.all()} == {("https://example.org/new", True)}
    assert [choice.track.join_url for choice in person.choices.all()] == ["https://example.org/new-track"]


def test_a_changed_text_is_seen_after_some_seconds(monkeypatch):
    workshop = make_workshop()
    participant = make_participant(workshop)
    before = found(participant).workshop.title_th
    type(workshop).objects.update(title_th="ชื่อใหม่")
    assert found(participant).workshop.title_th == before
    monkeypatch.setattr(programmes, "KEPT_SECONDS", -1)
    assert found(participant).workshop.title_th == "ชื่อใหม่"


def test_a_day_that_came_a_moment_ago_is_there():
    workshop = make_workshop()
    participant = make_participant(workshop)
    found(participant)
    new = WorkshopDay.objects.create(workshop=workshop, date=dt.date(2027, 3, 4))
    participant.days.add(new)
    assert [day.pk for day in found(participant).days.all()][-1] == new.pk


def test_what_one_page_does_to_its_rows_reaches_no_other():
    workshop = make_workshop()
    participant = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    person = found(participant)
    person.days.all()[0].join_url = "https://example.org/mine"
    person.choices.all()[0].track.join_url = "https://example.org/mine"
    again = found(participant)
    assert {day.join_url for day in again.days.all()} | {choice.track.join_url for choice in again.choices.all()} == {""}


def test_once_read_it_takes_two_queries_for_everybody_of_the_place_and_three_elsewhere():
    workshop = make_workshop()
    people = [make_participant(workshop), make_participant(workshop), make_participant(workshop, "40")]
    counts = []
    for participant in people:
        with CaptureQueriesContext(connection) as queries:
            found(participant)
        counts.append(len(queries))
    assert counts == [4, 2, 3]
    assert Quota.objects.seats().count() > 2


def test_a_renewed_link_opens_nothing():
    participant = make_participant(make_workshop())
    token = signed.personal_token(participant)
    Participant.objects.update(link_version=2)
    assert programmes.participant_of_token(token) is None
