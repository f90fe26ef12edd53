"""Thai names of days and months, digits, years and alphabetical order. Pure; the only place that knows +543.

Source of the order: the Royal Institute's dictionary (leading vowels after their consonant, tone marks compared last).
"""

import datetime as dt
import re

BUDDHIST_ERA_OFFSET = 543

_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")

WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip


def thai_digits(value: object) -> str:
    """`value` as text with every Arabic digit written as a Thai one."""
    return str(value).translate(_TO_THAI)


def arabic_digits(text: str) -> str:
    """`text` with every Thai digit written as an Arabic one; for what people type."""
    return text.translate(_TO_ARABIC)


def buddhist_year(date: dt.date) -> int:
    """The year of `date` in the Buddhist era (พ.ศ.)."""
    return date.year + BUDDHIST_ERA_OFFSET


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
