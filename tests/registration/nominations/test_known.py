"""Which addresses of a list are known already, and what a province may know of that."""

import pytest

from registration.actor import PARTICIPANT, SYSTEM
from registration.invitations.actions.invitations import withdraw
from registration.nominations.known import Known, known_addresses
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def test_of_its_own_people_a_province_is_told_who_they_are_of_others_that_they_are_there(workshop, django_assert_num_queries):
    own, other = make_participant(workshop, "55", email="own@example.org"), make_participant(workshop, "50", email="other@example.org")
    make_invitation(workshop, "55", email="invited@example.org")
    make_invitation(workshop, "50", email="elsewhere@example.org")
    emails = [own.email, other.email, "invited@example.org", "elsewhere@example.org", "new@example.org", ""]
    desk = seats_of(workshop, "55")
    with django_assert_num_queries(3):
        known = known_addresses(desk, emails)
    assert known == {
        "own@example.org": Known(is_registered=True, participant=own),
        "other@example.org": Known(is_registered=True, participant=None),
        "invited@example.org": Known(is_registered=False, participant=None),
        "elsewhere@example.org": Known(is_registered=False, participant=None, place=seats_of(workshop, "50").name),
    }


def test_only_those_are_known_who_were_asked_for(workshop):
    make_participant(workshop)
    make_invitation(workshop)
    assert known_addresses(seats_of(workshop), ["somebody@example.org"]) == {}


def test_who_cancelled_or_is_no_longer_invited_is_new_again(workshop):
    cancel(participant=make_participant(workshop, email="gone@example.org"), by=PARTICIPANT, at=NOON)
    withdraw(invitation=make_invitation(workshop, email="withdrawn@example.org"), by=SYSTEM, at=NOON)
    assert known_addresses(seats_of(workshop), ["gone@example.org", "withdrawn@example.org"]) == {}


def test_another_workshop_knows_nobody_of_this_one(workshop):
    make_participant(workshop, email="one@example.org")
    make_invitation(workshop, email="two@example.org")
    assert known_addresses(seats_of(make_workshop()), ["one@example.org", "two@example.org"]) == {}
