import datetime as dt

import pytest

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.errors import IllegalMove, OfferExpired
from registration.models import Delivery
from registration.seats import quotas
from registration.seats.actions.capacities import set_capacity
from registration.seats.actions.moves import approve, cancel, decline
from registration.seats.actions.reserve import accept_offer, expire_offers
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def states(*participants):
    for participant in participants:
        participant.refresh_from_db()
    return [str(participant.state) for participant in participants]


def last_message_to(participant):
    delivery = Delivery.objects.filter(participant=participant).order_by("-pk").first()
    return delivery.message, delivery.details


def full_workshop(*, waiting=2, **fields):
    """A workshop whose Nan quota of one seat is taken; the holder, then those who wait."""
    workshop = make_workshop(**fields)
    seats_of(workshop, capacity=1)
    return workshop, [make_participant(workshop) for _i in range(1 + waiting)]


def test_a_cancelled_seat_goes_to_the_first_who_waits():
    workshop, (holder, first, second) = full_workshop()
    cancel(participant=holder, by=PARTICIPANT, at=NOON)
    assert states(holder, first, second) == ["cancelled", "confirmed", "waitlisted"]
    assert quotas.place_in_line(second) == 1
    assert last_message_to(holder)[0] == "cancelled"
    assert last_message_to(first) == ("moved_up", {"tracks_full": [], "state": "confirmed"})
    assert seats_of(workshop).taken == 1
    assert quotas.mismatches() == []


def test_a_declined_person_is_told_why_and_their_seat_passes_on():
    _workshop, (holder, first, _second) = full_workshop()
    decline(participant=holder, reason="หน่วยงานส่งผู้แทนแล้ว", by=SYSTEM, at=NOON)
    assert states(holder, first) == ["declined", "confirmed"]
    assert holder.decision_reason == "หน่วยงานส่งผู้แทนแล้ว"
    assert last_message_to(holder) == ("declined", {"reason": "หน่วยงานส่งผู้แทนแล้ว", "state": "declined"})


def test_leaving_the_line_frees_no_seat_and_moves_nobody_past_the_capacity():
    workshop, (holder, first, second) = full_workshop()
    cancel(participant=first, by=PARTICIPANT, at=NOON)
    assert states(holder, first, second) == ["confirmed", "cancelled", "waitlisted"]
    assert seats_of(workshop).taken == 1
    assert quotas.mismatches() == []


def test_a_cancelled_person_cannot_cancel_again():
    workshop, (holder, first, second) = full_workshop()
    cancel(participant=holder, by=PARTICIPANT, at=NOON)
    with pytest.raises(IllegalMove):
        cancel(participant=holder, by=PARTICIPANT, at=NOON)
    assert states(first, second) == ["confirmed", "waitlisted"]
    assert seats_of(workshop).taken == 1


def test_whoever_moves_up_takes_their_track():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    track = tracks_of(workshop)[0]
    holder = make_participant(workshop)
    make_participant(workshop, tracks=[track])
    cancel(participant=holder, by=PARTICIPANT, at=NOON)
    track.quota.refresh_from_db()
    assert track.quota.taken == 1
    assert quotas.mismatches() == []


def test_whoever_moves_up_to_a_full_track_keeps_the_seat_and_is_asked_to_choose_another():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    track = tracks_of(workshop)[0]
    holder = make_participant(workshop)
    waiting = make_participant(workshop, tracks=[track])
    track.quota.capacity = 0
    track.quota.save()
    cancel(participant=holder, by=PARTICIPANT, at=NOON)
    assert states(waiting) == ["confirmed"]
    assert waiting.choices.count() == 0
    assert last_message_to(waiting) == ("moved_up", {"tracks_full": [track.pk], "state": "confirmed"})
    assert quotas.mismatches() == []


def test_where_the_province_approves_first_the_next_in_line_becomes_pending():
    _workshop, (holder, first, _second) = full_workshop(decision="province_first")
    cancel(participant=holder, by=PARTICIPANT, at=NOON)
    assert states(first) == ["pending"]


def test_only_a_pending_person_can_be_approved():
    workshop, (holder, first, _second) = full_workshop(decision="province_first")
    approve(participant=holder, by=SYSTEM, at=NOON)
    assert states(holder) == ["confirmed"]
    for participant in (holder, first):
        with pytest.raises(IllegalMove):
            approve(participant=participant, by=SYSTEM, at=NOON)
    assert states(first) == ["waitlisted"]
    assert seats_of(workshop).taken == 1


def test_new_seats_go_to_those_who_wait_and_no_further():
    workshop, (_holder, first, second) = full_workshop()
    set_capacity(quota=seats_of(workshop), capacity=2, by=SYSTEM, at=NOON)
    assert states(first, second) == ["confirmed", "waitlisted"]
    set_capacity(quota=seats_of(workshop), capacity=None, by=SYSTEM, at=NOON)
    assert states(second) == ["confirmed"]
    assert seats_of(workshop).taken == 3


class TestOffers:
    def offered(self, hours=24):
        workshop, people = full_workshop(waiting_list="offer", offer_hours=hours)
        cancel(participant=people[0], by=PARTICIPANT, at=NOON)
        states(*people)
        return workshop, people[1:]

    def test_a_freed_seat_is_held_for_the_first_who_waits(self):
        workshop, (first, second) = self.offered(hours=24)
        assert states(first, second) == ["offered", "waitlisted"]
        assert first.offer_expires_at == NOON + dt.timedelta(hours=24)
        assert seats_of(workshop).taken == 1
        assert last_message_to(first)[0] == "offered"

    def test_accepting_makes_the_seat_sure(self):
        _workshop, (first, _second) = self.offered()
        accept_offer(participant=first, by=PARTICIPANT, at=NOON + dt.timedelta(hours=23))
        assert states(first) == ["confirmed"]
        assert first.offer_expires_at is None
        assert last_message_to(first)[0] == "confirmed"

    def test_an_offer_that_nobody_accepts_passes_to_the_next(self):
        workshop, (first, second) = self.offered(hours=24)
        later = NOON + dt.timedelta(hours=24)
        assert expire_offers(at=later - dt.timedelta(seconds=1)) == 0
        assert expire_offers(at=later) == 1
        assert expire_offers(at=later) == 0
        assert states(first, second) == ["cancelled", "offered"]
        assert second.offer_expires_at == later + dt.timedelta(hours=24)
        assert last_message_to(first)[0] == "offer_expired"
        assert seats_of(workshop).taken == 1
        assert quotas.mismatches() == []

    def test_an_expired_offer_cannot_be_accepted_even_before_the_clock_came_round(self):
        _workshop, (first, _second) = self.offered(hours=24)
        with pytest.raises(OfferExpired):
            accept_offer(participant=first, by=PARTICIPANT, at=NOON + dt.timedelta(hours=24))
        assert states(first) == [State.OFFERED]

    def test_only_the_person_offered_can_accept(self):
        _workshop, (_first, second) = self.offered()
        with pytest.raises(IllegalMove):
            accept_offer(participant=second, by=PARTICIPANT, at=NOON)
        assert states(second) == ["waitlisted"]
