"""Who may be affected by a breach: the people, how to reach them, and what the audit trail says of that time.

Source: Personal Data Protection Act B.E. 2562, section 37 (4): the Office of the Committee is told within 72 hours, and the
people too where the risk is high.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from django.contrib.auth.models import User
from django.db.models import Count, Model, QuerySet, Sum
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.attendance.places import names_of, says_place
from registration.audit.words import filters_in_words, kind_in_words, what_in_words
from registration.exports.attendees import Report
from registration.exports.columns import Cell
from registration.exports.workbook import Book
from registration.models import (
    Attendance,
    AuditEvent,
    Certificate,
    Export,
    Participant,
    Quota,
    ReportRow,
    RoomSeat,
    Sighting,
)
from registration.models.audit_event import AuditEventQuerySet
from registration.people import phones
from sessions.formats import date_short, moment_short
from sessions.models import Workshop

Row = TypeVar("Row", bound=Model)

#: So many people are in memory at once.
PORTION = 1000


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of these sheets."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach. `quota` limits it to one place, `account` to what the user of that key did, who may be gone."""

    workshop: Workshop
    since: dt.datetime
    until: dt.datetime
    quota: Quota | None = None
    account: int | None = None

    @classmethod
    def of(cls, export: Export) -> "Breach":
        """What an export of the kind AFFECTED is about. Raises Quota.DoesNotExist where its place is gone, rather than take all places."""
        kept = export.options
        quota = Quota.objects.select_related("province").get(pk=kept["quota"]) if kept["quota"] else None
        since, until = (dt.datetime.fromisoformat(kept[name]) for name in ("since", "until"))
        return cls(export.workshop, since, until, quota, kept["account"])

    def options(self, language: str) -> dict[str, Any]:
        """As an export keeps it; `language` is that of the file."""
        quota = self.quota.pk if self.quota else None
        moments = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return {**moments, "quota": quota, "account": self.account, "language": language}

    def filters(self) -> dict[str, str]:
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "account": str(self.account or "")}

    def in_words(self) -> list[str]:
        account = User.objects.filter(pk=self.account).first() if self.account else None
        place = self.quota.name if self.quota else _("All provinces")
        who = account.get_username() if account else str(self.account or _("All accounts"))
        return [place, f"{moment_short(self.since)} – {moment_short(self.until)}", who]

    def lines(self) -> AuditEventQuerySet:
        lines = AuditEvent.objects.touching(self.workshop, self.since, self.until)
        if self.quota:
            lines = lines.filter(quota__in=[self.quota.pk]) | lines.filter(quota=None)
        return lines.filter(actor=self.account) if self.account else lines

    def people(self) -> QuerySet[Participant]:
        known = Participant.objects.known().filter(workshop=self.workshop, registered_at__lt=self.until)
        return known.filter(quota=self.quota) if self.quota else known


def write_affected(file: BinaryIO, breach: Breach, *, language: str, report: Report) -> int:
    """Writes the people, who was seen in meetings beside them, and the lines of the trail to `file` as xlsx, in `language`.

    Returns how many people are registered.

    Beside each person stands how many lines may have shown them: about themselves, about their place, or about all places.
    """
    with translation.override(language):
        return _write(file, breach, report)


def _write(file: BinaryIO, breach: Breach, report: Report) -> int:
    book = Book(_("Who may be affected"))
    shown = _shown(breach)
    headings = [
        *((_("Province"), 20), (_("Name"), 30), (_("E-mail"), 30), (_("Phone"), 20), (_("Parent or guardian"), 24)),
        *((_("Language of the e-mails"), 12), (_("Registered at"), 20), (_("State"), 18), (_("Lines of the trail"), 14)),
        *((_("Rows in meeting reports"), 12), (_("Minutes of attendance"), 12), (_("Certificate"), 22)),
    ]
    sheet = book.sheet(_("People"), [Heading(*heading) for heading in headings])  # type: ignore[misc]
    people = breach.people().select_related("quota__province").order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    kept = _kept(breach)
    for person in _in_portions(people):
        sheet.append([*_of(person, shown), *kept.of(person)])
        if sheet.rows % PORTION == 0:
            report(sheet.rows)
    _write_seen(book, breach)
    trail_headings = [
        *((_("When"), 20), (_("Account"), 30), (_("As"), 16), (_("Did"), 14), (_("What"), 24)),
        *((_("Province"), 20), (_("How many people"), 12), (_("Filter"), 30), (_("Request"), 24)),
    ]
    trail = book.sheet(_("Audit trail"), [Heading(*heading) for heading in trail_headings])  # type: ignore[misc]
    for line in _in_portions(breach.lines().select_related("actor", "quota__province").order_by("at", "pk")):
        trail.append(_line(line))
        if trail.rows % PORTION == 0:
            report(sheet.rows)
    book.save(file)
    return sheet.rows


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of people from meetings: rows of reports, minutes, and the number on a certificate, by the person's key."""

    rows: dict[int, int]
    minutes: dict[int, int]
    certificates: dict[int, str]

    def of(self, person: Participant) -> list[Cell]:
        return [self.rows.get(person.pk, 0), self.minutes.get(person.pk, 0), self.certificates.get(person.pk, "")]


def _kept(breach: Breach) -> _Kept:
    """Four queries, however many people."""
    workshop = breach.workshop
    alone = ReportRow.objects.filter(sighting__day__workshop=workshop, sighting__participant__isnull=False).order_by()
    rows = Counter(dict(alone.values_list("sighting__participant").annotate(n=Count("pk"))))
    rooms = RoomSeat.objects.filter(sighting__day__workshop=workshop).order_by()
    rows.update(dict(rooms.values_list("participant").annotate(n=Count("sighting__rows"))))
    minutes = Attendance.objects.of_days().filter(day__workshop=workshop).order_by()
    certificates = Certificate.objects.filter(workshop=workshop).exclude(participant=None).order_by("number", "edition")
    numbers = {person: str(printed.get("number", "")) for person, printed in certificates.values_list("participant", "snapshot")}
    return _Kept(rows, dict(minutes.values_list("participant").annotate(n=Sum("minutes"))), numbers)


def _write_seen(book: Book, breach: Breach) -> None:
    """Who was seen in a meeting and is not among the people: guests, undecided, hosts. Of one place those whose name says it."""
    headings = [
        *((_("Date"), 16), (_("Name in the meeting"), 34), (_("E-mail"), 30)),
        *((pgettext("sighting", "Verdict"), 24), (_("Rows in meeting reports"), 12)),
    ]
    sheet = book.sheet(_("Seen in meetings"), [Heading(*heading) for heading in headings])  # type: ignore[misc]
    seen = Sighting.objects.filter(day__workshop=breach.workshop, day__date__lte=timezone.localdate(breach.until), participant=None)
    counted = seen.select_related("day").annotate(row_count=Count("rows")).order_by("day__date", "name", "pk")
    for each in _in_portions(counted):
        if breach.quota is None or says_place(each.name, names_of(breach.quota.province)):
            verdict = str(each.get_verdict_display())
            sheet.append([date_short(each.day.date), each.name, each.email, verdict, each.row_count])  # type: ignore[attr-defined]


def _in_portions(rows: QuerySet[Row]) -> Iterator[Row]:
    """Each of `rows`, in their order; no cursor or transaction stays open, and what is gone meanwhile is left out."""
    keys = list(rows.values_list("pk", flat=True))
    for first in range(0, len(keys), PORTION):
        portion = keys[first : first + PORTION]
        found = rows.in_bulk(portion)
        yield from (found[key] for key in portion if key in found)


def _shown(breach: Breach) -> Counter[tuple[str, int | None]]:
    found: Counter[tuple[str, int | None]] = Counter()
    counted = breach.lines().order_by().values_list("participant_key", "quota").annotate(n=Count("pk"))
    for participant, quota, number in counted:
        found["person" if participant else "place", participant or quota] += number
    return found


def _of(person: Participant, shown: Counter[tuple[str, int | None]]) -> list[Cell]:
    lines = shown["person", person.pk] + shown["place", person.quota_id] + shown["place", None]
    return [
        *(person.quota.name, person.full_name, person.email, phones.readable(person.phone, person.phone_extension)),
        *(
            f"{person.guardian_name} {person.guardian_email or person.guardian_phone}".strip(),
            person.get_language_display(),
            _local(person.registered_at),
            str(person.get_state_display()),
            lines,
        ),
    ]


def _line(line: AuditEvent) -> list[Cell]:
    return [
        *(_local(line.at), line.actor.get_username() if line.actor else "", kind_in_words(line), str(line.get_verb_display())),
        *(what_in_words(line), line.quota.name if line.quota else "", line.count, filters_in_words(line), line.request_id),
    ]


def _local(moment: dt.datetime) -> dt.datetime:
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0)
