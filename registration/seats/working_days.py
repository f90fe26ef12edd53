"""Times that leave people a day at work."""

import datetime as dt

from sessions.schedule import BANGKOK

DAY = dt.timedelta(days=1)
_SATURDAY = 5


def a_working_day_after(at: dt.datetime) -> dt.datetime:
    """The moment when 24 hours have passed since `at`, in Bangkok, of which none was on a Saturday or Sunday.

    A mail of Friday afternoon may be read on Monday. Public holidays are not known here.
    """
    end = at.astimezone(BANGKOK)
    if end.weekday() >= _SATURDAY:
        end = dt.datetime.combine(end.date(), dt.time.min, BANGKOK) + (7 - end.weekday()) * DAY
    end += DAY
    return end + 2 * DAY if end.weekday() >= _SATURDAY else end
