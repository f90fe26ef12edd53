"""One wrong reading of the clock: a year ahead for one round and back, or a server that was off for days."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from registration.choices import State
from registration.models import AuditEvent, Delivery, Heartbeat, Invitation, Participant
from registration.operations import clock, clock_jumps
from registration.privacy.retention import Kept, kept_until, note_shown
from sessions.models import Workshop
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

A_YEAR = dt.timedelta(days=400)


def beats():
    return dict(Heartbeat.objects.values_list("name", "seen_at"))


@pytest.fixture
def world():
    """A seat that is offered, an invitation that is open, somebody whose link was never opened, and a sign-in."""
    workshop = make_workshop(waiting_list=Workshop.WaitingList.OFFER)
    seats_of(workshop, capacity=2)
    offered = make_participant(workshop, at=NOON)
    Participant.objects.filter(pk=offered.pk).update(state=State.OFFERED, offer_expires_at=NOON + dt.timedelta(hours=48))
    make_invitation(workshop, at=NOON)
    make_participant(workshop, at=NOON)
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=NOON + dt.timedelta(hours=12))
    note_shown(Kept(workshop, kept_until(workshop)), NOON - dt.timedelta(days=60))
    Delivery.objects.update(state=Delivery.State.SENT)
    clock.tick(NOON)
    return workshop


def told():
    """Everything that a round may end."""
    people = list(Participant.objects.order_by("pk").values_list("state", "anonymised_at", "ticket"))
    invitations = list(Invitation.objects.values_list("state", flat=True))
    return people, invitations, Session.objects.count(), Delivery.objects.count()


@pytest.mark.parametrize("jump", [A_YEAR, -A_YEAR, dt.timedelta(hours=25)])
def test_for_one_round_and_back_ends_nothing(world, jump):
    before = told()
    clock.tick(NOON + jump)
    assert told() == before
    clock.tick(NOON + dt.timedelta(minutes=1))
    assert told() == before
    assert beats()[Heartbeat.Name.CLOCK] == NOON + dt.timedelta(minutes=1)


def test_within_a_day_rounds_do_what_they_do(world):
    clock.tick(NOON + dt.timedelta(hours=23))
    assert Session.objects.count() == 0


def test_the_strip_tells_of_it_until_staff_say_that_the_time_is_right(world, admin_client):
    page = reverse("admin:registration_participant_changelist")
    address = reverse("admin:registration_participant_clock")
    admin_client.force_login(User.objects.create_superuser("chief"))
    assert address not in admin_client.get(page).content.decode()
    clock.tick(NOON + A_YEAR)
    clock.tick(NOON + dt.timedelta(minutes=1))  # which is far ahead of the wall's, and ends its sign-ins
    admin_client.force_login(User.objects.create_superuser("boss"))
    assert address in admin_client.get(page).content.decode()
    admin_client.post(address)
    assert address not in admin_client.get(page).content.decode()
    assert AuditEvent.objects.filter(what="clock confirmed").count() == 1


def test_after_a_long_stop_it_goes_on_once_staff_say_so(world, admin_client):
    now = timezone.now()
    Heartbeat.objects.filter(name=Heartbeat.Name.CLOCK).update(seen_at=now - dt.timedelta(days=5))
    Session.objects.exclude(session_key=admin_client.session.session_key).update(expire_date=now - dt.timedelta(days=1))
    left = Session.objects.count()
    clock.tick(now)
    assert Session.objects.count() == left
    admin_client.post(reverse("admin:registration_participant_clock"))
    clock.tick(timezone.now())
    assert Session.objects.count() == left - 1


def test_the_first_round_ever_is_no_jump():
    clock.tick(NOON)
    assert clock_jumps.found() is None
