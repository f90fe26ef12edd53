"""Making quotas, and changing how many places they have."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.errors import BelowTaken
from registration.models import Province, Quota
from registration.seats import quotas
from registration.seats.actions.reserve import fill
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Track, Workshop


def provide_quotas(workshop: Workshop) -> None:
    """Gives `workshop` the quotas it lacks: one a province, one for central agencies, one a track.

    Quotas that are there are left alone, so it may be called after every change of the programme.
    """
    has = set(workshop.quotas.seats().values_list("province_id", flat=True))
    seats = [
        Quota(workshop=workshop, kind=Quota.Kind.PROVINCE, province_id=province, capacity=workshop.province_capacity)
        for province in Province.objects.values_list("pk", flat=True)
        if province not in has
    ]
    if None not in has:
        seats.insert(0, Quota(workshop=workshop, kind=Quota.Kind.CENTRAL, capacity=workshop.central_capacity))
    Quota.objects.bulk_create(seats)
    Quota.objects.bulk_create(
        Quota(workshop=workshop, kind=Quota.Kind.TRACK, track=track, capacity=track.capacity)
        for track in Track.objects.filter(item__day__workshop=workshop, quota=None)
    )


@repeated_after_deadlock
def set_capacity(*, quota: Quota, capacity: int | None, by: Actor, at: dt.datetime | None = None) -> None:
    """Gives `quota` `capacity` places; None is without limit.

    Raises BelowTaken, with the number taken at that moment, when more people than that have a place; the
    quota then stays as it was. One UPDATE decides, so a place taken meanwhile is not forgotten (brief §4.1).
    New seats go to those who wait, at once.
    """
    at = at or timezone.now()
    with transaction.atomic():
        locked = quotas.lock(quota.workshop_id, quota.pk)
        before = locked[0].capacity if quota.kind != Quota.Kind.TRACK else None
        if not quotas.resize(quota, capacity):
            quota.refresh_from_db(fields=["capacity", "taken"])
            raise BelowTaken(quota, capacity or 0)
        quota.capacity = capacity
        if quota.kind != Quota.Kind.TRACK:
            fill(*locked, by=by, at=at, freed=None if capacity is None or before is None else max(capacity - before, 0))


def recount(*, by: Actor, at: dt.datetime | None = None) -> tuple[list[Quota], list[Quota]]:
    """Puts right every counter that does not agree with its participants, each with a line in the audit trail.

    Returns those that were put right, and those that were not: more people hold a place than there are, or something changed just now.
    """
    repaired: list[Quota] = []
    left: list[Quota] = []
    for quota, counted in quotas.mismatches():
        (repaired if _put_right(quota, counted, by=by, at=at or timezone.now()) else left).append(quota)
    return repaired, left


@repeated_after_deadlock
def _put_right(quota: Quota, counted: int, *, by: Actor, at: dt.datetime) -> bool:
    with transaction.atomic():
        quotas.lock(quota.workshop_id, quota.pk)
        is_right = dict(quotas.mismatches()).get(quota) == counted and (quota.capacity is None or counted <= quota.capacity)
        if not is_right or not Quota.objects.filter(pk=quota.pk, taken=quota.taken).update(taken=counted):
            return False
        trail.record_recount(by=by, quota=quota, at=at)
        return True
