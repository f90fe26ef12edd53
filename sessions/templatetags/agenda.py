"""Dates, times and digits in the reader's language, and numbers to call."""

from typing import Protocol

from django import template

from sessions import formats
from sessions.documents import ShownDocument, ShownDocuments
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay

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
    formats.weekday_short,
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


@register.filter
def documents_at(documents: ShownDocuments | str, place: WorkshopDay | AgendaItem | Track | Workshop) -> list[ShownDocument]:
    """Those that belong to `place` itself; none on a page that shows no documents."""
    return documents.at(place) if isinstance(documents, ShownDocuments) else []


class HasPhone(Protocol):
    phone: str
    phone_extension: str


@register.filter
def tel(contact: HasPhone) -> str:
    """The address (RFC 3966) at which a telephone calls the contact."""
    number = "tel:" + contact.phone.replace(" ", "")
    return f"{number};ext={contact.phone_extension}" if contact.phone_extension else number
