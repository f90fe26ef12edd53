import datetime as dt
from dataclasses import replace

import pytest

from registration.actor import PARTICIPANT
from registration.errors import AddressTaken, QuotaFull, WindowClosed
from registration.models import Delivery
from registration.people.actions.details import change_details, change_email
from registration.people.applications import Person
from registration.people.changes import may_change
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def as_person(participant):
    return Person(**{name: getattr(participant, name) for name in Person.__dataclass_fields__})


def change(participant, *, days=None, tracks=None, at=NOON, **fields):
    return change_details(
        participant=participant,
        person=replace(as_person(participant), **fields),
        days=participant.days.all() if days is None else days,
        tracks=[choice.track for choice in participant.choices.all()] if tracks is None else tracks,
        by=PARTICIPANT,
        at=at,
    )


def taken(*tracks):
    for track in tracks:
        track.quota.refresh_from_db()
    return [track.quota.taken for track in tracks]


def test_what_changed_is_written_and_told_once():
    participant = make_participant(make_workshop())
    assert change(participant, position="ผู้อำนวยการ", first_name="เกษม") == ["first_name", "position"]
    participant.refresh_from_db()
    assert (participant.position, participant.first_name) == ("ผู้อำนวยการ", "เกษม")
    delivery = Delivery.objects.get(participant=participant, message="changed")
    assert delivery.details == {"state": "confirmed", "fields": ["first_name", "position"]}


def test_a_new_name_is_sorted_anew():
    participant = make_participant(make_workshop())
    before = participant.sort_key
    change(participant, first_name="กานดา")
    participant.refresh_from_db()
    assert participant.sort_key != before


def test_nothing_is_told_when_nothing_changed():
    participant = make_participant(make_workshop())
    assert change(participant) == []
    assert not Delivery.objects.filter(message="changed").exists()


def test_the_address_is_not_changed_with_the_details():
    participant = make_participant(make_workshop(), email="old@example.org")
    assert change(participant, email="new@example.org") == []
    participant.refresh_from_db()
    assert participant.email == "old@example.org"


def test_another_track_gives_back_the_former_place():
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    participant = make_participant(workshop, tracks=[first])
    assert change(participant, tracks=[second]) == ["tracks"]
    assert taken(first, second) == [0, 1]
    assert quotas.mismatches() == []


def test_a_full_track_refuses_and_leaves_everything_as_it_was():
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    second.quota.capacity = 0
    second.quota.save()
    participant = make_participant(workshop, tracks=[first])
    with pytest.raises(QuotaFull):
        change(participant, tracks=[second], position="ผู้อำนวยการ")
    participant.refresh_from_db()
    assert participant.position != "ผู้อำนวยการ"
    assert [choice.track for choice in participant.choices.all()] == [first]
    assert taken(first, second) == [1, 0]


def test_somebody_who_waits_changes_their_wish_and_takes_no_place():
    workshop = make_workshop()
    seats_of(workshop, capacity=0)
    first, second = tracks_of(workshop)
    participant = make_participant(workshop, tracks=[first])
    assert change(participant, tracks=[second]) == ["tracks"]
    assert taken(first, second) == [0, 0]


def test_details_may_be_changed_until_registration_closes_and_the_first_day_begins():
    participant = make_participant(make_workshop(registration_closes_at=NOON + dt.timedelta(hours=1)))
    begin = participant.workshop.days.first().begins_at()
    assert may_change(participant, begin - dt.timedelta(seconds=1))
    assert not may_change(participant, begin)
    with pytest.raises(WindowClosed):
        change(participant, position="ผู้อำนวยการ", at=begin)


def test_details_may_be_changed_until_the_last_day_ends_while_registration_never_closes():
    participant = make_participant(make_workshop())
    ends = participant.workshop.days.last().ends_at()
    assert may_change(participant, ends - dt.timedelta(seconds=1))
    assert not may_change(participant, ends)


def test_a_registration_that_closes_later_does_not_keep_details_open_after_the_end():
    participant = make_participant(make_workshop(registration_closes_at=NOON + dt.timedelta(days=1000)))
    assert not may_change(participant, participant.workshop.days.last().ends_at())


def test_staff_may_set_an_earlier_deadline():
    participant = make_participant(make_workshop(changes_close_at=NOON))
    assert not may_change(participant, NOON)
    assert may_change(participant, NOON - dt.timedelta(seconds=1))


def test_a_cancelled_registration_cannot_be_changed():
    participant = make_participant(make_workshop())
    cancel(participant=participant, by=PARTICIPANT, at=NOON)
    with pytest.raises(WindowClosed):
        change(participant, position="ผู้อำนวยการ")


def test_a_new_address_is_told_to_the_old_one():
    participant = make_participant(make_workshop(), email="old@example.org")
    change_email(participant=participant, email="new@example.org", by=PARTICIPANT, at=NOON)
    participant.refresh_from_db()
    assert participant.email == "new@example.org"
    assert Delivery.objects.get(message="email_changed").email == "old@example.org"


def test_what_was_not_sent_yet_goes_to_the_new_address():
    participant = make_participant(make_workshop(), email="mistyped@example.org")
    change_email(participant=participant, email="new@example.org", by=PARTICIPANT, at=NOON)
    assert Delivery.objects.get(message="confirmed").email == "new@example.org"


def test_an_address_of_another_registration_is_refused():
    workshop = make_workshop()
    make_participant(workshop, email="taken@example.org")
    participant = make_participant(workshop, email="old@example.org")
    with pytest.raises(AddressTaken):
        change_email(participant=participant, email="taken@example.org", by=PARTICIPANT, at=NOON)
    participant.refresh_from_db()
    assert participant.email == "old@example.org"
    assert not Delivery.objects.filter(message="email_changed").exists()
