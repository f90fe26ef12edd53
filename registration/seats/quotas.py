"""Is there room? The only place that answers, takes and gives back.

Nothing here reads a number and then writes one: a place is taken by one conditional UPDATE whose row
count is the answer, and the database's own check stands behind it. Where several quotas are touched in
one transaction, seats come before tracks and lower keys before higher ones, so that no two
transactions wait for each other.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, F, Q

from registration.choices import SEAT_HOLDING
from registration.errors import Erased
from registration.models import Invitation, Participant, Quota, SeatPool, TrackChoice
from sessions.models import Workshop

_WITH_ROOM = Quota.objects.filter(Q(capacity=None) | Q(taken__lt=F("capacity")))


def seat_quota(workshop: Workshop, code: str) -> Quota | None:
    """The quota that gives a seat to people from `code`: two digits of a province, or "central"."""
    seats = workshop.quotas.seats().select_related("province")
    if code == Quota.Kind.CENTRAL:
        return seats.filter(kind=Quota.Kind.CENTRAL).first()
    return seats.filter(province__code=code).first()


def take(quota: Quota) -> bool:
    """Takes one place of `quota`, if there is one. False: it is full, nothing was changed."""
    return _WITH_ROOM.filter(pk=quota.pk).update(taken=F("taken") + 1) == 1


def release(quotas: Iterable[Quota]) -> None:
    """Gives back one place of each of `quotas`."""
    for quota in in_order(quotas):
        Quota.objects.filter(pk=quota.pk).update(taken=F("taken") - 1)


def resize(quota: Quota, capacity: int | None) -> bool:
    """Gives `quota` `capacity` places (None: without limit), if no more are taken. False: there are, nothing was changed."""
    fits = Quota.objects.filter(pk=quota.pk)
    if capacity is not None:
        fits = fits.filter(taken__lte=capacity)
    return fits.update(capacity=capacity) == 1


def shrink(quota: Quota, seats: int) -> bool:
    """Takes `seats` free places from `quota`. False: so many are not free, nothing was changed."""
    return Quota.objects.filter(pk=quota.pk, capacity__gte=F("taken") + seats).update(capacity=F("capacity") - seats) == 1


def grow(quota: Quota, seats: int) -> None:
    Quota.objects.filter(pk=quota.pk, capacity__isnull=False).update(capacity=F("capacity") + seats)


def put_into(pool: SeatPool, seats: int) -> None:
    """Call it, as `take_from`, after the quotas of the transaction are locked: every transaction touches the pool last."""
    SeatPool.objects.filter(pk=pool.pk).update(free=F("free") + seats)


def take_from(pool: SeatPool, seats: int) -> bool:
    """Takes `seats` from the pool. False: there are fewer, nothing was changed."""
    return SeatPool.objects.filter(pk=pool.pk, free__gte=seats).update(free=F("free") - seats) == 1


def in_order(quotas: Iterable[Quota]) -> list[Quota]:
    """`quotas` in the order in which every transaction must touch them."""
    return sorted(quotas, key=lambda quota: (quota.kind == Quota.Kind.TRACK, quota.pk))


def next_ticket(quota: Quota) -> int:
    """Draws the next number in line. The quota stays locked until the transaction ends.

    Whoever draws must call `take` once more before they wait: a seat that was freed between their first
    attempt and this draw was given to nobody, because they were not yet in line.
    """
    Quota.objects.filter(pk=quota.pk).update(last_ticket=F("last_ticket") + 1)
    return Quota.objects.values_list("last_ticket", flat=True).get(pk=quota.pk)


def is_announced(quota: Quota) -> bool:
    """Whether the province's selection took effect, as it is now. Ask it in a transaction that has drawn a ticket, or holds `lock`."""
    return Quota.objects.filter(pk=quota.pk, announced_at__isnull=False).exists()


def lock(workshop_id: int, seat_quota_id: int) -> tuple[Quota, dict[int, Quota]]:
    """Locks a seat quota and all track quotas of its workshop; call it first in a transaction.

    Returns the seat quota and the track quotas by track id, as they now are.
    """
    rows = list(
        Quota.objects.select_for_update()
        .filter(Q(pk=seat_quota_id) | Q(kind=Quota.Kind.TRACK), workshop_id=workshop_id)
        .order_by("kind", "pk")
    )
    seat = next(quota for quota in rows if quota.pk == seat_quota_id)
    return seat, {quota.track_id: quota for quota in rows if quota.track_id is not None}


def lock_seat_of(participant: Participant, *fields: str) -> tuple[Quota, dict[int, Quota]]:
    """As `lock`, for the quota in which the participant is by now; their state (and `fields`) is read anew under it.

    Raises Erased. Whoever was transferred since they were read would else have their seat given back where it never was.
    """
    while True:
        locked = lock(participant.workshop_id, participant.quota_id)
        known = Participant.objects.filter(pk=participant.pk).values("quota_id", "state", *fields).first()
        if known is None:
            raise Erased(participant)
        for name, value in known.items():
            setattr(participant, name, value)
        if participant.quota_id == locked[0].pk:
            return locked


def lock_all(seat_quota_ids: Iterable[int]) -> None:
    """Locks several seat quotas and all track quotas of their workshops, for a transaction that goes on to `lock` one after the other.

    Call it first: `lock` by itself would take a seat after the tracks of the one before.
    """
    rows = Quota.objects.select_for_update().order_by("pk")
    seats = list(rows.filter(pk__in=set(seat_quota_ids)))
    list(rows.filter(kind=Quota.Kind.TRACK, workshop__in={seat.workshop_id for seat in seats}))


def place_in_line(participant: Participant) -> int:
    """Where a waiting participant stands: 1 is next."""
    ahead = Participant.objects.waiting().filter(quota_id=participant.quota_id, ticket__lt=participant.ticket)
    return ahead.order_by().count() + 1


def places_in_line(quota: Quota) -> dict[int, int]:
    """Where everybody who waits for `quota` stands, by their number. One query."""
    line = Participant.objects.waiting().filter(quota=quota).values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(line, start=1)}


def mismatches(*, using: str = DEFAULT_DB_ALIAS) -> list[tuple[Quota, int]]:
    """Quotas whose `taken` is not what a recount gives, each with the recount. Must be empty.

    `using` is Django's name of the database, where it is not the portal's own: a backup, say.
    """
    holders = Participant.objects.using(using).holding_seats().order_by()
    choices = TrackChoice.objects.using(using).filter(participant__state__in=SEAT_HOLDING).order_by()
    invitations = Invitation.objects.using(using).keeping_seats().order_by()
    counted: Counter[int] = Counter()
    counted.update(dict(holders.values_list("quota").annotate(n=Count("pk"))))
    counted.update(dict(invitations.values_list("quota").annotate(n=Count("pk"))))
    counted.update(dict(choices.values_list("track__quota").annotate(n=Count("pk"))))
    known = Quota.objects.using(using)
    wrong = [key for key, taken in known.values_list("pk", "taken") if taken != counted[key]]
    found = known.filter(pk__in=wrong).select_related("province", "track").order_by("pk") if wrong else []
    return [(quota, counted[quota.pk]) for quota in found]
