import pytest

from registration.actor import SYSTEM
from registration.errors import BelowTaken
from registration.models import Quota
from registration.seats import quotas
from registration.seats.actions.capacities import provide_quotas, set_capacity
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def test_a_workshop_gets_a_quota_for_every_province_for_central_and_for_every_track():
    workshop = make_workshop(tracks=3, province_capacity=25, central_capacity=50)
    kinds = [(kind, workshop.quotas.filter(kind=kind).count()) for kind in Quota.Kind.values]
    assert kinds == [("central", 1), ("province", 77), ("track", 3)]
    assert set(workshop.quotas.filter(kind="province").values_list("capacity", flat=True)) == {25}
    assert seats_of(workshop, "central").capacity == 50


def test_providing_quotas_again_leaves_what_staff_changed():
    workshop = make_workshop()
    set_capacity(quota=seats_of(workshop), capacity=7, by=SYSTEM, at=NOON)
    provide_quotas(workshop)
    assert workshop.quotas.count() == 80
    assert seats_of(workshop).capacity == 7


def test_a_quota_may_be_set_to_exactly_what_is_taken_and_not_to_less():
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    quota = seats_of(workshop)
    with pytest.raises(BelowTaken) as refusal:
        set_capacity(quota=quota, capacity=2, by=SYSTEM, at=NOON)
    assert (refusal.value.quota.taken, refusal.value.capacity) == (3, 2)
    assert seats_of(workshop).capacity == 25
    set_capacity(quota=quota, capacity=3, by=SYSTEM, at=NOON)
    assert seats_of(workshop).capacity == 3
    assert quota.capacity == 3


def test_a_place_taken_since_the_quota_was_read_counts():
    workshop = make_workshop()
    read_before = seats_of(workshop)
    make_participant(workshop)
    with pytest.raises(BelowTaken) as refusal:
        set_capacity(quota=read_before, capacity=0, by=SYSTEM, at=NOON)
    assert refusal.value.quota.taken == 1


def test_a_track_is_limited_and_made_unlimited_again():
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    make_participant(workshop, tracks=[track])
    set_capacity(quota=track.quota, capacity=1, by=SYSTEM, at=NOON)
    assert Quota.objects.get(track=track).is_full
    with pytest.raises(BelowTaken):
        set_capacity(quota=track.quota, capacity=0, by=SYSTEM, at=NOON)
    set_capacity(quota=track.quota, capacity=None, by=SYSTEM, at=NOON)
    assert Quota.objects.get(track=track).capacity is None
    assert quotas.mismatches() == []
