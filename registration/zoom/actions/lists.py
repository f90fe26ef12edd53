"""Taking the lists of a meeting to Zoom, and writing down that they were worked off there. Nothing else says what Zoom knows."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.models import ZoomFile, ZoomHandover, ZoomLine
from registration.zoom.ledger import DeedKind, LedgerLine, lines_of
from registration.zoom.meetings import Meeting, ledgers_of
from sessions.models import Workshop, WorkshopDay

#: So many rows go to the database in one statement.
PORTION = 500


def take_list(*, meeting: Meeting, kind: DeedKind, by: Actor, at: dt.datetime | None = None) -> ZoomFile | None:
    """The list of `kind` as it now is, written down so that the same file can be had again; None where it is empty.

    A list that says what the last one of its kind says, which nobody has marked as done, is that one. Zoom knows
    nothing more by this: see `mark_done`.
    """
    at = at or timezone.now()
    with transaction.atomic():
        WorkshopDay.objects.select_for_update().get(pk=meeting.day.pk)  # two who press at once make one list
        ledger = ledgers_of(meeting.day.workshop, [meeting])[0]
        lines = [_stored(line) for line in lines_of(kind, ledger.left)]
        if not lines:
            return None
        waiting = next((file for file in ledger.files if file.kind == kind), None)
        if waiting and not waiting.done_at and [_told(line) for line in waiting.lines.all()] == [_told(line) for line in lines]:
            return waiting
        file = ZoomFile.objects.create(kind=kind.value, made_at=at, made_by=by.user, **meeting.columns)
        for line in lines:
            line.file = file
        ZoomLine.objects.bulk_create(lines, batch_size=PORTION)
        _remember(meeting, lines, by, at)
        filters = {"day": f"{meeting.day.date:%Y-%m-%d}", "track": str(meeting.track.pk) if meeting.track else ""}
        trail.record_download(by=by, what="zoom", count=len(lines), workshop=meeting.day.workshop, filters=filters, at=at)
    return file


def _remember(meeting: Meeting, lines: list[ZoomLine], by: Actor, at: dt.datetime) -> None:
    name = "track" if meeting.track else "day"
    handed = [
        ZoomHandover(participant_id=line.participant_id, email=line.email, at=at, by=by.user, **meeting.columns)
        for line in lines
        if line.email and line.participant_id
    ]
    ZoomHandover.objects.bulk_create(
        handed, update_conflicts=True, unique_fields=[name, "email"], update_fields=["participant", "at", "by"], batch_size=PORTION
    )


def take_all(*, workshop: Workshop, meetings: list[Meeting], by: Actor, at: dt.datetime | None = None) -> list[tuple[Meeting, ZoomFile]]:
    """Every list of `meetings` that has a file to import and is not empty."""
    taken = [
        (meeting, take_list(meeting=meeting, kind=kind, by=by, at=at)) for meeting in meetings for kind in (DeedKind.ADD, DeedKind.CHANGE)
    ]
    return [(meeting, file) for meeting, file in taken if file]


def mark_done(*, file: ZoomFile, by: Actor, at: dt.datetime | None = None) -> bool:
    """Writes down that `file` was worked off in Zoom. False where that was said already."""
    return bool(ZoomFile.objects.filter(pk=file.pk, done_at=None).update(done_at=at or timezone.now(), done_by=by.user))


def take_back(*, file: ZoomFile, by: Actor) -> bool:
    return bool(ZoomFile.objects.filter(pk=file.pk, done_at__isnull=False).update(done_at=None, done_by=None))


def _stored(line: LedgerLine) -> ZoomLine:
    about = line.added or line.removed
    first, last = (line.added and line.added.name) or ("", "")
    return ZoomLine(
        participant_id=about.key if about else None,
        removed=line.removed.email if line.removed else "",
        called=" ".join((line.removed and line.removed.name) or ()),
        email=line.added.email if line.added else "",
        first_name=first,
        last_name=last,
    )


def _told(line: ZoomLine) -> tuple[str, ...]:
    return line.removed, line.called, line.email, line.first_name, line.last_name
