"""Where a workshop is in time: a table over its moments. No database, no clock."""

import datetime as dt
from dataclasses import dataclass

import pytest

from sessions.schedule import BANGKOK
from sessions.state import DayState, Standing, WorkshopState, day_states, standing


@dataclass
class Window:
    registration_opens_at: dt.datetime | None = None
    registration_closes_at: dt.datetime | None = None


@dataclass
class Day:
    """A half-day from nine to noon."""

    pk: int
    date: dt.date
    is_cancelled: bool = False

    def ends_at(self) -> dt.datetime:
        return dt.datetime.combine(self.date, dt.time(12), BANGKOK)


def at(day: int, hour: int = 10, month: int = 2) -> dt.datetime:
    return dt.datetime(2027, month, day, hour, tzinfo=BANGKOK)


DAYS = [Day(1, dt.date(2027, 2, 18)), Day(2, dt.date(2027, 2, 25))]
FROM_THE_FIFTH_TO_THE_TENTH = Window(at(5), at(10))


def state(moment: dt.datetime, window: Window = FROM_THE_FIFTH_TO_THE_TENTH, **options) -> Standing:
    return standing(window, options.pop("days", DAYS), at=moment, **options)


@pytest.mark.parametrize(
    ("moment", "expected", "takes_registrations"),
    [
        (at(5, 9), WorkshopState.NOT_YET_OPEN, False),
        (at(5, 10), WorkshopState.OPEN, True),
        (at(10, 9), WorkshopState.OPEN, True),
        (at(10, 10), WorkshopState.CLOSED, False),
        (at(17, 23), WorkshopState.CLOSED, False),
        (at(18, 0), WorkshopState.ON_TODAY, False),
        (at(18, 11), WorkshopState.ON_TODAY, False),
        (at(18, 12), WorkshopState.CLOSED, False),
        (at(25, 8), WorkshopState.ON_TODAY, False),
        (at(25, 12), WorkshopState.OVER, False),
        (at(1, month=3), WorkshopState.OVER, False),
    ],
)
def test_a_workshop_goes_by_its_window_and_its_days(moment, expected, takes_registrations):
    found = state(moment)
    assert (found.state, found.takes_registrations) == (expected, takes_registrations)


@pytest.mark.parametrize(
    ("moment", "expected", "takes_registrations"),
    [
        (at(1), WorkshopState.OPEN, True),
        (at(18, 11), WorkshopState.ON_TODAY, True),
        (at(20), WorkshopState.OPEN, True),
        (at(25, 11), WorkshopState.ON_TODAY, True),
        (at(25, 12), WorkshopState.OVER, False),
    ],
)
def test_without_a_window_it_is_open_until_its_last_day_ends(moment, expected, takes_registrations):
    found = state(moment, Window())
    assert (found.state, found.takes_registrations) == (expected, takes_registrations)


def test_a_window_that_stays_open_longer_ends_with_the_last_day():
    assert state(at(25, 12), Window(None, at(20, month=3))).takes_registrations is False


def test_a_full_workshop_says_so_only_while_one_could_register():
    found = {moment: state(moment, is_full=True).state for moment in (at(4), at(6), at(11), at(18), at(26))}
    assert list(found.values()) == [
        WorkshopState.NOT_YET_OPEN,
        WorkshopState.FULL,
        WorkshopState.CLOSED,
        WorkshopState.ON_TODAY,
        WorkshopState.OVER,
    ]
    assert state(at(6), is_full=True).takes_registrations is True


def test_without_days_it_goes_by_its_window_alone():
    assert [state(moment, days=[]).state for moment in (at(4), at(6), at(26))] == [
        WorkshopState.NOT_YET_OPEN,
        WorkshopState.OPEN,
        WorkshopState.CLOSED,
    ]
    assert state(at(6), days=[]).takes_registrations is True


def test_a_cancelled_day_is_neither_today_nor_the_last():
    days = [DAYS[0], Day(2, dt.date(2027, 2, 25), is_cancelled=True)]
    assert [state(moment, days=days).state for moment in (at(18, 11), at(18, 12), at(25))] == [
        WorkshopState.ON_TODAY,
        WorkshopState.OVER,
        WorkshopState.OVER,
    ]


def test_where_every_day_is_cancelled_nobody_registers_and_its_end_comes_with_the_last():
    days = [Day(1, dt.date(2027, 2, 18), is_cancelled=True)]
    before, after = state(at(6), Window(), days=days), state(at(18, 12), Window(), days=days)
    assert (before.state, before.takes_registrations, after.state) == (WorkshopState.CLOSED, False, WorkshopState.OVER)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(1), [DayState.NEXT, DayState.LATER, DayState.CANCELLED]),
        (at(18, 8), [DayState.TODAY, DayState.NEXT, DayState.CANCELLED]),
        (at(18, 12), [DayState.PAST, DayState.NEXT, DayState.CANCELLED]),
        (at(25, 12), [DayState.PAST, DayState.PAST, DayState.CANCELLED]),
    ],
)
def test_every_day_is_past_today_next_or_later(moment, expected):
    days = [*DAYS, Day(3, dt.date(2027, 3, 2), is_cancelled=True)]
    assert list(day_states(reversed(days), at=moment).values()) == expected


def test_midnight_is_bangkoks():
    assert state(dt.datetime(2027, 2, 17, 16, 59, tzinfo=dt.UTC), Window()).state == WorkshopState.OPEN
    assert state(dt.datetime(2027, 2, 17, 17, 0, tzinfo=dt.UTC), Window()).state == WorkshopState.ON_TODAY


def test_it_has_begun_from_the_morning_of_its_first_day():
    assert [state(moment).has_begun for moment in (at(17, 23), at(18, 8), at(20), at(26))] == [False, True, True, True]
