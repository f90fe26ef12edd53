"""Where a workshop is in time, and where each of its days is: the one answer that every page, mail and action asks for.

Pure functions over what is given to them. Seats are no matter of this app: who knows them says whether they are full.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sessions import schedule


class WorkshopState(models.TextChoices):
    NOT_YET_OPEN = "not_yet_open", _("Registration is not open yet")
    OPEN = "open", _("Registration is open")
    FULL = "full", _("All seats are taken")
    CLOSED = "closed", _("Registration is closed")
    ON_TODAY = "on_today", _("On today")
    OVER = "over", _("The workshop is over")


class DayState(models.TextChoices):
    PAST = "past", pgettext_lazy("day", "Over")
    TODAY = "today", pgettext_lazy("day", "Today")
    NEXT = "next", pgettext_lazy("day", "Next")
    LATER = "later", pgettext_lazy("day", "later")
    CANCELLED = "cancelled", _("cancelled")


class Day(Protocol):
    pk: int
    date: dt.date
    is_cancelled: bool

    def ends_at(self) -> dt.datetime: ...


class Window(Protocol):
    registration_opens_at: dt.datetime | None
    registration_closes_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """`state` is the one word for it; `takes_registrations` also holds on a day that runs, while the window is open.

    A full workshop takes registrations: for its waiting list. `days` is where each day is, by its key; `ends_at` when
    the last one ends, None while there are none.
    """

    state: WorkshopState
    takes_registrations: bool
    days: dict[int, DayState]
    ends_at: dt.datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.state == WorkshopState.OVER

    @property
    def has_closed(self) -> bool:
        """Nobody can register any more; `NOT_YET_OPEN` is no closing."""
        return not self.takes_registrations and self.state != WorkshopState.NOT_YET_OPEN

    @property
    def has_begun(self) -> bool:
        """A day is over, or on today: what is said of the workshop is said to people who may have been there."""
        return any(day in (DayState.PAST, DayState.TODAY) for day in self.days.values())


def standing(window: Window, days: Iterable[Day], *, at: dt.datetime, is_full: bool = False) -> Standing:
    """Where the workshop with this `window` and these `days` is at the moment `at`.

    `days` know their hours (`with_hours`, or with their items). A workshop closes with the end of its last day,
    whatever its window says; one that has no days yet goes by its window alone. Cancelled days do not count, and
    where every day is cancelled nobody can register any more.
    """
    days = list(days)
    where, in_window = day_states(days, at=at), _window(window, at)
    taking_place = [day for day in days if not day.is_cancelled]
    ends_at = max((day.ends_at() for day in taking_place or days), default=None)
    over = ends_at is not None and at >= ends_at
    open_now = in_window == WorkshopState.OPEN and not over and bool(taking_place or not days)
    if over:
        state = WorkshopState.OVER
    elif DayState.TODAY in where.values():
        state = WorkshopState.ON_TODAY
    elif open_now:
        state = WorkshopState.FULL if is_full else WorkshopState.OPEN
    else:
        state = in_window if in_window == WorkshopState.NOT_YET_OPEN else WorkshopState.CLOSED
    return Standing(state, open_now, where, ends_at)


def day_states(days: Iterable[Day], *, at: dt.datetime) -> dict[int, DayState]:
    """Where each of `days` is, by its key: today until its last item ends, and the first that is to come is the next."""
    today = at.astimezone(schedule.BANGKOK).date()
    found: dict[int, DayState] = {}
    next_is_known = False
    for day in sorted(days, key=lambda day: day.date):
        if day.is_cancelled:
            found[day.pk] = DayState.CANCELLED
        elif at >= day.ends_at():
            found[day.pk] = DayState.PAST
        elif day.date <= today:
            found[day.pk] = DayState.TODAY
        else:
            found[day.pk] = DayState.LATER if next_is_known else DayState.NEXT
            next_is_known = True
    return found


def _window(window: Window, at: dt.datetime) -> WorkshopState:
    if window.registration_opens_at and at < window.registration_opens_at:
        return WorkshopState.NOT_YET_OPEN
    if window.registration_closes_at and at >= window.registration_closes_at:
        return WorkshopState.CLOSED
    return WorkshopState.OPEN
