"""A slip of the finger costs nobody their seat: what was decided takes effect some minutes later, once, or not at all."""

import datetime as dt
from functools import partial

import pytest

from registration.actor import PARTICIPANT, Actor, ActorKind
from registration.choices import DecisionName, State
from registration.decisions.actions import decide, decide_due, take_back, take_effect_now
from registration.desk.views.decide import _close_in_words
from registration.errors import AlreadyDecided, DecisionClosed, Erased, IllegalMove
from registration.models import DelayedDecision, Delivery, Participant
from registration.privacy.actions.erasure import erase
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def workshop():
    workshop = make_workshop(decision_minutes=5)
    seats_of(workshop, capacity=1)
    return workshop


@pytest.fixture
def by(workshop):
    return Actor(ActorKind.COORDINATOR, make_coordinator(workshop).user)


def crowd(workshop, number, **fields):
    people = [make_participant(workshop, **fields) for _i in range(number)]
    Delivery.objects.all().delete()
    return people


def states(people):
    now = Participant.objects.in_bulk([person.pk for person in people])
    return [now[person.pk].state for person in people]


def mails():
    return list(Delivery.objects.order_by("pk").values_list("message", "participant"))


def test_until_it_is_due_the_seat_stays_and_nobody_is_told(workshop, by):
    people = crowd(workshop, 2)
    decision = decide(command=DecisionName.DECLINE, participant=people[0], reason="ทดสอบ", by=by, at=NOON)
    assert decision.due_at == NOON + 5 * MINUTE
    assert decide_due(at=NOON + 4 * MINUTE) == 0
    assert (states(people), mails()) == ([State.CONFIRMED, State.WAITLISTED], [])


def test_when_it_is_due_one_seat_moves_and_two_are_told_once(workshop, by):
    people = crowd(workshop, 3)
    decide(command=DecisionName.DECLINE, participant=people[0], reason="ทดสอบ", by=by, at=NOON)
    assert [decide_due(at=NOON + 7 * MINUTE), decide_due(at=NOON + 7 * MINUTE), decide_due(at=NOON + 9 * MINUTE)] == [1, 0, 0]
    assert states(people) == [State.DECLINED, State.CONFIRMED, State.WAITLISTED]
    assert mails() == [("declined", people[0].pk), ("moved_up", people[1].pk)]
    assert Participant.objects.get(pk=people[0].pk).decision_reason == "ทดสอบ"
    assert DelayedDecision.objects.get().reason == "", "the reason is kept at one place only"
    assert quotas.mismatches() == []


def test_taken_back_it_leaves_the_same_person_on_the_same_seat(workshop, by):
    people = crowd(workshop, 2)
    decision = decide(command=DecisionName.DECLINE, participant=people[0], by=by, at=NOON)
    take_back(decision=decision, by=by, at=NOON + 4 * MINUTE)
    assert decide_due(at=NOON + 10 * MINUTE) == 0
    assert (states(people), mails()) == ([State.CONFIRMED, State.WAITLISTED], [])
    with pytest.raises(DecisionClosed):
        take_back(decision=decision, by=by)


def test_what_took_effect_is_not_taken_back(workshop, by):
    people = crowd(workshop, 2)
    decision = decide(command=DecisionName.DECLINE, participant=people[0], by=by, at=NOON)
    assert take_effect_now(decision=decision, at=NOON + MINUTE)
    with pytest.raises(DecisionClosed) as told:
        take_back(decision=decision, by=by, at=NOON + 2 * MINUTE)
    assert told.value.decision.state == DelayedDecision.State.DONE
    assert states(people) == [State.DECLINED, State.CONFIRMED]


def test_at_once_or_where_there_are_no_minutes_it_takes_effect_at_once(workshop, by):
    people = crowd(workshop, 2)
    assert decide(command=DecisionName.DECLINE, participant=people[0], at_once=True, by=by, at=NOON).state == DelayedDecision.State.DONE
    workshop.decision_minutes = 0
    workshop.save(update_fields=["decision_minutes"])
    second = Participant.objects.select_related("workshop").get(pk=people[1].pk)
    decide(command=DecisionName.CANCEL, participant=second, by=by, at=NOON)
    assert states(people) == [State.DECLINED, State.CANCELLED]


def test_who_cancels_first_is_not_declined_as_well(workshop, by):
    people = crowd(workshop, 2)
    decision = decide(command=DecisionName.DECLINE, participant=people[0], by=by, at=NOON)
    cancel(participant=people[0], by=PARTICIPANT, at=NOON + MINUTE)
    assert decide_due(at=NOON + 5 * MINUTE) == 0
    decision.refresh_from_db()
    assert decision.state == DelayedDecision.State.OVERTAKEN
    assert mails() == [("cancelled", people[0].pk), ("moved_up", people[1].pk)]


def test_of_two_decisions_about_one_person_the_second_is_told(workshop, by):
    people = crowd(workshop, 2)
    decide(command=DecisionName.DECLINE, participant=people[0], by=by, at=NOON)
    with pytest.raises(AlreadyDecided):
        decide(command=DecisionName.CANCEL, participant=people[0], by=by, at=NOON)
    with pytest.raises(AlreadyDecided):
        decide(command=DecisionName.SWAP, participant=people[0], successor=people[1], leaves_to=State.WAITLISTED, by=by, at=NOON)
    with pytest.raises(IllegalMove):
        decide(command=DecisionName.DECLINE, participant=people[1], seen=State.CONFIRMED, by=by, at=NOON)


def test_who_is_about_to_be_declined_gets_no_seat_that_becomes_free(workshop, by):
    people = crowd(workshop, 3)
    decision = decide(command=DecisionName.DECLINE, participant=people[1], by=by, at=NOON)
    cancel(participant=people[0], by=PARTICIPANT, at=NOON + MINUTE)
    assert states(people) == [State.CANCELLED, State.WAITLISTED, State.CONFIRMED]
    cancel(participant=people[2], by=PARTICIPANT, at=NOON + MINUTE)
    take_back(decision=decision, by=by, at=NOON + 2 * MINUTE)
    assert states(people) == [State.CANCELLED, State.CONFIRMED, State.CANCELLED]
    assert quotas.mismatches() == []


def test_declined_together_no_seat_goes_to_one_who_is_declined_next(workshop, by):
    people = crowd(workshop, 3)
    for person in people[:2]:
        decide(command=DecisionName.DECLINE, participant=person, by=by, at=NOON)
    assert decide_due(at=NOON + 5 * MINUTE) == 2
    assert states(people) == [State.DECLINED, State.DECLINED, State.CONFIRMED]
    assert sorted(mails()) == sorted([("declined", people[0].pk), ("declined", people[1].pk), ("moved_up", people[2].pk)])


@pytest.mark.parametrize("leaves_to", [State.WAITLISTED, State.DECLINED])
def test_a_swap_is_one_act(workshop, by, leaves_to):
    track = tracks_of(workshop)[0]
    people = crowd(workshop, 4, tracks=[track])
    decide(command=DecisionName.SWAP, participant=people[0], successor=people[3], leaves_to=leaves_to, reason="ทดสอบ", by=by, at=NOON)
    assert (states(people)[0], mails()) == (State.CONFIRMED, [])
    decide_due(at=NOON + 5 * MINUTE)
    assert states(people) == [leaves_to, State.WAITLISTED, State.WAITLISTED, State.CONFIRMED]
    told = "reserve" if leaves_to == State.WAITLISTED else "declined"
    assert sorted(mails()) == sorted([(told, people[0].pk), ("moved_up", people[3].pk)])
    first = [people[0]] if leaves_to == State.WAITLISTED else []
    assert list(Participant.objects.waiting()) == [*first, people[1], people[2]]
    assert quotas.mismatches() == []


def test_a_swap_that_no_longer_fits_changes_nothing(workshop, by):
    people = crowd(workshop, 3)
    decision = decide(command=DecisionName.SWAP, participant=people[0], successor=people[2], leaves_to=State.DECLINED, by=by, at=NOON)
    cancel(participant=people[2], by=PARTICIPANT, at=NOON + MINUTE)
    assert decide_due(at=NOON + 5 * MINUTE) == 0
    decision.refresh_from_db()
    assert decision.state == DelayedDecision.State.OVERTAKEN
    assert states(people) == [State.CONFIRMED, State.WAITLISTED, State.CANCELLED]
    assert mails() == [("cancelled", people[2].pk)]


def test_out_of_order_with_a_reason():
    workshop = make_workshop(decision_minutes=5, decision="selection")
    from registration.selection.actions.announcements import announce
    from registration.selection.actions.drafts import selection_of

    quota = seats_of(workshop)
    people = crowd(workshop, 3)
    by = Actor(ActorKind.COORDINATOR, make_coordinator(workshop).user)
    announce(quota=quota, version=selection_of(quota).version, at_once=True, by=by, at=NOON)
    Delivery.objects.all().delete()
    decide(command=DecisionName.MOVE_UP, participant=people[2], reason="ให้กลุ่มนี้มีผู้แทน", by=by, at=NOON)
    decide_due(at=NOON + 5 * MINUTE)
    assert states(people) == [State.WAITLISTED, State.WAITLISTED, State.CONFIRMED]
    assert people[2].events.get(verb="moved_up").details["reason"] == "ให้กลุ่มนี้มีผู้แทน"
    assert mails() == [("moved_up", people[2].pk)]


@pytest.mark.parametrize("deed", [partial(take_back, by=PARTICIPANT), take_effect_now])
def test_a_decision_about_somebody_who_was_erased_meanwhile_is_overtaken(deed, workshop, by):
    person, *_others = crowd(workshop, 1)
    decision = decide(command=DecisionName.DECLINE, participant=person, by=by, at=NOON)
    as_shown = DelayedDecision.objects.select_related("quota__workshop", "participant").get(pk=decision.pk)
    erase(participant=person, by=PARTICIPANT)
    with pytest.raises(DecisionClosed):
        deed(decision=as_shown)
    assert as_shown.state == DelayedDecision.State.OVERTAKEN
    result = _close_in_words([as_shown], now=deed is take_effect_now, by=by)
    assert (result.done, result.problems) == ([], [DelayedDecision.State.OVERTAKEN.label])


def test_nobody_who_was_erased_meanwhile_follows_somebody(workshop, by):
    leaver, successor = crowd(workshop, 2)
    as_shown = Participant.objects.select_related("workshop").get(pk=successor.pk)
    erase(participant=successor, by=PARTICIPANT)
    with pytest.raises(Erased):
        decide(command=DecisionName.SWAP, participant=leaver, successor=as_shown, leaves_to=State.DECLINED, by=by, at=NOON)
    assert not DelayedDecision.objects.exists()
