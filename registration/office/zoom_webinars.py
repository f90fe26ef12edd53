"""Zoom by its API: whether the connection works, in which webinar each meeting is held, and what a worker is to do there."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.models import ZoomWebinar
from registration.zoom.actions.attended import ask_for_report
from registration.zoom.actions.webinars import NumberTaken, StillRegistered, ask_for_push, say_webinar, stop_keeping_in_step
from registration.zoom.client import SCOPES, ZoomAccount, ZoomClient, ZoomRefused, ZoomRests
from registration.zoom.meetings import Ledger, Meeting, ledgers_of, meetings_of
from sessions.admin.page import AdminPage
from sessions.models import Workshop

Trouble = ZoomWebinar.Trouble

#: What is to be done about each.
HINTS = {
    Trouble.NOT_SET: gettext_lazy("Whoever runs the portal sets the account, client and secret of the office’s app in Zoom."),
    Trouble.CREDENTIALS: gettext_lazy(
        "Compare account, client and secret with those of the app in Zoom’s marketplace, and see that the app is activated."
    ),
    Trouble.SCOPES: gettext_lazy("Add the rights that the connection test names to the app in Zoom’s marketplace."),
    Trouble.NOT_FOUND: gettext_lazy("Compare the number with Zoom. The webinar must belong to the account of the app."),
    Trouble.NO_REGISTRATION: gettext_lazy("The webinar must be held once, not repeated, and have registration switched on."),
    Trouble.OVER: gettext_lazy("Nobody can be registered any more."),
    Trouble.FULL: gettext_lazy("Raise the number of people in Zoom’s plan or in the webinar, then press again."),
    Trouble.REFUSED: gettext_lazy("Look into the webinar in Zoom, then press again. The files remain as a way."),
    Trouble.UNREACHABLE: gettext_lazy("The portal tries again by itself."),
    Trouble.UNREADABLE: gettext_lazy("Nobody was registered or removed. Press again later; the files remain as a way."),
    Trouble.NOT_TAKEN: gettext_lazy("Compare the lists with Zoom’s, then press again."),
    Trouble.MANY_REMOVED: gettext_lazy("Nobody was removed. If that is right, press the button below."),
    Trouble.NO_REPORT: gettext_lazy("Zoom makes it some time after the meeting has ended. Try again later, or upload the file."),
}
_NUMBER = re.compile(r"\d{9,12}")


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the connection test."""

    is_good: bool
    words: str
    hint: str = ""


class ConnectionPage(AdminPage):
    """Which settings are there, and whether Zoom lets the portal in. No secret is shown."""

    address, name = "zoom-connection/", "registration_participant_zoom_connection"
    permission = "registration.export_participant"
    template = "admin/registration/zoom/connection.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._shown(found_out(ZoomAccount.of_settings()))

    def _shown(self, findings: list[Finding] | None) -> HttpResponse:
        names = ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET", "ZOOM_WEBHOOK_SECRET")
        values = [(name, bool(getattr(settings, name))) for name in names]
        is_set = ZoomAccount.of_settings().is_set
        return self.render(
            _("Connection with Zoom"), values=values, is_set=is_set, findings=findings, scopes=[scope.split(":") for scope in SCOPES]
        )


def found_out(account: ZoomAccount) -> list[Finding]:
    """Signs in to Zoom, as far as that goes. Some seconds at most."""
    try:
        with ZoomClient(account, is_hasty=True) as client:
            address = client.sign_in()
            told = [Finding(True, _("Zoom lets the portal in, and is called at %(address)s.") % {"address": address})]
            if missing := [scope for scope in SCOPES if client.scopes and scope not in client.scopes]:
                told.append(
                    Finding(False, _("These rights are missing: %(rights)s") % {"rights": ", ".join(missing)}, _hint(Trouble.SCOPES))
                )
            else:
                told.append(Finding(True, _("No right is missing, as far as Zoom says.")))
            return told + _about_a_webinar(client)
    except ZoomRefused as refused:
        return [Finding(False, str(refused.trouble.label), _hint(refused.trouble))]
    except ZoomRests:
        return [
            Finding(False, str(Trouble.UNREACHABLE.label), _("Try again in a minute. If it stays so, the portal’s way to zoom.us is shut."))
        ]


def _about_a_webinar(client: ZoomClient) -> list[Finding]:
    webinar = ZoomWebinar.objects.order_by("-pk").first()
    if webinar is None:
        return []
    about = {"number": webinar.number}
    named = _("Webinar %(number)s") % about
    try:
        said = client.webinar(webinar.number)
    except ZoomRefused as refused:
        return [Finding(False, f"{named}: {refused.trouble.label}", _hint(refused.trouble))]
    if said.get("type") != 5:
        return [Finding(False, _("Webinar %(number)s is repeated.") % about, _hint(Trouble.NO_REGISTRATION))]
    return [Finding(True, _("Zoom knows webinar %(number)s.") % about)]


def _hint(trouble: str) -> str:
    return str(HINTS[Trouble(trouble)])


class WebinarPage(AdminPage):
    permission = "registration.export_participant"

    def workshop(self, slug: str) -> Workshop:
        return get_object_or_404(Workshop, slug=slug)

    def ledger(self, slug: str) -> Ledger:
        """That of the meeting which the form names. Raises Http404."""
        workshop = self.workshop(slug)
        meeting = _meeting(workshop, self.request.POST.get("meeting", ""))
        return ledgers_of(workshop, [meeting])[0]

    def back(self, slug: str) -> HttpResponse:
        return redirect("admin:registration_participant_webinars", slug)


class WebinarsPage(WebinarPage):
    """All meetings with their webinars, and how far each is from who should be in."""

    address, name = "zoom/<slug:slug>/webinars/", "registration_participant_webinars"
    template = "admin/registration/zoom/webinars.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        rows = [_row(ledger, timezone.now()) for ledger in ledgers_of(workshop)]
        context = {
            "workshop": workshop,
            "rows": rows,
            "is_set": ZoomAccount.of_settings().is_set,
            "is_moving": any(row["is_moving"] for row in rows),
        }
        return self.render(_("Zoom by its API"), **context)


class NumberPage(WebinarPage):
    """In which webinar a meeting is held."""

    address, name = "zoom/<slug:slug>/webinars/number/", "registration_participant_webinars_number"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meeting = _meeting(self.workshop(slug), request.POST.get("meeting", ""))
        number = re.sub(r"[\s-]", "", request.POST.get("number", ""))
        if number and not _NUMBER.fullmatch(number):
            messages.error(request, _("A webinar’s number has 9 to 12 digits, as Zoom shows it."))
            return self.back(slug)
        by, is_given_up = Actor(ActorKind.STAFF, request.user), "given_up" in request.POST
        try:
            say_webinar(meeting=meeting, number=number, by=by, is_former_given_up=is_given_up)
        except NumberTaken:
            messages.error(request, _("Another meeting is held in this webinar already."))
        except StillRegistered as still:
            words = _("Still registered in the former webinar: %(n)s. Tick that it is no longer used, and save again.")
            messages.error(request, words % {"n": still.count})
        else:
            messages.success(request, _("The number is saved. Nothing has changed in Zoom."))
        return self.back(slug)


class PushPage(WebinarPage):
    """A worker brings Zoom into step and keeps it there. What the button said is what is done: other numbers are shown first."""

    address, name = "zoom/<slug:slug>/webinars/push/", "registration_participant_webinars_push"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        ledger = self.ledger(slug)
        if ledger.webinar is None:
            raise Http404
        if request.POST.get("seen") != seen(ledger):
            messages.info(request, _("The numbers have changed meanwhile. Please look at them and press again."))
        elif ask_for_push(webinar=ledger.webinar, by=Actor(ActorKind.STAFF, request.user), count=ledger.count):
            messages.success(request, _("A worker does it now. From then on the portal keeps Zoom in step by itself."))
        else:
            messages.info(request, _("Somebody else has done that already."))
        return self.back(slug)


class StopPage(WebinarPage):
    address, name = "zoom/<slug:slug>/webinars/stop/", "registration_participant_webinars_stop"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        webinar = self.ledger(slug).webinar
        if webinar is None:
            raise Http404
        if stop_keeping_in_step(webinar=webinar, by=Actor(ActorKind.STAFF, request.user)):
            messages.success(request, _("From now on the portal changes nothing in this webinar. Whoever is registered there stays."))
        else:
            messages.info(request, _("Somebody else has done that already."))
        return self.back(slug)


class ReportPage(WebinarPage):
    """A worker fetches the report of who attended; then it stands among the reports, not counted yet."""

    address, name = "zoom/<slug:slug>/webinars/report/", "registration_participant_webinars_report"
    permission = "registration.add_attendancereport"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        webinar = self.ledger(slug).webinar
        if webinar is None:
            raise Http404
        if ask_for_report(webinar=webinar, by=Actor(ActorKind.STAFF, request.user), at=timezone.now()):
            messages.success(request, _("A worker fetches it now. Then it stands among the attendance reports, not counted yet."))
        else:
            messages.info(request, _("Somebody else has done that already."))
        return self.back(slug)


PAGES: list[type[AdminPage]] = [ConnectionPage, WebinarsPage, NumberPage, PushPage, StopPage, ReportPage]


def seen(ledger: Ledger) -> str:
    """What the button says."""
    left = ledger.left
    return "-".join(str(number) for number in (len(left.add), len(left.remove) + ledger.forgotten, len(left.change)))


def _meeting(workshop: Workshop, key: str) -> Meeting:
    """Raises Http404."""
    found = next((one for one in meetings_of(workshop) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _row(ledger: Ledger, at: dt.datetime) -> dict[str, Any]:
    webinar = ledger.webinar
    return {
        "ledger": ledger,
        "webinar": webinar,
        "seen": seen(ledger),
        "added": len(ledger.left.add),
        "removed": len(ledger.left.remove) + ledger.forgotten,
        "changed": len(ledger.left.change),
        "is_moving": bool(webinar and (webinar.push_asked_at or webinar.report_asked_at)),
        "asked_at": webinar and (webinar.push_asked_at or webinar.report_asked_at),
        "has_begun": at >= ledger.meeting.day.begins_at(),
        "hint": _hint(webinar.trouble) if webinar and webinar.trouble else "",
    }
