"""Tasks in Redis instead of in the database: TASK_BACKEND=sdgworkshop.redis_queue.RedisBackend."""

from typing import Any

from django_tasks.base import Task, TaskResult
from django_tasks_rq import RQBackend


class RedisBackend(RQBackend):
    """RQ knows no priorities: what is urgent, and what can wait, goes into a queue of its own (RQ_QUEUES in the settings)."""

    supports_priority = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        queue = "first" if task.priority > 0 else "last" if task.priority < 0 else "default"
        return super().enqueue(task.using(queue_name=queue, priority=0), args, kwargs)
