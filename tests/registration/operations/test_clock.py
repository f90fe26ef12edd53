"""The clock's rounds, where nothing else tests what they do."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from registration.operations import tasks
from registration.operations.clock import TASK_LEASE, tick
from tests.factories import make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("later", "status"), [(TASK_LEASE, "RUNNING"), (TASK_LEASE + dt.timedelta(seconds=1), "FAILED")])
def test_what_a_killed_worker_left_running_does_not_stay_so(settings, later, status):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    started_at = timezone.now()
    result = tasks.send_deliveries.enqueue()
    DBTaskResult.objects.filter(pk=result.id).update(status=TaskResultStatus.RUNNING, started_at=started_at)
    tick(started_at + later)
    assert DBTaskResult.objects.get(pk=result.id).status == status


def test_sign_ins_that_are_over_are_not_kept():
    now = timezone.now()
    for key, expires in [("over", now), ("there", now + dt.timedelta(hours=1))]:
        Session.objects.create(session_key=key, expire_date=expires)
    tick(now + dt.timedelta(seconds=1))
    assert [session.session_key for session in Session.objects.all()] == ["there"]


def test_an_offer_whose_time_is_over_passes_on_by_itself():
    workshop = make_workshop(waiting_list="offer")
    seats_of(workshop, capacity=1)
    first, second, third = (make_participant(workshop) for _i in range(3))
    workshop.participants.filter(pk=first.pk).update(state="offered", offer_expires_at=timezone.now())
    for _twice in range(2):
        tick(timezone.now() + dt.timedelta(seconds=1))
    for person in (first, second, third):
        person.refresh_from_db()
    assert [first.state, second.state, third.state] == ["cancelled", "offered", "waitlisted"]
