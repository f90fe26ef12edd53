"""Open data: counted by a worker, looked at, published as a version, withdrawn."""

import datetime as dt
import hashlib
import logging

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.models import Licence, OpenDataFile, OpenDataSet
from registration.open_data import counts, files, tables
from registration.operations import jobs
from sessions.models import Workshop

logger = logging.getLogger(__name__)

State = OpenDataSet.State

#: What three workers have died of is not tried again.
MAX_ATTEMPTS = 3


class NotYet(Exception):
    """The workshop is not over, or nobody knows yet who came."""


class DataSetChanged(Exception):
    """It is not what was looked at any more."""


def ask(*, workshop: Workshop, licence: Licence, by: Actor, at: dt.datetime | None = None) -> OpenDataSet:
    """Orders a draft of the next version, which `make` counts; one that nobody published goes. Raises NotYet, DataSetChanged."""
    at = at or timezone.now()
    if not workshop.standing(at).is_over or not counts.is_known(workshop):
        raise NotYet
    try:
        with transaction.atomic():
            OpenDataSet.objects.in_preparation().filter(workshop=workshop).delete()
            last = OpenDataSet.objects.filter(workshop=workshop).aggregate(n=Max("number"))["n"] or 0
            return OpenDataSet.objects.create(
                workshop=workshop, number=last + 1, licence=licence, created_by=by.user, created_at=at, leased_until=at + jobs.LEASE
            )
    except IntegrityError as error:
        raise DataSetChanged from error


def make(*, set_id: int) -> bool:
    """Counts a draft and makes its files. True when it is there, by this call. May be killed at any moment and run twice."""
    data_set = jobs.claim(OpenDataSet.objects.unfinished().select_related("workshop"), set_id)
    if data_set is None:
        return False
    try:
        _count(data_set)
        made = files.made(data_set)
        with transaction.atomic():
            data_set.files.all().delete()
            OpenDataFile.objects.bulk_create(_file(data_set, name, content) for name, content in made.items())
            kept = {"table": data_set.table, "summary": data_set.summary, "counted_at": data_set.counted_at}
            if not jobs.give_back(data_set, state=State.DRAFT, **kept):
                raise jobs.TakenOver
    except jobs.TakenOver:
        return False
    except Exception:
        logger.exception("open data %s has failed", data_set.pk)
        jobs.give_back(data_set, state=State.FAILED)
        return False
    return True


def _count(data_set: OpenDataSet) -> None:
    workshop = data_set.workshop
    counted = counts.counted(workshop)
    before = [tables.told_before(each, counted) for each in OpenDataSet.objects.ever_published().filter(workshop=workshop)]
    data_set.table = tables.snapshot(workshop, counted, before)
    data_set.summary = counts.summary(workshop, counted).as_kept()
    data_set.counted_at = timezone.now()


def _file(data_set: OpenDataSet, name: str, content: bytes) -> OpenDataFile:
    digest = hashlib.sha256(content).hexdigest()
    return OpenDataFile(data_set=data_set, name=name, content=content, size=len(content), digest=digest)


def publish(*, data_set: OpenDataSet, by: Actor, at: dt.datetime | None = None) -> None:
    """Exactly the draft that was looked at. An earlier version stays at its address. Raises DataSetChanged."""
    at = at or timezone.now()
    with transaction.atomic():
        draft = OpenDataSet.objects.filter(pk=data_set.pk, state=State.DRAFT, counted_at=data_set.counted_at)
        if not draft.update(state=State.PUBLISHED, published_by=by.user, published_at=at):
            raise DataSetChanged
        trail.record_decision(by=by, what="open data published", workshop=data_set.workshop, count=0, at=at)


def withdraw(*, data_set: OpenDataSet, by: Actor, at: dt.datetime | None = None) -> None:
    """Nobody can fetch it any more; who has it keeps it, so the next version still hides what would follow from it."""
    at = at or timezone.now()
    with transaction.atomic():
        if not OpenDataSet.objects.published().filter(pk=data_set.pk).update(state=State.WITHDRAWN, withdrawn_by=by.user, withdrawn_at=at):
            raise DataSetChanged
        trail.record_decision(by=by, what="open data withdrawn", workshop=data_set.workshop, count=0, at=at)


def discard(*, data_set: OpenDataSet) -> None:
    """A draft that nobody wants to publish. Raises DataSetChanged."""
    if not OpenDataSet.objects.in_preparation().filter(pk=data_set.pk).delete()[0]:
        raise DataSetChanged


def left_by_workers(at: dt.datetime) -> list[int]:
    """Drafts that are to be counted and at which nobody is; they are now for who asks."""
    OpenDataSet.objects.unfinished().filter(leased_until__lte=at, attempts__gte=MAX_ATTEMPTS).update(state=State.FAILED)
    return jobs.reap(OpenDataSet.objects.unfinished(), at=at)
