"""What two who are in each other's way are shown: an answer in words, and never the database's complaint."""

import threading

import pytest
from django.db import OperationalError, transaction

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.errors import AddressTaken, AlreadyRegistered, Erased, RegistrationError
from registration.invitations.actions import invitations, substitutes
from registration.models import Delivery, Invitation, Participant, Quota
from registration.people.actions import registrations
from registration.people.actions.details import change_details, change_email
from registration.people.actions.duplicates import merge
from registration.people.actions.transfers import transfer
from registration.privacy.actions.erasure import erase
from registration.seats import deadlocks, quotas
from registration.seats.actions import moves
from registration.seats.actions.moves import approve, cancel, decline, move_up, put_back
from registration.seats.deadlocks import repeated_after_deadlock
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of
from tests.registration.people.test_details import as_person
from tests.registration.seats.test_concurrency import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def meeting_once(monkeypatch, module, name, barrier):
    """Has the first caller of `module.name` wait for the other one at `barrier`."""
    genuine, waits = getattr(module, name), threading.Lock()

    def met(*args, **kwargs):
        if waits.acquire(blocking=False):
            barrier.wait(60)
        return genuine(*args, **kwargs)

    monkeypatch.setattr(module, name, met)


def an_address_that_is_put_back_while_it_registers(monkeypatch):
    """One has written the address and wants the seat, the other holds the seat and wants the address."""
    workshop = make_workshop()
    former = make_participant(workshop, email="twice@example.org")
    cancel(participant=former, by=PARTICIPANT, at=NOON)
    barrier = threading.Barrier(2)
    meeting_once(monkeypatch, registrations, "_take_all", barrier)
    meeting_once(monkeypatch, moves, "move_back", barrier)
    return workshop, at_once(
        lambda: make_participant(workshop, email="twice@example.org"),
        lambda: put_back(participant=former, by=SYSTEM, at=NOON),
    )


@pytest.mark.postgres
def test_a_deadlock_is_done_again_and_shown_to_nobody(monkeypatch):
    workshop, outcomes = an_address_that_is_put_back_while_it_registers(monkeypatch)
    assert [type(outcome) for outcome in outcomes] in ([Participant, AddressTaken], [AlreadyRegistered, type(None)])
    assert Participant.objects.live().filter(email="twice@example.org").count() == 1
    assert quotas.mismatches() == []


@pytest.mark.postgres
def test_without_the_repetition_the_deadlock_would_be_shown(monkeypatch):
    monkeypatch.setattr(deadlocks, "IN_THE_WAY", set())
    _workshop, outcomes = an_address_that_is_put_back_while_it_registers(monkeypatch)
    assert OperationalError in [type(outcome) for outcome in outcomes]


@pytest.mark.postgres
def test_what_the_first_attempt_wrote_into_a_row_is_taken_back():
    workshop = make_workshop()
    quota, other = seats_of(workshop), seats_of(workshop, "50")
    seen = []
    barrier = threading.Barrier(2)

    def crossed(first, second):
        met = threading.Event()

        @repeated_after_deadlock
        def verb(row):
            seen.append(row.taken)
            with transaction.atomic():
                Quota.objects.filter(pk=first.pk).update(last_ticket=7)
                row.taken = 99
                if not met.is_set():
                    met.set()
                    barrier.wait(60)
                Quota.objects.filter(pk=second.pk).update(last_ticket=7)

        return verb

    outcomes = at_once(
        lambda: crossed(quota, other)(Quota.objects.get(pk=quota.pk)), lambda: crossed(other, quota)(Quota.objects.get(pk=quota.pk))
    )
    assert outcomes == [None, None]
    assert seen == [0, 0, 0]


def test_another_complaint_of_the_database_is_not_done_again():
    tried = []

    @repeated_after_deadlock
    def verb():
        tried.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        verb()
    assert tried == [1]


def test_a_known_address_that_is_erased_while_it_registers_is_registered(monkeypatch):
    workshop = make_workshop()
    known = make_participant(workshop, email="known@example.org")
    genuine = registrations.send_link

    def erased_first(*, participant, at):
        erase(participant=participant, by=SYSTEM, at=at)
        genuine(participant=participant, at=at)

    monkeypatch.setattr(registrations, "send_link", erased_first)
    participant = make_participant(workshop, email="known@example.org")
    assert list(Participant.objects.values_list("pk", "email")) == [(participant.pk, "known@example.org")]
    assert participant.pk != known.pk
    assert Delivery.objects.filter(message="link").count() == 0
    assert quotas.mismatches() == []


def test_who_registers_while_they_are_invited_keeps_one_seat(monkeypatch):
    workshop = make_workshop()
    genuine = invitations.refuse_known

    def registered_after(quota, email):
        genuine(quota, email)
        make_participant(workshop, "50", email=email)

    monkeypatch.setattr(invitations, "refuse_known", registered_after)
    with pytest.raises(AlreadyRegistered):
        make_invitation(workshop, email="both@example.org")
    assert Participant.objects.live().count() + Invitation.objects.keeping_seats().count() == 1
    assert sum(quota.taken for quota in workshop.quotas.seats()) == 1


def test_who_is_invited_while_they_register_keeps_one_seat(monkeypatch):
    workshop = make_workshop()
    genuine = registrations._take_seat_or_wait

    def invited_before(application, by, at):
        make_invitation(workshop, "50", email=application.person.email)
        return genuine(application, by, at)

    monkeypatch.setattr(registrations, "_take_seat_or_wait", invited_before)
    make_participant(workshop, email="both@example.org")
    assert list(Invitation.objects.values_list("state", flat=True)) == [Invitation.State.WITHDRAWN]
    assert sum(quota.taken for quota in workshop.quotas.seats()) == 1
    assert quotas.mismatches() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda person, other: approve(participant=person, by=SYSTEM, at=NOON),
        lambda person, other: cancel(participant=person, by=PARTICIPANT, at=NOON),
        lambda person, other: decline(participant=person, reason="", by=SYSTEM, at=NOON),
        lambda person, other: move_up(participant=person, by=SYSTEM, at=NOON),
        lambda person, other: put_back(participant=person, by=SYSTEM, at=NOON),
        lambda person, other: merge(participant=person, into=other, reason="", by=SYSTEM, at=NOON),
        lambda person, other: merge(participant=other, into=person, reason="", by=SYSTEM, at=NOON),
        lambda person, other: transfer(participant=person, to=seats_of(person.workshop, "50"), by=SYSTEM, at=NOON),
        lambda person, other: change_email(participant=person, email="new@example.org", by=SYSTEM, at=NOON),
        lambda person, other: change_details(participant=person, person=as_person(person), days=[], tracks=[], by=SYSTEM, at=NOON),
    ],
)
def test_whatever_is_done_to_somebody_who_was_erased_meanwhile_says_so(act):
    workshop = make_workshop()
    person, other = make_participant(workshop), make_participant(workshop)
    erase(participant=Participant.objects.get(pk=person.pk), by=SYSTEM, at=NOON)
    with pytest.raises(Erased):
        act(person, other)
    assert quotas.mismatches() == []


@pytest.mark.parametrize("act", [cancel, decline, erase, put_back])
def test_a_seat_is_given_back_where_it_is_by_now(act):
    """Read before the transfer, done after it: the page of somebody who looked at the person a moment ago."""
    workshop = make_workshop()
    read_before = Participant.objects.get(pk=make_participant(workshop).pk)
    transfer(participant=Participant.objects.get(pk=read_before.pk), to=seats_of(workshop, "50"), by=SYSTEM, at=NOON)
    reason = {"reason": ""} if act is decline else {}
    try:
        act(participant=read_before, by=SYSTEM, at=NOON, **reason)
    except RegistrationError:
        assert act is put_back
    assert quotas.mismatches() == []


def test_the_seat_of_who_was_transferred_passes_to_the_substitute_there():
    workshop = make_workshop()
    person = make_participant(workshop)
    invitation = substitutes.name_substitute(participant=person, email="instead@example.org", by=PARTICIPANT, at=NOON)
    transfer(participant=person, to=seats_of(workshop, "50"), by=SYSTEM, at=NOON)
    assert Invitation.objects.get(pk=invitation.pk).quota == seats_of(workshop, "50")


def test_two_erasures_at_once_are_one():
    workshop = make_workshop()
    for _round in range(5):
        person = make_participant(workshop)
        twice = [Participant.objects.get(pk=person.pk) for _i in range(2)]
        outcomes = at_once(*[lambda p=p: erase(participant=p, by=SYSTEM, at=NOON) for p in twice])
        assert kinds(outcomes) == {"int": 2}
        assert quotas.mismatches() == []
    assert Participant.objects.filter(state=State.CONFIRMED).count() == 0
