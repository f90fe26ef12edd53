"""The personal page's reading: what all share is kept for some seconds, what is one person's own is read anew.

Texts – of the programme, of provinces and groups – may be some seconds old. Who comes, whether a day is cancelled
and the meeting links may not. Most of the page's time was spent on reading the same wide rows for everybody.
"""

import copy
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import DateTimeField, Model, Value

from registration.links import signed
from registration.models import Participant, Quota, TrackChoice
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay
from sessions.state import Standing

#: Where somebody is from, and as what he comes.
PLACE = ("quota__province", "group")
Row = TypeVar("Row", WorkshopDay, Track)

#: What staff change in a text is seen after this time, at most.
KEPT_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Programme:
    """A workshop, its days with their hours, and its tracks, by their keys. Requests share them: nobody may change them."""

    workshop: Workshop
    days: dict[int, WorkshopDay]
    tracks: dict[int, Track]

    def standing(self) -> Standing:
        """Where the workshop is in time, by days that know their hours."""
        return self.workshop.standing(days=self.days.values())

    def holds(self, chosen: Iterable[tuple[str, int]]) -> bool:
        return all(pk in (self.days if kind == "day" else self.tracks) for kind, pk in chosen)


@dataclass(slots=True)
class _Kept:
    """What this process has read lately."""

    read_at: float = field(default_factory=time.monotonic)
    programmes: dict[int, Programme] = field(default_factory=dict)
    quotas: dict[int, Quota] = field(default_factory=dict)
    groups: dict[int, StakeholderGroup] = field(default_factory=dict)


_kept = _Kept()


def forget() -> None:
    """Drops what is kept."""
    global _kept
    _kept = _Kept()


def participant_of_token(token: str, purpose: str = signed.PERSONAL) -> Participant | None:
    """Like `links.participant_of_token`: two queries, and two more where nothing is kept."""
    if time.monotonic() - _kept.read_at > KEPT_SECONDS:
        forget()
    kept, people = _kept, signed.participants_of_tokens(token, purpose)
    person = (people if kept.quotas else people.select_related(*PLACE)).first()
    if person is None:
        return None
    _put_in_place(person, kept)
    _put_in_programme(person, kept)
    return person


def programme_around(person: Participant) -> Programme:
    """What his workshop has to offer, himself apart."""
    return _kept.programmes.get(person.workshop_id) or _read(person.workshop_id)


def _put_in_place(person: Participant, kept: _Kept) -> None:
    """Gives `person` his quota, with its province, and his group."""
    if person.quota_id not in kept.quotas or person.group_id not in kept.groups:
        known = person if Participant.quota.is_cached(person) else Participant.objects.select_related(*PLACE).get(pk=person.pk)
        kept.quotas[person.quota_id], kept.groups[person.group_id] = known.quota, known.group
    person.quota, person.group = kept.quotas[person.quota_id], kept.groups[person.group_id]


def _put_in_programme(person: Participant, kept: _Kept) -> None:
    """Gives `person` his workshop, and his days and choices as `with_choices` does."""
    chosen = _chosen(person)
    programme = kept.programmes.get(person.workshop_id)
    if programme is None or not programme.holds(chosen):
        programme = kept.programmes[person.workshop_id] = _read(person.workshop_id)
    person.workshop = programme.workshop
    tracks = [_with(track, chosen["track", pk]) for pk, track in programme.tracks.items() if ("track", pk) in chosen]
    _fill(person, "days", [_with(day, chosen["day", pk]) for pk, day in programme.days.items() if ("day", pk) in chosen])
    _fill(person, "choices", [TrackChoice(participant=person, item=track.item, track=track) for track in tracks])


def _read(workshop_id: int) -> Programme:
    days = {day.pk: day for day in WorkshopDay.objects.with_hours().filter(workshop=workshop_id).select_related("workshop")}
    tracks = {track.pk: track for track in Track.objects.filter(item__day__workshop=workshop_id).select_related("item")}
    for track in tracks.values():
        track.item.day = days[track.item.day_id]
    workshop = next((day.workshop for day in days.values()), None) or Workshop.objects.get(pk=workshop_id)
    _fill(workshop, "days", days.values())
    return Programme(workshop, days, tracks)


#: Whose they are is added for each person: building them took longer than asking.
_DAYS = WorkshopDay.objects.order_by().values_list(Value("day"), "pk", "join_url", "is_cancelled", "join_opens_at")
_TRACKS = Track.objects.order_by().values_list(Value("track"), "pk", "join_url", Value(False), Value(None, DateTimeField()))


def _chosen(person: Participant) -> dict[tuple[str, int], dict[str, Any]]:
    """The days and tracks that `person` chose, each with what may not be old."""
    rows = _DAYS.filter(participants=person.pk).union(_TRACKS.filter(choices__participant=person.pk), all=True)
    return {
        (kind, pk): {"join_url": url} if kind == "track" else {"join_url": url, "is_cancelled": cancelled, "join_opens_at": opens}
        for kind, pk, url, cancelled, opens in rows
    }


def _with(row: Row, values: dict[str, Any]) -> Row:
    """A copy of the shared `row` that says `values`."""
    own = copy.copy(row)
    vars(own).update(values)
    return own


def _fill(instance: Model, relation: str, rows: Iterable[Model]) -> None:
    """Has `instance.relation.all()` give `rows` without a query, as a prefetch does."""
    queryset = getattr(instance, relation).all()
    queryset._result_cache = list(rows)
    queryset._prefetch_done = True
    vars(instance).setdefault("_prefetched_objects_cache", {})[relation] = queryset
