"""What a workshop has to offer to somebody who registers: days, groups, seats and tracks, as they are now."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import caches
from django.db.models import Q

from registration.models import Participant, Quota
from sessions.models import AgendaItem, StakeholderGroup, Track, Workshop, WorkshopDay
from sessions.state import Standing

#: So long, at most, a page tells of places that are taken by now.
KEPT_SECONDS = 5
#: What a form sends for a place.
CODE = re.compile(r"[0-9]{2}|central")


def known(code: str) -> str:
    """`code` where it can be a place's, otherwise nothing: what else was sent is no question for a database."""
    return code if CODE.fullmatch(code) else ""


def _at(code: str) -> Q:
    return Q(kind=Quota.Kind.CENTRAL) if code == Quota.Kind.CENTRAL else Q(kind=Quota.Kind.PROVINCE, province__code=known(code))


@dataclass(frozen=True, slots=True)
class Block:
    """A parallel block and its tracks, each of which carries its `quota`."""

    item: AgendaItem
    tracks: list[Track]


class RegistrationOptions:
    """Numbers of places are those of the moment of reading; only `registration.seats.quotas` can promise one.

    With `code` (a province's two digits, or "central") just that place is read, the others when they are asked
    for; without it all are. Three queries either way. Cancelled days are left out, with their tracks.
    """

    def __init__(self, workshop: Workshop, code: str | None = None, *, is_shared: bool = False) -> None:
        self.workshop = workshop
        self.calendar = list(workshop.days.with_hours())
        self.days = [day for day in self.calendar if not day.is_cancelled]
        self._read: list[Quota] = []
        if is_shared:  # the rest lies beside it: most pages do not ask for it
            return
        self.groups = list(workshop.groups.all())
        quotas = workshop.quotas.select_related("province", "track__item")
        quotas = quotas.with_waiting().in_thai_order() if code is None else quotas.filter(_at(code) | Q(kind=Quota.Kind.TRACK))
        read = list(quotas)
        self._read = [quota for quota in read if quota.kind != Quota.Kind.TRACK]
        if code is None:
            self.seats = self._read
        self.blocks = self._blocks(quota.track for quota in read if quota.track)

    @classmethod
    def kept(cls, slug: str) -> "RegistrationOptions":
        """What everybody shares, as it was at most some seconds ago; no place is read.

        Good enough to find that a form is right, since registering counts the places anew. What is refused is to be
        refused on a new reading. Raises Workshop.DoesNotExist for one that is not published.
        """
        kept = cls._kept(f"options:{slug}", lambda: Workshop.objects.get(slug=slug))
        if not kept.workshop.is_published:
            raise Workshop.DoesNotExist
        return kept

    @classmethod
    def of(cls, person: Participant) -> "RegistrationOptions":
        """The same of the workshop for which somebody registered, published or not."""
        return cls._kept(f"options-of:{person.workshop_id}", lambda: person.workshop)

    @classmethod
    def _kept(cls, key: str, workshop: Callable[[], Workshop]) -> "RegistrationOptions":
        kept = caches["local"].get_or_set(key, lambda: cls(workshop(), is_shared=True), KEPT_SECONDS)
        assert isinstance(kept, cls)
        return kept

    # What is shared is kept without the workshop, whose texts are much longer than all the rest.

    @cached_property
    def groups(self) -> list[StakeholderGroup]:
        groups = StakeholderGroup.objects.filter(workshop=self.workshop.pk)
        return caches["local"].get_or_set(f"groups:{self.workshop.pk}", lambda: list(groups), KEPT_SECONDS) or []

    @cached_property
    def blocks(self) -> list[Block]:
        return caches["local"].get_or_set(f"blocks:{self.workshop.pk}", self._read_blocks, KEPT_SECONDS) or []

    def _read_blocks(self) -> list[Block]:
        quotas = Quota.objects.filter(workshop=self.workshop.pk).of_tracks().select_related("track__item")
        return self._blocks(quota.track for quota in quotas if quota.track)

    def share_place(self, code: str) -> None:
        """One place, as everybody shares it for some seconds; all are read together. Mostly no query."""
        keys = caches["local"].get_or_set(f"place-keys:{self.workshop.pk}", self._share_places, KEPT_SECONDS) or {}
        try:
            self._read = [self.place(keys[code])]
        except (KeyError, Quota.DoesNotExist):
            self._read = []

    def _share_places(self) -> dict[str, int]:
        """The key of each place by its code."""
        places = list(Quota.objects.filter(workshop=self.workshop.pk).seats().select_related("province"))
        caches["local"].set_many({f"place:{place.pk}": place for place in places}, KEPT_SECONDS)
        return {place.code: place.pk for place in places}

    def place(self, pk: int) -> Quota:
        """The place of this workshop with that key, as everybody shares it for some seconds, with its province.

        Mostly no query. Raises Quota.DoesNotExist.
        """
        place = caches["local"].get_or_set(f"place:{pk}", lambda: Quota.objects.select_related("province").get(pk=pk), KEPT_SECONDS)
        assert place
        place.workshop = self.workshop
        return place

    def standing(self, at: dt.datetime | None = None) -> Standing:
        """Where the workshop is in time; no query."""
        return self.workshop.standing(at, days=self.calendar)

    def _blocks(self, tracks: Iterable[Track]) -> list[Block]:
        days = {day.pk for day in self.days}
        blocks: dict[int, Block] = {}
        for track in sorted(tracks, key=lambda track: track.number):
            if track.item.day_id in days:
                blocks.setdefault(track.item_id, Block(track.item, [])).tracks.append(track)
        return sorted(blocks.values(), key=lambda block: block.item.starts_at)

    @cached_property
    def seats(self) -> list[Quota]:
        """Every quota that gives a seat, with `waiting`: the central agencies, then the provinces in Thai order."""
        return list(self.workshop.quotas.seats().with_waiting().select_related("province").in_thai_order())

    def place_now(self, code: str) -> Quota | None:
        """One place as it is now, with `waiting`. One query, none for a code that no place has."""
        return self.workshop.quotas.seats().with_waiting().select_related("province").filter(_at(code)).first() if known(code) else None

    def seat(self, code: str) -> Quota | None:
        return next((quota for quota in self._read if quota.code == code), None)

    @property
    def asks_for_guardians(self) -> bool:
        return any(group.needs_guardian for group in self.groups)

    def blocks_of(self, day: WorkshopDay) -> list[Block]:
        return [block for block in self.blocks if block.item.day_id == day.pk]
