"""The one leased job: whose row a worker claims, goes on holding while it lives, gives back, and loses when it dies.

A job is a row of a model that inherits `models.Job`. What it has to do, and when that is done, is its own business; each step
must be safe to do twice, since a worker that was taken for dead may still be writing. The clock calls `reap` for each kind.
"""

import datetime as dt
from typing import TypeVar
from uuid import uuid4

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from registration.models.job import Job

J = TypeVar("J", bound=Job)

#: A worker that was not heard of for so long is dead.
LEASE = dt.timedelta(minutes=2)


class TakenOver(Exception):
    """Another worker has the job now, or it was deleted."""


def claim(jobs: QuerySet[J], pk: int, *, at: dt.datetime | None = None, **columns: object) -> J | None:
    """The job, held for one worker, with `columns` set; None where somebody is at it, or it is not among `jobs`. Two queries."""
    at = at or timezone.now()
    token = uuid4().hex
    free = Q(claim="") | Q(leased_until__lte=at) | Q(leased_until=None)
    won = jobs.filter(free, pk=pk).update(claim=token, attempts=F("attempts") + 1, leased_until=at + LEASE, **columns)
    return jobs.filter(pk=pk).first() if won else None


def held(job: J) -> QuerySet[J]:
    return type(job)._default_manager.filter(pk=job.pk, claim=job.claim).exclude(claim="")


def renew(job: Job, **columns: object) -> None:
    """Says that the worker lives, and sets `columns`. Raises TakenOver."""
    if not held(job).update(leased_until=timezone.now() + LEASE, **columns):
        raise TakenOver


def give_back(job: Job, **columns: object) -> bool:
    """Ends the worker's hold and sets `columns`; what is unfinished may be taken at once. False where it was lost before."""
    return held(job).update(claim="", leased_until=None, **columns) == 1


def hand_on(job: Job) -> bool:
    return held(job).update(claim="", leased_until=timezone.now() + LEASE) == 1


def reap(jobs: QuerySet[J], *, at: dt.datetime, **columns: object) -> list[int]:
    """The keys of those of `jobs` (the unfinished ones) that nobody is at, each leased to who asks: they are to start a worker for it."""
    free = jobs.filter(Q(leased_until=None) | Q(leased_until__lte=at))
    waiting = list(free.order_by("pk").values_list("pk", flat=True))
    return [pk for pk in waiting if free.filter(pk=pk).update(claim="", leased_until=at + LEASE, **columns)]
