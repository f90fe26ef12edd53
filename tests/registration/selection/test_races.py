"""Two at once about one province, in threads with a database connection each: one wins, the other is told."""

import datetime as dt

import pytest

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import DecisionName, State
from registration.decisions.actions import decide, decide_due, take_back
from registration.invitations.actions.invitations import withdraw
from registration.invitations.actions.substitutes import name_substitute
from registration.models import DelayedDecision, Delivery, Invitation, Participant, Selection
from registration.seats import quotas
from registration.seats.actions.moves import cancel, decline
from registration.selection.actions.announcements import announce, announce_due
from registration.selection.actions.drafts import save_draft, selection_of
from tests.factories import NOON, make_participant, make_workshop, register_invited, seats_of
from tests.registration.seats.test_concurrency import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + dt.timedelta(minutes=6)


def state_of(person):
    return Participant.objects.get(pk=person.pk).state


def told(person):
    return Delivery.objects.filter(participant=person).order_by("pk").values_list("message", flat=True).last()


def confirmed():
    return Participant.objects.filter(state=State.CONFIRMED).count()


def selecting(capacity, people):
    workshop = make_workshop(decision="selection")
    return seats_of(workshop, capacity=capacity), [make_participant(workshop) for _i in range(people)]


def pick(quota, people, everybody, version):
    wanted = {person.pk: "" for person in everybody}
    return save_draft(quota=quota, version=version, picked={one.pk for one in people}, wanted=wanted, by=SYSTEM, at=NOON)


def test_of_two_drafts_at_once_one_is_kept_and_the_other_is_told():
    quota, people = selecting(2, 3)
    version = selection_of(quota).version
    outcomes = at_once(*(lambda one=one: pick(quota, [one], people, version) for one in people[:2]))
    assert kinds(outcomes) == {"Plan": 1, "DraftChanged": 1}
    kept = next(one for one, outcome in zip(people, outcomes, strict=False) if type(outcome).__name__ == "Plan")
    marks = Selection.objects.get().marks.filter(outcome="selected").values_list("participant", flat=True)
    assert list(marks) == [kept.pk]


def test_of_two_who_press_at_once_one_announces():
    quota, people = selecting(2, 3)
    pick(quota, people[:2], people, selection_of(quota).version)
    version = selection_of(quota).version
    outcomes = at_once(*[lambda: announce(quota=quota, version=version, at_once=True, by=SYSTEM, at=NOON)] * 2)
    assert kinds(outcomes) == {"Selection": 1, "AlreadyAnnounced": 1}
    assert (confirmed(), Delivery.objects.filter(message="confirmed").count(), quotas.mismatches()) == (2, 2, [])


@pytest.mark.parametrize("pressed_before", [False, True])
def test_who_cancels_while_the_province_announces_has_no_seat_and_is_told_so_last(pressed_before):
    quota, people = selecting(2, 4)
    pick(quota, people[:2], people, selection_of(quota).version)
    version = selection_of(quota).version
    if pressed_before:
        quota.workshop.decision_minutes = 5
        announce(quota=quota, version=version, by=SYSTEM, at=NOON)
        announcing = lambda: announce_due(at=LATER)  # noqa: E731
    else:
        announcing = lambda: announce(quota=quota, version=version, at_once=True, by=SYSTEM, at=NOON)  # noqa: E731
    outcomes = at_once(announcing, lambda: cancel(participant=people[0], by=PARTICIPANT, at=LATER))
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, False], outcomes
    assert (state_of(people[0]), told(people[0])) == (State.CANCELLED, "cancelled")
    assert (quotas.mismatches(), seats_of(quota.workshop).taken) == ([], confirmed())
    moved_up = state_of(people[2]) == State.CONFIRMED  # where they cancelled after it was announced, the first of the reserve has the seat
    assert (confirmed(), state_of(people[3])) == (2 if moved_up else 1, State.WAITLISTED)
    for person in people:
        assert told(person) in {State.CANCELLED: ["cancelled"], State.CONFIRMED: ["confirmed", "moved_up"]}.get(
            state_of(person), ["reserve"]
        )


def test_a_substitute_registers_while_the_desk_declines():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    person, waiting = make_participant(workshop), make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    outcomes = at_once(
        lambda: register_invited(asked), lambda: decline(participant=person, reason="ทดสอบ", seen=State.CONFIRMED, by=SYSTEM, at=NOON)
    )
    if state_of(person) == State.DECLINED:
        assert (kinds(outcomes), state_of(waiting)) == ({"InvitationOver": 1, "list": 1}, State.CONFIRMED)
    else:
        assert (kinds(outcomes), state_of(person), state_of(waiting)) == (
            {"Participant": 1, "IllegalMove": 1},
            State.CANCELLED,
            State.WAITLISTED,
        )
    assert (confirmed(), quotas.mismatches()) == (1, [])


def test_a_substitute_registers_while_the_desk_refuses_them():
    workshop = make_workshop()
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    same = Invitation.objects.get(pk=asked.pk)
    outcomes = at_once(lambda: register_invited(asked), lambda: withdraw(invitation=same, by=SYSTEM, at=NOON))
    assert kinds(outcomes)["InvitationOver"] == 1
    assert (confirmed(), quotas.mismatches()) == (1, [])


def test_of_two_with_one_link_one_registers():
    workshop = make_workshop()
    person = make_participant(workshop)
    asked = name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    outcomes = at_once(*[lambda: register_invited(Invitation.objects.select_related("quota", "workshop").get(pk=asked.pk))] * 2)
    assert kinds(outcomes)["Participant"] == 1, outcomes
    assert (confirmed(), state_of(person), quotas.mismatches()) == (1, State.CANCELLED, [])


def test_a_delayed_decline_takes_effect_while_the_person_cancels():
    workshop = make_workshop(decision_minutes=5)
    seats_of(workshop, capacity=1)
    person, first, second = [make_participant(workshop) for _i in range(3)]
    decide(command=DecisionName.DECLINE, participant=person, reason="ทดสอบ", by=SYSTEM, at=NOON)
    outcomes = at_once(lambda: decide_due(at=LATER), lambda: cancel(participant=person, by=PARTICIPANT, at=LATER))
    decision = DelayedDecision.objects.get()
    if state_of(person) == State.DECLINED:
        assert (outcomes[0], type(outcomes[1]).__name__, decision.state, told(person)) == (1, "IllegalMove", "done", "declined")
    else:
        assert (outcomes, decision.state, told(person)) == ([0, [first]], "overtaken", "cancelled")
        assert list(DelayedDecision.objects.overtaken()) == [decision]
    assert (state_of(first), state_of(second), confirmed(), quotas.mismatches()) == (State.CONFIRMED, State.WAITLISTED, 1, [])


def test_a_decision_is_taken_back_while_it_takes_effect_on_two_clocks():
    workshop = make_workshop(decision_minutes=5)
    seats_of(workshop, capacity=1)
    person, waiting = make_participant(workshop), make_participant(workshop)
    decision = decide(command=DecisionName.DECLINE, participant=person, reason="ทดสอบ", by=SYSTEM, at=NOON)
    back, *done = at_once(
        lambda: take_back(decision=decision, by=SYSTEM, at=LATER), *[lambda: decide_due(at=LATER)] * 2
    )  # fmt: skip
    if back is None:
        assert (done, state_of(person), told(person)) == ([0, 0], State.CONFIRMED, "confirmed")
    else:
        assert (type(back).__name__, sum(done), state_of(person), told(person)) == ("DecisionClosed", 1, State.DECLINED, "declined")
    assert (confirmed(), quotas.mismatches()) == (1, [])
    assert state_of(waiting) == (State.WAITLISTED if back is None else State.CONFIRMED)
