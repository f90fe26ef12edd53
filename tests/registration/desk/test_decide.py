"""What a province decides: no, yes, back again, this one first. And what the person's history says of it."""

import pytest
from django.contrib.auth.models import User

from registration.actor import PARTICIPANT, Actor
from registration.choices import State
from registration.errors import AddressTaken, IllegalMove, QuotaFull
from registration.models import Delivery, Event, Participant
from registration.people.batches import each
from registration.seats import quotas
from registration.seats.actions.moves import approve, cancel, decline, move_up, put_back, reopen
from registration.seats.actions.reserve_order import move_to
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nan():
    """Nan's coordinator, as the `by=` of what they do."""
    return Actor("coordinator", User.objects.create(username="nan@example.org"))


def crowd(seats, waiting, **fields):
    """A workshop in which Nan has `seats` people seated and `waiting` in line, all by number."""
    workshop = make_workshop(**fields)
    seats_of(workshop, capacity=seats)
    people = [make_participant(workshop) for _i in range(seats + waiting)]
    return people[:seats], people[seats:]


def line():
    return list(Participant.objects.waiting())


def state_of(person):
    return Participant.objects.values_list("state", flat=True).get(pk=person.pk)


def mails_to(person):
    return list(Delivery.objects.filter(participant=person).order_by("pk").values_list("message", flat=True))


def last_event(person):
    return Event.objects.filter(participant=person).latest("pk")


def test_declining_a_seated_person_returns_who_moved_up(nan):
    (seated,), (first, _second) = crowd(1, 2)
    assert decline(participant=seated, reason="หน่วยงานส่งผู้แทนครบแล้ว", by=nan) == [first]
    assert mails_to(seated) == ["confirmed", "declined"]
    event = last_event(seated)
    assert (event.verb, event.actor, event.actor_kind, event.details) == (
        "declined", nan.user, "coordinator", {"reason": "หน่วยงานส่งผู้แทนครบแล้ว"},
    )  # fmt: skip


def test_declining_somebody_in_line_moves_nobody_up(nan):
    _seated, (first, _second) = crowd(1, 2)
    assert decline(participant=first, reason="", by=nan) == []


def test_a_decision_on_what_is_no_longer_so_is_refused(nan):
    """The desk showed them as pending; a colleague has approved them since."""
    (person,), _line = crowd(1, 0, decision="province_first")
    approve(participant=person, by=nan)
    with pytest.raises(IllegalMove) as refused:
        decline(participant=person, reason="", seen=State.PENDING, by=nan)
    assert refused.value.before == State.CONFIRMED
    assert state_of(person) == State.CONFIRMED


def test_an_approval_is_undone_and_the_seat_stays_held(nan):
    (person,), (first,) = crowd(1, 1, decision="province_first")
    approve(participant=person, by=nan)
    reopen(participant=person, by=nan)
    assert (state_of(person), state_of(first)) == (State.PENDING, State.WAITLISTED)
    assert mails_to(person) == ["pending", "confirmed", "pending"]
    assert Delivery.objects.filter(participant=person).latest("pk").details == {"again": True, "state": "pending"}
    assert (last_event(person).verb, quotas.mismatches()) == ("reopened", [])


def test_only_an_approval_is_undone(nan):
    (pending, declined), _line = crowd(2, 0, decision="province_first")
    decline(participant=declined, reason="", by=nan)
    (sure,), _line = crowd(1, 0)
    for person in (pending, declined, sure):
        before = state_of(person)
        with pytest.raises(IllegalMove):
            reopen(participant=person, by=nan)
        assert state_of(person) == before


def test_a_declined_person_is_put_back_on_a_free_seat(nan):
    (person,), _line = crowd(1, 0)
    decline(participant=person, reason="ซ้ำ", by=nan)
    put_back(participant=person, by=nan)
    person.refresh_from_db()
    assert (person.state, person.decision_reason) == (State.CONFIRMED, "")
    assert mails_to(person) == ["confirmed", "declined", "confirmed"]
    assert last_event(person).verb == "put_back"
    assert quotas.mismatches() == []


def test_where_the_province_approves_first_a_person_put_back_is_pending_again(nan):
    (person,), _line = crowd(1, 0, decision="province_first")
    decline(participant=person, reason="", by=nan)
    put_back(participant=person, by=nan)
    assert state_of(person) == State.PENDING
    assert mails_to(person) == ["pending", "declined", "pending"]


def test_whose_seat_was_passed_on_is_put_back_as_first_in_line(nan):
    (person,), (first, second, third) = crowd(1, 3)
    decline(participant=person, reason="", by=nan)
    put_back(participant=person, by=nan)
    assert state_of(first) == State.CONFIRMED
    assert line() == [person, second, third]
    assert Delivery.objects.filter(participant=person).latest("pk").details == {"place": 1, "again": True, "state": "waitlisted"}
    assert quotas.mismatches() == []


def test_who_was_declined_in_line_is_put_back_at_their_old_place(nan):
    _seated, (first, second, third) = crowd(1, 3)
    decline(participant=second, reason="", by=nan)
    put_back(participant=second, by=nan)
    assert line() == [first, second, third]


def test_who_had_cancelled_is_put_back_at_the_end(nan):
    _seated, (first, second) = crowd(1, 2)
    cancel(participant=first, by=PARTICIPANT)
    put_back(participant=first, by=nan)
    assert line() == [second, first]


def test_who_was_cancelled_by_the_desk_is_put_back_as_first_in_line(nan):
    (seated,), (first, second) = crowd(1, 2)
    cancel(participant=seated, by=nan)
    put_back(participant=seated, by=nan)
    assert line() == [seated, second]


def test_who_registered_again_since_cannot_be_put_back(nan):
    (person,), _line = crowd(1, 0)
    cancel(participant=person, by=PARTICIPANT)
    again = make_participant(person.workshop, email=person.email)
    with pytest.raises(AddressTaken):
        put_back(participant=person, by=nan)
    assert (state_of(person), state_of(again)) == (State.CANCELLED, State.CONFIRMED)
    assert quotas.mismatches() == []


def test_nobody_is_put_back_who_was_not_away(nan):
    (person,), _line = crowd(2, 0)[0][:1], None
    with pytest.raises(IllegalMove):
        put_back(participant=person, by=nan)
    assert quotas.mismatches() == []


def test_putting_back_takes_the_track_again_where_it_has_room(nan):
    workshop = make_workshop()
    seats_of(workshop, capacity=3)
    full, roomy = tracks_of(workshop)
    full.quota.capacity = 1
    full.quota.save()
    person, other = make_participant(workshop, tracks=[full]), make_participant(workshop, tracks=[roomy])
    for one in (person, other):
        decline(participant=one, reason="", by=nan)
    make_participant(workshop, tracks=[full])
    for one in (person, other):
        put_back(participant=one, by=nan)
    assert [choice.track for choice in person.choices.all()] == []
    assert [choice.track for choice in other.choices.all()] == [roomy]
    assert last_event(person).details == {"state": "confirmed", "tracks_full": [full.pk]}
    assert quotas.mismatches() == []


def test_a_free_seat_goes_to_the_person_the_province_picks(nan):
    (seated,), (first, second) = crowd(1, 2, decision="province_first")
    seats_of(seated.workshop, capacity=2)
    move_up(participant=second, by=nan)
    assert (state_of(second), line()) == (State.CONFIRMED, [first])
    assert mails_to(second) == ["waiting", "moved_up"]
    assert quotas.mismatches() == []


def test_where_seats_are_offered_the_person_picked_is_asked_first(nan):
    (seated,), (first,) = crowd(1, 1, waiting_list="offer")
    seats_of(seated.workshop, capacity=2)
    move_up(participant=first, by=nan, at=NOON)
    first.refresh_from_db()
    assert (first.state, (first.offer_expires_at - NOON).total_seconds()) == (State.OFFERED, 48 * 3600)


def test_nobody_moves_up_without_a_free_seat(nan):
    _seated, (first,) = crowd(1, 1)
    with pytest.raises(QuotaFull):
        move_up(participant=first, by=nan)
    assert state_of(first) == State.WAITLISTED


def test_who_does_not_wait_is_not_moved_up(nan):
    (seated,), _line = crowd(1, 0)
    seats_of(seated.workshop, capacity=2)
    with pytest.raises(IllegalMove):
        move_up(participant=seated, by=nan)
    assert quotas.mismatches() == []


@pytest.mark.parametrize(
    ("mover", "place", "after"),
    [(3, 1, [3, 0, 1, 2]), (0, 4, [1, 2, 3, 0]), (1, 3, [0, 2, 1, 3]), (2, 99, [0, 1, 3, 2])],
)
def test_the_line_is_changed_as_the_province_says(nan, mover, place, after):
    _seated, waiting = crowd(1, 4)
    assert move_to(participant=waiting[mover], place=place, reason="ผู้บริหารหน่วยงาน", by=nan) == (mover + 1, after.index(mover) + 1)
    assert line() == [waiting[i] for i in after]


def test_a_change_of_the_line_stands_in_the_history_with_its_reason(nan):
    _seated, (_first, second) = crowd(1, 2)
    move_to(participant=second, place=1, reason="ผู้บริหารหน่วยงาน", by=nan)
    event = last_event(second)
    assert (event.verb, event.details) == ("reordered", {"before": 2, "after": 1, "reason": "ผู้บริหารหน่วยงาน"})


def test_who_stays_where_they_are_leaves_no_trace(nan):
    _seated, (first,) = crowd(1, 1)
    move_to(participant=first, place=1, reason="", by=nan)
    assert last_event(first).verb == "registered"


def test_only_who_waits_has_a_place_to_change(nan):
    (seated,), _line = crowd(1, 1)
    with pytest.raises(IllegalMove):
        move_to(participant=seated, place=1, reason="", by=nan)


def test_there_is_no_place_before_the_first(nan):
    _seated, (first,) = crowd(1, 1)
    with pytest.raises(ValueError, match="no place 0"):
        move_to(participant=first, place=0, reason="", by=nan)


def test_who_cannot_be_done_stops_nobody_else(nan):
    (gone, here), (first,) = crowd(2, 1)
    cancel(participant=gone, by=PARTICIPANT)  # and the first in line moved up
    outcome = each([gone, here], lambda person: decline(participant=person, reason="", by=nan))
    assert (outcome.done, outcome.moved_up) == ([here], [])
    assert [(person, type(error)) for person, error in outcome.refused] == [(gone, IllegalMove)]
    assert state_of(first) == State.CONFIRMED
