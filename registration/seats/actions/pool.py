"""Seats that nobody uses: kept, given up or released by a province, given to the reserve of others, taken back while they lie in the pool.

A seat is in a quota or in the pool, never in both: each verb moves it within one transaction, quotas first and the pool last.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import SYSTEM, Actor
from registration.audit import trail
from registration.choices import MessageName
from registration.mail import outbox
from registration.models import Coordinator, Participant, PoolEntry, Quota, SeatIntent, SeatPool
from registration.seats import pool as pools
from registration.seats import quotas
from registration.seats.actions.reserve import fill, line_of
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop

Kind = PoolEntry.Kind


class PoolRefused(Exception):
    """There are not so many seats, or somebody else came first: look again."""


@dataclass(frozen=True, slots=True)
class Gift:
    """Who of a province's reserve is to move up, the next one first, by key: as many seats are given."""

    quota: Quota
    people: tuple[int, ...]


def set_up(
    *, workshop: Workshop, is_on: bool, releases_at: dt.datetime | None, rule: str, by: Actor, at: dt.datetime | None = None
) -> SeatPool:
    """Turns releasing on or off, and says from when. What lies in the pool stays there, and can be given or taken back."""
    values = {"is_on": is_on, "releases_at": releases_at, "rule": rule}
    pool, _new = SeatPool.objects.update_or_create(workshop=workshop, defaults=values)
    trail.record_decision(by=by, what="seat pool", workshop=workshop, count=0, at=at or timezone.now())
    return pool


@repeated_after_deadlock
def keep(*, quota: Quota, until: dt.date | None, by: Actor, at: dt.datetime | None = None) -> None:
    """The province keeps its free seats until the end of that day, by when it has names; None: no longer."""
    at = at or timezone.now()
    with transaction.atomic():
        said = {"keeps_until": until, "said_by": by.user, "said_at": at}
        SeatIntent.objects.update_or_create(quota=quota, defaults=said)
        trail.record_decision(by=by, what="seats kept" if until else "seats not kept", quota=quota, count=0, at=at)


@repeated_after_deadlock
def give_up(*, pool: SeatPool, quota: Quota, seats: int, by: Actor, at: dt.datetime | None = None) -> None:
    """The province gives `seats` of its free seats into the pool. Raises PoolRefused where fewer are free."""
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock(quota.workshop_id, quota.pk)
        _put_in(pool, quota, seats, Kind.GIVEN_UP, by, at)


def _put_in(pool: SeatPool, quota: Quota, seats: int, kind: Kind, by: Actor, at: dt.datetime) -> None:
    if seats < 1 or not quotas.shrink(quota, seats):
        raise PoolRefused
    quotas.put_into(pool, seats)
    _book(pool, quota, seats, kind, by, at)


def _book(pool: SeatPool, quota: Quota, seats: int, kind: Kind, by: Actor, at: dt.datetime) -> None:
    PoolEntry.objects.create(pool=pool, quota=quota, kind=kind, seats=seats, at=at, actor=by.user, actor_kind=by.kind)
    trail.record_decision(by=by, what=f"seats {kind.value.replace('_', ' ')}", quota=quota, count=seats, at=at)


@repeated_after_deadlock
def take_back(*, pool: SeatPool, quota: Quota, seats: int, by: Actor, at: dt.datetime | None = None) -> None:
    """Seats that `quota` had released are its own again, while they lie in the pool; who waits there moves up. Raises PoolRefused."""
    at = at or timezone.now()
    with transaction.atomic():
        locked = quotas.lock(quota.workshop_id, quota.pk)
        if seats < 1 or seats > pools.outstanding(quota) or not quotas.take_from(pool, seats):
            raise PoolRefused
        quotas.grow(quota, seats)
        _book(pool, quota, seats, Kind.TAKEN_BACK, by, at)
        fill(*locked, by=by, at=at, freed=seats)


@repeated_after_deadlock
def give(*, pool: SeatPool, gifts: Sequence[Gift], by: Actor, at: dt.datetime | None = None) -> list[Participant]:
    """Gives seats of the pool to those who are next in the reserve of other provinces, in one act. Returns who moved up.

    Exactly the people of `gifts` move up, or nobody does: raises PoolRefused where a line has changed since, or the pool has fewer seats.
    """
    at = at or timezone.now()
    moved: list[Participant] = []
    with transaction.atomic():
        quotas.lock_all(gift.quota.pk for gift in gifts)
        for gift in sorted(gifts, key=lambda gift: gift.quota.pk):
            moved += _give(pool, gift, by, at)
        if not moved or not quotas.take_from(pool, len(moved)):
            raise PoolRefused
    return moved


def _give(pool: SeatPool, gift: Gift, by: Actor, at: dt.datetime) -> list[Participant]:
    seat, tracks = quotas.lock(gift.quota.workshop_id, gift.quota.pk)
    number = len(gift.people)
    if not number or seat.capacity is None or tuple(line_of(seat).values_list("pk", flat=True)[:number]) != gift.people:
        raise PoolRefused
    quotas.grow(seat, number)
    moved = fill(seat, tracks, by=by, at=at, freed=number)
    if [person.pk for person in moved] != list(gift.people):
        raise PoolRefused
    _book(pool, gift.quota, number, Kind.GIVEN, by, at)
    return moved


@repeated_after_deadlock
def release_untold(*, pool: SeatPool, quota: Quota, seats: int, by: Actor, at: dt.datetime | None = None) -> None:
    """Staff release what the clock leaves alone: the free seats of a province where nobody can be told. Once the date has come.

    Raises PoolRefused before it, where somebody can be told by now, and where another number is free than the `seats` that were seen.
    """
    at = at or timezone.now()
    with transaction.atomic():
        seat, _tracks = quotas.lock(quota.workshop_id, quota.pk)
        intent = _intents_of([seat])[seat.pk]
        due = pools.due_at(pool, intent)
        if due is None or at < due or seat.left != seats or seat not in pools.left_by_the_clock(pool, at):
            raise PoolRefused
        SeatIntent.objects.filter(pk=intent.pk).update(released_for=due)
        _put_in(pool, seat, seats, Kind.RELEASED, by, at)


def warn_of_release(*, at: dt.datetime) -> int:
    """Tells desks a week and a day before their free seats are released, once each. Returns how many mails. Safe to run twice or late.

    Whoever begins to coordinate a province later is told then.
    """
    mails = 0
    for _pool, quota, intent, due in _to_release(at):
        passed = [due - before for before in pools.WARN_BEFORE if due - before <= at]
        if passed:
            mails += _warn(quota, intent, due, max(passed), at)
    return mails


def _to_release(at: dt.datetime) -> list[tuple[SeatPool, Quota, SeatIntent, dt.datetime]]:
    """Provinces with free seats whose date has not had its effect yet. A row of what each said is there from now on."""
    found = []
    for pool in SeatPool.objects.filter(is_on=True, releases_at__isnull=False).select_related("workshop"):
        if pool.releases_at is None or at < pool.releases_at - max(pools.WARN_BEFORE) or pool.workshop.standing(at).is_over:
            continue
        free = list(pools.with_free_seats(pool.workshop))
        intents = _intents_of(free)
        for quota in free:
            due = pools.due_at(pool, intents[quota.pk])
            if due and intents[quota.pk].released_for != due:
                found.append((pool, quota, intents[quota.pk], due))
    return found


def _intents_of(provinces: Sequence[Quota]) -> dict[int, SeatIntent]:
    """By quota. One query; where a province has none yet it is made, by whoever is first."""
    said = SeatIntent.objects.filter(quota__in=provinces)
    found = {intent.quota_id: intent for intent in said}
    if missing := [quota for quota in provinces if quota.pk not in found]:
        SeatIntent.objects.bulk_create([SeatIntent(quota=quota) for quota in missing], ignore_conflicts=True)
        found = {intent.quota_id: intent for intent in said.all()}
    return found


@repeated_after_deadlock
def _warn(quota: Quota, intent: SeatIntent, due: dt.datetime, since: dt.datetime, at: dt.datetime) -> int:
    unwarned = SeatIntent.objects.filter(~Q(warned_for=due) | Q(warned_for=None) | Q(warned_at__lt=since), pk=intent.pk)
    with transaction.atomic():
        desks = _desks(quota)
        if not desks or not unwarned.filter(keeps_until=intent.keeps_until).update(warned_for=due, warned_at=at):
            return 0
        return _tell(MessageName.RELEASE_NEAR, quota, desks, f"{since:%Y%m%d%H%M}", at, due_at=due.isoformat())


def _desks(quota: Quota) -> list[Coordinator]:
    return list(Coordinator.objects.with_mailbox().filter(quota=quota).select_related("user"))


def _tell(message: MessageName, quota: Quota, desks: Sequence[Coordinator], occasion: str, at: dt.datetime, **details: object) -> int:
    for desk in desks:
        outbox.post_to_user(message, desk.user, occasion=f"{quota.pk}-{occasion}", at=at, details={"quota": quota.pk, **details})
    return len(desks)


def release_due(*, at: dt.datetime) -> int:
    """Releases what is free where the date has come and the desk was told in time. Returns how many seats. Safe to run twice or late.

    Where nobody can be told nothing is released: the office's front page says so, and staff decide (`release_untold`).
    """
    seats = 0
    for pool, quota, intent, due in _to_release(at):
        last_warning = intent.warned_at if intent.warned_for == due else None
        was_told = last_warning is not None and due - min(pools.WARN_BEFORE) <= last_warning <= at - pools.LEAST_WARNING
        if due <= at and was_told:
            seats += _release(pool, quota, intent, due, at)
    return seats


@repeated_after_deadlock
def _release(pool: SeatPool, quota: Quota, intent: SeatIntent, due: dt.datetime, at: dt.datetime) -> int:
    with transaction.atomic():
        seat, _tracks = quotas.lock(quota.workshop_id, quota.pk)
        as_read = SeatIntent.objects.filter(pk=intent.pk, keeps_until=intent.keeps_until, released_for=intent.released_for)
        if not SeatPool.objects.filter(pk=pool.pk, is_on=True, releases_at=pool.releases_at).exists() or not seat.left:
            return 0
        if not as_read.update(released_for=due):
            return 0
        _put_in(pool, seat, seat.left, Kind.RELEASED, SYSTEM, at)
        _tell(MessageName.SEATS_RELEASED, quota, _desks(quota), f"{due:%Y%m%d%H%M}", at, seats=seat.left)
        return seat.left
