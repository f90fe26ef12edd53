"""Words of a list that say something about a person, or that a line is none: cancelled, in reserve, a signature. Pure."""

import datetime as dt
import re
from collections.abc import Sequence

from sessions.formats import CONVENTIONS
from sessions.thai import arabic_digits

_MONTHS = [names for language in CONVENTIONS.values() for names in (language.months, language.months_short)]

_CANCELLED = re.compile(
    r"ยกเลิก|ถอนตัว|ถอนชื่อ|ไม่เข้าร่วม|ไม่สามารถเข้าร่วม|ไม่สะดวก|ไม่ไป|ไม่มาประชุม|ติดราชการ|ติดภารกิจ|ติดประชุม|ลาออก|ลาป่วย|เสียชีวิต|ตัดชื่อ|"
    r"cancel|withdr[ae]w|declined|not attending",
    re.IGNORECASE,
)
_RESERVE = re.compile(r"สำรอง|\breserves?\b|\bsubstitutes?\b|waiting list", re.IGNORECASE)
#: Words that begin what stands beneath a list, or names who made it.
_BENEATH = re.compile(
    r"(?:รวม(?=ทั้ง|จำนวน|\s|\d|$)|หมายเหตุ|\(?ลงชื่อ|ลงนาม|ผู้รับรอง|ผู้จัดทำ|ผู้ประสานงาน\s*[:：]|ผู้ให้ข้อมูล|ผู้รายงาน|ผู้ตรวจ|ผู้บันทึก|ผู้กรอก|"
    r"ตรวจสอบแล้ว|ตรวจแล้ว|ขอรับรอง|ขอแสดงความนับถือ|จึงเรียน|ผู้ที่มีเครื่องหมาย|สรุป|ติดต่อสอบถาม|สอบถามเพิ่มเติม|\.{2,}|…|_{3,}|\*+\s*\S|"
    r"total\b|signed\b|contact person)",
    re.IGNORECASE,
)
#: ผู้ประสานงาน is a position too: alone it is beneath a list only where it stands in the place of a name.
_COORDINATOR = re.compile(r"ผู้ประสาน(?:งาน)?(?:\s|[:：]|$|นาย|นาง)")
_BRACKETED = re.compile(r"\([^()]+\)")
_DITTO = re.compile(
    r"[\"”“〃″'’,]{1,3}|-\s*[\"”“〃″]\s*-|(?:-\s*)?(?:do|ditto)\.?(?:\s*-)?|(?:เหมือน|เช่นเดียวกับ)(?:ข้าง)?บน|เช่นเดียวกัน", re.IGNORECASE
)
_NO = re.compile(r"[-–—]*|ไม่|ไม่เข้าร่วม|ไม่ไป|ไม่สะดวก|no|n|0|false|✗|✘|×", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(\d{1,2})\s*(?:[/.\-]\s*(\d{1,2})(?!\d)|\s*(" + "|".join(
    re.escape(name) for name in sorted((name for names in _MONTHS for name in names), key=len, reverse=True)
) + r"))", re.IGNORECASE)  # fmt: skip
_ISO = re.compile(r"\d{4}-(\d{2})-(\d{2})")
_NTH = re.compile(r"(?:วันที่|วัน|ครั้งที่|ครั้ง|day)\s*(\d)", re.IGNORECASE)


def says_cancelled(text: str) -> bool:
    return bool(_CANCELLED.search(text))


def says_reserve(text: str) -> bool:
    return bool(_RESERVE.search(text))


def is_beneath(text: str) -> bool:
    """Whether `text` begins a line that belongs to no person: a sum, a signature, who made the list."""
    return bool(_BENEATH.match(text))


def is_no_name(text: str) -> bool:
    """Whether `text`, in the place of a name, is a line beneath the list: ผู้ประสานงาน: …, (นายสมมุติ ผู้รับรอง)."""
    return is_beneath(text) or bool(_COORDINATOR.match(text)) or bool(_BRACKETED.fullmatch(text))


def is_ditto(text: str) -> bool:
    """Whether `text` stands for what is written above it."""
    return bool(text) and bool(_DITTO.fullmatch(text))


def day_meant(heading: str, days: Sequence[dt.date]) -> dt.date | None:
    """Which of a workshop's `days` a heading names: 18 ก.พ. 65, ๓ มีนาคม, 2022-02-18, วันที่ ๑; None where it names none."""
    text = arabic_digits(heading)
    named: tuple[int, int] | None = None
    if iso := _ISO.search(text):
        named = int(iso[2]), int(iso[1])
    elif (found := _DATE.search(text)) and (month := int(found[2]) if found[2] else _month(found[3])):
        named = int(found[1]), month
    if named:
        return next((day for day in days if (day.day, day.month) == named), None)
    nth = _NTH.fullmatch(text.strip())
    return days[int(nth[1]) - 1] if nth and 0 < int(nth[1]) <= len(days) else None


def _month(name: str) -> int:
    for names in _MONTHS:
        for number, known in enumerate(names, start=1):
            if known.casefold() == name.casefold():
                return number
    return 0


def is_tick(text: str) -> bool:
    """Whether `text`, in a column of a day, says that somebody comes: "/", "✓", "x", "เข้าร่วม"; not "-" or "ไม่"."""
    return not _NO.fullmatch(text.strip())
