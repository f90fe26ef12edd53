from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Works off the tasks, wherever TASK_BACKEND keeps them, until it is stopped. Any number may run, on any number of machines."

    def handle(self, *args: Any, **options: Any) -> None:
        if "django_rq" in settings.INSTALLED_APPS:
            call_command("rqworker", *settings.RQ_QUEUES, job_class="django_tasks_rq.Job")
        else:
            call_command("db_worker", queue_name="*")
