"""All seats of a workshop at a glance, as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from registration.models import Quota
from registration.models.province import Region
from registration.seats.tile_map import Tile, map_of
from sessions.models import WorkshopQuerySet


def seats_left(quotas: Iterable[Quota]) -> int | None:
    """How many seats `quotas` have left together; None where one of them has no limit."""
    left = [quota.left for quota in quotas]
    return None if None in left else sum(number for number in left if number is not None)


@dataclass(frozen=True, slots=True)
class RegionSeats:
    """The provinces of one region, in Thai order."""

    region: Region
    quotas: list[Quota]

    @property
    def left(self) -> int | None:
        return seats_left(self.quotas)


class Seats:
    """Where there is room: `quotas` are those that give a seat, in Thai order, their provinces at hand."""

    def __init__(self, quotas: Iterable[Quota]) -> None:
        self.quotas = list(quotas)
        self.provinces = [quota for quota in self.quotas if quota.province]
        self.central = next((quota for quota in self.quotas if not quota.province), None)

    @property
    def left(self) -> int | None:
        return seats_left(self.quotas)

    @property
    def capacity(self) -> int:
        return sum(quota.capacity or 0 for quota in self.quotas)

    @property
    def waiting(self) -> int:
        """How many stand in line; for quotas read `with_waiting`."""
        return sum(quota.waiting for quota in self.quotas)  # type: ignore[attr-defined]

    @property
    def full_provinces(self) -> int:
        return sum(quota.is_full for quota in self.provinces)

    def tiles(self) -> list[Tile]:
        return map_of(self.provinces)

    def regions(self) -> list[RegionSeats]:
        by_region = [(region, [q for q in self.provinces if q.province and q.province.region == region]) for region in Region]
        return [RegionSeats(region, quotas) for region, quotas in by_region if quotas]


def knowing_room(workshops: WorkshopQuerySet) -> WorkshopQuerySet:
    """Each with `is_full`: whether it has places, and none is left anywhere."""
    seats = Quota.objects.seats().filter(workshop=OuterRef("pk"))
    free = Q(capacity=None) | Q(taken__lt=F("capacity"))
    return workshops.annotate(is_full=ExpressionWrapper(Q(Exists(seats)) & ~Q(Exists(seats.filter(free))), BooleanField()))
