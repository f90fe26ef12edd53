"""What the words above a column mean. Pure.

Source: lists as Thai offices write them; the template of the portal has the first word of each kind.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

from sessions.thai import arabic_digits

#: Recognised columns that make a row one of headings.
ENOUGH = 2
#: A longer cell is a sentence, not a heading.
_MAX_HEADING = 60


class Meaning(StrEnum):
    """What a column may hold."""

    FULL_NAME = "full_name"
    TITLE = "title"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    POSITION = "position"
    POSITION_AND_ORGANISATION = "position_and_organisation"
    ORGANISATION = "organisation"
    ORGANISATION_SHORT = "organisation_short"
    GROUP = "group"
    EMAIL = "email"
    PHONE = "phone"
    EXTENSION = "extension"
    CONTACT = "contact"
    PROVINCE = "province"
    DAY = "day"
    NOTE = "note"
    UNUSED = "unused"


_EXACT = {
    "numbers": "ลำดับ ลำดับที่ ที่ เลขที่ ข้อ no number # nr",
    "private": "เลขประจำตัวประชาชน เลขบัตรประชาชน เลขบัตรประจำตัวประชาชน หมายเลขบัตรประชาชน citizenid idcard",
    "other": "ชื่อเล่น อายุ วันเกิด วันเดือนปีเกิด เพศ ประทับเวลา timestamp lineid line ไลน์ ลงชื่อ ลายมือชื่อ อาหาร",
    Meaning.TITLE: "คำนำหน้า คำนำหน้าชื่อ คำนำหน้านาม คำนำ ยศ ยศคำนำหน้า title prefix salutation",
    Meaning.FIRST_NAME: "ชื่อ ชื่อจริง ชื่อตัว firstname givenname forename",
    Meaning.LAST_NAME: "สกุล นามสกุล ชื่อสกุล lastname surname familyname",
    Meaning.FULL_NAME: "ชื่อนามสกุล ชื่อและนามสกุล ชื่อและสกุล ชื่อตัวชื่อสกุล ชื่อตัวและชื่อสกุล ยศชื่อสกุล ยศชื่อนามสกุล ชื่อชื่อสกุล รายชื่อ รายนาม "
    "ผู้แทน ผู้แทนหลัก ผู้แทนสำรอง ผู้เข้าร่วม ผู้เข้าร่วมประชุม ผู้เข้าประชุม ผู้ที่ได้รับมอบหมาย fullname name",
    Meaning.POSITION: "ตำแหน่ง ตำแหน่งหน้าที่ ตำแหน่งปัจจุบัน position jobtitle",
    Meaning.ORGANISATION: "หน่วยงาน สังกัด องค์กร ส่วนราชการ ส่วนราชการหน่วยงาน บริษัท โรงเรียน สถานศึกษา สถาบัน กลุ่มองค์กร "
    "organisation organization agency office company",
    Meaning.ORGANISATION_SHORT: "อักษรย่อ ชื่อย่อ ตัวย่อ คำย่อ abbreviation abbr shortname",
    Meaning.GROUP: "กลุ่ม กลุ่มเป้าหมาย กลุ่มเป้าหมายข้อ ประเภท ภาคส่วน กลุ่มผู้เข้าร่วม group category sector",
    Meaning.EMAIL: "อีเมล อีเมล์ อีเมลล์ อีเมลล เมล email mail gmail ไปรษณีย์อิเล็กทรอนิกส์ จดหมายอิเล็กทรอนิกส์",
    Meaning.PHONE: "โทรศัพท์ เบอร์โทรศัพท์ เบอร์โทร หมายเลขโทรศัพท์ เลขหมายโทรศัพท์ โทร เบอร์ติดต่อ เบอร์ หมายเลขติดต่อ มือถือ เบอร์มือถือ "
    "phone telephone tel phonenumber mobile mobilephone cellphone cell",
    Meaning.CONTACT: "โทรอีเมล โทรศัพท์อีเมล เบอร์โทรอีเมล ช่องทางติดต่อ",
    Meaning.EXTENSION: "ต่อ เบอร์ต่อ หมายเลขภายใน เบอร์ภายใน ext extension",
    Meaning.PROVINCE: "จังหวัด province",
    Meaning.NOTE: "หมายเหตุ อื่นๆ สถานะ ผลการตอบรับ การตอบรับ ผู้ประสานงาน remark remarks note notes status",
}  # fmt: skip

#: Looked for inside a heading that is none of the above, in this order: "ชื่อหน่วยงาน" is an organisation.
_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("private", ("ประชาชน", "citizenid")),
    ("other", ("ชื่อเล่น", "วันเดือนปี", "วันเกิด", "ลายมือ", "ลายเซ็น", "อาหาร", "เสื้อ", "ยินยอม", "pdpa", "line")),
    (Meaning.NOTE, ("หมายเหตุ", "ผู้ประสาน", "การตอบรับ", "สถานะ")),
    (Meaning.EMAIL, ("อีเมล", "email", "เมล์", "อิเล็กทรอนิกส์", "gmail")),
    (Meaning.PHONE, ("มือถือ", "เคลื่อนที่", "mobile", "โทรศัพท์", "เบอร์โทร", "เบอร์ติดต่อ", "หมายเลขติดต่อ", "phone")),
    (Meaning.ORGANISATION_SHORT, ("อักษรย่อ", "ชื่อย่อ", "ตัวย่อ", "abbrev")),
    (Meaning.POSITION, ("ตำแหน่ง", "position")),
    (Meaning.GROUP, ("กลุ่มเป้าหมาย", "กลุ่มผู้", "ประเภทผู้", "ภาคส่วน")),
    (Meaning.ORGANISATION, ("หน่วยงาน", "สังกัด", "องค์กร", "ส่วนราชการ", "organisation", "organization")),
    (Meaning.TITLE, ("คำนำหน้า",)),
    (Meaning.FULL_NAME, ("ชื่อนามสกุล", "ชื่อสกุล", "ชื่อและนามสกุล", "ชื่อผู้", "ผู้ได้รับมอบหมาย", "ผู้ที่ได้รับมอบหมาย", "ผู้เข้าร่วม", "ผู้แทน", "fullname")),
    (Meaning.LAST_NAME, ("นามสกุล", "surname", "lastname")),
    (Meaning.FIRST_NAME, ("ชื่อ", "firstname")),
)
#: Two things in one heading.
_BOTH = (
    ({Meaning.PHONE, Meaning.EMAIL}, Meaning.CONTACT),
    ({Meaning.POSITION, Meaning.ORGANISATION}, Meaning.POSITION_AND_ORGANISATION),
    ({Meaning.POSITION, Meaning.FULL_NAME}, Meaning.FULL_NAME),
)
_BRACKETS = re.compile(r"[(\[{（].*?[)\]}）]|[*:：]")
_BETWEEN = re.compile(r"[\s\-–—_/.,\"'ฯ]+")
_MEANING = {word: field for field, words in _EXACT.items() for word in words.split()}


def _any_of(parts: Iterable[str]) -> "re.Pattern[str]":
    return re.compile("|".join(re.escape(part) for part in parts))


_WITHIN = [(field, _any_of(parts)) for field, parts in _PARTS]
_ANY_WITHIN = _any_of(part for _field, parts in _PARTS for part in parts)


def bare(heading: str) -> str:
    """`heading` without spaces, brackets and signs, as it is compared and remembered."""
    return _BETWEEN.sub("", _BRACKETS.sub("", arabic_digits(heading)).casefold())


def meaning(heading: str) -> str:
    """What a column with this `heading` (cleaned text) holds: a Meaning, "numbers", "private", "other", or "" for none that is known."""
    if not heading or len(heading) > _MAX_HEADING or "@" in heading:
        return ""
    word = bare(heading)
    if word in _MEANING:
        return _MEANING[word]
    inside = [field for field, within in _WITHIN if within.search(word)] if _ANY_WITHIN.search(word) else []
    for both, joint in _BOTH:
        if both <= set(inside) and "/" in heading:
            return joint
    return inside[0] if inside else ""


def is_headings(cells: Sequence[str], share: float = 0.6) -> bool:
    """Whether every cell that holds something can be a heading, and some are: a person's row has more than that."""
    filled = [cell for cell in cells if cell]
    return sum(bool(meaning(cell)) for cell in filled) >= max(ENOUGH, len(filled) * share)
