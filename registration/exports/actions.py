"""Files with data of people, from the wish of one of the staff to their end: asked for, made by a worker, taken, expired.

Who takes whose data along, when, and how many, stands in the audit trail: there it counts when the file is taken.
"""

import datetime as dt
import logging
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.certificates.actions import sheet_sealed_now
from registration.errors import NobodyToExport, TooManyOnPaper
from registration.exports.affected import Breach, write_affected
from registration.exports.answers import number_of_answers, write_answers
from registration.exports.attendees import Report, write_csv, write_workbook
from registration.exports.audience import MAX_ON_PAPER, ON_PAPER, audience, meetings_of
from registration.exports.certificate_files import write_certificates
from registration.exports.guests import write_guests
from registration.exports.invitations import listed, write_invitations
from registration.exports.paper_files import write_codes, write_labels, write_sign_in_sheets
from registration.models import Export
from registration.operations import jobs
from registration.report.files import write_report
from sessions.models import Workshop

logger = logging.getLogger(__name__)

#: So long a file is there for who asked for it.
KEPT = dt.timedelta(hours=24)
#: So long one sees that there was one.
REMEMBERED = dt.timedelta(days=7)
#: What three workers have died of is not tried again.
MAX_ATTEMPTS = 3
#: How often a worker says how far it is.
SECONDS_BETWEEN_REPORTS = 0.5

#: What a file is called, how it ends, and what the audit trail calls it, by kind.
NAMES = {
    Export.Kind.WORKBOOK: ("attendees", "xlsx", "attendees"),
    Export.Kind.CSV: ("attendees", "csv", "attendees"),
    Export.Kind.SIGN_IN: ("sign-in", "pdf", "sign-in sheet"),
    Export.Kind.CODES: ("codes", "zip", "qr codes"),
    Export.Kind.LABELS: ("labels", "pdf", "qr codes"),
    Export.Kind.AFFECTED: ("affected", "xlsx", "affected"),
    Export.Kind.CERTIFICATES: ("certificates", "zip", "certificates taken"),
    Export.Kind.ANSWERS: ("evaluation", "xlsx", "evaluation answers"),
    Export.Kind.GUESTS: ("guests", "xlsx", "guests"),
    Export.Kind.REPORT: ("report", "zip", "report on a workshop"),
    Export.Kind.INVITATIONS: ("invitations", "xlsx", "invitations"),
}
#: Whom nobody has counted before the file is made: it may hold nobody.
UNCOUNTED = frozenset({Export.Kind.GUESTS, Export.Kind.REPORT})


def ask(
    *,
    workshop: Workshop,
    kind: str,
    filters: Mapping[str, str],
    by: Actor,
    columns: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> tuple[Export, bool]:
    """Notes that a file is wanted; `tasks.make_export` makes it. The second value is False where the same is being made for them already.

    `filters` says of whom (`registration.people.filters`), `columns` are keys of `exports.columns.NAMES`, `options` what the
    kind asks for. Raises NobodyToExport, and TooManyOnPaper where paper or an archive would hold too many.
    """
    at = at or timezone.now()
    wanted = {"workshop": workshop, "kind": kind, "columns": list(columns), "options": dict(options or {}), "filters": dict(filters)}
    people = _size(Export(**wanted))
    if not people and kind not in UNCOUNTED:
        raise NobodyToExport
    if kind in ON_PAPER and people > MAX_ON_PAPER:
        raise TooManyOnPaper(people)
    same = [export for export in Export.objects.unfinished().filter(created_by=by.user) if _wanted(export) == _wanted(Export(**wanted))]
    if same:
        return same[0], False
    return Export.objects.create(**wanted, people=people, created_by=by.user, created_at=at, leased_until=at + jobs.LEASE), True


def _size(export: Export) -> int:
    if export.kind in UNCOUNTED:
        return 0
    if export.kind == Export.Kind.INVITATIONS:
        return int(listed(export.workshop, export.filters).exists())
    return number_of_answers(export) if export.kind == Export.Kind.ANSWERS else audience(export).count()


def _wanted(export: Export) -> tuple[Any, ...]:
    return export.workshop_id, export.kind, export.columns, export.options, export.filters


def make(*, export_id: int) -> bool:
    """Makes the file, if it is not being made. True when it is there, by this call.

    May be killed at any moment and run twice: one claims it, says now and then that it lives, and stops where it finds
    that another one has taken over. A fault ends it as failed, with the reason in the log.
    """
    export = _claim(export_id)
    if export is None:
        return False
    try:
        with tempfile.TemporaryFile() as file:
            people = _write(file, export)
            jobs.renew(export)
            file.seek(0)
            export.file.storage.save(export.file.name, File(file))
    except jobs.TakenOver:
        return False
    except Exception:
        logger.exception("export %s has failed", export.pk)
        jobs.give_back(export, state=Export.State.FAILED)
        return False
    now = timezone.now()
    if not jobs.give_back(export, state=Export.State.DONE, people=people, done=people, expires_at=now + KEPT):
        _delete_file(export)
        return False
    return True


def _claim(export_id: int) -> Export | None:
    """The export, if nobody is at it; its file has its name already, and what a dead worker left under another one is gone."""
    export = jobs.claim(Export.objects.unfinished(), export_id, state=Export.State.RUNNING, done=0)
    if export is None:
        return None
    _delete_file(export)
    export.file.name = f"{export.claim}.{NAMES[Export.Kind(export.kind)][1]}"
    jobs.renew(export, file=export.file.name)
    return export


def _reporting(export: Export) -> Report:
    last = time.monotonic()

    def report(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_REPORTS:
            jobs.renew(export, done=done)
            last = time.monotonic()

    return report


def _write(file: BinaryIO, export: Export) -> int:
    """Writes what `export` asks for. Returns how many people it holds."""
    report, workshop = _reporting(export), export.workshop
    if export.kind == Export.Kind.AFFECTED:
        return write_affected(file, Breach.of(export), language=export.options["language"], report=report)
    if export.kind == Export.Kind.ANSWERS:
        return write_answers(file, export)
    if export.kind == Export.Kind.GUESTS:
        return write_guests(file, workshop)
    if export.kind == Export.Kind.REPORT:
        return write_report(file, workshop, report=report)
    if export.kind == Export.Kind.INVITATIONS:
        return write_invitations(file, export)
    people = audience(export)
    if export.kind == Export.Kind.WORKBOOK:
        return write_workbook(file, workshop, people, columns=export.columns, sheets=export.options["sheets"], report=report)
    if export.kind == Export.Kind.CSV:
        return write_csv(file, workshop, people, columns=export.columns, report=report)
    if export.kind == Export.Kind.CODES:
        return write_codes(file, people, report=report)
    if export.kind == Export.Kind.CERTIFICATES:
        return write_certificates(file, people, sheet=lambda each: sheet_sealed_now(certificate=each), report=report)
    if export.kind == Export.Kind.LABELS:
        return write_labels(file, workshop, people, report=report)
    meeting = meetings_of(workshop)[export.options["meeting"]]
    return write_sign_in_sheets(file, meeting, people, by_place=export.options["by_place"])


def take(*, export: Export, by: Actor, at: dt.datetime | None = None) -> File:
    """The file of `export`, opened, for `by`; counts it and writes it into the audit trail. Raises FileNotFoundError where it is gone."""
    at = at or timezone.now()
    if not export.is_there(at):
        raise FileNotFoundError
    file: File = export.file.open()
    with transaction.atomic():
        Export.objects.filter(pk=export.pk).update(downloads=F("downloads") + 1)
        what, quota, filters = NAMES[Export.Kind(export.kind)][2], None, export.filters
        if export.kind == Export.Kind.AFFECTED:
            breach = Breach.of(export)
            quota, filters = breach.quota, breach.filters()
        trail.record_download(by=by, what=what, count=export.people, workshop=export.workshop, quota=quota, filters=filters, at=at)
    return file


def file_name(export: Export, suffix: str = "") -> str:
    """`attendees-<address of the workshop>-<date in Bangkok>.xlsx`; the first word says what is in it."""
    word, usual, _what = NAMES[Export.Kind(export.kind)]
    return f"{word}-{export.workshop.slug}-{timezone.localdate(export.created_at):%Y-%m-%d}.{suffix or usual}"


def discard(*, export: Export) -> None:
    _delete_file(export)
    export.delete()


def _delete_file(export: Export) -> None:
    if export.file:
        export.file.delete(save=False)


def left_by_workers(at: dt.datetime) -> list[int]:
    """The exports of which nobody was heard for too long; they are now for who asks. What was tried too often has failed."""
    given_up = Export.objects.unfinished().filter(leased_until__lte=at, attempts__gte=MAX_ATTEMPTS)
    for export in given_up:
        if given_up.filter(pk=export.pk).update(state=Export.State.FAILED):
            _delete_file(export)
    return jobs.reap(Export.objects.unfinished(), at=at, state=Export.State.QUEUED)


def expire_exports(*, at: dt.datetime) -> int:
    """Deletes the files that have been there long enough, and forgets whom exports of last week were about. Returns how many files."""
    old = list(Export.objects.filter(state=Export.State.DONE, expires_at__lte=at))
    for export in old:
        _delete_file(export)
        Export.objects.filter(pk=export.pk).update(state=Export.State.EXPIRED, file="")
    ended = [Export.State.EXPIRED, Export.State.FAILED]
    Export.objects.filter(state__in=ended, created_at__lt=at - REMEMBERED).delete()
    return len(old)
