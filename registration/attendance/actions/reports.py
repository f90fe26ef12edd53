"""A report from its upload to its end: taken in, read, asked about, counted, taken back; its file deleted after some days.

What takes long is `work`, for a job: it may be killed at any moment and run twice.
"""

import base64
import datetime as dt
import hashlib
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.identities import noted, settle_identities
from registration.attendance.actions.places import note_places
from registration.attendance.actions.recount import PORTION, lock, recount
from registration.attendance.cells_of_files import FileFault, rows_of
from registration.attendance.likeness import plain
from registration.attendance.matching import Seen, matched
from registration.attendance.meetings import ReportedMeeting, meetings_of
from registration.attendance.minutes import Presence, Programme, counted
from registration.attendance.places import PlaceNames
from registration.attendance.placing import Placing, Reading, Room, last_moment, placed, span, times_of
from registration.attendance.reports.answers import counts_of
from registration.attendance.reports.cells import Rows
from registration.attendance.reports.moments import DateOrder
from registration.attendance.reports.reader import read_rows
from registration.attendance.reports.report import Missing, Report, ReportRefused, Role, Stay
from registration.attendance.roster import roster_of
from registration.audit import trail
from registration.models import Appearance, AttendanceReport, AttendanceSettings, ReportFile, ReportRow, Sighting, ZoomHandover
from registration.operations import jobs, kept_figures
from sessions.models import Workshop
from sessions.schedule import BANGKOK

#: What several workers have died of is not tried again.
MAX_ATTEMPTS = 3
MAX_BYTES = 20 * 1024 * 1024

_State = AttendanceReport.State


class ReportNotReady(Exception):
    """The report is not in a state in which that can be done: another had it meanwhile, or a question is open."""


def take_in(
    *, workshop: Workshop, name: str, data: bytes, by: Actor, said: dict[str, str | int] | None = None, at: dt.datetime | None = None
) -> tuple[AttendanceReport, bool]:
    """Keeps the file for a worker; `said` is what is known of it already, as in `answer`.

    The second value is False where the same file is there already: then nothing changes.
    """
    at = at or timezone.now()
    digest = hashlib.sha256(data).hexdigest()
    packed = base64.b64encode(zlib.compress(data)).decode()
    with transaction.atomic():
        Workshop.objects.select_for_update().get(pk=workshop.pk)  # two who upload the same at once
        if same := AttendanceReport.objects.standing().filter(workshop=workshop, digest=digest).first():
            return same, False
        report = AttendanceReport.objects.create(
            workshop=workshop,
            name=name[:200],
            digest=digest,
            uploaded_by=by.user,
            uploaded_at=at,
            leased_until=at + jobs.LEASE,
            said=said or {},
        )
        ReportFile.objects.create(report=report, packed=packed)
        trail.record_decision(by=by, what="attendance report uploaded", workshop=workshop, at=at)
    return report, True


def answer(*, report: AttendanceReport, said: dict[str, str | int], by: Actor, at: dt.datetime | None = None) -> None:
    """What a human says of the meeting, the order or the zone; the file is read anew by it. Raises ReportNotReady once it counts."""
    at = at or timezone.now()
    with transaction.atomic():
        open_ = AttendanceReport.objects.filter(pk=report.pk, state=_State.READ, file__isnull=False)
        if not open_.update(said={**report.said, **said}, state=_State.QUEUED, leased_until=at + jobs.LEASE, claim="", attempts=0):
            raise ReportNotReady
        trail.record_decision(by=by, what="attendance report answered", workshop=report.workshop, at=at)


def apply(*, report: AttendanceReport, by: Actor, at: dt.datetime | None = None) -> None:
    """Lets the report count; a worker does it. Raises ReportNotReady while a question is open, or where it counts already."""
    at = at or timezone.now()
    with transaction.atomic():
        ready = AttendanceReport.objects.filter(pk=report.pk, state=_State.READ, questions=[], day__isnull=False)
        if not ready.update(state=_State.APPLYING, applied_by=by.user, applied_at=at, leased_until=at + jobs.LEASE, claim="", attempts=0):
            raise ReportNotReady
        trail.record_decision(by=by, what="attendance report counted", workshop=report.workshop, count=report.people, at=at)


def take_back(*, report: AttendanceReport, by: Actor, at: dt.datetime | None = None) -> None:
    """Removes exactly what the report brought; a worker does it. Raises ReportNotReady where that was done."""
    at = at or timezone.now()
    with transaction.atomic():
        ended = AttendanceReport.objects.filter(pk=report.pk, state__in=[_State.READ, _State.REFUSED, _State.ANSWERS, _State.APPLIED])
        told = {"taken_back_by": by.user, "taken_back_at": at, "leased_until": at + jobs.LEASE, "claim": "", "attempts": 0}
        if not ended.update(state=_State.TAKING_BACK, **told):
            raise ReportNotReady
        trail.record_decision(by=by, what="attendance report taken back", workshop=report.workshop, count=report.people, at=at)


def work(*, report_id: int, at: dt.datetime | None = None) -> bool:
    report = jobs.claim(AttendanceReport.objects.unfinished().select_related("workshop", "day"), report_id, at=at)
    if report is None:
        return False
    deed = {_State.QUEUED: _read, _State.APPLYING: _count, _State.TAKING_BACK: _uncount}[_State(report.state)]
    try:
        deed(report)
    except jobs.TakenOver:
        return False
    return jobs.give_back(report)


def left_by_workers(at: dt.datetime) -> list[int]:
    left = AttendanceReport.objects.unfinished()
    given_up = left.filter(leased_until__lte=at, attempts__gte=MAX_ATTEMPTS, state=_State.QUEUED)
    given_up.update(state=_State.REFUSED, refusal="too_much", claim="", leased_until=None)
    return jobs.reap(left, at=at)


def forget_files(*, at: dt.datetime) -> int:
    """Deletes the bytes of files that were kept long enough. Returns how many."""
    days = dict(AttendanceSettings.objects.values_list("workshop", "file_days"))
    usual = AttendanceSettings().file_days
    old = [
        pk for pk, workshop, uploaded in ReportFile.objects.values_list("pk", "report__workshop", "report__uploaded_at")
        if uploaded <= at - dt.timedelta(days=days.get(workshop, usual))
    ]  # fmt: skip
    return ReportFile.objects.filter(pk__in=old).delete()[0]


def _read(report: AttendanceReport) -> None:
    try:
        rows = rows_of(zlib.decompress(base64.b64decode(report.file.packed)))
    except FileFault as refused:
        jobs.renew(report, state=_State.REFUSED, refusal=refused.code)
        return
    try:
        found = read_rows(rows)
    except ReportRefused as refused:
        _refuse(report, refused, rows)
        return
    meetings = {meeting.key: meeting for meeting in meetings_of(report.workshop)}
    rooms = _rooms(meetings)
    placing = _said(placed(found, rooms), rooms, report.said, found)
    meeting = meetings[placing.room.key] if placing.room else None
    with transaction.atomic():
        for day in sorted({day for day in (report.day, meeting and meeting.day) if day}, key=lambda day: day.pk):
            lock(day)
        touched = _forget_rows(report)
        if meeting:
            touched |= _write_rows(report, found, placing.reading, meeting)
        jobs.renew(report, **_understood(found, placing, meeting), state=_State.READ)
        settle_identities(touched)
        kept_figures.ask(report.workshop_id)


def _refuse(report: AttendanceReport, refused: ReportRefused, rows: Rows) -> None:
    told: dict[str, Any] = {"kind": refused.kind or "", "unused": list(refused.headings)[:20]}
    if refused.missing in (Missing.POLL, Missing.QUESTIONS) and (answers := counts_of(rows)):
        jobs.renew(report, state=_State.ANSWERS, answers=answers, **told | {"unused": []})
    else:
        jobs.renew(report, state=_State.REFUSED, refusal=refused.missing.value, **told)


def _rooms(meetings: dict[str, ReportedMeeting]) -> list[Room]:
    addresses: dict[str, set[str]] = defaultdict(set)
    days = {meeting.day.pk for meeting in meetings.values()}
    handed = ZoomHandover.objects.filter(Q(day__in=days) | Q(track__item__day__in=days)).values_list("day", "track", "email")
    for day, track, email in handed:
        addresses[f"day-{day}" if day else f"track-{track}"].add(email.lower())
    return [Room(key, meeting.title, *meeting.hours(), frozenset(addresses[key])) for key, meeting in meetings.items()]


def _said(placing: Placing, rooms: list[Room], said: dict[str, str | int], report: Report) -> Placing:
    room = next((room for room in rooms if room.key == said.get("room")), None)
    order = DateOrder(str(said["order"])) if said.get("order") in set(DateOrder) else placing.reading.order
    shift = int(said["shift"]) if "shift" in said else placing.reading.shift
    return Placing(
        room or placing.room,
        Reading(order, shift),
        placing.is_room_sure or room is not None,
        placing.is_order_sure or "order" in said,
        placing.is_shift_sure or "shift" in said,
        placing.known_share,
        placing.reasons if room is None or room == placing.room else [],
    )


def _understood(found: Report, placing: Placing, meeting: ReportedMeeting | None) -> dict[str, object]:
    times = span(found, placing.reading)
    other = Reading(DateOrder.DAY if placing.reading.order == DateOrder.MONTH else DateOrder.MONTH, placing.reading.shift)
    other_times = span(found, other)
    asked = {"room": placing.is_room_sure and placing.room, "order": placing.is_order_sure, "shift": placing.is_shift_sure}
    return {
        "kind": found.kind.value, "topic": found.topic[:300], "number": found.number[:40],
        "day": meeting.day if meeting else None, "track": meeting.track if meeting else None,
        "order": placing.reading.order.value, "shift": placing.reading.shift,
        "questions": [name for name, is_sure in asked.items() if not is_sure],
        "reasons": placing.reasons, "known_share": placing.known_share,
        "first_joined_at": times[0].replace(tzinfo=BANGKOK) if times else None,
        "last_left_at": times[1].replace(tzinfo=BANGKOK) if times else None,
        "other_date": other_times[0].date() if other_times and times and other_times[0].date() != times[0].date() else None,
        "unused": found.unused[:40], "no_shows": found.no_shows, "left_out": found.left_out,
        "people": len({key_of(stay) for stay in found.stays if stay.role == Role.ATTENDEE}),
        "hosts": len({key_of(stay) for stay in found.stays if stay.role != Role.ATTENDEE}),
    }  # fmt: skip


def key_of(stay: Stay) -> str:
    if stay.registrant:
        return f"registrant:{stay.registrant}"[:400]
    return stay.email or f"name:{plain(stay.name) or stay.name}"[:400]


@dataclass(slots=True)
class _Person:
    """One who is in the file: their rows, and how each is read."""

    stays: list[Stay]
    rows: list[ReportRow]


def _write_rows(report: AttendanceReport, found: Report, reading: Reading, meeting: ReportedMeeting) -> set[int]:
    """Returns the sightings (their keys) of those who are in it."""
    last = last_moment(found, reading)
    people: dict[str, _Person] = {}
    for stay in found.stays:
        person = people.setdefault(key_of(stay), _Person([], []))
        person.stays.append(stay)
        person.rows.append(_row(report, stay, reading, last))
    sightings = _sightings(meeting, people)
    rows = []
    for key, person in people.items():
        for row in person.rows:
            row.sighting = sightings[key]
            rows.append(row)
    ReportRow.objects.bulk_create(rows, batch_size=PORTION)
    Appearance.objects.bulk_create(_recognised(report, meeting, sightings, people), batch_size=PORTION)
    return {sighting.pk for sighting in sightings.values()}


def _row(report: AttendanceReport, stay: Stay, reading: Reading, last: dt.datetime | None) -> ReportRow:
    times = times_of(stay, reading, last)
    if stay.is_sum or times is None:
        return ReportRow(report=report, summed_seconds=max(0, stay.seconds or 0))
    return ReportRow(report=report, joined_at=times[0].replace(tzinfo=BANGKOK), left_at=times[1].replace(tzinfo=BANGKOK))


def _sightings(meeting: ReportedMeeting, people: dict[str, _Person]) -> dict[str, Sighting]:
    known = {sighting.key: sighting for sighting in Sighting.objects.of_meeting(meeting.day, meeting.track)}
    new = []
    for key, person in people.items():
        if key not in known:
            stay = person.stays[0]
            known[key] = Sighting(day=meeting.day, track=meeting.track, key=key, name=stay.name[:300], email=stay.email[:254])
            new.append(known[key])
    Sighting.objects.bulk_create(new, batch_size=PORTION)
    note_places(new, PlaceNames.of(meeting.day.workshop))
    return {key: known[key] for key in people}


def _connected(rows: list[ReportRow]) -> int:
    timed = tuple((row.joined_at, row.left_at) for row in rows if row.joined_at and row.left_at)
    sums = tuple(row.summed_seconds for row in rows if row.summed_seconds is not None)
    return counted(Presence(timed, sums), Programme()).connected


def _recognised(
    report: AttendanceReport, meeting: ReportedMeeting, sightings: dict[str, Sighting], people: dict[str, _Person]
) -> list[Appearance]:
    seen, found = list[Seen](), list[Appearance]()
    for key, person in people.items():
        joined = [row.joined_at for row in person.rows if row.joined_at]
        is_staff = all(stay.role != Role.ATTENDEE for stay in person.stays)
        appearance = Appearance(report=report, sighting=sightings[key], came_at=min(joined, default=None), is_staff=is_staff)
        appearance.connected_minutes = _connected(person.rows)
        names = tuple(dict.fromkeys(name for stay in person.stays for name in (stay.name, stay.registered_as) if name))
        came = appearance.came_at.astimezone(BANGKOK).replace(tzinfo=None) if appearance.came_at else None
        seen.append(Seen(len(found), names, sightings[key].email, came, person.stays[0].registrant))
        found.append(appearance)
    matches = matched(seen, roster_of(meeting))
    return [noted(appearance, matches[index]) for index, appearance in enumerate(found)]


def _count(report: AttendanceReport) -> None:
    assert report.day is not None  # `apply` asks for it
    with transaction.atomic():
        lock(report.day)
        jobs.renew(report, state=_State.APPLIED)
        settle_identities(set(report.appearances.values_list("sighting", flat=True)))
        recount(report.day)


def _uncount(report: AttendanceReport) -> None:
    with transaction.atomic():
        if report.day:
            lock(report.day)
        touched = _forget_rows(report)
        ReportFile.objects.filter(report=report).delete()
        jobs.renew(report, state=_State.TAKEN_BACK)
        settle_identities(touched)
        kept_figures.ask(report.workshop_id)
        if report.day:
            recount(report.day)


def _forget_rows(report: AttendanceReport) -> set[int]:
    """Deletes the rows of the report, and whom nothing but it had seen; what a human said of them stays.

    Returns the sightings (their keys) that remain of those who were in it.
    """
    mine = list(report.appearances.order_by("sighting").values_list("sighting", flat=True))
    ReportRow.objects.filter(report=report).delete()
    Appearance.objects.filter(report=report).delete()
    left: set[int] = set()
    for start in range(0, len(mine), PORTION):
        ours = Sighting.objects.filter(pk__in=mine[start : start + PORTION])
        ours.filter(rows=None).exclude(verdict__in=Sighting.BY_HAND).delete()
        left |= set(ours.values_list("pk", flat=True))
    return left
