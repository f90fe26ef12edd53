"""Whatever happens in whatever order: no seat is lost or sold twice, nobody overtakes, nobody disappears."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import SEAT_HOLDING, State
from registration.errors import BelowTaken
from registration.links.actions.personal_links import note_opened
from registration.models import Delivery, Event, Participant
from registration.seats import quotas
from registration.seats.actions.capacities import set_capacity
from registration.seats.actions.moves import cancel, decline
from registration.seats.actions.reserve import accept_offer, expire_offers
from registration.seats.actions.unopened_links import ask_to_open, pass_on_unopened
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of


class WaitingList(RuleBasedStateMachine):
    """One province with a few seats, a track with fewer, and people who come, go and are turned away."""

    @initialize(
        mode=st.sampled_from(["at_once", "offer"]), capacity=st.integers(0, 3), track_places=st.integers(0, 3), crowd=st.integers(0, 6)
    )
    def open(self, mode, capacity, track_places, crowd):
        self.now = NOON + dt.timedelta(days=3)  # a Monday
        self.workshop = make_workshop(waiting_list=mode, offer_hours=24)
        seats_of(self.workshop, capacity=capacity)
        self.track = tracks_of(self.workshop)[0]
        self.track.quota.capacity = track_places
        self.track.quota.save()
        self.registered = 0
        #: Who stands in line, as a plain list would have it.
        self.line: list[int] = []
        for _i in range(crowd):
            self.register(wants_track=False)

    def people(self, *states):
        return list(Participant.objects.filter(workshop=self.workshop, state__in=states).order_by("pk"))

    def after_change(self):
        """Those who left the line left it from its head."""
        waiting = list(Participant.objects.waiting().filter(workshop=self.workshop).values_list("pk", flat=True))
        gone = [pk for pk in self.line if pk not in waiting]
        assert self.line[len(gone) :] == waiting, "somebody overtook"
        self.line = waiting

    @rule(wants_track=st.booleans())
    def register(self, wants_track):
        self.track.quota.refresh_from_db()
        tracks = [self.track] if wants_track and not self.track.quota.is_full else []
        participant = make_participant(self.workshop, tracks=tracks, at=self.now, email=f"{uuid4().hex}@example.org")
        self.registered += 1
        if participant.state == State.WAITLISTED:
            self.line.append(participant.pk)
        self.after_change()

    @precondition(lambda self: self.registered)
    @rule(data=st.data(), how=st.sampled_from([cancel, decline]))
    def leave(self, data, how):
        people = self.people(State.CONFIRMED, State.OFFERED, State.WAITLISTED)
        if not people:
            return
        person = data.draw(st.sampled_from(people))
        if person.pk in self.line:
            self.line.remove(person.pk)
        how(participant=person, by=PARTICIPANT, at=self.now, **({"reason": "ทดสอบ"} if how is decline else {}))
        self.after_change()

    @rule(capacity=st.integers(0, 6))
    def set_seats(self, capacity):
        seat = seats_of(self.workshop)
        if capacity < seat.taken:
            with pytest.raises(BelowTaken), transaction.atomic():
                set_capacity(quota=seat, capacity=capacity, by=SYSTEM, at=self.now)
        else:
            set_capacity(quota=seat, capacity=capacity, by=SYSTEM, at=self.now)
        self.after_change()

    @precondition(lambda self: self.registered)
    @rule(data=st.data())
    def accept(self, data):
        if people := [p for p in self.people(State.OFFERED) if p.offer_expires_at > self.now]:
            accept_offer(participant=data.draw(st.sampled_from(people)), by=PARTICIPANT, at=self.now)
        self.after_change()

    @rule(steps=st.lists(st.integers(12, 60), min_size=1, max_size=3), mail=st.sampled_from(["sent", "sent", "sent", "failed", "queued"]))
    def time_passes(self, steps, mail):
        """What was written goes out, or does not, before each step of so many hours."""
        for hours in steps:
            written = Delivery.objects.filter(participant__workshop=self.workshop, state="queued")
            written.update(state=mail, finished_at=self.now)
            self.now += dt.timedelta(hours=hours)
            expire_offers(at=self.now)
            ask_to_open(at=self.now)
            pass_on_unopened(at=self.now)
            self.after_change()

    @precondition(lambda self: self.registered)
    @rule(data=st.data())
    def open_a_link(self, data):
        if people := self.people(*SEAT_HOLDING, State.WAITLISTED):
            note_opened(participant=data.draw(st.sampled_from(people)), at=self.now)

    @invariant()
    def counters_are_true(self):
        if hasattr(self, "workshop"):
            assert quotas.mismatches() == []

    @invariant()
    def only_who_was_asked_and_never_answered_made_way(self):
        if hasattr(self, "workshop"):
            for gone in Participant.objects.filter(events__in=Event.objects.filter(verb="gave_way", participant__workshop=self.workshop)):
                asked = gone.deliveries.get(message="open_link")
                assert gone.link_opened_at is None
                assert asked.state == "sent" and asked.finished_at + dt.timedelta(hours=24) <= gone.events.get(verb="gave_way").at

    @invariant()
    def nobody_waits_beside_a_free_seat(self):
        if hasattr(self, "workshop"):
            seat = seats_of(self.workshop)
            assert seat.taken <= seat.capacity
            assert not self.line or seat.taken == seat.capacity

    @invariant()
    def nobody_is_lost(self):
        if hasattr(self, "workshop"):
            assert Participant.objects.filter(workshop=self.workshop).count() == self.registered
            assert len(self.people(*SEAT_HOLDING)) == seats_of(self.workshop).taken
            assert len(self.people(State.WAITLISTED)) == len(self.line)


@pytest.mark.django_db
def test_a_waiting_list_keeps_its_promises():
    from hypothesis.stateful import run_state_machine_as_test

    class InOneTransaction(WaitingList):
        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        InOneTransaction,
        settings=settings(max_examples=40, stateful_step_count=25),
    )
