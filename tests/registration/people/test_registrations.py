import datetime as dt
from uuid import uuid4

import pytest

from registration.choices import State
from registration.errors import AlreadyRegistered, GuardianNeeded, QuotaFull, WindowClosed
from registration.models import Delivery, Invitation, Participant
from registration.seats import quotas
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def messages_to(participant):
    return list(Delivery.objects.filter(participant=participant).order_by("pk").values_list("message", flat=True))


def test_a_person_gets_a_seat_and_a_place_in_the_track():
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    participant = make_participant(workshop, tracks=[second])
    first.quota.refresh_from_db()
    second.quota.refresh_from_db()
    assert participant.state == State.CONFIRMED
    assert (seats_of(workshop).taken, first.quota.taken, second.quota.taken) == (1, 0, 1)
    assert list(participant.days.all()) == list(workshop.days.all())
    assert messages_to(participant) == ["confirmed"]
    assert quotas.mismatches() == []


def test_a_person_is_pending_where_the_province_approves_first():
    workshop = make_workshop(decision="province_first")
    participant = make_participant(workshop)
    assert participant.state == State.PENDING
    assert seats_of(workshop).taken == 1
    assert messages_to(participant) == ["pending"]


def test_a_full_quota_refuses_whoever_does_not_want_to_wait():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    make_participant(workshop)
    with pytest.raises(QuotaFull) as refusal:
        make_participant(workshop, waitlist_ok=False)
    assert refusal.value.quota == seats_of(workshop)
    assert Participant.objects.count() == 1


def test_those_who_wait_stand_in_order_of_arrival_and_hold_nothing():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    track = tracks_of(workshop)[0]
    make_participant(workshop)
    waiting = [make_participant(workshop, tracks=[track]) for _i in range(3)]
    track.quota.refresh_from_db()
    assert [p.state for p in waiting] == [State.WAITLISTED] * 3
    assert [quotas.place_in_line(p) for p in waiting] == [1, 2, 3]
    assert track.quota.taken == 0
    delivery = Delivery.objects.get(participant=waiting[1])
    assert (delivery.message, delivery.details) == ("waiting", {"place": 2, "state": "waitlisted"})


def test_a_full_track_refuses_and_takes_no_seat():
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    track.quota.capacity = 0
    track.quota.save()
    with pytest.raises(QuotaFull) as refusal:
        make_participant(workshop, tracks=[track])
    assert refusal.value.quota == track.quota
    assert seats_of(workshop).taken == 0
    assert (Participant.objects.count(), Delivery.objects.count()) == (0, 0)


def test_the_same_submission_gives_the_same_registration():
    workshop = make_workshop()
    submission = uuid4()
    first = make_participant(workshop, submission=submission)
    again = make_participant(workshop, submission=submission, email="other@example.org")
    assert again == first
    assert Participant.objects.get().email == first.email
    assert seats_of(workshop).taken == 1


def test_the_same_address_again_sends_its_owner_the_link_and_no_more_than_one_in_ten_minutes():
    workshop = make_workshop()
    owner = make_participant(workshop, email="owner@example.org")
    for minute in (1, 2, 3):
        with pytest.raises(AlreadyRegistered):
            make_participant(workshop, email="owner@example.org", at=NOON + dt.timedelta(minutes=minute))
    assert messages_to(owner) == ["confirmed", "link"]
    assert seats_of(workshop).taken == 1


def test_the_same_address_may_register_in_another_workshop():
    for workshop in (make_workshop(), make_workshop()):
        assert make_participant(workshop, email="both@example.org").state == State.CONFIRMED


@pytest.mark.parametrize(
    ("opens", "closes", "open_now"),
    [(None, None, True), (1, None, False), (-1, 1, True), (None, 0, False), (0, None, True), (-2, -1, False)],
)
def test_registering_is_possible_from_the_opening_until_just_before_the_closing(opens, closes, open_now):
    workshop = make_workshop(
        registration_opens_at=None if opens is None else NOON + dt.timedelta(hours=opens),
        registration_closes_at=None if closes is None else NOON + dt.timedelta(hours=closes),
    )
    if open_now:
        assert make_participant(workshop).state == State.CONFIRMED
    else:
        with pytest.raises(WindowClosed):
            make_participant(workshop)


def test_people_are_sorted_as_a_thai_dictionary_sorts_them():
    workshop = make_workshop()
    for name in ("สมชาย", "เกษม", "กาญจนา", "แก้ว", "ขวัญ"):
        make_participant(workshop, first_name=name)
    in_order = Participant.objects.order_by("sort_key").values_list("first_name", flat=True)
    assert list(in_order) == ["กาญจนา", "เกษม", "แก้ว", "ขวัญ", "สมชาย"]


class TestWhereAGuardianHasToAgree:
    """However somebody comes in: this stands below every form, spreadsheet and invitation."""

    @pytest.fixture
    def workshop(self):
        workshop = make_workshop()
        workshop.groups.filter(scope="province").update(needs_guardian=True)
        return workshop

    def test_nobody_is_registered_without_one(self, workshop):
        with pytest.raises(GuardianNeeded):
            make_participant(workshop)
        assert (Participant.objects.count(), seats_of(workshop).taken) == (0, 0)

    def test_nobody_takes_the_seat_of_their_invitation_without_one(self, workshop):
        make_invitation(workshop, email="child@example.org")
        with pytest.raises(GuardianNeeded):
            make_participant(workshop, email="child@example.org")
        assert Invitation.objects.open().count() == 1

    def test_whoever_names_one_or_is_of_age_is_registered(self, workshop):
        child, adult = make_participant(workshop, guardian_name="นางสมศรี สมมุติ"), make_participant(workshop, of_age=True)
        assert [child.guardian_name, adult.guardian_name] == ["นางสมศรี สมมุติ", ""]

    def test_other_groups_ask_for_none(self, workshop):
        assert make_participant(workshop, "central").state == State.CONFIRMED
