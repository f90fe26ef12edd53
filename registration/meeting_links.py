"""Who may see which meeting link, and when. The only place that answers: pages, calendars and mails ask here."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from registration.choices import State
from registration.models import Participant
from sessions.models import Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class MeetingLink:
    """The way into the meeting of `day`, or of one of its tracks, which participants may use from `opens_at`."""

    day: WorkshopDay
    track: Track | None
    url: str
    opens_at: dt.datetime


def own_links(participant: Participant) -> list[MeetingLink]:
    """The links that staff set for the days and tracks `participant` chose, in their order, open or not.

    A track's link belongs to its day: it opens with it, and is nobody's who does not come on that day.
    """
    tracks = [choice.track for choice in participant.choices.all()]
    links = []
    for day in participant.days.all():
        if day.is_cancelled:
            continue
        opens_at = day.join_link_opens_at()
        places = [(None, day.join_url), *((track, track.join_url) for track in tracks if track.item.day_id == day.pk)]
        links += [MeetingLink(day, track, url, opens_at) for track, url in places if url]
    return links


def visible_links(participant: Participant, at: dt.datetime | None = None) -> list[MeetingLink]:
    """Those of his links that `participant` may see at the moment `at` (default: now): only while he is confirmed."""
    if participant.state != State.CONFIRMED:
        return []
    at = at or timezone.now()
    return [link for link in own_links(participant) if link.opens_at <= at]
