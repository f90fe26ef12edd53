"""Dates, times and digits as a language writes them: for pages, mails, calendars and papers.

What a language does differently is data here (`CONVENTIONS`); its words are a catalogue in `locale/`. The functions without a
`language` argument write for the reader: in the language that is active.

Source for Thai: the Office of the Prime Minister's regulation on official correspondence.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from sessions import thai


@dataclass(frozen=True, slots=True)
class Conventions:
    """How one language writes dates and times. The patterns are for `str.format`."""

    weekdays: Sequence[str]
    weekdays_short: Sequence[str]
    months: Sequence[str]
    months_short: Sequence[str]
    #: What stands before a date that follows: "วันศุกร์ที่", or "Friday".
    weekday: str
    clock: str
    time: str
    time_range: str
    moment: str
    year_digits_on_tiles: int = 4
    has_thai_digits: bool = False
    is_buddhist_era: bool = False

    def digits(self, value: object) -> str:
        return thai.thai_digits(value) if self.has_thai_digits else str(value)

    def year(self, date: dt.date) -> int:
        return thai.buddhist_year(date) if self.is_buddhist_era else date.year


CONVENTIONS = {
    "th": Conventions(
        thai.WEEKDAYS, thai.WEEKDAYS, thai.MONTHS, thai.MONTHS_SHORT,
        weekday="วัน{}ที่", clock="%H.%M", time="{} น.", time_range="{} – {} น.", moment="{} เวลา {}",
        year_digits_on_tiles=2, has_thai_digits=True, is_buddhist_era=True,
    ),
    "en": Conventions(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        ("January", "February", "March", "April", "May", "June",
         "July", "August", "September", "October", "November", "December"),
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        weekday="{}", clock="%H:%M", time="{}", time_range="{}–{}", moment="{}, {}",
    ),
}  # fmt: skip


class _HasTimes(Protocol):
    @property
    def starts_at(self) -> dt.time: ...
    @property
    def ends_at(self) -> dt.time: ...


class _HasDate(Protocol):
    @property
    def date(self) -> dt.date: ...


class _HasHours(Protocol):
    def hours(self) -> tuple[dt.time, dt.time] | None: ...


def language() -> str:
    """The code of the active language, without a region: "th" or "en". The portal's first language where none is active."""
    code = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return code if code in CONVENTIONS else settings.LANGUAGE_CODE


def in_language(instance: Any, name: str) -> str:
    """The text `<name>_<language>` of the active language; the Thai one where that was not written."""
    return getattr(instance, f"{name}_{language()}", "") or getattr(instance, f"{name}_th")


def digits(value: object, language: str) -> str:
    """`value` as text, in the digits that prose of `language` uses."""
    return CONVENTIONS[language].digits(value)


def format_date(date: dt.date, language: str, *, weekday: bool = True) -> str:
    """A date in full: "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕", or "Friday 18 February 2022"."""
    conventions = CONVENTIONS[language]
    text = conventions.digits(f"{date.day} {conventions.months[date.month - 1]} {conventions.year(date)}")
    return f"{format_weekday(date, language)} {text}" if weekday else text


def format_weekday(date: dt.date, language: str) -> str:
    conventions = CONVENTIONS[language]
    return conventions.weekday.format(conventions.weekdays[date.weekday()])


def format_date_short(date: dt.date, language: str) -> str:
    """A date for narrow places: "๑๘ ก.พ. ๒๕๖๕", or "18 Feb 2022"."""
    conventions = CONVENTIONS[language]
    return conventions.digits(f"{date.day} {conventions.months_short[date.month - 1]} {conventions.year(date)}")


def format_month(date: dt.date, language: str) -> str:
    """The month of a date: "ธันวาคม ๒๕๖๙", or "December 2026"."""
    conventions = CONVENTIONS[language]
    return conventions.digits(f"{conventions.months[date.month - 1]} {conventions.year(date)}")


def format_month_short(date: dt.date, language: str) -> str:
    """The month for a tile under the day's number: "ธ.ค. ๖๙", or "Dec 2026"."""
    conventions = CONVENTIONS[language]
    year = str(conventions.year(date))[-conventions.year_digits_on_tiles :]
    return conventions.digits(f"{conventions.months_short[date.month - 1]} {year}")


def format_months(first: dt.date, last: dt.date, language: str) -> str:
    """From month to month: "ธันวาคม ๒๕๖๙ – มกราคม ๒๕๗๐"; the year once where it is the same."""
    if (first.year, first.month) == (last.year, last.month):
        return format_month(first, language)
    begin = CONVENTIONS[language].months[first.month - 1] if first.year == last.year else format_month(first, language)
    return f"{begin} – {format_month(last, language)}"


def format_time(time: dt.time, language: str) -> str:
    """A time of day: "๐๙.๓๐ น.", or "09:30"."""
    conventions = CONVENTIONS[language]
    return conventions.digits(conventions.time.format(time.strftime(conventions.clock)))


def format_time_range(start: dt.time, end: dt.time, language: str) -> str:
    """Two times of one day: "๐๙.๓๐ – ๑๐.๔๕ น.", or "09:30–10:45"."""
    conventions = CONVENTIONS[language]
    return conventions.digits(conventions.time_range.format(start.strftime(conventions.clock), end.strftime(conventions.clock)))


def format_moment(moment: dt.datetime, language: str) -> str:
    """A local moment: "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕ เวลา ๐๙.๓๐ น.", or "Friday 18 February 2022, 09:30".

    `moment` must already be in the zone in which it is to be read.
    """
    return CONVENTIONS[language].moment.format(format_date(moment.date(), language), format_time(moment.time(), language))


def local_digits(value: object) -> str:
    return digits(value, language())


def grouped(number: int) -> str:
    """A large number with its thousands apart: "๑,๙๗๕"."""
    return local_digits(f"{number:,}")


def date_long(date: dt.date) -> str:
    return format_date(date, language())


def date_plain(date: dt.date) -> str:
    return format_date(date, language(), weekday=False)


def date_short(date: dt.date) -> str:
    return format_date_short(date, language())


def date_without_year(date: dt.date) -> str:
    """Where the year is known, as on the day itself: "วันศุกร์ที่ ๒๕ ธันวาคม", or "Friday 25 December"."""
    return date_long(date).rsplit(" ", 1)[0]


def day_number(date: dt.date) -> str:
    return local_digits(date.day)


def weekday_name(date: dt.date) -> str:
    return CONVENTIONS[language()].weekdays[date.weekday()]


def weekday_short(date: dt.date) -> str:
    """For a tile: "ศุกร์", or "Fri"."""
    return CONVENTIONS[language()].weekdays_short[date.weekday()]


def year_in_era(date: dt.date) -> str:
    """The year as the reader counts it: "๒๕๖๙", or "2026"."""
    conventions = CONVENTIONS[language()]
    return conventions.digits(str(conventions.year(date)))


def month(date: dt.date) -> str:
    return format_month(date, language())


def month_short(date: dt.date) -> str:
    return format_month_short(date, language())


def months(days: Sequence[_HasDate]) -> str:
    """The months in which `days`, in their order, fall; empty where there are none."""
    return format_months(days[0].date, days[len(days) - 1].date, language()) if days else ""


def hour(time: dt.time) -> str:
    return format_time(time, language())


def weekday(date: dt.date) -> str:
    """What stands before `date_plain`."""
    return format_weekday(date, language())


def moment(value: dt.datetime) -> str:
    return format_moment(timezone.localtime(value), language())


def moment_short(value: dt.datetime) -> str:
    local = timezone.localtime(value)
    return f"{date_short(local.date())} {format_time(local.time(), language())}"


def clock_time(value: dt.datetime) -> str:
    """ "๑๐.๓๕ น.", "10:35": of a moment of today."""
    return format_time(timezone.localtime(value).time(), language())


def time_range(item: _HasTimes) -> str:
    return format_time_range(item.starts_at, item.ends_at, language())


def day_hours(day: _HasHours) -> str:
    hours = day.hours()
    return format_time_range(*hours, language()) if hours else ""
