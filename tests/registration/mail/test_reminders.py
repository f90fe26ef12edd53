import datetime as dt

import pytest
from django.utils import timezone

from registration.actor import PARTICIPANT
from registration.mail.actions.reminders import remind
from registration.models import Delivery
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

#: The first day of the sample workshop is 18 February 2027, from 9 o'clock.
DAY_BEFORE_AT_NINE = timezone.make_aware(dt.datetime(2027, 2, 17, 9, 0))


def reminded():
    return sorted(Delivery.objects.filter(message="reminder").values_list("participant_id", flat=True))


def test_those_who_come_are_reminded_on_the_day_before_at_the_set_hour():
    participant = make_participant(make_workshop())
    assert remind(at=DAY_BEFORE_AT_NINE - dt.timedelta(seconds=1)) == 0
    assert remind(at=DAY_BEFORE_AT_NINE) == 1
    assert reminded() == [participant.pk]


def test_each_is_reminded_once_however_often_and_late_the_clock_comes():
    make_participant(make_workshop())
    for hours in (0, 1, 23):
        remind(at=DAY_BEFORE_AT_NINE + dt.timedelta(hours=hours))
    assert len(reminded()) == 1


def test_a_late_clock_still_reminds_until_the_day_begins():
    make_participant(make_workshop())
    begin = DAY_BEFORE_AT_NINE + dt.timedelta(hours=24)
    assert remind(at=begin) == 0
    assert remind(at=begin - dt.timedelta(seconds=1)) == 1


def test_somebody_confirmed_after_the_reminders_went_out_gets_theirs_too():
    workshop = make_workshop()
    first = make_participant(workshop)
    remind(at=DAY_BEFORE_AT_NINE)
    second = make_participant(workshop)
    assert remind(at=DAY_BEFORE_AT_NINE + dt.timedelta(minutes=5)) == 1
    assert reminded() == [first.pk, second.pk]


def test_nobody_else_is_reminded():
    workshop = make_workshop()
    _first_day, second_day = workshop.days.all()
    make_participant(workshop, days=[second_day])
    cancel(participant=make_participant(workshop), by=PARTICIPANT, at=NOON)
    seats_of(workshop, capacity=1)
    make_participant(workshop)  # waits
    assert remind(at=DAY_BEFORE_AT_NINE) == 0


def test_each_day_has_a_reminder_of_its_own():
    make_participant(make_workshop())
    assert remind(at=DAY_BEFORE_AT_NINE) == 1
    assert remind(at=DAY_BEFORE_AT_NINE + dt.timedelta(days=7)) == 1


def test_a_cancelled_day_and_an_unpublished_workshop_remind_nobody():
    workshop = make_workshop()
    make_participant(workshop)
    workshop.days.filter(date=dt.date(2027, 2, 18)).update(is_cancelled=True)
    hidden = make_workshop()
    make_participant(hidden)
    hidden.is_published = False
    hidden.save()
    assert remind(at=DAY_BEFORE_AT_NINE) == 0


def test_the_hour_is_the_workshops():
    make_participant(make_workshop(reminder_time=dt.time(16, 30)))
    assert remind(at=DAY_BEFORE_AT_NINE) == 0
    assert remind(at=DAY_BEFORE_AT_NINE.replace(hour=16, minute=30)) == 1
