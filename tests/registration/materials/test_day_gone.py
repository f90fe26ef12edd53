"""A day is deleted: what only those who came on it could open is nobody else's, and its mail of thanks is not sent."""

import datetime as dt

import pytest

from registration.mail import outbox
from registration.materials import actions
from registration.materials.audience import own_documents
from registration.models import Attendance, Delivery, Document
from sessions.models import WorkshopDay
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.materials.making import STAFF, make_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop(days=2, tracks=0)


@pytest.fixture
def days(workshop):
    return list(workshop.days.all())


@pytest.fixture
def person(workshop, days):
    """Came on the second day only."""
    person = make_participant(workshop, days=[days[1]])
    Attendance.objects.create(participant=person, day=days[1], minutes=60, source="report")
    return person


def test_nobody_else_can_open_what_was_for_those_who_came_on_it(workshop, days, person):
    mine, of_all = (make_document(workshop, day=days[0], audience=audience) for audience in ("attended", "confirmed"))
    assert own_documents(person) == [of_all]
    WorkshopDay.objects.filter(pk=days[0].pk).delete()
    assert own_documents(person) == [of_all]
    assert list(Document.objects.order_by("pk").values_list("day", "published_at")) == [(None, None), (None, NOON)]
    assert Document.objects.get(pk=mine.pk).audience == "attended"


def test_the_calendars_of_a_day_are_renewed_by_its_documents(workshop, days):
    def sequence():
        return [day.sequence for day in workshop.days.all()]

    before = sequence()
    document = make_document(workshop, day=days[0], is_published=False)
    assert sequence() == before
    actions.publish(document=document, by=STAFF, at=NOON)
    assert sequence() == [before[0] + 1, before[1]]
    actions.withdraw(document=document, by=STAFF, at=NOON + dt.timedelta(hours=1))
    assert sequence() == [before[0] + 2, before[1]]


def test_the_mail_of_thanks_of_a_day_that_is_gone_is_not_sent(workshop, days, person):
    make_document(workshop, day=days[1], audience="attended")
    assert actions.tell(day=days[1], by=STAFF) == 1
    Attendance.objects.all().delete()
    person.days.clear()
    days[1].delete()
    outbox.send_due("worker", seconds=10)
    assert Delivery.objects.get(message="thanks").state == Delivery.State.OBSOLETE
