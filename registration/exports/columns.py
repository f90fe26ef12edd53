"""Which columns a list of attendees has, and for whom."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.choices import State
from registration.people import phones
from registration.people.display_names import DisplayName
from sessions.formats import date_short
from sessions.models import Track, Workshop

Cell = str | int | float | dt.datetime | None

#: What stands in the cell of somebody who comes on that column's day.
COMES = "✓"
#: And of somebody whose address is that of who passes mail on.
PASSED_ON = "✓"

#: Every column by its key, in the order in which they stand; "days" and "tracks" are one for each day and parallel block.
NAMES: dict[str, Promise] = {
    "number": gettext_lazy("No."),
    "quota": gettext_lazy("Province"),
    "title": gettext_lazy("Title"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "position": gettext_lazy("Position"),
    "organisation": gettext_lazy("Organisation"),
    "organisation_short": gettext_lazy("Abbreviation"),
    "group": gettext_lazy("Stakeholder group"),
    "email": gettext_lazy("E-mail"),
    "passed_on": gettext_lazy("E-mails are passed on"),
    "phone": gettext_lazy("Phone"),
    "state": gettext_lazy("State"),
    "days": gettext_lazy("Days, one column each"),
    "attendance": gettext_lazy("Minutes of attendance, a column each day"),
    "tracks": gettext_lazy("Tracks, a column for each parallel block"),
    "zoom_name": gettext_lazy("Name in Zoom"),
    "code": gettext_lazy("Code"),
    "registered_at": gettext_lazy("Registered at"),
}


class ListedPerson(NamedTuple):
    """What a list reads of one attendee; the names are those of the model's fields."""

    pk: int
    quota_id: int
    group_id: int
    state: str
    code: str
    title: str
    first_name: str
    last_name: str
    position: str
    organisation: str
    organisation_short: str
    email: str
    has_contact_address: bool
    phone: str
    phone_extension: str
    registered_at: dt.datetime


class ListedAttendee(NamedTuple):
    """One attendee of a list: their place in it, the person, days, track by block, and the name in Zoom if they have a seat."""

    number: int
    person: ListedPerson
    days: Collection[int]
    tracks: dict[int, int]
    zoom_name: DisplayName | None
    #: Minutes by day, of days on which they came.
    minutes: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it for ever, `heading` is what is read, `width` is in characters."""

    key: str
    heading: str
    width: int
    cell: Callable[[ListedAttendee], Cell]


def for_staff(workshop: Workshop, chosen: Collection[str] = ()) -> list[Column]:
    """What the office knows of an attendee of `workshop`: everything, or of it what `chosen` (keys of NAMES) says.

    Headings and names are in the active language. Four queries.
    """
    places = {quota.pk: quota.name for quota in workshop.quotas.seats().select_related("province")}
    groups = {group.pk: str(group) for group in workshop.groups.all()}
    states = {state.value: str(state.label) for state in State}
    zone = timezone.get_current_timezone()
    columns = [
        Column("number", _("No."), 7, lambda line: line.number),
        Column("quota", _("Province"), 20, lambda line: places[line.person.quota_id]),
        Column("title", _("Title"), 12, lambda line: line.person.title),
        Column("first_name", _("First name"), 18, lambda line: line.person.first_name),
        Column("last_name", _("Last name"), 20, lambda line: line.person.last_name),
        Column("position", _("Position"), 26, lambda line: line.person.position),
        Column("organisation", _("Organisation"), 34, lambda line: line.person.organisation),
        Column("organisation_short", _("Abbreviation"), 12, lambda line: line.person.organisation_short),
        Column("group", _("Stakeholder group"), 34, lambda line: groups[line.person.group_id]),
        Column("email", _("E-mail"), 30, lambda line: line.person.email),
        Column("passed_on", _("E-mails are passed on"), 14, lambda line: PASSED_ON if line.person.has_contact_address else ""),
        Column("phone", _("Phone"), 20, lambda line: phones.readable(line.person.phone, line.person.phone_extension)),
        Column("state", _("State"), 18, lambda line: states[line.person.state]),
        *_of_days(workshop),
        *_of_attendance(workshop),
        *_of_blocks(workshop),
        Column("zoom_name", _("Name in Zoom"), 34, lambda line: str(line.zoom_name or "")),
        Column("code", _("Code"), 12, lambda line: line.person.code),
        Column("registered_at", _("Registered at"), 20, lambda line: _local(line.person.registered_at, zone)),
    ]
    return [column for column in columns if not chosen or column.key.partition("-")[0] in chosen]


def _of_days(workshop: Workshop) -> list[Column]:
    def comes(day_id: int) -> Callable[[ListedAttendee], Cell]:
        return lambda line: COMES if day_id in line.days else ""

    return [Column(f"days-{day.date:%Y-%m-%d}", date_short(day.date), 14, comes(day.pk)) for day in workshop.days.all()]


def _of_attendance(workshop: Workshop) -> list[Column]:
    def minutes(day_id: int) -> Callable[[ListedAttendee], Cell]:
        return lambda line: line.minutes.get(day_id, 0)

    counted = workshop.days.filter(attendances__isnull=False).distinct()
    return [
        Column(f"attendance-{day.date:%Y-%m-%d}", _("Minutes, %(date)s") % {"date": date_short(day.date)}, 14, minutes(day.pk))
        for day in counted
    ]


def _of_blocks(workshop: Workshop) -> list[Column]:
    tracks = {track.pk: track for track in Track.objects.filter(item__day__workshop=workshop).select_related("item__day")}
    names = {key: str(track) for key, track in tracks.items()}
    items = {track.item_id: track.item for track in tracks.values()}

    def chosen(item_id: int) -> Callable[[ListedAttendee], Cell]:
        return lambda line: names.get(line.tracks.get(item_id, 0), "")

    return [
        Column(f"tracks-{item.pk}", _("Track, %(date)s") % {"date": date_short(item.day.date)}, 34, chosen(item.pk))
        for item in sorted(items.values(), key=lambda item: (item.day.date, item.starts_at))
    ]


def _local(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """`moment` as the clock on a wall of `zone` shows it: a workbook knows no time zones."""
    return moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
