"""The meetings of a workshop – a day's, or a track's – each with who should be in and whom Zoom knows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F

from registration.choices import State
from registration.models import Participant, TrackChoice, ZoomFile, ZoomLine, ZoomRegistrant, ZoomStanding, ZoomWebinar
from registration.people.display_names import zoom_names_in
from registration.zoom.ledger import Attendee, LedgerLine, WorkLeft, difference, known_after
from sessions.models import Track, Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Meeting:
    """What one link of Zoom opens."""

    day: WorkshopDay
    track: Track | None = None

    @property
    def key(self) -> str:
        return f"track-{self.track.pk}" if self.track else f"day-{self.day.pk}"

    @property
    def file_name(self) -> str:
        """`zoom-<address of the workshop>-<date>`, with `-<start of the block>-track-<number>` for a track."""
        name = f"zoom-{self.day.workshop.slug}-{self.day.date:%Y-%m-%d}"
        return f"{name}-{self.track.item.starts_at:%H%M}-track-{self.track.number}" if self.track else name

    @property
    def columns(self) -> dict[str, WorkshopDay | Track]:
        """What names it in a row of `ZoomFile`."""
        return {"track": self.track} if self.track else {"day": self.day}


@dataclass(frozen=True, slots=True)
class Ledger:
    """A meeting, how many should be in and how many Zoom knows, what is left to do, and the lists that were taken, the newest first."""

    meeting: Meeting
    expected: int
    known: int
    left: WorkLeft
    files: list[ZoomFile]
    #: Where staff said in which webinar it is held.
    webinar: ZoomWebinar | None = None
    #: People who were erased and are still registered in Zoom.
    forgotten: int = 0
    #: How Zoom stands to those of `left.held`, by their address.
    standings: dict[str, str] = field(default_factory=dict)

    @property
    def has_begun(self) -> bool:
        return self.is_read or any(file.done_at for file in self.files)

    @property
    def is_read(self) -> bool:
        """What Zoom knows was read from Zoom itself, not from what staff said they did there."""
        return bool(self.webinar and self.webinar.read_at)

    @property
    def count(self) -> int:
        return self.left.count + self.forgotten


def meeting_of(file: ZoomFile) -> Meeting:
    if file.track:
        return Meeting(file.track.item.day, file.track)
    assert file.day  # the database holds that it is of one or the other
    return Meeting(file.day)


def meeting_held_in(webinar: ZoomWebinar) -> Meeting:
    if webinar.track:
        return Meeting(webinar.track.item.day, webinar.track)
    assert webinar.day  # the database holds that it is of one or the other
    return Meeting(webinar.day)


def meetings_of(workshop: Workshop) -> list[Meeting]:
    """Those that take place, day by day, each day before its tracks. Three queries."""
    found = []
    for day in workshop.days.filter(is_cancelled=False).select_related("workshop").prefetch_related("items__tracks"):
        found.append(Meeting(day))
        for item in day.items.all():
            for track in item.tracks.all():
                track.item = item
                found.append(Meeting(day, track))
    return found


def ledgers_of(workshop: Workshop, meetings: Iterable[Meeting] | None = None) -> list[Ledger]:
    """Each of the `meetings` (default: all of `workshop`) in their order. Ten queries, twelve with webinars, however many there are."""
    meetings = meetings_of(workshop) if meetings is None else list(meetings)
    expected, files, webinars = _expected(workshop), _files(workshop), _webinars(workshop)
    return [_ledger(one, expected.get(one.key, []), files.get(one.key, []), webinars.get(one.key)) for one in meetings]


def _ledger(meeting: Meeting, expected: list[Attendee], files: list[ZoomFile], webinar: ZoomWebinar | None) -> Ledger:
    rows = list(webinar.registrants.all()) if webinar else []
    known = known_to_zoom(rows) if webinar and webinar.read_at else known_by_files(files)
    forgotten = sum(not row.email for row in rows)
    standings = held_by_zoom(webinar.standings.all()) if webinar else {}
    left = difference(expected, known, standings)
    return Ledger(meeting, len(expected), len(known), left, files, webinar, forgotten, standings)


def known_by_files(files: Iterable[ZoomFile]) -> dict[str, Attendee]:
    """Whom Zoom knows by what staff said that they did there."""
    done = sorted((file for file in files if file.done_at), key=lambda file: (file.done_at, file.pk))
    return known_after([_line(line) for line in file.lines.all()] for file in done)


def known_to_zoom(rows: Iterable[ZoomRegistrant]) -> dict[str, Attendee]:
    """Whom Zoom knows by what it told us."""
    named = [(row, (row.first_name, row.last_name) if row.first_name or row.last_name else None) for row in rows if row.email]
    return {row.email: Attendee(row.email, name, row.participant_id) for row, name in named}


def held_by_zoom(rows: Iterable[ZoomStanding]) -> dict[str, str]:
    """Whom Zoom has and does not let in, by their address."""
    return {row.email: row.kind for row in rows if row.kind in ZoomStanding.HELD}


def _line(line: ZoomLine) -> LedgerLine:
    name = (line.first_name, line.last_name) if line.first_name or line.last_name else None
    removed = Attendee(line.removed, None, line.participant_id) if line.removed else None
    return LedgerLine(removed, Attendee(line.email, name, line.participant_id) if line.email else None)


def _expected(workshop: Workshop) -> dict[str, list[Attendee]]:
    """Who is confirmed for each meeting, in the order of a Thai dictionary; on a track only who comes on its day."""
    names = zoom_names_in(workshop)
    people = Participant.objects.confirmed().known().filter(workshop=workshop).order_by("sort_key", "pk")
    known = [row for row in people.values_list("pk", "email", "has_contact_address") if row[0] in names]
    attendees = {pk: Attendee(email, (names[pk].first, names[pk].last), pk, passed_on) for pk, email, passed_on in known}
    order = {pk: place for place, pk in enumerate(attendees)}
    found: dict[str, list[int]] = defaultdict(list)
    seated = {"participant__workshop": workshop, "participant__state": State.CONFIRMED, "participant__anonymised_at": None}
    for person, day in Participant.days.through.objects.filter(**seated).values_list("participant_id", "workshopday_id"):
        found[f"day-{day}"].append(person)
    chosen = TrackChoice.objects.filter(**seated, participant__days=F("track__item__day"))
    for person, track in chosen.values_list("participant_id", "track_id"):
        found[f"track-{track}"].append(person)
    return {key: [attendees[pk] for pk in sorted(set(keys) & attendees.keys(), key=order.__getitem__)] for key, keys in found.items()}


def expected_in(meeting: Meeting) -> list[Attendee]:
    return _expected(meeting.day.workshop).get(meeting.key, [])


def files_of(meeting: Meeting) -> list[ZoomFile]:
    return _files(meeting.day.workshop).get(meeting.key, [])


def _webinars(workshop: Workshop) -> dict[str, ZoomWebinar]:
    found = ZoomWebinar.objects.of_workshop(workshop).prefetch_related("registrants", "standings")
    return {f"track-{one.track_id}" if one.track_id else f"day-{one.day_id}": one for one in found}


def _files(workshop: Workshop) -> dict[str, list[ZoomFile]]:
    found: dict[str, list[ZoomFile]] = defaultdict(list)
    files = ZoomFile.objects.of_workshop(workshop).select_related("made_by", "done_by").prefetch_related("lines")
    for file in files.order_by("-made_at", "-pk"):
        found[f"track-{file.track_id}" if file.track_id else f"day-{file.day_id}"].append(file)
    return found
