"""Mails that are done go after the set time, and never while their row keeps them from being sent again."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.utils import timezone

from registration.choices import MessageName
from registration.mail import outbox
from registration.mail.actions.deliveries import put_away
from registration.models import Delivery, Mailing
from registration.operations.clock import MAILS_PUT_AWAY, tick
from tests.factories import make_invitation, make_participant, make_workshop

pytestmark = pytest.mark.django_db

DONE = timezone.make_aware(dt.datetime(2027, 3, 1, 12, 0))
LATER = DONE + dt.timedelta(days=401)


@pytest.fixture
def workshop():
    """Over in February 2027. Nobody has a mail."""
    return make_workshop()


def mails(workshop, **such):
    """One to somebody who registered, one to who was invited; done."""
    make_participant(workshop), make_invitation(workshop)
    Delivery.objects.update(**{"state": "sent", "finished_at": DONE} | such)


def left(at=LATER):
    put_away(at=at)
    return Delivery.objects.count()


def test_what_was_done_long_ago_in_a_workshop_that_is_over_goes(workshop):
    mails(workshop)
    assert (left(DONE + dt.timedelta(days=399)), left()) == (2, 0)


@pytest.mark.parametrize("state", ["queued", "sending", "failed", "unknown", "stopped"])
def test_what_is_not_done_stays(workshop, state):
    mails(workshop, state=state)
    assert left() == 2


def test_what_a_workshop_could_send_again_stays(workshop):
    workshop.days.filter(pk=workshop.days.last().pk).update(date=LATER.date())
    mails(workshop)
    assert left() == 2


def test_what_a_user_had_asked_for_goes_and_what_happened_to_them_stays(workshop):
    user = User.objects.create_user("clerk", "clerk@example.org")
    for message in (MessageName.COORDINATOR_SIGN_IN, MessageName.COORDINATORS_CHANGED):
        outbox.post_to_user(message, user, occasion="1", at=DONE, details={})
    Delivery.objects.update(state="sent", finished_at=DONE)
    put_away(at=LATER)
    assert list(Delivery.objects.values_list("message", flat=True)) == ["coordinators_changed"]


def test_a_message_to_many_still_tells_to_how_many_it_went(workshop):
    mailing = Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ความ", created_at=DONE)
    mails(workshop, mailing=mailing)
    assert left() == 2


def test_where_that_is_set_they_stay_as_long_as_the_people(workshop, settings):
    settings.MAILS_KEPT_DAYS = 0
    mails(workshop)
    assert left() == 2


def test_the_clock_does_it(workshop, settings):
    settings.MAILS_KEPT_DAYS = 1
    mails(workshop, finished_at=timezone.now() - dt.timedelta(days=2))
    for number, day in enumerate(workshop.days.all()):
        workshop.days.filter(pk=day.pk).update(date=dt.date(2020, 1, 1 + number))
    cache.delete(MAILS_PUT_AWAY)
    tick()
    assert not Delivery.objects.filter(state="sent").exists()
