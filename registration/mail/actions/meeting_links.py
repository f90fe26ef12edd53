"""Sending the meeting links of a day to those who come."""

import datetime as dt
from collections import defaultdict
from hashlib import sha256

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor
from registration.choices import MessageName
from registration.errors import MeetingLinkClosed, NoMeetingLink, ZoomMailsLinks
from registration.links.meetings import MeetingLink, links_from_zoom, links_of
from registration.mail import outbox
from registration.models import Delivery, Participant, ZoomRegistrant
from sessions.models import Track, WorkshopDay


def send_meeting_link(*, day: WorkshopDay, by: Actor, track: Track | None = None, at: dt.datetime | None = None) -> int:
    """Queues the links of `day` for all who are confirmed for it and were not told them yet. Returns how many.

    With `track` only for those who chose it. So the second press sends nothing, and after a link was changed the
    next one tells those whom it concerns. Raises NoMeetingLink; MeetingLinkClosed before the time from which
    participants may see links.
    """
    at = at or timezone.now()
    with transaction.atomic():
        groups = untold(day, at, track)
        for (fingerprint, told_before), people in groups.items():
            outbox.post_many(
                MessageName.MEETING_LINK,
                people,
                occasion=f"{day.pk}:{fingerprint}:{told_before}",
                at=at,
                details={"day": day.pk, "links": fingerprint},
            )
        queued = sum(len(people) for people in groups.values())
        if queued and by.user:
            text = _("Sent the meeting links to %(count)s people.") % {"count": queued}
            LogEntry.objects.log_actions(by.user.pk, [day], CHANGE, text, single_object=True)
    return queued


def check_links(day: WorkshopDay, at: dt.datetime) -> None:
    """Raises ZoomMailsLinks, NoMeetingLink where `day` has none, MeetingLinkClosed before participants may see them."""
    if day.workshop.zoom_mails_links:
        raise ZoomMailsLinks
    if not day.join_url and not Track.objects.filter(item__day=day).exclude(join_url="").exists() and not _zoom_gave_links(day):
        raise NoMeetingLink
    prefetch_related_objects([day], "items")  # each link asks when its day begins
    if not day.join_is_open(at):
        raise MeetingLinkClosed


def untold(day: WorkshopDay, at: dt.datetime, track: Track | None = None) -> dict[tuple[str, int], list[Participant]]:
    """Whom `send_meeting_link` would write to, by a fingerprint of their links and how often they were told links of the day.

    The same number of queries, however many people there are. Raises as `send_meeting_link`.
    """
    check_links(day, at)
    told = _told(day)
    groups = defaultdict(list)
    people = Participant.objects.coming_on(day)
    if track:
        people = people.filter(choices__track=track)
    coming = list(people.prefetch_related("choices__track__item"))
    own = links_from_zoom(coming)
    for participant in coming:
        links = links_of(day, [choice.track for choice in participant.choices.all()], own.get(participant.pk))
        fingerprint = _fingerprint(links)
        last, times, told_at = told.get(participant.pk, ("", 0, at))
        if links and (last != fingerprint or any(link.own_since and link.own_since > told_at for link in links)):
            groups[fingerprint, times].append(participant)
    return dict(groups)


def _fingerprint(links: list[MeetingLink]) -> str:
    """Of the links that everybody has alike, and of which are somebody's own: their addresses are in no delivery."""
    return sha256("\n".join(link.key if link.is_own else link.url for link in links).encode()).hexdigest()[:16]


def _zoom_gave_links(day: WorkshopDay) -> bool:
    of_day = Q(webinar__day=day) | Q(webinar__track__item__day=day)
    return bool(settings.ZOOM_CLIENT_ID) and ZoomRegistrant.objects.filter(of_day).exclude(join_url="").exists()


def _told(day: WorkshopDay) -> dict[int | None, tuple[str, int, dt.datetime]]:
    """By participant: the fingerprint of the links that they were told last, how often they were told links of `day`, and when last."""
    sent = Delivery.objects.filter(message=MessageName.MEETING_LINK, details__day=day.pk).order_by("pk")
    told: dict[int | None, tuple[str, int, dt.datetime]] = {}
    for pk, state, details, at in sent.values_list("participant_id", "state", "details", "created_at"):
        last, times, _at = told.get(pk, ("", 0, at))
        told[pk] = (last if state == Delivery.State.OBSOLETE else details["links"], times + 1, at)
    return told
