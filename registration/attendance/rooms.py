"""Connections behind which several of one place may have sat: the meeting room of a provincial hall is the rule, not the exception.

A desk sees those of its own people, and those that nobody knows and whose name says the province; of all others nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from registration.models import AttendanceReport, Participant, Province, Quota, ReportRow, RoomSeat, Sighting
from registration.models.participant import ParticipantQuerySet

_Verdict = Sighting.Verdict
#: What the office said of somebody by hand stands before what a desk says, but for a room.
OF_DESK = (_Verdict.OPEN, _Verdict.ADDRESS, _Verdict.NAME, _Verdict.ROOM)
#: What stands right before the name of a province in the name of a room.
_BEFORE = r"(?:\S*(?:จังหวัด|จ\.|อบจ\.?|ศาลากลาง|พมจ\.?|สนจ\.?|สำนักงาน|ห้องประชุม|hall|room))?"


@dataclass(frozen=True, slots=True)
class SeatedRoom:
    """A connection, who of the place sits behind it by what is known, and how many of other places do."""

    sighting: Sighting
    people: list[Participant]
    elsewhere: int

    @property
    def is_seated(self) -> bool:
        return self.sighting.verdict == _Verdict.ROOM


def rooms_of(quota: Quota) -> list[SeatedRoom]:
    """Of days that are counted, the longest connections of a day first. Three queries."""
    sightings = list(_that_could_be(quota).select_related("day", "track", "participant", "suggested"))
    shown = [each for each in sightings if _is_own(each, quota)]
    seats: dict[int, list[Participant]] = {each.pk: [] for each in shown}
    for seat in RoomSeat.objects.filter(sighting__in=shown).select_related("participant").order_by("participant__sort_key", "pk"):
        seats[seat.sighting_id].append(seat.participant)
    return [_room(each, seats[each.pk], quota) for each in shown]


def room_of(quota: Quota, pk: int) -> SeatedRoom | None:
    """The connection `pk`, if it is one that the desk of `quota` may say something of."""
    return next((room for room in rooms_of(quota) if room.sighting.pk == pk), None)


def seatable(quota: Quota) -> ParticipantQuerySet:
    return Participant.objects.live().known().filter(quota=quota)


def _room(sighting: Sighting, seated: list[Participant], quota: Quota) -> SeatedRoom:
    alone = [sighting.participant] if sighting.participant and sighting.verdict != _Verdict.ROOM else []
    own = [person for person in [*alone, *seated] if person.quota_id == quota.pk]
    return SeatedRoom(sighting, own, len(alone) + len(seated) - len(own))


def _that_could_be(quota: Quota) -> QuerySet[Sighting]:
    counted = ReportRow.objects.filter(sighting=OuterRef("pk"), report__state=AttendanceReport.State.APPLIED)
    own_seat = RoomSeat.objects.filter(sighting=OuterRef("pk"), participant__quota=quota)
    wanted = Q(verdict__in=[_Verdict.ADDRESS, _Verdict.NAME], participant__quota=quota) | Q(Exists(own_seat), verdict=_Verdict.ROOM)
    wanted |= Q(verdict=_Verdict.OPEN, suggested__quota=quota)
    for name in names_of(quota.province):
        wanted |= Q(verdict=_Verdict.OPEN, name__icontains=name)
    held = Sighting.objects.filter(wanted, Exists(counted), day__workshop=quota.workshop_id, day__is_cancelled=False)
    return held.order_by("day__date", "-connected_minutes", "pk")


def _is_own(sighting: Sighting, quota: Quota) -> bool:
    if sighting.verdict != _Verdict.OPEN or (sighting.suggested and sighting.suggested.quota_id == quota.pk):
        return True
    return says_place(sighting.name, names_of(quota.province))


def names_of(province: Province | None) -> list[str]:
    if province is None:
        return []
    return [name for name in (province.name_th, province.name_en, *province.aliases.split("|")) if name]


def says_place(text: str, names: Iterable[str]) -> bool:
    """Whether one of `names` stands in `text` as a word of its own, or behind what a room or an office is called."""
    pattern = "|".join(re.escape(name) for name in names)
    return bool(pattern and re.search(rf"(?:^|[\s_,/|()\[\]-]){_BEFORE}(?:{pattern})(?=$|[\s_,/|()\[\]0-9-])", text, re.I))
