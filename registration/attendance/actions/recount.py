"""From applied rows to minutes: of all who were seen on a day, or of some of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from registration.attendance.check_in import stay_of
from registration.attendance.meetings import programmes_of, settings_of
from registration.attendance.minutes import Minutes, Presence, Programme, counted
from registration.models import Attendance, AttendanceReport, AttendanceStop, CheckIn, ReportRow, RoomSeat, Sighting
from registration.operations import kept_figures
from sessions.models import WorkshopDay

PORTION = 500
_COUNTING = {Sighting.Verdict.REGISTRANT, Sighting.Verdict.ADDRESS, Sighting.Verdict.NAME, Sighting.Verdict.PERSON}
#: A participant, and the track or None for the day.
_Place = tuple[int, int | None]
#: Minutes, and where they are known from.
_Known = tuple[Minutes, Attendance.Source]


@dataclass(slots=True)
class _Stays:
    intervals: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)
    source: Attendance.Source = Attendance.Source.ROOM

    def known_from(self, source: Attendance.Source) -> None:
        """What names a person alone says more than what names several."""
        self.source = min(self.source, source, key=_SOURCES.index)


#: Where minutes are known from, what says most first.
_SOURCES = [Attendance.Source.REPORT, Attendance.Source.CHECK_IN, Attendance.Source.ROOM]


def lock(day: WorkshopDay) -> None:
    """Until the transaction ends nobody else changes who was there on `day`."""
    WorkshopDay.objects.select_for_update().get(pk=day.pk)


def recount(day: WorkshopDay, people: Collection[int] | None = None) -> int:
    """Writes the minutes of `day` and its tracks as the applied reports and verdicts give them; with `people` only theirs.

    Call it inside a transaction that holds `lock(day)`. Returns how many have minutes on the day. Constant queries for few people.
    """
    day = WorkshopDay.objects.select_related("workshop").prefetch_related("items__tracks").get(pk=day.pk)
    whole, of_tracks = programmes_of(day, settings_of(day.workshop).counts_breaks)
    stopped = _stopped(day, people)
    found = {place: stays for place, stays in _stays(day, people).items() if place[0] not in stopped}
    minutes = {place: _minutes(stays, whole, of_tracks, place) for place, stays in found.items()}
    _write(day, minutes, people, stopped)
    kept_figures.ask(day.workshop_id)
    return sum(1 for (_person, track), (found, _source) in minutes.items() if track is None and found.counted)


def _stopped(day: WorkshopDay, people: Collection[int] | None) -> set[int]:
    """Whose attendance is not used, at their wish."""
    stops = AttendanceStop.objects.filter(participant__workshop=day.workshop_id)
    return set((stops if people is None else stops.filter(participant__in=people)).values_list("participant", flat=True))


def _minutes(stays: _Stays, whole: Programme, of_tracks: dict[int, Programme], place: _Place) -> _Known:
    track = place[1]
    during = whole if track is None else of_tracks.get(track, Programme())
    return counted(Presence(tuple(stays.intervals), tuple(stays.sums)), during), stays.source


def _stays(day: WorkshopDay, people: Collection[int] | None) -> dict[_Place, _Stays]:
    rooms: dict[int, list[int]] = defaultdict(list)
    seats = RoomSeat.objects.filter(sighting__day=day, sighting__verdict=Sighting.Verdict.ROOM)
    if people is not None:
        seats = seats.filter(participant__in=people)
    for sighting, person in seats.values_list("sighting", "participant"):
        rooms[sighting].append(person)
    rows = ReportRow.objects.filter(report__state=AttendanceReport.State.APPLIED, report__day=day)
    if people is not None:
        rows = rows.filter(Q(sighting__participant__in=people) | Q(sighting__in=list(rooms)))
    found: dict[_Place, _Stays] = defaultdict(_Stays)
    fields = ("sighting", "sighting__track", "sighting__verdict", "sighting__participant", "joined_at", "left_at", "summed_seconds")
    for sighting, track, verdict, participant, joined, left, summed in rows.values_list(*fields).iterator(chunk_size=2000):
        is_alone = verdict in _COUNTING
        persons = [participant] if is_alone and participant else rooms.get(sighting, [])
        for person in persons:
            if people is None or person in people:
                for place in {(person, None), (person, track)}:
                    stays = found[place]
                    stays.known_from(Attendance.Source.REPORT if is_alone else Attendance.Source.ROOM)
                    if summed is not None:
                        stays.sums.append(summed)
                    elif joined and left:
                        stays.intervals.append((joined, left))
    _add_check_ins(found, day, people)
    return found


def _add_check_ins(found: dict[_Place, _Stays], day: WorkshopDay, people: Collection[int] | None) -> None:
    """Whoever was checked in was there from then on: for the day, since nobody at the door knows of tracks."""
    check_ins = CheckIn.objects.standing().filter(day=day)
    for person, at in (check_ins if people is None else check_ins.filter(participant__in=people)).values_list("participant", "at"):
        stays = found[person, None]
        stays.known_from(Attendance.Source.CHECK_IN)
        stays.intervals.append(stay_of(day, at))


def _write(day: WorkshopDay, minutes: dict[_Place, _Known], people: Collection[int] | None, stopped: Collection[int]) -> None:
    there = Attendance.objects.filter(day=day)
    if people is not None:
        there = there.filter(participant__in=people)
    known = {(row.participant_id, row.track_id): row for row in there}
    new, changed, gone = list[Attendance](), list[Attendance](), list[int]()
    for place, (found, source) in minutes.items():
        row = known.pop(place, None) or Attendance(participant_id=place[0], day=day, track_id=place[1])
        before = (row.pk, row.minutes, row.seen_minutes, row.connected_minutes, row.source)
        row.seen_minutes, row.connected_minutes = found.counted, found.connected
        settle(row, source)
        if row.pk is None:
            new.append(row)
        elif before != (row.pk, row.minutes, row.seen_minutes, row.connected_minutes, row.source):
            changed.append(row)
    for row in known.values():
        if row.entered_minutes is None:
            gone.append(row.pk)
        else:
            row.seen_minutes = row.connected_minutes = 0
            settle(row)
            row.minutes = 0 if row.participant_id in stopped else row.minutes
            changed.append(row)
    Attendance.objects.bulk_create(new, batch_size=PORTION)
    Attendance.objects.bulk_update(changed, ["minutes", "seen_minutes", "connected_minutes", "source"], batch_size=PORTION)
    for start in range(0, len(gone), PORTION):
        Attendance.objects.filter(pk__in=gone[start : start + PORTION]).delete()


def settle(row: Attendance, source: Attendance.Source = Attendance.Source.REPORT) -> None:
    """Which minutes count, and where they are known from: `source`, where nobody entered others."""
    if row.entered_minutes is not None:
        row.minutes, row.source = row.entered_minutes, Attendance.Source.HAND
    else:
        row.minutes = row.seen_minutes
        row.source = source
