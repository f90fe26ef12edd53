"""One worker at a time, whatever dies: the lease that exports, messages to many and lists of nominees share."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from registration.models import Export
from registration.operations import jobs
from tests.factories import make_workshop

LATER = jobs.LEASE + dt.timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def make_job() -> Export:
    return Export.objects.create(workshop=make_workshop(), kind=Export.Kind.CSV, created_at=timezone.now())


def test_a_job_is_claimed_by_one():
    job = make_job()
    assert jobs.claim(Export.objects.all(), job.pk).attempts == 1
    assert jobs.claim(Export.objects.all(), job.pk) is None


def test_who_comes_after_the_lease_takes_it_over_and_the_first_is_told():
    job = make_job()
    first = jobs.claim(Export.objects.all(), job.pk)
    second = jobs.claim(Export.objects.all(), job.pk, at=timezone.now() + LATER)
    assert (second.attempts, second.claim != first.claim) == (2, True)
    with pytest.raises(jobs.TakenOver):
        jobs.renew(first, done=1)
    assert jobs.give_back(first) is False
    jobs.renew(second, done=2)
    assert Export.objects.get(pk=job.pk).done == 2


def test_what_is_given_back_may_be_taken_at_once():
    job = make_job()
    held = jobs.claim(Export.objects.all(), job.pk)
    assert jobs.give_back(held) is True
    assert jobs.give_back(held) is False, "nobody holds it"
    assert jobs.claim(Export.objects.all(), job.pk) is not None


def test_the_rest_that_is_handed_on_waits_for_its_task_and_not_for_the_clock():
    job = make_job()
    jobs.hand_on(jobs.claim(Export.objects.all(), job.pk))
    assert jobs.reap(Export.objects.all(), at=timezone.now()) == []
    assert jobs.claim(Export.objects.all(), job.pk) is not None


def test_the_clock_reaps_what_nobody_is_at_once():
    job, now = make_job(), timezone.now()
    jobs.claim(Export.objects.all(), job.pk)
    assert jobs.reap(Export.objects.all(), at=now) == []
    assert jobs.reap(Export.objects.all(), at=now + LATER) == [job.pk]
    assert jobs.reap(Export.objects.all(), at=now + LATER) == [], "a task for it is on its way"


def test_a_job_that_is_gone_is_claimed_by_nobody():
    assert jobs.claim(Export.objects.all(), 0) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_claim_at_once_one_has_it():
    job = make_job()

    def claim(_number: int) -> bool:
        try:
            return jobs.claim(Export.objects.all(), job.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(8))) == 1
