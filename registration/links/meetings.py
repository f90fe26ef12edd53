"""Who may see which meeting link, and when. The only place that answers: pages, calendars and mails ask here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from registration.choices import State
from registration.models import Participant, ZoomRegistrant
from sessions import schedule
from sessions.models import Track, WorkshopDay


@dataclass(frozen=True, slots=True)
class MeetingLink:
    """The way into the meeting of `day`, or of one of its tracks, which participants may use from `opens_at`."""

    day: WorkshopDay
    track: Track | None
    url: str
    opens_at: dt.datetime
    #: Since when Zoom has given it to this person alone, who is shown and told it and nobody else is; None for a joint one.
    own_since: dt.datetime | None = None

    @property
    def is_own(self) -> bool:
        return self.own_since is not None

    @property
    def key(self) -> str:
        """Names the meeting in addresses: "day-3", "track-5"."""
        return f"track-{self.track.pk}" if self.track else f"day-{self.day.pk}"


#: By meeting ("day-3", "track-5"): somebody's link, and since when it is theirs.
LinksFromZoom = Mapping[str, tuple[str, dt.datetime]]


def links_from_zoom(people: Iterable[Participant]) -> dict[int, LinksFromZoom]:
    """By participant: the links that Zoom gave them alone. One query, none without a connection with Zoom."""
    found: dict[int, dict[str, tuple[str, dt.datetime]]] = defaultdict(dict)
    if settings.ZOOM_CLIENT_ID:
        rows = ZoomRegistrant.objects.filter(participant__in=list(people)).exclude(join_url="").order_by("at")
        for person, day, track, url, at in rows.values_list("participant", "webinar__day", "webinar__track", "join_url", "at"):
            found[person][f"track-{track}" if track else f"day-{day}"] = url, at
    return dict(found)


def links_of(day: WorkshopDay, tracks: Iterable[Track], own: LinksFromZoom | None = None) -> list[MeetingLink]:
    """The links of `day` and of those of the chosen `tracks` that are on it, open or not: the `own` ones of somebody, else those that
    staff set for everybody, unless Zoom mails each their own.

    A track's link belongs to its day: it opens with it, and is nobody's who does not come on that day.
    """
    if day.is_cancelled:
        return []
    opens_at, found, own = day.join_link_opens_at(), [], own or {}
    for track in (None, *(track for track in tracks if track.item.day_id == day.pk)):
        joint = "" if day.workshop.zoom_mails_links else (track or day).join_url
        mine, since = own.get(f"track-{track.pk}" if track else f"day-{day.pk}", ("", None))
        if mine or joint:
            found.append(MeetingLink(day, track, mine or joint, opens_at, since))
    return found


def own_links(participant: Participant) -> list[MeetingLink]:
    """The links of the days and tracks that `participant` chose, in their order, open or not; where Zoom mails each their own, those
    alone that Zoom told us too."""
    own = links_from_zoom([participant]).get(participant.pk, {})
    if participant.workshop.zoom_mails_links and not own:
        return []
    tracks, found = [choice.track for choice in participant.choices.all()], list[MeetingLink]()
    for day in participant.days.all():
        day.workshop = participant.workshop  # read already
        found += links_of(day, tracks, own)
    return found


def visible_links(participant: Participant, at: dt.datetime | None = None, links: Iterable[MeetingLink] | None = None) -> list[MeetingLink]:
    """Those of their links that `participant` may see at the moment `at` (default: now).

    Only while they are confirmed, and from the time staff set. Days to come stand before those that are over. `links` are all of
    theirs, where they are at hand.
    """
    if participant.state != State.CONFIRMED:
        return []
    at = at or timezone.now()
    today = timezone.localdate(at)
    seen = [link for link in (own_links(participant) if links is None else links) if link.opens_at <= at]
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
