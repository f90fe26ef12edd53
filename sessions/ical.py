"""Calendar files (RFC 5545, RFC 7986): one event a day, in Bangkok's time, the same event in every file of it.

A day keeps its UID for ever and its SEQUENCE grows when its agenda moves (`sessions.changes`), so that a calendar
that has the day already moves it, or strikes it out, instead of showing it twice. The days of one person are events
of his own: see docs/decisions/0014-calendar-events.md.
"""

import datetime as dt
import unicodedata
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event, Timezone, vDuration, vText

from sessions import schedule, thai
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay

REFRESH = dt.timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What one person takes part in, by primary key.

    `owner` is what his events are told from others' by, and `revision` a number that grows whenever something about
    his taking part changed. `name` is the one to use in the meeting; `open_days` are the days whose meeting links that
    person may see now; `dropped` are days that he chose once; `cancelled` says that he no longer takes part at all:
    his calendar strikes out what it has of them. `tentative` says that it is not sure yet whether he does.
    """

    owner: str
    revision: int
    days: Collection[int]
    tracks: Collection[int] = ()
    dropped: Collection[int] = ()
    name: str = ""
    open_days: Collection[int] = ()
    cancelled: bool = False
    tentative: bool = False


def programme_calendar(
    workshop: Workshop, *, language: str, url: str, choice: Choice | None = None, made_at: dt.datetime | None = None
) -> bytes:
    """The calendar file of `workshop` in `language` ("th" or "en"): all of it, or somebody's `choice`.

    `url` is the page to which the events lead; an event whose meeting link may be seen leads to the meeting.
    Without `made_at` the events are stamped with the last revision of the agenda: the same programme, the same bytes.
    """
    prefetch_related_objects([workshop], "days__items__tracks")
    with override(language):
        events = [
            day_event(
                day,
                summary=summary(day, number, language, cancelled=_is_off(day, choice)),
                description=description(day, language, choice),
                url=day.join_url if day.join_url and _may_see_links(day, choice) else url,
                cancelled=_is_off(day, choice),
                choice=choice,
                stamp=made_at,
            )
            for number, day in enumerate(workshop.days.all(), 1)
            if choice is None or day.pk in choice.days or day.pk in choice.dropped
        ]
        return calendar(events, name=workshop.title)


def calendar(events: Iterable[Event], *, name: str) -> bytes:
    """A calendar named `name` with `events`: UTF-8, lines ended by CR LF, ready to be sent as text/calendar."""
    result = Calendar()
    result.add("prodid", "-//SDG workshop portal//sessions//TH")
    result.add("version", "2.0")
    result.add("calscale", "GREGORIAN")
    result.add("method", "PUBLISH")
    result.add("name", vText(_line(name)))
    result.add("x-wr-calname", vText(_line(name)))
    result.add("x-wr-timezone", vText(schedule.BANGKOK.key))
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

    With a `choice` it is that person's own event, and follows his changes as well as the agenda's.
    Raises ValueError where `url` would break out of its line.
    """
    event = Event()
    event.add("uid", str(uuid.uuid5(day.uid, choice.owner) if choice else day.uid))
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
    event.add("location", _line(day.workshop.platform))
    event.add("url", url)
    return event


def summary(day: WorkshopDay, number: int, language: str, *, cancelled: bool) -> str:
    """The event's name, in the active language: which half-day, then what of."""
    title = f"{day.workshop.title}: {day.title}" if day.title else day.workshop.title
    text = _("Day %(number)s · %(title)s") % {"number": thai.digits(number, language), "title": title}
    return _("Cancelled: %(title)s") % {"title": text} if cancelled else text


def description(day: WorkshopDay, language: str, choice: Choice | None = None) -> str:
    """The timed lines of `day` in the active language; with a `choice`, its tracks, name and links instead of all tracks."""
    lines, links = [], []
    if _may_see_links(day, choice) and day.join_url:
        links.append(_("Meeting link: %(url)s") % {"url": day.join_url})
    for item in day.items.all():
        lines.append(f"{thai.format_time_range(item.starts_at, item.ends_at, language)} {_titled(item)}")
        for track in _tracks(item, choice):
            number = thai.digits(track.number, language)
            lines.append(f"({number}) {_titled(track)}")
            if choice and track.pk in choice.tracks and _may_see_links(day, choice) and track.join_url:
                links.append(_("Link to topic %(number)s: %(url)s") % {"number": number, "url": track.join_url})
    if choice and choice.name:
        lines += ["", _("Your name in the meeting: %(name)s") % {"name": choice.name}]
    return "\n".join([*lines, *([""] if links else []), *links])


def _tracks(item: AgendaItem, choice: Choice | None) -> list[Track]:
    """Those of `item` that were chosen; all of them where nothing was."""
    tracks = list(item.tracks.all())
    return [track for track in tracks if choice and track.pk in choice.tracks] or tracks


def _is_off(day: WorkshopDay, choice: Choice | None) -> bool:
    return day.is_cancelled or (choice is not None and (choice.cancelled or day.pk in choice.dropped))


def _may_see_links(day: WorkshopDay, choice: Choice | None) -> bool:
    return choice is not None and day.pk in choice.open_days and not day.is_cancelled


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
