"""Times that leave people a day at work."""

import datetime as dt
from functools import lru_cache

from holidays import GOVERNMENT, PUBLIC, country_holidays

from registration.models import ClosedDay
from sessions.schedule import BANGKOK

DAY = dt.timedelta(days=1)
_SATURDAY = 5


def is_working_day(date: dt.date) -> bool:
    """Whether offices are open: no Saturday or Sunday, no holiday of Thailand's government, and no day that the office added."""
    if date.weekday() >= _SATURDAY or date in _holidays(date.year):
        return False
    return not ClosedDay.objects.filter(date=date).exists()


def a_working_day_after(at: dt.datetime) -> dt.datetime:
    """The moment when 24 hours have passed since `at`, in Bangkok, of which none was on a day when offices are closed.

    A mail of Friday afternoon may be read on Monday, one of the day before Songkran a week later.
    """
    end = at.astimezone(BANGKOK)
    if not is_working_day(end.date()):
        end = dt.datetime.combine(_next_working_day(end.date()), dt.time.min, BANGKOK)
    return dt.datetime.combine(_next_working_day(end.date()), end.timetz())


def _next_working_day(date: dt.date) -> dt.date:
    date += DAY
    while not is_working_day(date):
        date += DAY
    return date


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[dt.date]:
    """Thailand's public holidays and those of its government alone, with the days that stand in for one on a weekend."""
    return frozenset(country_holidays("TH", years=year, categories=(PUBLIC, GOVERNMENT)))
