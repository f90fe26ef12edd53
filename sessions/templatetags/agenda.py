"""Dates, times and digits as the reader's language writes them."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from sessions import thai
from sessions.models import AgendaItem

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
def moment(value: dt.datetime) -> str:
    return thai.format_moment(timezone.localtime(value), language())


@register.filter
def time_range(item: AgendaItem) -> str:
    return thai.format_time_range(item.starts_at, item.ends_at, language())
