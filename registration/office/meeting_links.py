"""Sending the meeting links of a day: which days there are, whom it concerns, and the button."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.choices import State
from registration.errors import MeetingLinkClosed, NoMeetingLink, ZoomMailsLinks
from registration.mail.actions.meeting_links import check_links, untold
from registration.operations import tasks
from registration.people.text import is_key
from sessions.admin.page import AdminPage
from sessions.formats import language, moment
from sessions.masking import masked
from sessions.models import Track, WorkshopDay


def may_send(request: HttpRequest) -> bool:
    return request.user.has_perm("registration.add_delivery")


class DaysPage(AdminPage):
    address, name = "meeting-links/", "registration_meeting_links"
    permission = "registration.add_delivery"
    template = "admin/registration/meeting_links/meeting_links.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        come = Count("participants", filter=Q(participants__state=State.CONFIRMED))
        days = WorkshopDay.objects.filter(workshop__is_published=True).select_related("workshop").prefetch_related("items__tracks")
        days = days.annotate(come=come).order_by(F("workshop").desc(), "date")
        return self.render(_("Send the meeting links"), days=[_row(day, timezone.now()) for day in days])


class SendPage(AdminPage):
    """With `?track=` only to those who chose that track."""

    address, name = "meeting-links/<int:day_id>/", "registration_meeting_links_send"
    permission = "registration.add_delivery"
    template = "admin/registration/meeting_links/send.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.asked_at = timezone.now()
        try:
            return super().dispatch(request, *args, **kwargs)
        except (MeetingLinkClosed, NoMeetingLink, ZoomMailsLinks) as refusal:
            messages.error(request, _in_words(refusal, self.day))
            return redirect("admin:registration_meeting_links")

    def find(self, day_id: int) -> tuple[WorkshopDay, Track | None]:
        """Raises Http404."""
        days = WorkshopDay.objects.select_related("workshop").prefetch_related("items__tracks")
        self.day = get_object_or_404(days, pk=day_id)
        key = self.request.GET.get("track", "")
        return self.day, get_object_or_404(Track, pk=key, item__day=self.day) if is_key(key) else None

    def get(self, request: HttpRequest, day_id: int) -> HttpResponse:
        day, track = self.find(day_id)
        groups = untold(day, self.asked_at, track)
        people = [person for group in groups.values() for person in group]
        outdated = sum(len(group) for (_links, told_before), group in groups.items() if told_before)
        return self.render(_("Send the meeting links"), people=people, outdated=outdated, track=track, **_row(day, self.asked_at))

    def post(self, request: HttpRequest, day_id: int) -> HttpResponse:
        day, track = self.find(day_id)
        return _send(request, day, track, self.asked_at)


PAGES = [DaysPage, SendPage]


def _send(request: HttpRequest, day: WorkshopDay, track: Track | None, at: dt.datetime) -> HttpResponse:
    check_links(day, at)
    assert request.user.pk is not None
    tasks.send_meeting_link.enqueue(day.pk, track.pk if track else None, request.user.pk, language())
    messages.success(request, _("The e-mails are being queued for everybody who has not received these links yet."))
    return redirect("admin:registration_delivery_changelist")


def _row(day: WorkshopDay, at: dt.datetime) -> dict[str, Any]:
    tracks = [(track, masked(track.join_url)) for item in day.items.all() for track in item.tracks.all()]
    return {
        "day": day,
        "link": masked(day.join_url),
        "tracks": tracks,
        "has_links": bool(day.join_url) or any(link for _track, link in tracks),
        "is_open": day.join_is_open(at),
        "is_lacking": not day.join_url or not all(link for _track, link in tracks),
    }


def _in_words(refusal: MeetingLinkClosed | NoMeetingLink | ZoomMailsLinks, day: WorkshopDay) -> str:
    if isinstance(refusal, ZoomMailsLinks):
        return _("In this workshop Zoom e-mails each person their own link, so the portal sends none.")
    if isinstance(refusal, NoMeetingLink):
        return _("This day has no meeting link yet. Enter it with the day, or with its tracks.")
    if day.is_cancelled:
        return _("This day is cancelled, so no links are sent.")
    text = _("Participants may see the links from %(moment)s. Send them then, or enter an earlier time with the day.")
    return text % {"moment": moment(day.join_link_opens_at())}
