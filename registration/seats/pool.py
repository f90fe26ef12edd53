"""Released seats: which there are, whose, and to whom a rule would give them. Nothing here writes."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from registration.choices import SEAT_HOLDING
from registration.models import Coordinator, Participant, PoolEntry, Quota, SeatIntent, SeatPool
from registration.models.seat_pool import PoolRule
from sessions.models import Workshop
from sessions.schedule import BANGKOK

#: A desk is told so long before its seats are released.
WARN_BEFORE = (dt.timedelta(days=7), dt.timedelta(days=1))
#: Nothing is released sooner after the last warning, however late that was.
LEAST_WARNING = dt.timedelta(hours=20)
_SIGNED = Case(When(kind__in=PoolEntry.INCOMING, then=F("seats")), default=-F("seats"))


def pool_of(workshop: Workshop) -> SeatPool | None:
    """That of `workshop`, if the office has turned it on."""
    return SeatPool.objects.filter(workshop=workshop, is_on=True).first()


def due_at(pool: SeatPool, intent: SeatIntent | None) -> dt.datetime | None:
    """When a province's free seats are released: on the date, or at the end of the day until which it keeps them."""
    if pool.releases_at is None:
        return None
    if intent is None or intent.keeps_until is None:
        return pool.releases_at
    return max(pool.releases_at, dt.datetime.combine(intent.keeps_until + dt.timedelta(days=1), dt.time.min, BANGKOK))


def with_free_seats(workshop: Workshop) -> QuerySet[Quota]:
    """Provinces that could release seats. Where the province selects, one that has not announced still needs them."""
    quotas = Quota.objects.filter(workshop=workshop, kind=Quota.Kind.PROVINCE, capacity__gt=F("taken"))
    if workshop.decision == Workshop.Decision.SELECTION:
        quotas = quotas.exclude(announced_at=None)
    return quotas.select_related("workshop", "province").order_by("pk")


def reached(workshop: Workshop) -> set[int]:
    """Places at which somebody can be told by e-mail, by key of the quota. One query."""
    return set(Coordinator.objects.with_mailbox().filter(quota__workshop=workshop).values_list("quota", flat=True))


def left_by_the_clock(pool: SeatPool, at: dt.datetime) -> list[Quota]:
    """Provinces whose free seats the date is for, or was, but where nobody can be told of it: staff decide.

    From the first warning on. Three queries then, none before.
    """
    is_near = pool.is_on and pool.releases_at is not None and at >= pool.releases_at - max(WARN_BEFORE)
    if not is_near or pool.workshop.standing(at).is_over:
        return []
    told = reached(pool.workshop)
    intents = {intent.quota_id: intent for intent in SeatIntent.objects.filter(quota__workshop=pool.workshop_id)}
    return [quota for quota in with_free_seats(pool.workshop) if quota.pk not in told and _is_undecided(pool, intents.get(quota.pk), at)]


def _is_undecided(pool: SeatPool, intent: SeatIntent | None, at: dt.datetime) -> bool:
    due = due_at(pool, intent)
    return due is not None and at >= due - max(WARN_BEFORE) and (intent is None or intent.released_for != due)


def outstanding(quota: Quota) -> int:
    """How many seats of `quota` went into the pool and were not taken back."""
    own = PoolEntry.objects.filter(quota=quota).exclude(kind=PoolEntry.Kind.GIVEN)
    return int(own.aggregate(n=Coalesce(Sum(_SIGNED), 0))["n"])


def mismatches() -> list[tuple[SeatPool, int]]:
    """Pools whose `free` is not what their book gives, each with that sum. Must be empty."""
    summed = SeatPool.objects.select_related("workshop").annotate(
        booked=Coalesce(Sum(Case(When(entries__kind__in=PoolEntry.INCOMING, then=F("entries__seats")), default=-F("entries__seats"))), 0)
    )
    return [(pool, pool.booked) for pool in summed if pool.free != pool.booked]


@dataclass(slots=True)
class PoolRow:
    """A province as the office sees it: its free seats, what it said, what it has in the pool, and who waits."""

    quota: Quota
    intent: SeatIntent | None
    due_at: dt.datetime | None
    given_up: int
    waiting: int = 0
    #: Groups of whom people wait and nobody has a seat.
    missing: set[int] = field(default_factory=set)

    @property
    def free(self) -> int:
        return self.quota.left or 0


def rows_of(pool: SeatPool) -> list[PoolRow]:
    """Every province that has free seats, has released some, or has people waiting, whom the database counts. Five queries."""
    places = Q(workshop=pool.workshop_id, quota__kind=Quota.Kind.PROVINCE)
    lines, groups = Counter[int](), defaultdict[int, set[int]](set)
    waiting = Participant.objects.known().waiting().filter(places).order_by()
    for quota, group, people in waiting.values_list("quota", "group").annotate(n=Count("pk")):
        lines[quota] += people
        groups[quota].add(group)
    seated = Participant.objects.filter(places, state__in=SEAT_HOLDING, quota__in=lines).order_by()
    for quota, group in seated.values_list("quota", "group").distinct():
        groups[quota].discard(group)
    booked = Counter[int]()
    for quota, kind, seats in PoolEntry.objects.filter(pool=pool).exclude(kind=PoolEntry.Kind.GIVEN).values_list("quota", "kind", "seats"):
        booked[quota] += seats if kind in PoolEntry.INCOMING else -seats
    intents = {intent.quota_id: intent for intent in SeatIntent.objects.filter(quota__workshop=pool.workshop_id)}
    quotas = Quota.objects.filter(workshop=pool.workshop_id, kind=Quota.Kind.PROVINCE, capacity__isnull=False)
    rows = [
        PoolRow(
            quota, intents.get(quota.pk), due_at(pool, intents.get(quota.pk)), booked[quota.pk], lines[quota.pk], groups[quota.pk],
        )
        for quota in quotas.select_related("province").in_thai_order()
    ]  # fmt: skip
    return [row for row in rows if row.free or row.given_up or row.waiting]


def proposed(rows: Iterable[PoolRow], free: int, rule: str) -> dict[int, int]:
    """How many of `free` seats each of `rows` gets by `rule`, by quota: one seat after the other, so that nobody gets all.

    Within a province the line alone decides: no rule lets anybody overtake.
    """
    given: Counter[int] = Counter()
    waiting = {row.quota.pk: row for row in rows if row.waiting}

    def need(row: PoolRow) -> tuple[int, int, int]:
        left = row.waiting - given[row.quota.pk]
        missing = len(row.missing) if rule == PoolRule.MISSING_GROUPS and not given[row.quota.pk] else 0
        return missing, left, -row.quota.pk

    while free > 0:
        still = [row for row in waiting.values() if row.waiting > given[row.quota.pk]]
        if not still:
            break
        given[max(still, key=need).quota.pk] += 1
        free -= 1
    return dict(given)
