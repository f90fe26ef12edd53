"""Calendar files (RFC 5545, RFC 7986): one event a day, in Bangkok's time, the same event in every file of it.

A day keeps its UID for ever, in the public file as in a person's own, and its SEQUENCE grows when its agenda moves
(`sessions.changes`): a calendar that has the day already changes it, or strikes it out, instead of showing it twice.
See docs/decisions/0014-calendar-events.md.
"""

import datetime as dt
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration, vText

from sessions import formats, schedule
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay

REFRESH = dt.timedelta(hours=6)
#: So long before a day begins a telephone rings.
ALARM = dt.timedelta(minutes=30)
GOOGLE = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one person takes part in, by primary key.

    `revision` is a number that grows whenever something about their taking part changed. `name` is the one to use in
    the meeting; `links` are the ways into meetings ("day-3", "track-5") that they may see now; `dropped` are days that they
    chose once; `cancelled` says that they no longer take part at all: their calendar strikes out what it has of them.
    `tentative` says that it is not sure yet whether they do.
    """

    revision: int
    days: Collection[int]
    tracks: Collection[int] = ()
    dropped: Collection[int] = ()
    name: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    cancelled: bool = False
    tentative: bool = False


def programme_calendar(
    workshop: Workshop,
    *,
    language: str,
    url: str,
    choice: Choice | None = None,
    is_feed: bool = False,
    made_at: dt.datetime | None = None,
    documents: Mapping[int, str] | None = None,
) -> bytes:
    """The calendar file of `workshop` in `language` ("th" or "en"): all of it, or somebody's `choice`.

    A feed is read again and again and has a name; a file that is opened once has none, since telephones would make
    a calendar of that name for it instead of putting its events where the others are.
    `url` is the page to which the events lead; an event whose meeting link may be seen leads to the meeting.
    `documents` says where the documents of a day (by key) are, if it has some.
    Without `made_at` the events are stamped with the last revision of the agenda: the same programme, the same bytes.
    """
    prefetch_related_objects([workshop], "days__items__tracks", "contacts")
    with override(language):
        events = [
            day_event(
                day,
                summary=summary(day, number, language, cancelled=_is_off(day, choice)),
                description=description(day, language, choice, documents_url=(documents or {}).get(day.pk, "")),
                url=_link(day, choice) or url,
                cancelled=_is_off(day, choice),
                choice=choice,
                stamp=made_at,
            )
            for number, day in enumerate(workshop.days.all(), 1)
            if choice is None or day.pk in choice.days or day.pk in choice.dropped
        ]
        return calendar(events, feed_name=workshop.short_name if is_feed else "")


def calendar(events: Iterable[Event], *, feed_name: str = "") -> bytes:
    """A calendar with `events`: UTF-8, lines ended by CR LF, ready to be sent as text/calendar."""
    result = Calendar()
    result.add("prodid", "-//SDG workshop portal//sessions//TH")
    result.add("version", "2.0")
    result.add("calscale", "GREGORIAN")
    result.add("method", "PUBLISH")
    result.add("x-wr-timezone", vText(schedule.BANGKOK.key))
    if feed_name:
        result.add("name", vText(_line(feed_name)))
        result.add("x-wr-calname", vText(_line(feed_name)))
        result.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        result.add("x-published-ttl", vDuration(REFRESH))  # what Outlook reads instead
    result.add_component(_bangkok())
    for event in events:
        result.add_component(event)
    return result.to_ical()


@cache
def _bangkok() -> Timezone:
    return Timezone.from_tzid(schedule.BANGKOK.key)


def day_event(
    day: WorkshopDay,
    *,
    summary: str,
    description: str,
    url: str,
    cancelled: bool,
    choice: Choice | None = None,
    stamp: dt.datetime | None = None,
) -> Event:
    """The event of one day, from its first item to its last; the whole date while it has no items.

    With a `choice` it follows that person's changes as well as the agenda's.
    Raises ValueError where `url` would break out of its line.
    """
    event = Event()
    event.add("uid", str(day.uid))
    event.add("sequence", day.sequence + (choice.revision if choice else 0))
    event.add("dtstamp", (stamp or day.revised_at).astimezone(dt.UTC))
    event.add("last-modified", day.revised_at.astimezone(dt.UTC))
    timed = bool(day.items.all())
    event.add("dtstart", day.begins_at() if timed else day.date)
    event.add("dtend", day.ends_at() if timed else day.date + dt.timedelta(days=1))
    sure = "TENTATIVE" if choice and choice.tentative else "CONFIRMED"
    event.add("status", "CANCELLED" if cancelled else sure)
    event.add("summary", _line(summary))
    event.add("description", _text(description))
    event.add("location", _line(where(day)))
    event.add("organizer", _organizer(day.workshop))
    event.add("url", url)
    if timed and not cancelled:
        event.add_component(_alarm(_line(summary)))
    return event


def google_url(day: WorkshopDay, number: int, language: str, *, url: str) -> str:
    """Where Google's calendar offers to keep `day`, the `number`-th of its workshop, which leads to `url`.

    It is a copy: it does not follow the agenda. `day` is read with its hours, in the active language.
    """
    if day.hours():
        begins, ends = (moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ") for moment in (day.begins_at(), day.ends_at()))
    else:
        begins, ends = (f"{date:%Y%m%d}" for date in (day.date, day.date + dt.timedelta(days=1)))
    query = {
        "action": "TEMPLATE",
        "text": summary(day, number, language, cancelled=False),
        "dates": f"{begins}/{ends}",
        "ctz": schedule.BANGKOK.key,
        "details": url,
        "location": where(day),
    }
    return f"{GOOGLE}?{urlencode(query)}"


def where(day: WorkshopDay) -> str:
    """The room of `day` in the active language, and how one comes online, as far as there is either."""
    if not day.has_meeting:
        return day.room
    named = {"room": day.room, "platform": day.workshop.platform}
    return _("%(room)s, and online by %(platform)s") % named if day.room else day.workshop.platform


def _organizer(workshop: Workshop) -> vCalAddress:
    """The office, by the first of the workshop's contacts who has an address; otherwise by the one that the mail comes from."""
    known = next((contact.email for contact in workshop.contacts.all() if contact.email), "")
    address = known or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    organizer = vCalAddress(f"MAILTO:{_line(address)}")
    organizer.params["CN"] = vText(_line(workshop.responsible or workshop.short_name).replace('"', "'"))
    return organizer


def _alarm(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -ALARM)
    return alarm


def summary(day: WorkshopDay, number: int, language: str, *, cancelled: bool) -> str:
    """The event's name, in the active language: what and which half-day, then what of; a phone shows its first words only."""
    text = _("%(workshop)s, day %(number)s") % {"workshop": day.workshop.short_name, "number": formats.digits(number, language)}
    text = f"{text} – {day.title}" if day.title else text
    return _("Cancelled: %(title)s") % {"title": text} if cancelled else text


def description(day: WorkshopDay, language: str, choice: Choice | None = None, *, documents_url: str = "") -> str:
    """The timed lines of `day` in the active language; with a `choice`, its tracks, name and links instead of all tracks."""
    lines, links = [], []
    if link := _link(day, choice):
        links.append(_("Meeting link: %(url)s") % {"url": link})
    for item in day.items.all():
        lines.append(f"{formats.format_time_range(item.starts_at, item.ends_at, language)} {_titled(item)}")
        for track in _tracks(item, choice):
            number = formats.digits(track.number, language)
            lines.append(f"({number}) {_titled(track)}")
            if choice and track.pk in choice.tracks and (link := _link(day, choice, track)):
                links.append(_("Link to topic %(number)s: %(url)s") % {"number": number, "url": link})
    if choice and choice.name:
        lines += ["", _("Your name in the meeting: %(name)s") % {"name": choice.name}]
    if documents_url:
        links.append(_("Documents and recordings: %(url)s") % {"url": documents_url})
    return "\n".join([*lines, *([""] if links else []), *links])


def _tracks(item: AgendaItem, choice: Choice | None) -> list[Track]:
    """Those of `item` that were chosen; all of them where nothing was."""
    tracks = list(item.tracks.all())
    return [track for track in tracks if choice and track.pk in choice.tracks] or tracks


def _is_off(day: WorkshopDay, choice: Choice | None) -> bool:
    return day.is_cancelled or (choice is not None and (choice.cancelled or day.pk in choice.dropped))


def _link(day: WorkshopDay, choice: Choice | None, track: Track | None = None) -> str:
    if choice is None or day.is_cancelled:
        return ""
    return choice.links.get(f"track-{track.pk}" if track else f"day-{day.pk}", "")


def _titled(what: AgendaItem | Track) -> str:
    if not what.speaker:
        return what.title
    text = _("%(title)s – %(speaker)s") % {"title": what.title, "speaker": what.speaker}
    return text if what.speaker_confirmed else _("%(text)s (to be confirmed)") % {"text": text}


def _text(text: str) -> str:
    """`text` without control characters, every kind of line break as one that the library escapes."""
    return "\n".join("".join(c for c in line if unicodedata.category(c) != "Cc") for line in text.splitlines())


def _line(text: str) -> str:
    return " ".join(_text(text).split())
