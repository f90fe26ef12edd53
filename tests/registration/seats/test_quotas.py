"""Room: who gets a place, who stands where in line, and whether the counts are right."""

import pytest
from django.apps import apps

from registration.actor import SYSTEM
from registration.models import Invitation, Participant, Province, Quota, TrackChoice
from registration.operations.backups import SCRATCH, scratch
from registration.seats import quotas
from registration.seats.actions.capacities import set_capacity
from sessions.models import AgendaItem, StakeholderGroup, Track, Workshop, WorkshopDay
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def counts(*some):
    return [Quota.objects.get(pk=quota.pk).taken for quota in some]


def test_a_seat_is_found_by_province_or_for_the_central_agencies(workshop, django_assert_num_queries):
    make_workshop()
    with django_assert_num_queries(2):
        nan, central = quotas.seat_quota(workshop, "55"), quotas.seat_quota(workshop, "central")
        assert (nan.workshop_id, nan.province.code) == (workshop.pk, "55")
        assert (central.workshop_id, central.kind) == (workshop.pk, "central")
    assert quotas.seat_quota(workshop, "99") is None


def test_places_are_given_until_there_are_none(workshop):
    nan, phrae = seats_of(workshop, "55", capacity=2), seats_of(workshop, "54", capacity=2)
    assert [quotas.take(nan) for _place in range(3)] == [True, True, False]
    assert counts(nan, phrae) == [2, 0]


def test_without_a_limit_there_is_always_a_place(workshop):
    quota = tracks_of(workshop)[0].quota
    assert quota.capacity is None
    assert [quotas.take(quota) for _place in range(3)] == [True, True, True]
    assert counts(quota) == [3]


def test_a_place_is_given_back_in_each_quota_that_is_named_and_in_no_other(workshop):
    nan, phrae, track = seats_of(workshop, "55"), seats_of(workshop, "54"), tracks_of(workshop)[0].quota
    Quota.objects.update(taken=5)
    quotas.release([nan, track])
    assert counts(nan, phrae, track) == [4, 5, 4]


def test_a_quota_shrinks_to_what_is_taken_and_no_further(workshop):
    nan, phrae = seats_of(workshop, "55"), seats_of(workshop, "54")
    quotas.take(nan)
    quotas.take(nan)
    assert [quotas.resize(nan, capacity) for capacity in (1, 2, None)] == [False, True, True]
    assert Quota.objects.get(pk=nan.pk).capacity is None
    assert Quota.objects.get(pk=phrae.pk).capacity == phrae.capacity


def test_seats_come_before_tracks_and_lower_keys_before_higher_ones(workshop):
    track, seat = Quota(pk=1, kind="track"), Quota(pk=2, kind="province")
    other_track, other_seat = Quota(pk=3, kind="track"), Quota(pk=4, kind="central")
    assert quotas.in_order([other_track, other_seat, track, seat]) == [seat, other_seat, track, other_track]


def test_each_quota_has_a_line_of_its_own(workshop):
    nan, phrae = seats_of(workshop, "55"), seats_of(workshop, "54")
    assert [quotas.next_ticket(quota) for quota in (nan, nan, phrae, nan)] == [1, 2, 1, 3]


def test_who_locks_a_quota_gets_it_as_it_is_now_with_the_tracks_of_its_workshop(workshop):
    make_workshop()
    nan = seats_of(workshop)
    quotas.take(nan)
    seat, tracks = quotas.lock(workshop.pk, nan.pk)
    assert (seat, seat.taken) == (nan, 1)
    assert tracks == {track.pk: track.quota for track in tracks_of(workshop)}


def test_only_who_waits_for_the_same_quota_stands_ahead(workshop):
    for code in ("55", "54"):
        seats_of(workshop, code, capacity=1)
        make_participant(workshop, code)
    make_participant(workshop, "54")
    first, second = make_participant(workshop, "55"), make_participant(workshop, "55")
    assert [quotas.place_in_line(person) for person in (first, second)] == [1, 2]
    set_capacity(quota=seats_of(workshop, "55"), capacity=2, by=SYSTEM, at=NOON)
    second.refresh_from_db()
    assert quotas.place_in_line(second) == 1


def test_participants_their_tracks_and_open_invitations_are_what_is_counted(workshop):
    seats_of(workshop, "54", capacity=1)
    for _person in range(3):  # one has the seat, two wait
        make_participant(workshop, "54", tracks=tracks_of(workshop)[:1])
    make_participant(workshop, "55", tracks=tracks_of(workshop)[1:])
    make_invitation(workshop, "55")
    make_invitation(workshop, "56")
    assert quotas.mismatches() == []
    Quota.objects.filter(workshop=workshop).update(taken=0)
    counted = {quota.pk: count for quota, count in quotas.mismatches()}
    one, two = tracks_of(workshop)
    nan, phrae, phayao = (seats_of(workshop, code).pk for code in ("55", "54", "56"))
    assert counted == {nan: 2, phrae: 1, phayao: 1, one.quota.pk: 1, two.quota.pk: 1}


def test_what_does_not_agree_is_told_by_name_in_the_order_of_its_keys(workshop, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert quotas.mismatches() == []
    Quota.objects.filter(workshop=workshop).exclude(kind="central").update(taken=3)
    with django_assert_num_queries(5):
        told = [(quota.pk, quota.name, count) for quota, count in quotas.mismatches()]
    expected = Quota.objects.filter(workshop=workshop).exclude(kind="central").order_by("pk")
    assert told == [(quota.pk, quota.name, 0) for quota in expected]


def test_a_backup_is_recounted_in_the_backup(workshop):
    make_participant(workshop, "55", tracks=tracks_of(workshop)[:1])
    make_invitation(workshop, "56")
    counted = (Province, Workshop, WorkshopDay, AgendaItem, Track, StakeholderGroup, Quota, Participant, TrackChoice, Invitation)
    with scratch({"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}) as backup:
        with backup.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)
        for model in counted:
            model.objects.using(SCRATCH).bulk_create(model.objects.all())
        TrackChoice.objects.all().delete()
        Participant.objects.all().delete()
        Invitation.objects.all().delete()
        assert quotas.mismatches(using=SCRATCH) == []
        Quota.objects.update(taken=0)
        Quota.objects.using(SCRATCH).filter(pk=seats_of(workshop).pk).update(taken=2)
        assert [(quota.code, count) for quota, count in quotas.mismatches(using=SCRATCH)] == [("55", 1)]
