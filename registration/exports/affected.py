"""Who may be affected by a breach: the people, how to reach them, and what the audit trail says of that time.

Source: Personal Data Protection Act B.E. 2562, section 37 (4): the Office of the Committee is told within 72 hours, and the
people too where the risk is high.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import BinaryIO

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registration import phones
from registration.exports.columns import Cell
from registration.exports.workbook import Book
from registration.models import AuditEvent, Participant, Quota
from registration.models.audit_event import AuditEventQuerySet
from sessions.models import Workshop

#: So many people are in memory at once.
PORTION = 1000


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of these sheets."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Breach:
    """What is known of a breach. `quota` narrows it to one place, `account` to what one user did."""

    workshop: Workshop
    since: dt.datetime
    until: dt.datetime
    quota: Quota | None = None
    account: User | None = None

    def lines(self) -> AuditEventQuerySet:
        """What the trail says of that time."""
        lines = AuditEvent.objects.touching(self.workshop, self.since, self.until)
        if self.quota:
            lines = lines.filter(quota__in=[self.quota.pk]) | lines.filter(quota=None)
        return lines.filter(actor=self.account) if self.account else lines

    def people(self) -> QuerySet[Participant]:
        """Everybody whom the portal knew by then."""
        known = Participant.objects.known().filter(workshop=self.workshop, registered_at__lt=self.until)
        return known.filter(quota=self.quota) if self.quota else known


def write_affected(file: BinaryIO, breach: Breach) -> int:
    """Writes the people and the lines of the trail to `file` as xlsx, in the reader's language. Returns how many people.

    Beside each person stands how many lines may have shown him: about himself, about his place, or about all places.
    """
    book = Book(_("Who may be affected"))
    shown = _shown(breach)
    headings = [
        *((_("Province"), 20), (_("Name"), 30), (_("E-mail"), 30), (_("Phone"), 20), (_("Parent or guardian"), 24)),
        *((_("Language of the e-mails"), 12), (_("Registered at"), 20), (_("State"), 18), (_("Lines of the trail"), 14)),
    ]
    sheet = book.sheet(_("People"), [Heading(*heading) for heading in headings])  # type: ignore[misc]
    people = breach.people().select_related("quota__province").order_by("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    for person in people.iterator(chunk_size=PORTION):
        sheet.append(_of(person, shown))
    trail_headings = [
        *((_("When"), 20), (_("Account"), 30), (_("As"), 16), (_("Did"), 14), (_("What"), 24)),
        *((_("Province"), 20), (_("How many people"), 12), (_("Filter"), 30), (_("Request"), 24)),
    ]
    trail = book.sheet(_("Audit trail"), [Heading(*heading) for heading in trail_headings])  # type: ignore[misc]
    for line in breach.lines().select_related("actor", "quota__province").order_by("at", "pk").iterator(chunk_size=PORTION):
        trail.append(_line(line))
    book.save(file)
    return sheet.rows


def _shown(breach: Breach) -> Counter[tuple[str, int | None]]:
    """How many lines are about a person, about a place, and about all places."""
    found: Counter[tuple[str, int | None]] = Counter()
    counted = breach.lines().order_by().values_list("participant_key", "quota").annotate(n=Count("pk"))
    for participant, quota, number in counted:
        found["person" if participant else "place", participant or quota] += number
    return found


def _of(person: Participant, shown: Counter[tuple[str, int | None]]) -> list[Cell]:
    lines = shown["person", person.pk] + shown["place", person.quota_id] + shown["place", None]
    return [
        *(person.quota.name, person.full_name, person.email, phones.readable(person.phone, person.phone_extension)),
        *(person.guardian_name, person.get_language_display(), _local(person.registered_at), str(person.get_state_display()), lines),
    ]


def _line(line: AuditEvent) -> list[Cell]:
    narrowed = ", ".join(f"{name}={value}" for name, value in line.narrowed.items())
    return [
        *(_local(line.at), line.actor.get_username() if line.actor else "", line.actor_kind, str(line.get_verb_display()), line.what),
        *(line.quota.name if line.quota else "", line.count, narrowed, line.request_id),
    ]


def _local(moment: dt.datetime) -> dt.datetime:
    """A workbook knows no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0)
