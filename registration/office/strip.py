"""What is not normal about a workshop and the portal, each in a sentence with the one thing to do about it."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.models import Delivery, Heartbeat, MailFlow
from registration.operations import clock_jumps
from registration.privacy import retention
from registration.seats import quotas
from sessions import releases
from sessions.formats import date_long, local_digits, moment_short
from sessions.models import Workshop

#: Clock and workers say every minute that they live.
SILENT_AFTER = dt.timedelta(minutes=10)
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
        text = ngettext("The mail is paused: %(n)s e-mail waits.", "The mail is paused: %(n)s e-mails wait.", waiting)
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
    if cache.get_or_set("strip-quotas", lambda: len(quotas.mismatches()), REMEMBERED):
        found.append(StripNotice(_("The seat counters and the people who hold seats do not agree. Contact the server’s administrator.")))
    return found


def _of_workshop(request: HttpRequest, workshop: Workshop, at: dt.datetime) -> list[StripNotice]:
    found = []
    change = reverse("admin:agenda_workshop_change", args=[workshop.pk]) if request.user.has_perm("agenda.change_workshop") else ""
    if workshop.rehearsal_email:
        text = _("Rehearsal: every e-mail goes to %(email)s. The participants get none of them.")
        url = f"{change}?part=rehearsal" if change else ""
        found.append(StripNotice(text % {"email": workshop.rehearsal_email}, url, _("End the rehearsal…")))
    if releases.draft_of(workshop):
        url = reverse("admin:agenda_workshop_draft", args=[workshop.pk]) if change else ""
        found.append(StripNotice(_("A draft of the agenda is open: what it changes is not seen by anybody yet."), url, _("To the draft…")))
    opens = workshop.registration_opens_at
    if not workshop.is_published and opens and opens <= at and workshop.standing(at).takes_registrations:
        found.append(StripNotice(_("Registration should be open, but the workshop is not published."), change, _("Publish…")))
    for kept in retention.soon_due(at):
        if kept.workshop.pk == workshop.pk:
            retention.note_shown(kept, at)
            url = f"{change}?part=privacy" if change else ""
            text = _("Personal data are kept until %(date)s; export what you need before then.")
            found.append(StripNotice(text % {"date": date_long(kept.until)}, url, _("Change the date…")))
    return found
