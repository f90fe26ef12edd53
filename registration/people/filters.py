"""Which people of a workshop a list is filtered to. Lists of the admin and files that are made later read the same conditions here.

Filters are a mapping as it stands in the address of the list: `{"province": "55", "state__exact": "confirmed"}`.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from registration.choices import LIVE, State
from registration.models import Attendance, Participant, Province, Quota
from registration.models.province import Region
from registration.people.alike import keys_of_several
from registration.people.search import search
from registration.people.text import is_key
from sessions.formats import date_short
from sessions.models import StakeholderGroup, Track, Workshop

#: The people who were ticked in a list, by their numbers.
TICKED = "people"
#: Those on a seat for whom nothing shows yet that there is somebody.
UNOPENED = "unopened"
#: Into whose mailbox the mail of others of their place comes too.
MAILBOX = "mailbox"
#: Whether somebody was there on a day that was counted.
CAME, MISSED = "came", "missed"
#: What an address also holds and what leaves nobody out: which workshop, how sorted, which page.
_NO_CONDITION = frozenset({"workshop", "o", "p", "all", "e", "_facets"})
_NOBODY = Q(pk__in=[])


class UnknownCondition(ValueError):
    """An address filters a list by something that is not known here; its argument is the name."""


def _of_place(value: str, workshop: Workshop | None) -> Q:
    return Q(quota__kind=value) if value == Quota.Kind.CENTRAL else Q(quota__province__code=value)


def _on_day(value: str, workshop: Workshop | None) -> Q:
    try:
        return Q(days__date=dt.date.fromisoformat(value))
    except ValueError:
        return _NOBODY


def _registered_on(value: str, workshop: Workshop | None) -> Q:
    try:
        return Q(registered_at__date=dt.date.fromisoformat(value))
    except ValueError:
        return _NOBODY


def _of_track(value: str, workshop: Workshop | None) -> Q:
    return Q(choices__track=value) if is_key(value) else _NOBODY


def twice(value: str, workshop: Workshop | None) -> Q:
    """Live registrations with the same name or phone as another one, in `workshop` or anywhere."""
    live = Participant.objects.live().filter(**({"workshop": workshop} if workshop else {}))
    if value == "name":
        return Q(name_key__in=keys_of_several(live), state__in=LIVE)
    if value != "phone":
        return _NOBODY
    several = live.order_by().values("phone").annotate(n=Count("*")).filter(n__gt=1).values("phone")
    return Q(phone__in=several, state__in=LIVE)


def _of_link(value: str, workshop: Workshop | None) -> Q:
    return Q(pk__in=Participant.objects.unproven().values("pk")) if value == UNOPENED else _NOBODY


def _attended(value: str, workshop: Workshop | None) -> Q:
    """Who came on a day (`came-2027-02-18`), or was confirmed for it and did not (`missed-2027-02-18`)."""
    word, _dash, date = value.partition("-")
    try:
        day = dt.date.fromisoformat(date)
    except ValueError:
        return _NOBODY
    came = Attendance.objects.of_days().came().filter(day__date=day).values("participant")
    if word == CAME:
        return Q(pk__in=came)
    coming = Participant.days.through.objects.filter(workshopday__date=day).values("participant")
    return Q(pk__in=coming, state=State.CONFIRMED, attendance_stop=None) & ~Q(pk__in=came) if word == MISSED else _NOBODY


def _ticked(value: str, workshop: Workshop | None) -> Q:
    return Q(pk__in=[key for key in value.split(",") if is_key(key)])


CONDITIONS: dict[str, Callable[[str, Workshop | None], Q]] = {
    "state__exact": lambda value, workshop: Q(state=value),
    "state__in": lambda value, workshop: Q(state__in=value.split(",")),
    "region": lambda value, workshop: Q(quota__province__region=value),
    "province": _of_place,
    "group": lambda value, workshop: Q(group__code=value),
    "day": _on_day,
    "registered_at__date": _registered_on,
    "track": _of_track,
    "twice": twice,
    "link": _of_link,
    "attendance": _attended,
    TICKED: _ticked,
}


def filters_in_address(address: Mapping[str, str]) -> dict[str, str]:
    """The conditions among the parameters of an address. Raises UnknownCondition, so that nobody takes more than was shown."""
    found = {name: value for name, value in address.items() if value and name not in _NO_CONDITION}
    if unknown := found.keys() - CONDITIONS.keys() - {"q"}:
        raise UnknownCondition(min(unknown))
    return found


def filtered(workshop: Workshop, filters: Mapping[str, str]) -> QuerySet[Participant]:
    """Those of `workshop` for whom every condition holds."""
    people: QuerySet[Participant] = Participant.objects.known().filter(workshop=workshop)
    for name, value in filters.items():
        people = search(people, value) if name == "q" else people.filter(CONDITIONS[name](value, workshop))
    return people


def in_words(workshop: Workshop, filters: Mapping[str, str]) -> list[str]:
    """Every condition as the reader would say it. At most three queries."""
    return [_WORDS[name](value, workshop) for name, value in filters.items()]


def _place_in_words(value: str, workshop: Workshop) -> str:
    if value == Quota.Kind.CENTRAL:
        return str(Quota.Kind.CENTRAL.label)
    return str(Province.objects.filter(code=value).first() or value)


def _states_in_words(value: str, workshop: Workshop) -> str:
    return ", ".join(str(State(state).label) for state in value.split(",") if state in State.values)


def attendance_in_words(value: str) -> str:
    """`came-2027-02-18` as a reader would say it."""
    word, _dash, date = value.partition("-")
    day = _day_of(date)
    if day is None or word not in (CAME, MISSED):
        return value
    return _("came on %(date)s") % {"date": day} if word == CAME else _("missed %(date)s") % {"date": day}


def _day_of(date: str) -> str | None:
    try:
        return date_short(dt.date.fromisoformat(date))
    except ValueError:
        return None


def _day_in_words(value: str, workshop: Workshop) -> str:
    try:
        return date_short(dt.date.fromisoformat(value))
    except ValueError:
        return value


_WORDS: dict[str, Callable[[str, Workshop], str]] = {
    "state__exact": _states_in_words,
    "state__in": _states_in_words,
    "region": lambda value, workshop: str(Region(value).label) if value in Region.values else value,
    "province": _place_in_words,
    "group": lambda value, workshop: str(StakeholderGroup.objects.filter(workshop=workshop, code=value).first() or value),
    "day": _day_in_words,
    "registered_at__date": lambda value, workshop: _("registered on %(date)s") % {"date": _day_in_words(value, workshop)},
    "track": lambda value, workshop: str(Track.objects.filter(pk=value).first() if is_key(value) else value),
    "twice": lambda value, workshop: _("Same phone") if value == "phone" else _("Same name"),
    "q": lambda value, workshop: f"“{value}”",
    "link": lambda value, workshop: _("link not opened yet"),
    "attendance": lambda value, workshop: attendance_in_words(value),
    TICKED: lambda value, workshop: _("selected people"),
}
