"""Whatever province and people do in whatever order: every seat has one holder, nobody is lost, nobody is told two things."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import SEAT_HOLDING, DecisionName, State
from registration.decisions.actions import decide, decide_due, take_back
from registration.errors import AlreadyAnnounced, AlreadyDecided, AlreadyInvited, DecisionClosed, InvitationOver, QuotaFull, TooManySelected
from registration.invitations.actions.invitations import Invited, expire_invitations, invite, refuse
from registration.invitations.actions.substitutes import name_substitute, pass_on
from registration.models import DelayedDecision, Delivery, Invitation, Participant, Selection
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from registration.selection.actions.announcements import announce, announce_due, announce_now, take_announcement_back
from registration.selection.actions.drafts import save_draft, selection_of
from registration.selection.rules import LEFT_OUT
from tests.factories import NOON, make_participant, make_workshop, register_invited, seats_of

#: What each mail tells of the state; the last of them must be the truth.
TELLS = {
    "applied": {State.APPLIED},
    "confirmed": {State.CONFIRMED},
    "moved_up": {State.CONFIRMED},
    "reserve": {State.WAITLISTED},
    "waiting": {State.WAITLISTED},
    "declined": {State.DECLINED},
    "cancelled": {State.CANCELLED},
    "substituted": {State.CANCELLED},
}


class Desk(RuleBasedStateMachine):
    """One province with a few seats, in one of the three ways of deciding that this is about."""

    @initialize(decision=st.sampled_from(["selection", "selection", "at_once"]), capacity=st.integers(1, 3), crowd=st.integers(0, 5))
    def open(self, decision, capacity, crowd):
        self.now = NOON
        self.workshop = make_workshop(decision=decision, decision_minutes=5)
        seats_of(self.workshop, capacity=capacity)
        self.known = set()
        for _i in range(crowd):
            self.register()

    def quota(self):
        return seats_of(self.workshop)

    def people(self, *states):
        return list(
            Participant.objects.filter(workshop=self.workshop, state__in=states or list(State)).select_related("workshop").order_by("pk")
        )

    def one(self, data, choices):
        return data.draw(st.sampled_from(choices)) if choices else None

    @rule()
    def register(self):
        person = make_participant(self.workshop, at=self.now, email=f"{uuid4().hex}@example.org")
        self.known.add(person.pk)

    @rule(data=st.data())
    def select(self, data):
        people = self.people(State.APPLIED)
        picked = {person.pk for person in people if data.draw(st.booleans())}
        wanted = {person.pk: data.draw(st.sampled_from(["", "1", "2", LEFT_OUT])) for person in people}
        quota = self.quota()
        try:
            save_draft(quota=quota, version=selection_of(quota).version, picked=picked, wanted=wanted, by=SYSTEM, at=self.now)
        except AlreadyAnnounced:
            assert not Selection.objects.get(quota=quota).is_draft

    @rule(at_once=st.booleans())
    def announce(self, at_once):
        quota = self.quota()
        if self.workshop.decision != "selection":
            return
        try:
            announce(quota=quota, version=selection_of(quota).version, at_once=at_once, by=SYSTEM, at=self.now)
        except (AlreadyAnnounced, TooManySelected):
            pass

    @rule(now=st.booleans())
    def take_announcement_back_or_end_the_wait(self, now):
        try:
            (announce_now if now else take_announcement_back)(quota=self.quota(), by=SYSTEM, at=self.now)
        except AlreadyAnnounced:
            pass

    @rule(data=st.data(), verb=st.sampled_from([DecisionName.DECLINE, DecisionName.CANCEL]), at_once=st.booleans())
    def decline(self, data, verb, at_once):
        if person := self.one(data, self.people(*SEAT_HOLDING, State.WAITLISTED)):
            try:
                decide(command=verb, participant=person, reason="ทดสอบ", at_once=at_once, by=SYSTEM, at=self.now)
            except AlreadyDecided:
                pass

    @rule(data=st.data(), leaves_to=st.sampled_from([State.WAITLISTED, State.DECLINED]), at_once=st.booleans())
    def swap(self, data, leaves_to, at_once):
        leaver, successor = self.one(data, self.people(*SEAT_HOLDING)), self.one(data, self.people(State.WAITLISTED))
        if leaver and successor:
            try:
                both = {"participant": leaver, "successor": successor, "leaves_to": leaves_to}
                decide(command=DecisionName.SWAP, **both, at_once=at_once, by=SYSTEM, at=self.now)
            except AlreadyDecided:
                pass

    @rule(data=st.data())
    def move_up_out_of_order(self, data):
        if person := self.one(data, self.people(State.WAITLISTED)):
            try:
                decide(command=DecisionName.MOVE_UP, participant=person, reason="ทดสอบ", by=SYSTEM, at=self.now)
            except (AlreadyDecided, QuotaFull):
                pass

    @rule(data=st.data())
    def take_a_decision_back(self, data):
        if decision := self.one(data, list(DelayedDecision.objects.filter(quota=self.quota()).select_related("quota", "participant"))):
            try:
                take_back(decision=decision, by=SYSTEM, at=self.now)
            except DecisionClosed:
                pass

    @rule(data=st.data())
    def cancel(self, data):
        if person := self.one(data, self.people(*SEAT_HOLDING, State.WAITLISTED, State.APPLIED)):
            cancel(participant=person, by=PARTICIPANT, at=self.now)

    @rule(data=st.data())
    def name_a_substitute(self, data):
        if person := self.one(data, self.people(State.CONFIRMED)):
            try:
                name_substitute(participant=person, email=f"{uuid4().hex}@example.org", by=PARTICIPANT, at=self.now)
            except AlreadyInvited:
                pass

    @rule()
    def invite(self):
        try:
            invite(quota=self.quota(), invited=Invited(f"{uuid4().hex}@example.org"), group=None, by=SYSTEM, at=self.now)
        except QuotaFull:
            pass

    @rule(data=st.data(), how=st.sampled_from(["register", "register", "refuse", "pass_on"]))
    def answer(self, data, how):
        asked = list(Invitation.objects.open().filter(workshop=self.workshop).select_related("workshop", "quota").order_by("pk"))
        if (invitation := self.one(data, asked)) is None:
            return
        try:
            if how == "register":
                self.known.add(register_invited(invitation, at=self.now).pk)
            elif how == "refuse":
                refuse(invitation=invitation, by=PARTICIPANT, at=self.now)
            elif invitation.in_place_of is None:
                pass_on(invitation=invitation, email=f"{uuid4().hex}@example.org", by=PARTICIPANT, at=self.now)
        except InvitationOver:
            assert invitation.in_place_of is not None or invitation.expires_at <= self.now

    @rule(minutes=st.sampled_from([1, 4, 5, 6, 60 * 24 * 8]), twice=st.booleans())
    def time_passes(self, minutes, twice):
        self.now = min(self.now + dt.timedelta(minutes=minutes), NOON + dt.timedelta(days=25))
        for _i in range(1 + twice):
            announce_due(at=self.now)
            decide_due(at=self.now)
            expire_invitations(at=self.now)

    @precondition(lambda self: hasattr(self, "workshop"))
    @invariant()
    def every_seat_has_one_holder(self):
        quota = self.quota()
        kept = Invitation.objects.open().filter(workshop=self.workshop, holds_seat=True).count()
        assert quotas.mismatches() == []
        assert quota.taken == len(self.people(*SEAT_HOLDING)) + kept <= quota.capacity

    @precondition(lambda self: hasattr(self, "workshop"))
    @invariant()
    def nobody_is_lost_or_in_two_places(self):
        people = self.people()
        assert {person.pk for person in people} == self.known
        live = [person.email for person in people if person.is_live]
        assert len(live) == len(set(live))
        tickets = list(Participant.objects.waiting().filter(workshop=self.workshop).values_list("ticket", flat=True))
        assert len(tickets) == len(set(tickets)) and None not in tickets
        if self.quota().announced_at:
            assert self.people(State.APPLIED) == []

    @precondition(lambda self: hasattr(self, "workshop"))
    @invariant()
    def everybody_was_told_what_is_true_last_and_nothing_twice_over(self):
        told = {}
        for delivery in Delivery.objects.filter(participant__workshop=self.workshop, message__in=TELLS).order_by("pk"):
            assert delivery.message != told.get(delivery.participant_id), "the same thing twice in a row"
            told[delivery.participant_id] = delivery.message
        for person in self.people():
            assert person.state in TELLS[told[person.pk]], f"{person.state}, told {told[person.pk]}"

    @precondition(lambda self: hasattr(self, "workshop"))
    @invariant()
    def nobody_waits_beside_a_seat_that_was_freed(self):
        """Where the province selects it may leave seats free on purpose; elsewhere nobody waits beside one, but who is about to leave."""
        quota = self.quota()
        leaving = DelayedDecision.objects.open().values_list("participant", flat=True)
        waiting = [person for person in self.people(State.WAITLISTED) if person.pk not in set(leaving)]
        if self.workshop.decision == "at_once" and waiting:
            assert quota.taken == quota.capacity


@pytest.mark.django_db
def test_a_desk_keeps_its_promises():
    class InOneTransaction(Desk):
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
