"""How a whole workshop fills, as the office looks at it: its places, groups, tracks and days, and what needs a hand.

Everything is counted by the database, and of a long workshop kept by a worker: what is asked does not depend on how many people there are.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from registration.choices import SEAT_HOLDING, State
from registration.models import Coordinator, Delivery, Invitation, KeptFigures, Objection, Quota, SeatPool, WebhookEndpoint
from registration.models.province import Region
from registration.office.kept import figures_for
from registration.people import board
from registration.privacy import retention
from registration.seats.pool import left_by_the_clock
from registration.seats.tile_map import POSITIONS, Tile, level, map_of
from sessions.models import StakeholderGroup, Track, Workshop

#: The chart shows the last days up to this many; the table beside it shows all.
MAX_BARS = 90
#: A track is worth a look from this level on (see `tiles.level`).
NEARLY_FULL = 2


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A province, or the central agencies: its places, its people by state, and who coordinates it."""

    quota: Quota
    states: Counter[State]
    invited: int
    last: dt.datetime | None
    coordinators: list[Coordinator]

    @property
    def capacity(self) -> int:
        return self.quota.capacity or 0

    @property
    def held(self) -> int:
        return sum(self.states[state] for state in SEAT_HOLDING)

    @property
    def pending(self) -> int:
        return self.states[State.PENDING] + self.states[State.OFFERED]

    @property
    def waiting(self) -> int:
        return self.states[State.WAITLISTED]

    @property
    def free(self) -> int:
        return max(self.capacity - self.quota.taken, 0)

    @property
    def last_seen(self) -> dt.datetime | None:
        return max((c.last_seen_at for c in self.coordinators if c.last_seen_at), default=None)

    @property
    def region(self) -> str:
        return str(Region(self.quota.province.region).label) if self.quota.province else ""


@dataclass(frozen=True, slots=True)
class Totals:
    """All places together; `held`, `invited` and `free` make up the `capacity`."""

    capacity: int
    held: int
    pending: int
    invited: int
    waiting: int
    free: int

    @property
    def sure(self) -> int:
        return self.held - self.pending

    @property
    def taken(self) -> int:
        return self.held + self.invited


@dataclass(frozen=True, slots=True)
class PlaceTile:
    """A province on the map."""

    place: PlaceLine
    tile: Tile


@dataclass(frozen=True, slots=True)
class GroupRow:
    """How many of a stakeholder group hold a seat: in each region, and together."""

    group: StakeholderGroup
    by_region: list[tuple[Region, int]]
    total: int

    @property
    def is_central(self) -> bool:
        return self.group.scope == StakeholderGroup.Scope.CENTRAL

    @property
    def holes(self) -> list[Region]:
        return [] if self.is_central else [region for region, number in self.by_region if not number]


@dataclass(frozen=True, slots=True)
class TrackRow:
    """A track: who has a place in it, and how many of those who wait for a seat wish for it."""

    track: Track
    taken: int
    wished: int

    @property
    def capacity(self) -> int | None:
        return self.track.quota.capacity

    @property
    def left(self) -> int | None:
        return self.track.quota.left

    @property
    def is_nearly_full(self) -> bool:
        return level(self.track.quota) >= NEARLY_FULL


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many registered on a date, whatever became of it."""

    date: dt.date
    number: int

    @property
    def iso(self) -> str:
        return self.date.isoformat()


class Dashboard:
    """The numbers of `workshop`. Fourteen queries, three or four more while seats are about to be released; all of them made here."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        #: What a worker has counted of a long workshop; None where it is counted here.
        self.kept = figures_for(workshop, KeptFigures.Subject.BOARD) if board.is_long(workshop) else None
        figures = self.kept.figures if self.kept else board.counted_board(workshop)
        counted = [(*key, dt.datetime.fromisoformat(last)) for *key, last in figures.get("people", [])]
        self.places = _places(workshop, counted)
        self.totals = _totals(self.places)
        #: Released by provinces, not given to others yet: with the capacity it makes the workshop's seats.
        pool = SeatPool.objects.filter(workshop=workshop).select_related("workshop").first()
        self.released = pool.free if pool else 0
        #: Whose free seats the clock does not release, because nobody there can be told.
        self.untold = left_by_the_clock(pool, timezone.now()) if pool else []
        self.groups = _groups(workshop, self.places, counted)
        self.tracks = _tracks(workshop, dict(figures.get("wished", [])))
        self.days = _days({dt.date.fromisoformat(date): number for date, number in figures.get("days", [])})
        self.anonymous_soon = retention.soon_due(timezone.now())
        self.objections = Objection.objects.open().count()
        self.webhooks = list(WebhookEndpoint.objects.needing_a_hand())
        self.mails = dict(Delivery.objects.needing_a_hand().order_by().values_list("state").annotate(n=Count("pk")))

    @property
    def everybody(self) -> int:
        return sum(day.number for day in self.days)

    @property
    def regions(self) -> list[Region]:
        return [region for region in Region if any(p.quota.province and p.quota.province.region == region for p in self.places)]

    @property
    def central(self) -> PlaceLine | None:
        return next((place for place in self.places if place.quota.province is None), None)

    def tiles(self) -> list[PlaceTile]:
        places = {place.quota.pk: place for place in self.places if place.quota.province and place.quota.province.code in POSITIONS}
        return [PlaceTile(places[tile.quota.pk], tile) for tile in map_of(place.quota for place in places.values())]

    # What needs a hand

    @property
    def without_coordinator(self) -> list[PlaceLine]:
        return [place for place in self.places if not place.coordinators]

    @property
    def tracks_nearly_full(self) -> list[TrackRow]:
        return [row for row in self.tracks if row.is_nearly_full]

    @property
    def failed_mails(self) -> int:
        return self.mails.get(Delivery.State.FAILED, 0)

    @property
    def unknown_mails(self) -> int:
        return self.mails.get(Delivery.State.UNKNOWN, 0)

    @property
    def holes(self) -> list[GroupRow]:
        return [row for row in self.groups if row.holes or not row.total]

    @property
    def is_quiet(self) -> bool:
        return not any(
            (
                *(self.mails, self.webhooks, self.anonymous_soon, self.objections, self.untold),
                *(self.without_coordinator, self.tracks_nearly_full),
            )
        )


#: What the table of places may be sorted by; a missing moment comes last either way up.
SORT_KEYS: dict[str, Callable[[PlaceLine], Any]] = {
    "province": lambda place: (place.quota.province is not None, place.quota.province.sort_key if place.quota.province else ""),
    "region": lambda place: list(Region).index(Region(place.quota.province.region)) if place.quota.province else -1,
    "province_group": lambda place: place.quota.province.province_group if place.quota.province else "",
    "capacity": lambda place: place.capacity,
    "held": lambda place: place.held,
    "pending": lambda place: place.pending,
    "invited": lambda place: place.invited,
    "waiting": lambda place: place.waiting,
    "last": lambda place: place.last,
    "coordinator": lambda place: [coordinator.name for coordinator in place.coordinators],
    "seen": lambda place: place.last_seen,
}


def sorted_places(places: Iterable[PlaceLine], order: str) -> list[PlaceLine]:
    """`places` by a key of SORT_KEYS, downwards with "-" before it; in their own order by anything else."""
    key, places = SORT_KEYS.get(order.removeprefix("-")), list(places)
    if key is None:
        return places
    known = [place for place in places if key(place) is not None]
    return sorted(known, key=key, reverse=order.startswith("-")) + [place for place in places if key(place) is None]


Counted = list[tuple[int, int, str, int, dt.datetime]]


def _places(workshop: Workshop, counted: Counted) -> list[PlaceLine]:
    quotas = workshop.quotas.seats().select_related("province").in_thai_order()
    states: dict[int, Counter[State]] = defaultdict(Counter)
    last: dict[int, dt.datetime] = {}
    for quota_id, _group, state, number, at in counted:
        states[quota_id][State(state)] += number
        last[quota_id] = max(at, last.get(quota_id, at))
    invited = dict(Invitation.objects.keeping_seats().filter(workshop=workshop).order_by().values_list("quota").annotate(n=Count("pk")))
    coordinators = defaultdict(list)
    for coordinator in Coordinator.objects.active().filter(quota__workshop=workshop).select_related("user"):
        coordinators[coordinator.quota_id].append(coordinator)
    return [PlaceLine(q, states[q.pk], invited.get(q.pk, 0), last.get(q.pk), coordinators[q.pk]) for q in quotas]


def _totals(places: list[PlaceLine]) -> Totals:
    return Totals(
        capacity=sum(place.capacity for place in places),
        held=sum(place.held for place in places),
        pending=sum(place.pending for place in places),
        invited=sum(place.invited for place in places),
        waiting=sum(place.waiting for place in places),
        free=sum(place.free for place in places),
    )


def _groups(workshop: Workshop, places: list[PlaceLine], counted: Counted) -> list[GroupRow]:
    regions = {place.quota.pk: place.quota.province.region if place.quota.province else "" for place in places}
    seated: Counter[tuple[int, str]] = Counter()
    for quota_id, group_id, state, number, _at in counted:
        if state in SEAT_HOLDING:
            seated[group_id, regions[quota_id]] += number
    there = [region for region in Region if region in regions.values()]
    return [
        GroupRow(
            group,
            [(region, seated[group.pk, region]) for region in there],
            sum(number for (group_id, _region), number in seated.items() if group_id == group.pk),
        )
        for group in workshop.groups.all()
    ]


def _tracks(workshop: Workshop, wished: dict[int, int]) -> list[TrackRow]:
    tracks = Track.objects.filter(item__day__workshop=workshop).select_related("quota", "item__day")
    in_order = tracks.order_by("item__day__date", "item__starts_at", "number")
    return [TrackRow(track, track.quota.taken, wished.get(track.pk, 0)) for track in in_order]


def _days(counted: dict[dt.date, int]) -> list[DayCount]:
    if not counted:
        return []
    first, last = min(counted), max(counted)
    dates = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return [DayCount(date, counted.get(date, 0)) for date in dates]
