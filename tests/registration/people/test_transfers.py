"""Staff move a registration to another place: nothing that a province decided on purpose is undone by it."""

import datetime as dt

import pytest

from registration.actor import SYSTEM
from registration.choices import DecisionName, State
from registration.decisions.actions import decide, decide_due
from registration.decisions.results import why_not
from registration.errors import Erased
from registration.models import DelayedDecision, Participant
from registration.people.actions.transfers import transfer
from registration.privacy.actions.erasure import erase
from registration.seats import quotas
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop(decision="selection")


def seated(person):
    """A seat as an announcement gives it."""
    assert quotas.take(person.quota)
    Participant.objects.filter(pk=person.pk).update(state=State.CONFIRMED, ticket=None)
    person.refresh_from_db()
    return person


def announced(quota):
    type(quota).objects.filter(pk=quota.pk).update(announced_at=NOON)


def test_seats_that_a_province_left_free_stay_free(workshop):
    nan, phrae = seats_of(workshop, capacity=3), seats_of(workshop, "54")
    leaver = seated(make_participant(workshop))
    announced(nan)
    waiting = [make_participant(workshop) for _each in range(2)]
    moved = transfer(participant=leaver, to=phrae, by=SYSTEM, at=NOON)
    assert [person.pk for person in moved] == [waiting[0].pk]
    waiting[1].refresh_from_db()
    assert (waiting[1].state, quotas.mismatches()) == (State.WAITLISTED, [])


def test_somebody_to_select_goes_to_the_end_of_those_there(workshop):
    phrae = seats_of(workshop, "54")
    mover, first = make_participant(workshop), make_participant(workshop, "54")
    transfer(participant=mover, to=phrae, by=SYSTEM, at=NOON)
    assert list(phrae.participants.to_select_from()) == [first, mover]


def test_where_it_was_announced_they_wait_and_where_not_they_are_selected_from(workshop):
    nan, phrae = seats_of(workshop), seats_of(workshop, "54")
    announced(phrae)
    mover = make_participant(workshop)
    transfer(participant=mover, to=phrae, by=SYSTEM, at=NOON)
    assert (mover.state, list(phrae.participants.waiting())) == (State.WAITLISTED, [mover])
    transfer(participant=mover, to=nan, by=SYSTEM, at=NOON)
    assert (mover.state, list(nan.participants.to_select_from())) == (State.APPLIED, [mover])


def test_what_the_former_place_decided_has_no_effect_any_more():
    workshop = make_workshop(decision_minutes=5)
    person = make_participant(workshop)
    decision = decide(command=DecisionName.DECLINE, participant=person, by=SYSTEM, at=NOON)
    transfer(participant=person, to=seats_of(workshop, "54"), by=SYSTEM, at=NOON)
    assert decide_due(at=NOON + dt.timedelta(minutes=6)) == 0
    person.refresh_from_db()
    assert (person.state, list(DelayedDecision.objects.overtaken()), quotas.mismatches()) == (State.CONFIRMED, [decision], [])


def test_whoever_was_erased_while_others_were_decided_about_is_told_of(workshop):
    person = make_participant(workshop)
    erase(participant=person, by=SYSTEM, at=NOON)
    assert why_not(person, Erased(person)) == "ถูกลบข้อมูลไปแล้วในระหว่างนั้น"
