"""Many at once, in threads with a database connection each. Every proof has a control run without the guard."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.errors import IllegalMove, QuotaFull
from registration.models import Delivery, Participant, Quota
from registration.people.actions import duplicates
from registration.people.actions.details import change_details
from registration.people.actions.duplicates import merge
from registration.privacy.actions import erasure
from registration.seats import quotas
from registration.seats.actions.moves import approve, cancel, decline
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of
from tests.registration.people.test_details import as_person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Runs `calls` together, each in a thread; returns what each gave or raised, in their order."""
    start = threading.Barrier(len(calls))

    def run(call):
        close_old_connections()
        start.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def kinds(outcomes):
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_last_seat_goes_to_one_of_two():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    outcomes = at_once(*[lambda: make_participant(workshop, waitlist_ok=False)] * 2)
    assert kinds(outcomes) == {"Participant": 1, "QuotaFull": 1}
    assert quotas.mismatches() == []


def test_without_the_guard_the_last_seat_would_go_to_both(monkeypatch):
    """The race is real: a quota that is read and then written sells its last seat twice."""
    workshop = make_workshop()
    seats_of(workshop, capacity=1)

    def read_then_write(quota):
        taken = Quota.objects.get(pk=quota.pk).taken
        time.sleep(0.2)
        return taken < quota.capacity and Quota.objects.filter(pk=quota.pk).update(taken=taken + 1) == 1

    monkeypatch.setattr(quotas, "take", read_then_write)
    if connection.vendor == "sqlite":  # which would make them wait for each other even so
        monkeypatch.setattr("django.db.backends.sqlite3.base.DatabaseWrapper._start_transaction_under_autocommit", lambda self: None)
    outcomes = at_once(*[lambda: make_participant(workshop, waitlist_ok=False)] * 2)
    assert kinds(outcomes) == {"Participant": 2}


def test_forty_on_ten_seats_are_ten_seated_and_thirty_in_line():
    workshop = make_workshop()
    seats_of(workshop, capacity=10)
    people = at_once(*[lambda: make_participant(workshop)] * 40)
    assert kinds(people) == {"Participant": 40}
    assert Counter(p.state for p in people) == {State.CONFIRMED: 10, State.WAITLISTED: 30}
    waiting = Participant.objects.waiting()
    assert [quotas.place_in_line(p) for p in waiting] == list(range(1, 31))
    told = dict(Delivery.objects.filter(message="waiting").values_list("participant_id", "details__place"))
    assert [told[p.pk] for p in waiting] == list(range(1, 31))
    assert quotas.mismatches() == []


def test_two_quotas_at_once_never_wait_for_each_other():
    """Everybody takes a province's and a track's place, in both orders of province and track."""
    workshop = make_workshop()
    tracks = tracks_of(workshop)
    for track in tracks:
        track.quota.capacity = 6
        track.quota.save()
    calls = [
        lambda code=code, track=track: make_participant(workshop, code, tracks=[track], waitlist_ok=False)
        for code in ("10", "55")
        for track in tracks
        for _i in range(8)
    ]
    outcomes = at_once(*calls)
    assert kinds(outcomes) == {"Participant": 12, "QuotaFull": 20}
    assert quotas.mismatches() == []


def test_fifty_cancellations_move_fifty_up_in_order():
    workshop = make_workshop()
    seats_of(workshop, capacity=50)
    track = tracks_of(workshop)[0]
    seated = [make_participant(workshop, tracks=[track]) for _i in range(50)]
    waiting = [make_participant(workshop, tracks=[track]) for _i in range(60)]
    outcomes = at_once(*[lambda p=p: cancel(participant=p, by=PARTICIPANT, at=NOON) for p in seated])
    assert kinds(outcomes) == {"list": 50}
    now = Participant.objects.in_bulk()
    assert [now[p.pk].state for p in waiting] == [State.CONFIRMED] * 50 + [State.WAITLISTED] * 10
    moved_up = Delivery.objects.filter(message="moved_up").order_by("pk").values_list("participant_id", flat=True)
    assert list(moved_up) == [p.pk for p in waiting[:50]]
    assert quotas.mismatches() == []


def test_whoever_arrives_while_the_last_seat_is_freed_gets_it_or_is_moved_up():
    """Nobody is left waiting beside a free seat, however the two moments fall together."""
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    for _round in range(15):
        holder = Participant.objects.holding_seats().first() or make_participant(workshop)
        at_once(lambda holder=holder: cancel(participant=holder, by=PARTICIPANT, at=NOON), lambda: make_participant(workshop))
        assert Participant.objects.waiting().count() == 0
        assert seats_of(workshop).taken == 1
    assert quotas.mismatches() == []


def test_of_an_approval_and_the_persons_own_cancellation_one_comes_second_and_hears_it():
    workshop = make_workshop(decision="province_first")
    for _round in range(10):
        participant = make_participant(workshop)
        approval = Participant.objects.get(pk=participant.pk)
        outcomes = at_once(
            lambda p=participant: cancel(participant=p, by=PARTICIPANT, at=NOON),
            lambda p=approval: approve(participant=p, by=SYSTEM, at=NOON),
        )
        participant.refresh_from_db()
        # A confirmed person may still cancel; a cancelled one cannot be approved.
        assert participant.state == State.CANCELLED
        assert [type(o) for o in outcomes] in ([list, type(None)], [list, IllegalMove])
        assert quotas.mismatches() == []


def test_two_who_decline_the_same_person_free_one_seat():
    workshop = make_workshop()
    seats_of(workshop, capacity=3)
    people = [make_participant(workshop) for _i in range(6)]
    copies = [Participant.objects.get(pk=people[0].pk) for _i in range(2)]
    outcomes = at_once(*[lambda p=p: decline(participant=p, reason="ซ้ำ", by=SYSTEM, at=NOON) for p in copies])
    assert kinds(outcomes) == {"list": 1, "IllegalMove": 1}
    assert Participant.objects.waiting().count() == 2
    assert quotas.mismatches() == []


def test_swapping_tracks_against_each_other_ends():
    """Half go from the first track to the second and half the other way, with one place free in each."""
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    for track in (first, second):
        track.quota.capacity = 7
        track.quota.save()
    here = [make_participant(workshop, "55", tracks=[first]) for _i in range(6)]
    there = [make_participant(workshop, "10", tracks=[second]) for _i in range(6)]

    def swap(participant, track):
        days = list(participant.days.all())
        return change_details(participant=participant, person=as_person(participant), days=days, tracks=[track], by=PARTICIPANT, at=NOON)

    calls = [lambda p=p: swap(p, second) for p in here] + [lambda p=p: swap(p, first) for p in there]
    outcomes = at_once(*calls)
    assert set(kinds(outcomes)) <= {"list", QuotaFull.__name__}
    assert quotas.mismatches() == []


def test_a_double_click_registers_once():
    workshop = make_workshop()
    from uuid import uuid4

    submission = uuid4()
    outcomes = at_once(*[lambda: make_participant(workshop, submission=submission, email="double@example.org")] * 6)
    assert kinds(outcomes) == {"Participant": 6}
    assert len({p.pk for p in outcomes}) == 1
    assert seats_of(workshop).taken == 1


def test_one_address_from_six_browsers_registers_once():
    workshop = make_workshop()
    outcomes = at_once(*[lambda: make_participant(workshop, email="same@example.org")] * 6)
    assert kinds(outcomes) == {"Participant": 1, "AlreadyRegistered": 5}
    assert seats_of(workshop).taken == 1


def test_two_who_merge_the_same_two_against_each_other_leave_one(monkeypatch):
    workshop = make_workshop()
    nan, bangkok = make_participant(workshop, "55"), make_participant(workshop, "10")

    def slowly(**options):
        time.sleep(0.2)  # long enough that each has seen the other one live
        return cancel(**options)

    monkeypatch.setattr(duplicates, "cancel", slowly)
    outcomes = at_once(
        lambda: merge(participant=nan, into=Participant.objects.get(pk=bangkok.pk), reason="ซ้ำ", by=SYSTEM, at=NOON),
        lambda: merge(participant=bangkok, into=Participant.objects.get(pk=nan.pk), reason="ซ้ำ", by=SYSTEM, at=NOON),
    )
    assert kinds(outcomes) == {"list": 1, "IllegalMove": 1}
    assert (Participant.objects.live().count(), quotas.mismatches()) == (1, [])


def test_erasing_two_registrations_of_one_person_and_registering_do_not_wait_for_each_other(monkeypatch, settings, tmp_path):
    settings.ERASURES_DIR = tmp_path
    workshop = make_workshop()
    first = make_participant(workshop, "55", email="twice@example.org")
    cancel(participant=first, by=PARTICIPANT, at=NOON)
    second = make_participant(workshop, "10", email="twice@example.org")
    remove, take = erasure.remove_registration, quotas.take

    def remove_slowly(*arguments, **options):
        remove(*arguments, **options)
        time.sleep(0.15)

    def take_slowly(quota):
        taken = take(quota)
        time.sleep(0.3)  # has the seat, and has not asked for the track yet
        return taken

    monkeypatch.setattr(erasure, "remove_registration", remove_slowly)
    monkeypatch.setattr(quotas, "take", take_slowly)
    outcomes = at_once(
        lambda: erasure.erase(participant=second, by=PARTICIPANT, at=NOON),
        lambda: make_participant(workshop, "10", tracks=tracks_of(workshop)[:1]),
    )
    assert kinds(outcomes) == {"int": 1, "Participant": 1}
    assert quotas.mismatches() == []
