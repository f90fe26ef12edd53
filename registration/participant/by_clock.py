"""The personal page by the clock: what it shows before the days, on one of them, and afterwards."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from registration.choices import State
from registration.links import meetings, signed
from registration.links.meetings import MeetingLink
from registration.models import Participant
from registration.people.registration_options import RegistrationOptions
from sessions import ical
from sessions.formats import language
from sessions.models import AgendaItem, Track, WorkshopDay
from sessions.running import now_and_next
from sessions.state import DayState, day_states

GONE = (DayState.PAST, DayState.CANCELLED)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day that somebody chose. `number` counts all days of the workshop; `links` are the ways in that stand in the list of days."""

    day: WorkshopDay
    number: int
    state: DayState
    tracks: list[Track]
    lacks_topic: bool
    links: list[MeetingLink]
    #: Where Google's calendar keeps it; empty for what is past or cancelled.
    google_url: str = ""


@dataclass(frozen=True, slots=True)
class OwnLine:
    """What is on now or later today; of a parallel block the topic that was chosen, and from when its own room has a button."""

    item: AgendaItem
    is_now: bool
    is_next: bool
    track: Track | None
    room_opens_at: dt.time | None
    #: The topic is held in a meeting of its own, into which they have a link.
    has_room: bool = False


def own_days(
    person: Participant, options: RegistrationOptions, links: Iterable[MeetingLink], *, may_change: bool, at: dt.datetime
) -> list[OwnDay]:
    """The days of `person`, who was read with them; `options` are those of the workshop. `links` are those that they may see by now."""
    numbers = {day.pk: number for number, day in enumerate(options.calendar, 1)}
    chosen = [choice.track for choice in person.choices.all()]
    answered = {track.item_id for track in chosen}
    lacking = {block.item.day_id for block in options.blocks if block.item.pk not in answered}
    days, by_day = list(person.days.all()), list(links)
    states = day_states(days, at=at)
    page = signed.workshop_url(person)
    for day in days:
        day.workshop = person.workshop  # read already
    return [
        OwnDay(
            day,
            numbers.get(day.pk, 0),
            states[day.pk],
            [track for track in chosen if track.item.day_id == day.pk],
            may_change and day.pk in lacking and states[day.pk] not in GONE,
            [link for link in by_day if link.day.pk == day.pk and states[day.pk] != DayState.PAST],
            "" if states[day.pk] in GONE else ical.google_url(day, numbers.get(day.pk, 0), language(), url=page),
        )
        for day in days
    ]


def of_today(person: Participant, days: Iterable[OwnDay], at: dt.datetime) -> OwnDay | None:
    """The day that leads the page: until midnight, since meetings run late. Only for whoever has a sure seat."""
    if person.state != State.CONFIRMED:
        return None
    date = timezone.localdate(at)
    return next((own for own in days if own.day.date == date and own.state != DayState.CANCELLED), None)


def is_over(days: Iterable[OwnDay], at: dt.datetime) -> bool:
    days, date = list(days), timezone.localdate(at)
    return bool(days) and all(own.day.date < date for own in days)


def running(own: OwnDay, links: Iterable[MeetingLink], at: dt.datetime) -> list[OwnLine]:
    """What of `own` day is on at the moment `at` and later; `links` are those that they may see by now. One query."""
    chosen = {track.item_id: track for track in own.tracks}
    lines = now_and_next(AgendaItem.objects.filter(day=own.day).order_by("starts_at"), timezone.localtime(at).time())
    rooms = {link.track.pk for link in links if link.track}
    return [
        OwnLine(
            line.item, line.is_now, line.is_next, track := chosen.get(line.item.pk), _room(track, at), bool(track and track.pk in rooms)
        )
        for line in lines
    ]


def _room(track: Track | None, at: dt.datetime) -> dt.time | None:
    opens_at = meetings.room_opens_at(track) if track else None
    return timezone.localtime(opens_at).time() if opens_at and at < opens_at else None
