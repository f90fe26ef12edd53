"""Times and durations as reports write them. Whether day or month comes first, and of which zone they are, no file says."""

import datetime as dt
import re
from enum import StrEnum

from sessions.thai import BUDDHIST_ERA_OFFSET, arabic_digits

#: A later year was written in the Buddhist era.
LATEST_YEAR = 2400
#: Excel counts days from here, if it kept a date as a number. Of no zone yet, as all times here.
EXCEL_EPOCH = dt.datetime(1899, 12, 30)
EARLIEST_SERIAL, LATEST_SERIAL = 36_526, 73_050  # 2000 to 2100


class DateOrder(StrEnum):
    """What comes first in 09/10/2026."""

    MONTH = "month"
    DAY = "day"


_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?(?:\.\d+)?\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"(?:\s*(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?"
_TIME = re.compile(rf"^{_CLOCK}$", re.I)
_YEAR_FIRST = re.compile(rf"^(?P<year>\d{{4}})[-/.](?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[t,\s]+{_CLOCK}{_ZONE}$", re.I)
_NUMBERS = re.compile(rf"^(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<year>\d{{2}}|\d{{4}})[,\s]+{_CLOCK}{_ZONE}$", re.I)
_MONTH_NAME = re.compile(rf"^(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}),?\s+{_CLOCK}{_ZONE}$", re.I)
_NAME_LATER = re.compile(rf"^(?P<day>\d{{1,2}})[\s-]+(?P<month>[a-z]{{3,9}})\.?[\s,-]+(?P<year>\d{{4}}),?\s+{_CLOCK}{_ZONE}$", re.I)
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(hours?|hrs?|h|ชม\.?|ชั่วโมง|minutes?|mins?|min|m|นาที|seconds?|secs?|sec|s|วินาที)(?![a-z])", re.I)
_COLONS = re.compile(r"^(\d{1,3}):(\d{2})(?::(\d{2}))?$")
_UNITS = {"h": 3600, "ช": 3600, "m": 60, "น": 60, "s": 1, "ว": 1}


def moment(text: str, order: DateOrder, beside: dt.datetime | None = None) -> dt.datetime | None:
    """The moment that `text` tells, of no zone; None where it tells none (`--`, an empty cell).

    `beside` gives the day to a time alone. Where one number can only be the day, `order` does not matter.
    """
    text = _plain(text)
    if found := _YEAR_FIRST.match(text):
        return _built(found, int(found["year"]), int(found["a"]), int(found["b"]))
    if found := _MONTH_NAME.match(text) or _NAME_LATER.match(text):
        month = _MONTHS.get(found["month"][:3].lower())
        return _built(found, int(found["year"]), month, int(found["day"])) if month else None
    if found := _NUMBERS.match(text):
        first, second = int(found["a"]), int(found["b"])
        day_first = first > 12 or (order == DateOrder.DAY and second <= 12)
        month, day = (second, first) if day_first else (first, second)
        return _built(found, int(found["year"]), month, day)
    if _SERIAL.match(text) and EARLIEST_SERIAL < float(text) < LATEST_SERIAL:
        return EXCEL_EPOCH + dt.timedelta(seconds=round(float(text) * 86_400))
    if beside and (found := _TIME.match(text)):
        alone = _built(found, beside.year, beside.month, beside.day)
        return alone + dt.timedelta(days=1) if alone and alone < beside else alone
    return None


def depends_on_order(text: str) -> bool:
    """Whether `text` is another moment when it is read the other way round."""
    return moment(text, DateOrder.MONTH) != moment(text, DateOrder.DAY)


def is_moment(text: str) -> bool:
    return moment(text, DateOrder.MONTH) is not None


def seconds(text: str) -> int | None:
    """How long `text` says: minutes as a bare number, `1h 1m 55s`, `1 h 1 min 55 s` or `1:01:55`; None where it says nothing."""
    text = _plain(text)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return round(float(text) * 60)
    if found := _COLONS.match(text):
        return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
    parts = _PART.findall(text)
    return round(sum(float(number) * _UNITS[unit[0].lower()] for number, unit in parts)) if parts else None


def _plain(text: str) -> str:
    return " ".join(arabic_digits(text).split())


def _built(found: re.Match[str], year: int, month: int, day: int) -> dt.datetime | None:
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if year < 100:
        year += 2000
    if year > LATEST_YEAR:
        year -= BUDDHIST_ERA_OFFSET
    try:
        return dt.datetime(year, month, day, hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
