"""A workshop that is over, with people who came: as many as a test wants in each cell."""

import datetime as dt
from itertools import count
from uuid import uuid4

from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.models import Attendance, Licence, OpenDataSet, Participant
from registration.open_data import actions
from sessions.models import StakeholderGroup
from tests.factories import NOON, make_workshop, seats_of

STAFF = Actor(ActorKind.STAFF)
AFTER = timezone.make_aware(dt.datetime(2027, 4, 1, 9, 0))
_numbers = count(1)


def make_over(*, groups=("4.1.1", "4.1.2", "4.1.3"), days=2, **fields):
    """Its days were in February 2026."""
    workshop = make_workshop(days=days, **fields)
    for day in workshop.days.all():
        workshop.days.filter(pk=day.pk).update(date=day.date - dt.timedelta(days=365))
    for code in groups:
        names = {"name_th": f"กลุ่มสมมุติ {code}", "name_en": f"Invented group {code}"}
        StakeholderGroup.objects.get_or_create(workshop=workshop, code=code, defaults=names)
    return workshop


def come(workshop, place, group, numbers):
    """Participants of one place and group, without what registering would do for them: so many on each day, the same people first."""
    quota, group = seats_of(workshop, place), workshop.groups.get(code=group)
    days = list(workshop.days.all())
    people = Participant.objects.bulk_create(
        Participant(
            workshop=workshop, quota=quota, group=group, state="confirmed", code=f"{next(_numbers):07}", submission=uuid4(),
            first_name="ลับเฉพาะ", last_name="ทดสอบดี", email=f"came{next(_numbers)}@example.org", registered_at=NOON, consented_at=NOON,
            state_changed_at=NOON,
        )
        for _i in range(max(numbers, default=0))
    )  # fmt: skip
    Attendance.objects.bulk_create(
        Attendance(participant=person, day=day, minutes=60, seen_minutes=60, source="report")
        for day, n in zip(days, numbers, strict=True)
        for person in people[:n]
    )
    return people


def make_draft(workshop, *, licence=Licence.NONE, at=AFTER):
    data_set = actions.ask(workshop=workshop, licence=licence, by=STAFF, at=at)
    assert actions.make(set_id=data_set.pk)
    return OpenDataSet.objects.get(pk=data_set.pk)


def make_published(workshop, **fields):
    data_set = make_draft(workshop, **fields)
    actions.publish(data_set=data_set, by=STAFF, at=AFTER)
    return OpenDataSet.objects.get(pk=data_set.pk)
