"""Which column of an office's list is what, by the words above it.

Source: lists as Thai offices write them; the template of the portal has the first word of each kind.
"""

import re

from sessions.thai import arabic_digits

#: What a column may hold. "full_name" is title, first and last name in one cell; "mobile" wins over "phone";
#: "number" and "note" are known so that they are not taken for something else.
FIELDS = (
    "number", "title", "first_name", "last_name", "full_name", "position", "organisation", "organisation_short",
    "group", "email", "phone", "mobile", "extension", "province", "note",
)  # fmt: skip

_EXACT = {
    "number": "ลำดับ ลำดับที่ ที่ เลขที่ ข้อ no number # nr",
    "title": "คำนำหน้า คำนำหน้าชื่อ คำนำหน้านาม คำนำ ยศ ยศ/คำนำหน้า title prefix salutation",
    "first_name": "ชื่อ ชื่อจริง ชื่อตัว firstname givenname forename",
    "last_name": "สกุล นามสกุล ชื่อสกุล lastname surname familyname",
    "full_name": "ชื่อนามสกุล ชื่อและนามสกุล ชื่อและสกุล ชื่อตัวชื่อสกุล ชื่อตัวและชื่อสกุล รายชื่อ รายนาม ผู้แทน ผู้เข้าร่วม fullname name",
    "position": "ตำแหน่ง ตำแหน่งหน้าที่ ตำแหน่งปัจจุบัน position jobtitle",
    "organisation": "หน่วยงาน สังกัด องค์กร ส่วนราชการ บริษัท โรงเรียน สถานศึกษา สถาบัน กลุ่มองค์กร organisation organization agency office company",
    "organisation_short": "อักษรย่อ ชื่อย่อ ตัวย่อ คำย่อ abbreviation abbr shortname",
    "group": "กลุ่ม กลุ่มเป้าหมาย ประเภท ภาคส่วน กลุ่มผู้เข้าร่วม group category sector",
    "email": "อีเมล อีเมล์ อีเมลล์ อีเมลล เมล email mail ไปรษณีย์อิเล็กทรอนิกส์ จดหมายอิเล็กทรอนิกส์",
    "phone": "โทรศัพท์ เบอร์โทรศัพท์ เบอร์โทร หมายเลขโทรศัพท์ เลขหมายโทรศัพท์ โทร เบอร์ติดต่อ เบอร์ phone telephone tel phonenumber",
    "mobile": "มือถือ โทรศัพท์มือถือ เบอร์มือถือ โทรศัพท์เคลื่อนที่ mobile mobilephone cellphone cell",
    "extension": "ต่อ เบอร์ต่อ หมายเลขภายใน เบอร์ภายใน ext extension",
    "province": "จังหวัด province",
    "note": "หมายเหตุ อื่นๆ remark remarks note notes",
}  # fmt: skip

#: Looked for inside a heading that is none of the above, in this order: "ชื่อหน่วยงาน" is an organisation.
_WITHIN = (
    ("note", ("หมายเหตุ",)),
    ("email", ("อีเมล", "email", "เมล์", "อิเล็กทรอนิกส์")),
    ("mobile", ("มือถือ", "เคลื่อนที่", "mobile")),
    ("phone", ("โทรศัพท์", "เบอร์โทร", "phone")),
    ("organisation_short", ("อักษรย่อ", "ชื่อย่อ", "ตัวย่อ", "abbrev")),
    ("position", ("ตำแหน่ง", "position")),
    ("group", ("กลุ่มเป้าหมาย", "กลุ่มผู้")),
    ("organisation", ("หน่วยงาน", "สังกัด", "องค์กร", "ส่วนราชการ", "organisation", "organization")),
    ("title", ("คำนำหน้า",)),
    ("full_name", ("ชื่อนามสกุล", "ชื่อสกุล", "ชื่อและนามสกุล", "ชื่อผู้", "fullname")),
    ("last_name", ("นามสกุล", "surname", "lastname")),
    ("first_name", ("ชื่อ", "firstname")),
)

#: A longer cell is a sentence, not a heading.
_MAX_LENGTH = 45

_BRACKETS = re.compile(r"[(\[{（].*?[)\]}）]|[*:：]")
_BETWEEN = re.compile(r"[\s\-–—_/.,\"'ฯ]+")
_MEANING = {word: field for field, words in _EXACT.items() for word in words.split()}


def meaning(heading: str) -> str:
    """The field that a column with this `heading` (cleaned text) holds; "" for none that we know."""
    if not heading or len(heading) > _MAX_LENGTH or "@" in heading:
        return ""
    bare = _BETWEEN.sub("", _BRACKETS.sub("", arabic_digits(heading)).casefold())
    if bare in _MEANING:
        return _MEANING[bare]
    return next((field for field, parts in _WITHIN if any(part in bare for part in parts)), "")


def columns(cells: list[str]) -> dict[str, int]:
    """Which field stands in which column of a row of headings; the first column wins where two say the same."""
    found: dict[str, int] = {}
    for column, heading in enumerate(cells):
        field = meaning(heading)
        if field:
            found.setdefault(field, column)
    return _as_one_name(cells, found)


def _as_one_name(cells: list[str], found: dict[str, int]) -> dict[str, int]:
    """Decides what "ชื่อ" and "ชื่อ-สกุล" mean from what stands beside them.

    "ชื่อ-สกุล" is a family name beside "ชื่อ", and the whole name alone; "ชื่อ" alone is the whole name too.
    """
    column = found.get("last_name")
    if "first_name" not in found and column is not None and "ชื่อ" in cells[column]:
        found["full_name"] = found.pop("last_name")
    if "first_name" in found and "last_name" not in found:
        if "full_name" in found and "สกุล" in cells[found["full_name"]]:
            found["last_name"] = found.pop("full_name")
        else:
            found.setdefault("full_name", found.pop("first_name"))
    if "first_name" in found:
        found.pop("full_name", None)
    return found
