"""Dates, times and digits in the reader's language, and numbers to call."""

from typing import Protocol

from django import template

from sessions import formats

register = template.Library()

for _filter in (
    formats.local_digits,
    formats.grouped,
    formats.date_long,
    formats.date_plain,
    formats.date_short,
    formats.date_without_year,
    formats.day_number,
    formats.weekday,
    formats.weekday_name,
    formats.month,
    formats.month_short,
    formats.months,
    formats.hour,
    formats.moment,
    formats.moment_short,
    formats.clock_time,
    formats.time_range,
    formats.day_hours,
):
    register.filter(_filter.__name__, _filter)


class HasPhone(Protocol):
    phone: str
    phone_extension: str


@register.filter
def tel(contact: HasPhone) -> str:
    """The address (RFC 3966) at which a telephone calls the contact."""
    number = "tel:" + contact.phone.replace(" ", "")
    return f"{number};ext={contact.phone_extension}" if contact.phone_extension else number
