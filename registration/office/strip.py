"""What is not normal about a workshop and the portal, each in a sentence with the one thing to do about it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.models import Delivery, Heartbeat, MailFlow, Participant
from registration.operations import backups, clock_jumps
from registration.privacy import retention
from registration.seats import quotas
from sessions import releases
from sessions.formats import date_long, local_digits, moment_short
from sessions.models import Workshop

#: Clock and workers say every minute that they live.
SILENT_AFTER = dt.timedelta(minutes=10)
#: A registration that is closed so long before the first day, while seats are left, is worth a word.
CLOSED_EARLY = dt.timedelta(days=7)
#: Backups are made every night.
BACKUP_OLD_AFTER = dt.timedelta(hours=36)
#: What takes long to find out is asked once in so many seconds.
REMEMBERED = 60


@dataclass(frozen=True, slots=True)
class StripNotice:
    """A sentence, and where something is done about it; `url` is empty where this member of staff can do nothing."""

    text: str
    url: str = ""
    deed: str = ""


def notices(request: HttpRequest, workshop: Workshop | None, at: dt.datetime | None = None) -> list[StripNotice]:
    at = at or timezone.now()
    found = [*_of_portal(request, at)]
    if workshop:
        found += _of_workshop(request, workshop, at)
    return found


def _of_portal(request: HttpRequest, at: dt.datetime) -> list[StripNotice]:
    found = []
    may_turn = request.user.has_perm("registration.change_mailflow")
    if MailFlow.objects.filter(is_paused=True).exists():
        waiting = Delivery.objects.due(at).count()
        text = ngettext("E-mails are paused: %(n)s is waiting.", "E-mails are paused: %(n)s are waiting.", waiting)
        url = reverse("admin:registration_delivery_changelist") if may_turn else ""
        found.append(StripNotice(text % {"n": local_digits(waiting)}, url, _("Resume…")))
    beats = dict(Heartbeat.objects.values_list("name", "seen_at"))
    if jump := clock_jumps.found(beats):
        text = _("The clock jumped from %(before)s to %(now)s. Until you say that it is right, nothing that cannot be undone is done.")
        url = reverse("admin:registration_participant_clock") if may_turn else ""
        found.append(StripNotice(text % {"now": moment_short(jump.to), "before": moment_short(jump.since)}, url, _("Look at the clock…")))
    for name, silent in ((Heartbeat.Name.CLOCK, _("The clock")), (Heartbeat.Name.WORKER, _("The worker"))):
        if name in beats and at - beats[name] > SILENT_AFTER:
            text = _(
                "%(who)s has not responded since %(moment)s: no e-mail is sent and nobody moves up. Contact the server’s administrator."
            )
            found.append(StripNotice(text % {"who": silent, "moment": moment_short(beats[name])}))
    if text := _backup_in_words(at):
        found.append(StripNotice(text))
    if cache.get_or_set("strip-quotas", lambda: len(quotas.mismatches()), REMEMBERED):
        found.append(StripNotice(_("The seat counters and the people who hold seats do not agree. Contact the server’s administrator.")))
    return found


def _of_workshop(request: HttpRequest, workshop: Workshop, at: dt.datetime) -> list[StripNotice]:
    found = []
    change = reverse("admin:agenda_workshop_change", args=[workshop.pk]) if request.user.has_perm("agenda.change_workshop") else ""
    found += _of_rehearsal(request, workshop, change)
    if releases.draft_of(workshop):
        url = reverse("admin:agenda_workshop_draft", args=[workshop.pk]) if change else ""
        found.append(StripNotice(_("A draft of the agenda is open: what it changes is not seen by anybody yet."), url, _("To the draft…")))
    opens = workshop.registration_opens_at
    if not workshop.is_published and opens and opens <= at and workshop.standing(at).takes_registrations:
        found.append(StripNotice(_("Registration should be open, but the workshop is not published."), change, _("Publish…")))
    if (closed := _closed_early(workshop, at)) is not None:
        text = _("Registration closed on %(moment)s, more than a week before the first day, and seats are left.")
        url = f"{change}?part=dates" if change else ""
        found.append(StripNotice(text % {"moment": moment_short(closed)}, url, _("Change the window…")))
    if kept := retention.soon_due_of(workshop, at):
        retention.note_shown(kept, at)
        url = f"{change}?part=privacy" if change else ""
        text = _("Personal data is kept until %(date)s; export what you need before then.")
        found.append(StripNotice(text % {"date": date_long(kept.until)}, url, _("Change the date…")))
    return found


def _backup_in_words(at: dt.datetime) -> str:
    folder = settings.VAR_DIR / "backups"
    made = float(cache.get_or_set("strip-backup", lambda: _made(folder), REMEMBERED) or 0)
    if not made or at.timestamp() - made <= BACKUP_OLD_AFTER.total_seconds():
        return ""
    newest = dt.datetime.fromtimestamp(made, dt.UTC)
    return _("The newest backup is of %(moment)s. Contact the server’s administrator.") % {"moment": moment_short(newest)}


def _made(folder: Path) -> float:
    newest = backups.newest(folder) if folder.is_dir() else None
    return newest.timestamp() if newest else 0


def _of_rehearsal(request: HttpRequest, workshop: Workshop, change: str) -> list[StripNotice]:
    if not workshop.was_rehearsed and not workshop.rehearsal_email:
        return []
    astray = Delivery.objects.astray(workshop).count()
    count = ngettext("%(n)s e-mail went there.", "%(n)s e-mails went there.", astray) % {"n": local_digits(astray)}
    if workshop.rehearsal_email:
        text = _("Rehearsal: every e-mail goes to %(email)s. The participants get none of them.") % {"email": workshop.rehearsal_email}
        return [StripNotice(f"{text} {count}", f"{change}?part=rehearsal" if change else "", _("End the rehearsal…"))]
    people = Participant.objects.filter(workshop=workshop, in_rehearsal=True).count()
    if not astray and not people:
        return []
    text = _("The rehearsal is over. What it left: %(people)s people who registered, %(mails)s e-mails that nobody got.")
    may = request.user.has_perm("registration.delete_participant")
    url = reverse("admin:registration_participant_rehearsal", args=[workshop.slug]) if may else ""
    return [StripNotice(text % {"people": local_digits(people), "mails": local_digits(astray)}, url, _("Clear up…"))]


def _closed_early(workshop: Workshop, at: dt.datetime) -> dt.datetime | None:
    closes = workshop.registration_closes_at
    if not workshop.is_published or closes is None or closes > at:
        return None
    first = workshop.days.filter(is_cancelled=False).order_by("date").first()
    if first is None or first.date - timezone.localdate(at) <= CLOSED_EARLY:
        return None
    left = workshop.quotas.seats().filter(taken__lt=F("capacity")).exists()
    return closes if left else None
