"""Who may open which desk, and see and decide whom."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.exceptions import PermissionDenied
from django.http import Http404

from registration.actor import Actor
from registration.nominations.actions import keep
from registration.security import access
from tests.factories import make_coordinator, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


def staff(*permissions):
    user = User.objects.create_user(f"staff-{'-'.join(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def workshop():
    return make_workshop()


def test_a_coordinator_has_their_own_desks_and_no_other(workshop):
    user = make_coordinator(workshop, "55", email="two@example.org").user
    make_coordinator(workshop, "56", email="two@example.org")
    make_coordinator(workshop, "57")
    make_coordinator(make_workshop(), "55", email="two@example.org")
    assert sorted(quota.code for quota in access.quotas_for(user, workshop)) == ["55", "56"]
    assert len(access.quotas_for(user)) == 3


def test_a_coordinator_sees_their_own_people_and_no_other(workshop):
    user = make_coordinator(workshop, "55").user
    own = make_participant(workshop, "55")
    make_participant(workshop, "56")
    make_participant(make_workshop(), "55")
    assert list(access.participants_for(user)) == [own]


@pytest.mark.parametrize("end", ["desk", "user"])
def test_who_was_switched_off_has_no_desk(workshop, end):
    coordinator = make_coordinator(workshop)
    if end == "desk":
        coordinator.is_active = False
        coordinator.save()
    else:
        coordinator.user.is_active = False
        coordinator.user.save()
    assert list(access.quotas_for(coordinator.user)) == []
    with pytest.raises(Http404):
        access.desk_or_404(coordinator.user, workshop.slug, "55")


def test_reading_staff_open_every_desk_of_provinces_and_central_agencies(workshop):
    assert len(access.quotas_for(staff("view_participant"), workshop)) == 78


@pytest.mark.parametrize("user", [AnonymousUser, lambda: staff("view_quota"), lambda: User.objects.create_user("somebody")])
def test_nobody_else_has_a_desk(workshop, user):
    make_participant(workshop)
    someone = user()
    assert (list(access.quotas_for(someone)), list(access.participants_for(someone))) == ([], [])


@pytest.mark.parametrize("code", ["56", "99", "central", "5", "track", "055"])
def test_another_desk_is_not_there(workshop, code):
    user = make_coordinator(workshop, "55").user
    with pytest.raises(Http404):
        access.desk_or_404(user, workshop.slug, code)


def test_the_same_province_of_another_workshop_is_another_desk(workshop):
    user = make_coordinator(workshop, "55").user
    with pytest.raises(Http404):
        access.desk_or_404(user, make_workshop().slug, "55")


def test_a_desk_comes_with_its_workshop_and_province(workshop, django_assert_num_queries):
    user = make_coordinator(workshop, "55").user
    with django_assert_num_queries(1):
        quota = access.desk_or_404(user, workshop.slug, "55")
        assert (quota.workshop, quota.province.code) == (workshop, "55")


def test_the_central_desk_is_called_central(workshop):
    user = make_coordinator(workshop, "central").user
    assert access.desk_or_404(user, workshop.slug, "central") == seats_of(workshop, "central")


def test_somebody_of_another_province_is_not_there(workshop):
    person = make_participant(workshop, "56")
    with pytest.raises(Http404):
        access.person_or_404(seats_of(workshop, "55"), person.code)


def test_reading_staff_see_everybody(workshop):
    people = [make_participant(workshop, "55"), make_participant(workshop, "central"), make_participant(make_workshop(), "56")]
    assert set(access.participants_for(staff("view_participant"))) == set(people)


def test_a_person_is_found_at_their_own_desk_by_their_own_reference(workshop):
    person, neighbour, stranger = (make_participant(workshop, code) for code in ("55", "55", "56"))
    assert access.person_or_404(seats_of(workshop, "55"), person.code) == person
    assert access.person_or_404(seats_of(workshop, "55"), neighbour.code) == neighbour
    assert access.person_or_404(seats_of(workshop, "56"), stranger.code) == stranger


def test_an_invitation_is_found_at_the_desk_that_sent_it_and_at_no_other(workshop):
    mine, other, stranger = (make_invitation(workshop, code) for code in ("55", "55", "56"))
    desk = seats_of(workshop, "55")
    assert [access.invitation_or_404(desk, invitation.pk) for invitation in (mine, other)] == [mine, other]
    with pytest.raises(Http404):
        access.invitation_or_404(desk, stranger.pk)


def test_a_list_of_nominees_is_found_at_its_desk_with_workshop_and_province(workshop, django_assert_num_queries):
    by = Actor("coordinator", make_coordinator(workshop).user)
    mine, other, stranger = (keep(quota=seats_of(workshop, code), name="x", sheets=[], layouts=[], by=by) for code in ("55", "55", "56"))
    desk = seats_of(workshop, "55")
    with django_assert_num_queries(2):
        found = [access.nominations_or_404(desk, file.pk) for file in (mine, other)]
        assert [(file.pk, file.quota.workshop, file.quota.province.code) for file in found] == [
            (mine.pk, workshop, "55"),
            (other.pk, workshop, "55"),
        ]
    with pytest.raises(Http404):
        access.nominations_or_404(desk, stranger.pk)


def test_a_coordinator_decides_at_no_desk_but_their_own(workshop):
    coordinator = make_coordinator(workshop, "55").user
    assert access.actor_at(coordinator, seats_of(workshop, "56")) is None
    with pytest.raises(PermissionDenied):
        access.decider_or_403(coordinator, seats_of(workshop, "56"))


def test_who_may_only_read_reads_as_staff(workshop):
    reader = staff("view_participant")
    assert access.actor_at(reader, seats_of(workshop)) is None
    assert access.reader(reader) == Actor("staff", reader)


def test_who_decides_is_written_down_as_what_they_are(workshop):
    coordinator, chief = make_coordinator(workshop).user, staff("view_participant", "change_participant")
    assert access.decider_or_403(coordinator, seats_of(workshop)) == Actor("coordinator", coordinator)
    assert access.decider_or_403(chief, seats_of(workshop)) == Actor("staff", chief)


def test_staff_who_only_read_decide_nothing(workshop):
    with pytest.raises(PermissionDenied):
        access.decider_or_403(staff("view_participant"), seats_of(workshop))
