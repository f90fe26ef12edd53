"""Who may see which meeting link, and when. The only place that answers: pages, calendars and mails ask here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from registration.choices import State
from registration.models import Participant
from sessions import schedule
from sessions.models import Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class MeetingLink:
    """The way into the meeting of `day`, or of one of its tracks, which participants may use from `opens_at`."""

    day: WorkshopDay
    track: Track | None
    url: str
    opens_at: dt.datetime

    @property
    def key(self) -> str:
        """Names the meeting in addresses: "day-3", "track-5"."""
        return f"track-{self.track.pk}" if self.track else f"day-{self.day.pk}"


def links_of(day: WorkshopDay, tracks: Iterable[Track]) -> list[MeetingLink]:
    """The links that staff set for `day` and for those of the chosen `tracks` that are on it, open or not.

    A track's link belongs to its day: it opens with it, and is nobody's who does not come on that day.
    """
    if day.is_cancelled:
        return []
    opens_at = day.join_link_opens_at()
    places = [(None, day.join_url), *((track, track.join_url) for track in tracks if track.item.day_id == day.pk)]
    return [MeetingLink(day, track, url, opens_at) for track, url in places if url]


def own_links(participant: Participant) -> list[MeetingLink]:
    """The links of the days and tracks that `participant` chose, in their order, open or not; none where Zoom mails its own."""
    if participant.workshop.zoom_mails_links:
        return []
    tracks = [choice.track for choice in participant.choices.all()]
    return [link for day in participant.days.all() for link in links_of(day, tracks)]


def visible_links(participant: Participant, at: dt.datetime | None = None) -> list[MeetingLink]:
    """Those of their links that `participant` may see at the moment `at` (default: now).

    Only while they are confirmed, and from the time staff set. Days to come stand before those that are over.
    """
    if participant.state != State.CONFIRMED:
        return []
    at = at or timezone.now()
    today = timezone.localdate(at)
    seen = [link for link in own_links(participant) if link.opens_at <= at]
    return sorted(seen, key=lambda link: link.day.date < today)


#: So long before a topic begins, its own room leads.
ROOM_OPENS = dt.timedelta(minutes=10)


def room_opens_at(track: Track) -> dt.datetime:
    """From when `track`, whose item and day are at hand, is where its people go."""
    return dt.datetime.combine(track.item.day.date, track.item.starts_at, schedule.BANGKOK) - ROOM_OPENS


def to_join(links: Iterable[MeetingLink], at: dt.datetime) -> MeetingLink | None:
    """Which of one day's `links` leads to where the meeting is at the moment `at`: a topic's while it is on, else the day's own."""
    links = list(links)
    of_topics = [link for link in links if link.track]
    on = (link for link in of_topics if link.track and room_opens_at(link.track) <= at < _ends_at(link.track))
    of_day = (link for link in links if link.track is None)
    return next(on, next(of_day, of_topics[0] if of_topics else None))


def _ends_at(track: Track) -> dt.datetime:
    return dt.datetime.combine(track.item.day.date, track.item.ends_at, schedule.BANGKOK)
