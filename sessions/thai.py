"""Thai dates, digits, times and alphabetical order. Pure functions; the only place that knows +543.

Sources: the Royal Institute's dictionary order (leading vowels after their consonant, tone marks
compared last) and the Office of the Prime Minister's regulation on official correspondence for dates.
"""

import datetime as dt
import re

BUDDHIST_ERA_OFFSET = 543

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

WEEKDAYS_TH = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
MONTHS_TH = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT_TH = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def thai_digits(value: object) -> str:
    """`value` as text with every Arabic digit written as a Thai one."""
    return str(value).translate(_TO_THAI)


def arabic_digits(text: str) -> str:
    """`text` with every Thai digit written as an Arabic one; for what people type."""
    return text.translate(_TO_ARABIC)


def digits(value: object, language: str) -> str:
    """`value` as text, in the digits that prose of `language` ("th" or "en") uses."""
    return thai_digits(value) if language == "th" else str(value)


def buddhist_year(date: dt.date) -> int:
    """The year of `date` in the Buddhist era (พ.ศ.)."""
    return date.year + BUDDHIST_ERA_OFFSET


def format_date(date: dt.date, language: str, *, weekday: bool = True) -> str:
    """A date in full: "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕", or "Friday 18 February 2022"."""
    if language == "th":
        text = f"{date.day} {MONTHS_TH[date.month - 1]} {buddhist_year(date)}"
        return thai_digits(f"วัน{WEEKDAYS_TH[date.weekday()]}ที่ {text}" if weekday else text)
    text = f"{date.day} {MONTHS_EN[date.month - 1]} {date.year}"
    return f"{WEEKDAYS_EN[date.weekday()]} {text}" if weekday else text


def format_date_short(date: dt.date, language: str) -> str:
    """A date for narrow places: "๑๘ ก.พ. ๒๕๖๕", or "18 Feb 2022"."""
    if language == "th":
        return thai_digits(f"{date.day} {MONTHS_SHORT_TH[date.month - 1]} {buddhist_year(date)}")
    return f"{date.day} {MONTHS_EN[date.month - 1][:3]} {date.year}"


def format_month(date: dt.date, language: str) -> str:
    """The month of a date: "ธันวาคม ๒๕๖๙", or "December 2026"."""
    if language == "th":
        return thai_digits(f"{MONTHS_TH[date.month - 1]} {buddhist_year(date)}")
    return f"{MONTHS_EN[date.month - 1]} {date.year}"


def format_month_short(date: dt.date, language: str) -> str:
    """The month for a tile under the day's number: "ธ.ค. ๖๙", or "Dec 2026"."""
    if language == "th":
        return thai_digits(f"{MONTHS_SHORT_TH[date.month - 1]} {buddhist_year(date) % 100:02}")
    return f"{MONTHS_EN[date.month - 1][:3]} {date.year}"


def format_months(first: dt.date, last: dt.date, language: str) -> str:
    """From month to month: "ธันวาคม ๒๕๖๙ – มกราคม ๒๕๗๐"; the year once where it is the same."""
    months = MONTHS_TH if language == "th" else MONTHS_EN
    if (first.year, first.month) == (last.year, last.month):
        return format_month(first, language)
    begin = months[first.month - 1] if first.year == last.year else format_month(first, language)
    return f"{begin} – {format_month(last, language)}"


def format_time(time: dt.time, language: str) -> str:
    """A time of day: "๐๙.๓๐ น.", or "09:30"."""
    if language == "th":
        return thai_digits(f"{time:%H.%M} น.")
    return f"{time:%H:%M}"


def format_time_range(start: dt.time, end: dt.time, language: str) -> str:
    """Two times of one day: "๐๙.๓๐ – ๑๐.๔๕ น.", or "09:30–10:45"."""
    if language == "th":
        return thai_digits(f"{start:%H.%M} – {end:%H.%M} น.")
    return f"{start:%H:%M}–{end:%H:%M}"


def format_moment(moment: dt.datetime, language: str) -> str:
    """A local moment: "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕ เวลา ๐๙.๓๐ น.", or "Friday 18 February 2022, 09:30".

    `moment` must already be in the zone in which it is to be read.
    """
    between = " เวลา " if language == "th" else ", "
    return format_date(moment.date(), language) + between + format_time(moment.time(), language)


_LEADING_VOWEL = re.compile("([เแโใไ])([ก-ฮ])")
_MARKS = re.compile("[\u0e47-\u0e4e]")


def sort_key(text: str) -> str:
    """A key under which plain comparison gives Thai dictionary order.

    Leading vowels move behind their consonant; tone marks and the like are compared only where
    the rest is equal. The key is lower-case hexadecimal, so that SQLite and every PostgreSQL
    collation order it alike. Longer than `text`: 4 characters for each letter, twice.
    """
    spoken = _LEADING_VOWEL.sub(r"\2\1", " ".join(text.casefold().split()))
    bare = _MARKS.sub("", spoken)
    return f"{bare}\x01{spoken}".encode("utf-16-be", "replace").hex()
