"""Dates, times and digits as the reader's language writes them."""

import datetime as dt
from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from sessions import thai
from sessions.models import AgendaItem, WorkshopDay

register = template.Library()


def language() -> str:
    """ "th" or "en": the language of the page being made."""
    return "en" if (get_language() or "th").startswith("en") else "th"


@register.filter
def local_digits(value: object) -> str:
    return thai.digits(value, language())


@register.filter
def date_long(date: dt.date) -> str:
    return thai.format_date(date, language())


@register.filter
def date_plain(date: dt.date) -> str:
    """The date without its weekday."""
    return thai.format_date(date, language(), weekday=False)


@register.filter
def date_short(date: dt.date) -> str:
    return thai.format_date_short(date, language())


@register.filter
def date_without_year(date: dt.date) -> str:
    """Where the year is known, as on the day itself: "วันศุกร์ที่ ๒๕ ธันวาคม", or "Friday 25 December"."""
    return thai.format_date(date, language()).rsplit(" ", 1)[0]


@register.filter
def day_number(date: dt.date) -> str:
    return thai.digits(date.day, language())


@register.filter
def weekday_name(date: dt.date) -> str:
    """The name alone: "ศุกร์", or "Friday"."""
    return (thai.WEEKDAYS_TH if language() == "th" else thai.WEEKDAYS_EN)[date.weekday()]


@register.filter
def month(date: dt.date) -> str:
    return thai.format_month(date, language())


@register.filter
def month_short(date: dt.date) -> str:
    return thai.format_month_short(date, language())


@register.filter
def months(days: Sequence[WorkshopDay]) -> str:
    """The months in which `days`, in their order, fall; empty where there are none."""
    return thai.format_months(days[0].date, days[len(days) - 1].date, language()) if days else ""


@register.filter
def hour(time: dt.time) -> str:
    return thai.format_time(time, language())


@register.filter
def moment(value: dt.datetime) -> str:
    return thai.format_moment(timezone.localtime(value), language())


@register.filter
def moment_short(value: dt.datetime) -> str:
    """Date and time for narrow places."""
    local = timezone.localtime(value)
    return f"{thai.format_date_short(local.date(), language())} {thai.format_time(local.time(), language())}"


@register.filter
def time_range(item: AgendaItem) -> str:
    return thai.format_time_range(item.starts_at, item.ends_at, language())


@register.filter
def weekday(date: dt.date) -> str:
    """What stands before `date_plain`: "วันศุกร์ที่", or "Friday"."""
    return f"วัน{thai.WEEKDAYS_TH[date.weekday()]}ที่" if language() == "th" else thai.WEEKDAYS_EN[date.weekday()]


@register.filter
def day_hours(day: WorkshopDay) -> str:
    """From its first item to the end of its last; empty while there are none."""
    hours = day.hours()
    return thai.format_time_range(*hours, language()) if hours else ""


@register.filter
def grouped(number: int) -> str:
    """A large number with its thousands apart: "๑,๙๗๕"."""
    return thai.digits(f"{number:,}", language())
