"""Connections behind which several of one place may have sat: the meeting room of a provincial hall is the rule, not the exception.

A desk sees those of its own people, and those that nobody knows and whose name says the province; of all others nothing.
"""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet

from registration.models import AttendanceReport, NamedPlace, Participant, Quota, ReportRow, RoomSeat, Sighting
from registration.models.participant import ParticipantQuerySet

_Verdict = Sighting.Verdict
#: Who that is, nobody had to say.
KNOWN = (_Verdict.REGISTRANT, _Verdict.ADDRESS, _Verdict.NAME)
#: What the office said of somebody by hand stands before what a desk says, but for a room.
OF_DESK = (_Verdict.OPEN, *KNOWN, _Verdict.ROOM)
#: So many connections stand on one page.
PAGE = 50
#: More of one place are not looked through: a hall has one, and each of its people a few.
MAX_ROOMS = 2_000


@dataclass(frozen=True, slots=True)
class SeatedRoom:
    """A connection, who of the place sits behind it by what is known, and how many of other places do."""

    sighting: Sighting
    people: list[Participant]
    elsewhere: int

    @property
    def is_seated(self) -> bool:
        return self.sighting.verdict == _Verdict.ROOM


def rooms_of(quota: Quota, page: str | int | None = 1) -> "Page[Any]":
    """One page of `SeatedRoom`s, of days that are counted, the longest connections of a day first. Four queries."""
    found: Page[Any] = Paginator(_counted(quota, keys_of(quota)).order_by("day__date", "-connected_minutes", "pk"), PAGE).get_page(page)
    found.object_list = _rooms(quota, list(found.object_list))
    return found


def room_of(quota: Quota, pk: int) -> SeatedRoom | None:
    """The connection `pk`, if it is one that the desk of `quota` may say something of."""
    rooms = _rooms(quota, list(_counted(quota, keys_of(quota, pk=pk))))
    return rooms[0] if rooms else None


def keys_of(quota: Quota, **narrowed: int) -> list[int]:
    """Of connections of the place, counted or not: one query that goes by the keys of its people and its name, not over everybody."""
    held = Sighting.objects.order_by().filter(**narrowed)
    wanted = [
        held.filter(participant__quota=quota, verdict__in=KNOWN),
        held.filter(suggested__quota=quota, verdict=_Verdict.OPEN),
        held.filter(pk__in=RoomSeat.objects.filter(participant__quota=quota).values("sighting"), verdict=_Verdict.ROOM),
        held.filter(pk__in=NamedPlace.objects.filter(quota=quota).values("sighting"), verdict=_Verdict.OPEN),
    ]
    first, *others = [rows.values_list("pk", flat=True) for rows in wanted]
    return list(first.union(*others).order_by()[:MAX_ROOMS])


def seatable(quota: Quota) -> ParticipantQuerySet:
    return Participant.objects.live().known().filter(quota=quota)


def _counted(quota: Quota, keys: list[int]) -> QuerySet[Sighting]:
    rows = ReportRow.objects.filter(sighting=OuterRef("pk"), report__state=AttendanceReport.State.APPLIED)
    held = Sighting.objects.filter(Exists(rows), pk__in=keys, day__workshop=quota.workshop_id, day__is_cancelled=False)
    return held.select_related("day", "track", "participant")


def _rooms(quota: Quota, sightings: list[Sighting]) -> list[SeatedRoom]:
    seats: dict[int, list[Participant]] = {each.pk: [] for each in sightings}
    for seat in RoomSeat.objects.filter(sighting__in=sightings).select_related("participant").order_by("participant__sort_key", "pk"):
        seats[seat.sighting_id].append(seat.participant)
    return [_room(each, seats[each.pk], quota) for each in sightings]


def _room(sighting: Sighting, seated: list[Participant], quota: Quota) -> SeatedRoom:
    alone = [sighting.participant] if sighting.participant and sighting.verdict != _Verdict.ROOM else []
    own = [person for person in [*alone, *seated] if person.quota_id == quota.pk]
    return SeatedRoom(sighting, own, len(alone) + len(seated) - len(own))
