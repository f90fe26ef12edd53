"""What a nominee's words mean here: their group, their province, and who stands in the file twice."""

import re
from collections.abc import Iterable, Sequence

from sessions.models import StakeholderGroup
from sessions.thai import arabic_digits

_NUMBER = re.compile(r"[(\[]?(?:กลุ่มเป้าหมาย|กลุ่ม|ข้อ|group|no\.?)?\s*(?:ที่)?\s*[(\[]?(\d+(?:\.\d+)*)[)\].]*(?!\d)", re.IGNORECASE)
#: 4.1(2) for 4.1.2.
_IN_BRACKETS = re.compile(r"(?<=\d)\((\d)\)")
#: What offices write for the groups' longer names.
_ALSO = {
    "อปท": "องค์กรปกครองส่วนท้องถิ่น", "อบต": "องค์กรปกครองส่วนท้องถิ่น", "อบจ": "องค์กรปกครองส่วนท้องถิ่น",
    "เทศบาล": "องค์กรปกครองส่วนท้องถิ่น", "ท้องถิ่น": "องค์กรปกครองส่วนท้องถิ่น", "เอกชน": "ภาคเอกชน", "ngo": "ประชาสังคม",
    "สถาบันการศึกษา": "การศึกษา", "สถานศึกษา": "การศึกษา", "โรงเรียน": "การศึกษา", "นักเรียน": "เยาวชน", "นักศึกษา": "เยาวชน",
    "เด็ก": "เยาวชน", "จังหวัด": "สำนักงานจังหวัด", "ส่วนภูมิภาค": "ราชการส่วนภูมิภาค", "ภูมิภาค": "ราชการส่วนภูมิภาค", "อำเภอ": "ระดับอำเภอ",
    "สนจ": "สำนักงานจังหวัด", "ส่วนราชการ": "ราชการส่วนภูมิภาค", "ส่วนราชการส่วนภูมิภาค": "ราชการส่วนภูมิภาค", "ภาครัฐ": "ราชการส่วนภูมิภาค",
    "หน่วยงานระดับจังหวัด": "ราชการส่วนภูมิภาค", "ท้องที่": "ระดับอำเภอ", "ตำบล": "ระดับอำเภอ", "หมู่บ้าน": "ระดับอำเภอ",
    "ธุรกิจ": "ภาคเอกชน", "หอการค้า": "ภาคเอกชน", "มูลนิธิ": "ประชาสังคม", "สมาคม": "ประชาสังคม", "องค์กรภาคประชาชน": "ประชาสังคม",
    "ภาคประชาชน": "ประชาสังคม", "มหาวิทยาลัย": "การศึกษา", "วิทยาลัย": "การศึกษา", "อื่นๆ": "ภาคส่วนอื่น", "อื่น": "ภาคส่วนอื่น",
}  # fmt: skip
#: Short forms behind which the name of the place may stand: สนจ.น่าน.
_IN_FRONT = {"สนจ", "อบต", "อบจ", "อปท", "เทศบาล"}
_SHORTEST_PART = 4


def group_of(text: str, groups: Sequence[StakeholderGroup]) -> StakeholderGroup | None:
    """The one of `groups` that `text` names by number ("4.1.3", "กลุ่มที่ ๓"), by name or by a part of one name only.

    The only group there is, where nothing is written; None where the words fit no group or several.
    """
    text = _IN_BRACKETS.sub(r".\1", arabic_digits(text)).strip()
    if not text:
        return groups[0] if len(groups) == 1 else None
    if (number := _NUMBER.match(text)) and (found := _numbered(number[1], groups)):
        return found
    words = _bare(_NUMBER.sub("", text, count=1)) or _bare(text)
    before_brackets = _bare(text.partition("(")[0])
    meant = [words, before_brackets, _ALSO.get(words, ""), _ALSO.get(before_brackets, "")]
    meant += [name for short, name in _ALSO.items() if short in _IN_FRONT and words.startswith(short)]
    found = next((group for name in meant if name and (group := _named(name, groups))), None)
    return found or _agreed(text, groups)


def _agreed(text: str, groups: Sequence[StakeholderGroup]) -> StakeholderGroup | None:
    parts = [part for part in re.split(r"[/,]|และ|หรือ", text) if part.strip()]
    found = {group.pk: group for part in parts if len(parts) > 1 and (group := group_of(part, groups))}
    return next(iter(found.values())) if len(found) == 1 else None


def _numbered(number: str, groups: Sequence[StakeholderGroup]) -> StakeholderGroup | None:
    exact = [group for group in groups if group.code == number]
    last = [group for group in groups if "." not in number and group.code.count(".") > 1 and group.code.endswith(f".{number}")]
    return next(iter(exact or last), None)


def _named(words: str, groups: Sequence[StakeholderGroup]) -> StakeholderGroup | None:
    names = [(group, _bare(name)) for group in groups for name in (group.name_th, group.name_en) if name]
    if exact := [group for group, name in names if name == words]:
        return exact[0]
    if len(words) < _SHORTEST_PART:
        return None
    parts = {group.pk: group for group, name in names if words in name or (len(name) >= _SHORTEST_PART and name in words)}
    return next(iter(parts.values())) if len(parts) == 1 else None


def _bare(text: str) -> str:
    return re.sub(r"[\s.,/()\-–ฯ]+", "", text).casefold()


def names_another_province(text: str, province_names: Iterable[str]) -> bool:
    """Whether the cell of a province, `text`, says something else than any of the names of the right one."""
    said = text.removeprefix("จังหวัด").removeprefix("จ.").strip().casefold()
    return bool(said) and said not in {name.casefold() for name in province_names}


def repeated(emails: Sequence[str]) -> dict[int, int]:
    """Which of `emails` were there before: the place of each repetition, and of the first one. Empty ones do not count."""
    first: dict[str, int] = {}
    found = {}
    for place, email in enumerate(emails):
        if email and first.setdefault(email, place) != place:
            found[place] = first[email]
    return found
