"""The province selects, then announces: nobody hears anything before, everybody hears one thing after."""

import datetime as dt
from collections import Counter

import pytest

from registration.actor import PARTICIPANT, SYSTEM, Actor, ActorKind
from registration.choices import State
from registration.errors import AlreadyAnnounced, DraftChanged, QuotaFull, TooManySelected
from registration.mail import compose as emails
from registration.models import Delivery, Participant, Quota, Selection
from registration.seats import quotas
from registration.seats.actions.moves import cancel, decline, put_back
from registration.selection.actions.announcements import (
    announce,
    announce_by_arrival,
    announce_due,
    announce_now,
    take_announcement_back,
)
from registration.selection.actions.drafts import current_plan, save_draft, selection_of
from registration.selection.rules import LEFT_OUT
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def workshop():
    return make_workshop(decision="selection", decision_minutes=5)


@pytest.fixture
def by(workshop):
    return Actor(ActorKind.COORDINATOR, make_coordinator(workshop).user)


def save(quota, *, selected=(), reserve=(), left_out=(), by, version=None, at=NOON):
    wanted = {person.pk: "" for person in selected}
    wanted |= {person.pk: str(place) for place, person in enumerate(reserve, start=1)}
    wanted |= {person.pk: LEFT_OUT for person in left_out}
    version = selection_of(quota).version if version is None else version
    return save_draft(quota=quota, version=version, picked={person.pk for person in selected}, wanted=wanted, by=by, at=at)


def press(quota, by, at=NOON, **options):
    return announce(quota=quota, version=selection_of(quota).version, by=by, at=at, **options)


def states(people):
    now = Participant.objects.in_bulk([person.pk for person in people])
    return [now[person.pk].state for person in people]


def mails():
    return Counter(Delivery.objects.exclude(message="applied").values_list("message", flat=True))


def test_who_comes_forward_waits_for_the_selection_and_holds_no_seat(workshop):
    people = [make_participant(workshop) for _i in range(3)]
    assert states(people) == [State.APPLIED] * 3
    assert seats_of(workshop).taken == 0
    assert Counter(Delivery.objects.values_list("message", flat=True)) == {"applied": 3}


def test_thirty_four_come_forward_and_twenty_five_take_the_seats(workshop, by):
    quota, people = seats_of(workshop), [make_participant(workshop) for _i in range(34)]
    reserve = list(reversed(people[25:]))
    save(quota, selected=people[:25], reserve=reserve, by=by)
    press(quota, by)
    assert mails() == {}, "nobody is told before the time to take it back is over"
    announce_due(at=NOON + 4 * MINUTE)
    assert mails() == {}
    assert [announce_due(at=NOON + 5 * MINUTE), announce_due(at=NOON + 6 * MINUTE)] == [1, 0]
    assert states(people) == [State.CONFIRMED] * 25 + [State.WAITLISTED] * 9
    assert list(Participant.objects.waiting()) == reserve
    assert mails() == {"confirmed": 25, "reserve": 9}
    places = dict(Delivery.objects.filter(message="reserve").values_list("participant", "details__place"))
    assert [places[person.pk] for person in reserve] == list(range(1, 10))
    assert quotas.mismatches() == []


def test_pressed_twice_adds_nothing(workshop, by):
    quota, person = seats_of(workshop), make_participant(workshop)
    save(quota, selected=[person], by=by)
    press(quota, by)
    with pytest.raises(AlreadyAnnounced):
        press(quota, by, at=NOON + 2 * MINUTE)
    assert Selection.objects.get().due_at == NOON + 5 * MINUTE
    announce_due(at=NOON + 5 * MINUTE)
    with pytest.raises(AlreadyAnnounced):
        press(quota, by, at=NOON + 7 * MINUTE)
    with pytest.raises(AlreadyAnnounced):
        announce_now(quota=quota, by=by, at=NOON + 8 * MINUTE)
    assert mails() == {"confirmed": 1}


def test_taken_back_in_time_it_is_a_draft_again_and_nobody_was_told(workshop, by):
    quota, person = seats_of(workshop), make_participant(workshop)
    save(quota, selected=[person], by=by)
    press(quota, by)
    take_announcement_back(quota=quota, by=by, at=NOON + 4 * MINUTE)
    assert announce_due(at=NOON + 10 * MINUTE) == 0
    assert (states([person]), mails()) == ([State.APPLIED], {})
    save(quota, left_out=[person], by=by)
    press(quota, by, at_once=True)
    assert (states([person]), mails()) == ([State.DECLINED], {"declined": 1})
    with pytest.raises(AlreadyAnnounced):
        take_announcement_back(quota=quota, by=by)


def test_of_two_drafts_the_second_to_be_saved_is_told_and_changes_nothing(workshop, by):
    quota, people = seats_of(workshop), [make_participant(workshop) for _i in range(2)]
    save(quota, selected=people[:1], by=by, version=0)
    with pytest.raises(DraftChanged) as told:
        save(quota, selected=people[1:], by=by, version=0)
    assert told.value.selection.saved_by == by.user
    assert current_plan(quota, selection_of(quota)).selected == people[:1]
    with pytest.raises(DraftChanged):
        announce(quota=quota, version=0, by=by, at=NOON)


def test_what_waits_to_be_announced_is_not_changed(workshop, by):
    quota, person = seats_of(workshop), make_participant(workshop)
    save(quota, selected=[person], by=by)
    press(quota, by)
    with pytest.raises(AlreadyAnnounced):
        save(quota, left_out=[person], by=by)


def test_more_than_there_are_seats_can_be_kept_but_not_announced(workshop, by):
    quota, people = seats_of(workshop, capacity=2), [make_participant(workshop) for _i in range(3)]
    save(quota, selected=people, by=by)
    with pytest.raises(TooManySelected) as told:
        press(quota, by)
    assert (told.value.selected, told.value.seats) == (3, 2)
    assert Selection.objects.get().due_at is None


def test_who_comes_while_it_waits_or_later_joins_the_end_of_the_reserve(workshop, by):
    quota, people = seats_of(workshop), [make_participant(workshop) for _i in range(2)]
    save(quota, selected=people[:1], reserve=people[1:], by=by)
    press(quota, by)
    meanwhile = make_participant(workshop)
    announce_due(at=NOON + 5 * MINUTE)
    later = make_participant(workshop)
    assert list(Participant.objects.waiting()) == [people[1], meanwhile, later]
    assert seats_of(workshop).taken == 1, "the seats that the province left free stay free"
    with pytest.raises(QuotaFull):
        make_participant(workshop, waitlist_ok=False)


def test_a_seat_that_is_given_up_goes_to_the_first_in_the_reserve_and_only_that_one(workshop, by):
    quota, people = seats_of(workshop), [make_participant(workshop) for _i in range(4)]
    save(quota, selected=people[:2], reserve=[people[3], people[2]], by=by)
    press(quota, by, at_once=True)
    assert cancel(participant=people[0], by=PARTICIPANT, at=NOON) == [people[3]]
    assert states(people) == [State.CANCELLED, State.CONFIRMED, State.WAITLISTED, State.CONFIRMED]
    assert quotas.mismatches() == []


def test_who_cancels_before_is_in_no_plan(workshop, by):
    quota, people = seats_of(workshop), [make_participant(workshop) for _i in range(2)]
    save(quota, selected=people, by=by)
    cancel(participant=people[0], by=PARTICIPANT, at=NOON)
    press(quota, by, at_once=True)
    assert states(people) == [State.CANCELLED, State.CONFIRMED]
    assert mails() == {"cancelled": 1, "confirmed": 1}


def test_who_is_selected_and_finds_no_seat_any_more_is_first_in_the_reserve(workshop, by):
    quota, people = seats_of(workshop, capacity=2), [make_participant(workshop) for _i in range(3)]
    save(quota, selected=people[:2], reserve=people[2:], by=by)
    press(quota, by)
    Quota.objects.filter(pk=quota.pk).update(capacity=1)
    announce_due(at=NOON + 5 * MINUTE)
    assert states(people) == [State.CONFIRMED, State.WAITLISTED, State.WAITLISTED]
    assert list(Participant.objects.waiting()) == people[1:]


def test_a_track_that_is_full_is_dropped_and_said(workshop, by):
    track = tracks_of(workshop)[0]
    Quota.objects.filter(pk=track.quota.pk).update(capacity=1)
    quota, people = seats_of(workshop), [make_participant(workshop, tracks=[track]) for _i in range(2)]
    save(quota, selected=people, by=by)
    press(quota, by, at_once=True)
    assert [person.choices.count() for person in people] == [1, 0]
    assert Delivery.objects.get(participant=people[1], message="confirmed").details["tracks_full"] == [track.pk]
    assert quotas.mismatches() == []


def test_where_the_date_passes_those_who_came_first_are_announced(workshop, by):
    quota, people = seats_of(workshop, capacity=2), [make_participant(workshop) for _i in range(3)]
    save(quota, left_out=people, by=by)
    assert [announce_by_arrival(quota=quota, at=NOON) for _i in range(2)] == [True, False]
    assert states(people) == [State.CONFIRMED, State.CONFIRMED, State.WAITLISTED]


def test_an_invited_person_comes_forward_and_holds_no_seat(workshop):
    from registration.invitations.actions.invitations import withdraw
    from registration.models import Invitation

    seats_of(workshop, capacity=0)
    invitations = [make_invitation(workshop, email=f"invited{number}@example.org") for number in range(2)]
    person = make_participant(workshop, email="invited0@example.org")
    assert (person.state, person.invitation.pk) == (State.APPLIED, invitations[0].pk)
    withdraw(invitation=Invitation.objects.get(pk=invitations[1].pk), by=SYSTEM)
    assert (seats_of(workshop).taken, quotas.mismatches()) == (0, [])


def test_put_back_before_it_is_announced_they_come_forward_again(workshop):
    person = make_participant(workshop)
    decline(participant=person, reason="ทดสอบ", by=SYSTEM)
    put_back(participant=person, by=SYSTEM)
    assert states([person]) == [State.APPLIED]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_mail_names_the_state_at_its_event(workshop, by, language):
    quota = seats_of(workshop)
    people = [make_participant(workshop, language=language) for _i in range(3)]
    save(quota, selected=people[:1], reserve=people[1:2], left_out=people[2:], by=by)
    press(quota, by, at_once=True)
    cancel(participant=people[0], by=PARTICIPANT, at=NOON)
    said = {mail.message: emails.compose(mail).body for mail in Delivery.objects.filter(participant=people[0])}
    expected = {"th": ["รอผลการคัดเลือก", "ยืนยันแล้ว", "ยกเลิก"], "en": ["Waiting for the province's selection", "Confirmed", "Cancelled"]}
    for message, state in zip(["applied", "confirmed", "cancelled"], expected[language], strict=True):
        assert state in said[message], said[message]
    for delivery in Delivery.objects.filter(participant__in=people[1:]):
        mail = emails.compose(delivery)
        assert mail.subject and "{{" not in mail.body
