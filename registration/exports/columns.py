"""Which columns a list of attendees has, and for whom."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from registration import phones
from registration.display_names import DisplayName
from registration.models import Participant
from sessions.models import Track, Workshop
from sessions.templatetags.agenda import date_short

Cell = str | int | dt.datetime | None

#: What stands in the cell of somebody who comes on that column's day.
COMES = "✓"


@dataclass(frozen=True, slots=True)
class Line:
    """One attendee of a list: his place in it, himself, and his name in Zoom if he has a seat."""

    number: int
    person: Participant
    zoom_name: DisplayName | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it for ever, `heading` is what is read, `width` is in characters."""

    key: str
    heading: str
    width: int
    cell: Callable[[Line], Cell]


def for_staff(workshop: Workshop) -> list[Column]:
    """Everything the office knows of an attendee of `workshop`, with a column for each day and each parallel block.

    Headings are in the active language. Three queries.
    """
    return [
        Column("number", _("No."), 7, lambda line: line.number),
        Column("quota", _("Province"), 20, lambda line: line.person.quota.name),
        Column("title", _("Title"), 12, lambda line: line.person.title),
        Column("first_name", _("First name"), 18, lambda line: line.person.first_name),
        Column("last_name", _("Last name"), 20, lambda line: line.person.last_name),
        Column("position", _("Position"), 26, lambda line: line.person.position),
        Column("organisation", _("Organisation"), 34, lambda line: line.person.organisation),
        Column("organisation_short", _("Abbreviation"), 12, lambda line: line.person.organisation_short),
        Column("group", _("Stakeholder group"), 34, lambda line: str(line.person.group)),
        Column("email", _("E-mail"), 30, lambda line: line.person.email),
        Column("phone", _("Phone"), 20, lambda line: phones.readable(line.person.phone, line.person.phone_extension)),
        Column("state", _("State"), 18, lambda line: str(line.person.get_state_display())),
        *_of_days(workshop),
        *_of_blocks(workshop),
        Column("zoom_name", _("Name in Zoom"), 34, lambda line: str(line.zoom_name or "")),
        Column("code", _("Code"), 12, lambda line: line.person.code),
        Column("registered_at", _("Registered at"), 20, lambda line: _local(line.person.registered_at)),
    ]


def _of_days(workshop: Workshop) -> list[Column]:
    def comes(day_id: int) -> Callable[[Line], Cell]:
        return lambda line: COMES if any(day.pk == day_id for day in line.person.days.all()) else ""

    return [Column(f"day-{day.date:%Y-%m-%d}", date_short(day.date), 14, comes(day.pk)) for day in workshop.days.all()]


def _of_blocks(workshop: Workshop) -> list[Column]:
    tracks = {track.pk: track for track in Track.objects.filter(item__day__workshop=workshop).select_related("item__day")}
    items = {track.item_id: track.item for track in tracks.values()}

    def chosen(item_id: int) -> Callable[[Line], Cell]:
        return lambda line: next((str(tracks[c.track_id]) for c in line.person.choices.all() if c.item_id == item_id), "")

    return [
        Column(f"tracks-{item.pk}", _("Track, %(date)s") % {"date": date_short(item.day.date)}, 34, chosen(item.pk))
        for item in sorted(items.values(), key=lambda item: (item.day.date, item.starts_at))
    ]


def _local(moment: dt.datetime) -> dt.datetime:
    """`moment` as the clock on the wall shows it: a workbook knows no time zones."""
    return timezone.localtime(moment).replace(tzinfo=None, second=0, microsecond=0)
