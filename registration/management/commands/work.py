import logging
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

PAUSE = 2


class Command(BaseCommand):
    help = "Works off the tasks, wherever TASK_BACKEND keeps them, until it is stopped. Any number may run, on any number of machines."

    def handle(self, *args: Any, **options: Any) -> None:
        if "django_rq" in settings.INSTALLED_APPS:
            call_command("rqworker", *settings.RQ_QUEUES, job_class="django_tasks_rq.Job", serializer=settings.RQ_SERIALIZER)
        else:
            self._work_on_rows()

    def _work_on_rows(self) -> None:
        """A database that is away for a moment ends no worker: it waits, as people do."""
        while True:
            try:
                call_command("db_worker", queue_name="*")
                return
            except (OperationalError, InterfaceError):
                logger.warning("the database is away; trying again in %s seconds", PAUSE)
                connection.close()
                time.sleep(PAUSE)
