"""How tasks find their workers: in the database by default, in Redis where several hosts share it."""

import pytest
from django.conf import settings as portal
from django.core.management import call_command
from django.db import OperationalError
from django_tasks_rq import RQBackend

from registration.management.commands import work
from registration.operations.tasks import beat
from sdgworkshop.redis_queue import RedisBackend


@pytest.fixture
def called(monkeypatch) -> list[tuple]:
    """Which commands `manage.py work` hands over to."""
    commands: list[tuple] = []
    monkeypatch.setattr(work, "call_command", lambda *command, **options: commands.append((*command, options)))
    return commands


def test_rows_of_the_database_are_worked_off_by_default(called):
    call_command("work")
    assert called == [("db_worker", {"queue_name": "*"})]


def test_with_redis_what_is_urgent_comes_first(called, settings, monkeypatch):
    # Not by the fixture: Django would load the app, and its pages would stay in the admin when it is gone.
    monkeypatch.setattr(portal, "INSTALLED_APPS", [*portal.INSTALLED_APPS, "django_rq"])
    settings.RQ_QUEUES = {"first": {}, "default": {}, "last": {}}
    settings.RQ_SERIALIZER = "rq.serializers.JSONSerializer"
    call_command("work")
    assert called == [("rqworker", "first", "default", "last", {"job_class": "django_tasks_rq.Job", "serializer": settings.RQ_SERIALIZER})]


def test_a_worker_waits_for_a_database_that_is_away(monkeypatch):
    answers = [OperationalError("the database system is starting up"), OperationalError("still"), None]
    slept: list[float] = []

    def worker(*command, **options):
        if error := answers.pop(0):
            raise error

    monkeypatch.setattr(work, "call_command", worker)
    monkeypatch.setattr(work.time, "sleep", slept.append)
    call_command("work")
    assert (answers, slept) == ([], [2, 2])


def test_a_mistake_of_ours_ends_a_worker(monkeypatch):
    def worker(*command, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(work, "call_command", worker)
    with pytest.raises(ZeroDivisionError):
        call_command("work")


@pytest.mark.parametrize(("priority", "queue"), [(50, "first"), (1, "first"), (0, "default"), (-1, "last"), (-50, "last")])
def test_a_priority_becomes_a_queue_of_its_own_in_redis(monkeypatch, priority, queue):
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(RQBackend, "enqueue", lambda self, task, args, kwargs: sent.append((task.queue_name, task.priority)))
    RedisBackend("default", {"QUEUES": ["first", "default", "last"]}).enqueue(beat.using(priority=priority), [], {})
    assert sent == [(queue, 0)]
