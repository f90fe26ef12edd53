"""What a watcher (Prometheus) may know: how many requests of which kind, how long they took, what waits, who is alive.

Requests are counted in files that the processes of one gunicorn share (PROMETHEUS_MULTIPROC_DIR, set by gunicorn.conf.py), so
each gunicorn answers for itself. What is read from the database is the same whoever is asked: take the maximum.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from rq import Queue

from registration.operations.metrics import Metric
from registration.operations.metrics import read as read_metrics

REQUESTS = Counter("portal_requests", "Requests answered, by kind (read, write) and class of status", ["kind", "status"])
SECONDS = Histogram(
    "portal_request_seconds",
    "How long requests took, by kind (read, write)",
    ["kind"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def count_request(method: str, status: int, seconds: float) -> None:
    kind = "read" if method in ("GET", "HEAD", "OPTIONS") else "write"
    REQUESTS.labels(kind, f"{status // 100}xx").inc()
    SECONDS.labels(kind).observe(seconds)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For who knows METRICS_TOKEN (`Authorization: Bearer …`). Where none is set there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("token needed\n", status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(_counted()) + _of_database() + _of_redis(), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _of_database() -> bytes:
    """Whether it answers, at this moment; and what `registration.operations.metrics` reads, at most once a minute on this host."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        read = _kept(settings.VAR_DIR / "metrics" / "database.txt")
    except DatabaseError:
        read = b""
    return _up(bool(read)) + read


def _of_redis() -> bytes:
    """What waits there, where the tasks do; it costs next to nothing, so it is asked each time."""
    queues: dict[str, dict[str, str]] = getattr(settings, "RQ_QUEUES", {})
    if not queues:
        return b""
    up = GaugeMetricFamily("portal_redis_up", "Whether the Redis of the tasks answers")
    waiting = GaugeMetricFamily("portal_redis_tasks", "Tasks that wait in Redis, by queue", labels=["queue"])
    try:
        for name, queue in queues.items():
            with redis.from_url(queue["URL"], socket_connect_timeout=1, socket_timeout=1) as connection:
                waiting.add_metric([name], Queue(name, connection=connection).count)
    except redis.RedisError:
        up.add_metric([], 0)
        return _page([up])
    up.add_metric([], 1)
    return _page([up, waiting])


def _kept(file: Path) -> bytes:
    """What is in `file`, written anew if it is older than METRICS_KEPT_SECONDS."""
    try:
        if time.time() - file.stat().st_mtime < settings.METRICS_KEPT_SECONDS:
            return file.read_bytes()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    read = _page(_family(metric) for metric in read_metrics(timezone.now()))
    new = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    new.write_bytes(read)
    new.replace(file)
    return read


def _up(is_up: bool) -> bytes:
    up = GaugeMetricFamily("portal_database_up", "Whether the database answers")
    up.add_metric([], int(is_up))
    return _page([up])


def _page(families: Iterable[GaugeMetricFamily]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Given(list(families)))
    return generate_latest(registry)


class _Given(Collector):
    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self.families = families

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self.families


def _family(metric: Metric) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"portal_{metric.name}", metric.meaning, labels=metric.labels)
    for labels, value in metric.values.items():
        family.add_metric(labels, value)
    return family
