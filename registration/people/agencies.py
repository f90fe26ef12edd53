"""Which abbreviation an organisation is known by (brief §3.2: the name in Zoom carries it)."""

import re

from django.core.cache import cache

from registration.models import Agency

#: An agency whose name ends like this has a place's name behind it: องค์การบริหารส่วนตำบล|บ้านไร่.
_TAKES_A_PLACE = ("จังหวัด", "อำเภอ", "ตำบล", "เมือง", "นคร", "โรงเรียน", "วิทยาลัยเทคนิค", "วิทยาลัยชุมชน", "วิทยาลัยอาชีวศึกษา", "ราชภัฏ", "ราชมงคล")
_MAX_PLACE_LENGTH = 25
#: สำนักงานทดสอบ (สทส.): the abbreviation as the person themselves wrote it; (องค์การมหาชน) is none.
_WRITTEN_BEHIND = re.compile(r"\(([ก-๎]+\.[ก-๎.]*|[A-Z]{2,10})\)$")
_REMEMBERED_SECONDS = 300


def abbreviation_of(organisation: str, province: str = "") -> str:
    """The abbreviation of `organisation` (cleaned text), or "" where neither it nor the table tells.

    `province` is the Thai name of the person's province: it stands in front of the name in Zoom already, so
    สำนักงานพัฒนาชุมชนจังหวัดน่าน is พช. in Nan. Another place is kept: องค์การบริหารส่วนตำบลบ้านไร่ is อบต.บ้านไร่.
    """
    if written := _WRITTEN_BEHIND.search(organisation):
        return written[1]
    known = [(name, short) for name, short in suggested() if organisation.startswith(name)]
    if not known:
        return ""
    name, short = max(known, key=lambda agency: len(agency[0]))
    place = organisation.removeprefix(name).strip()
    if not place or place.removeprefix("จังหวัด").strip() == province:
        return short
    if not name.endswith(_TAKES_A_PLACE) or name.endswith("จังหวัด") or len(place) > _MAX_PLACE_LENGTH:
        return ""
    return short + place


def suggested() -> list[tuple[str, str]]:
    """Names and abbreviations. What staff add is known after five minutes at most."""
    known: list[tuple[str, str]] | None = cache.get("agencies")
    if known is None:
        known = list(Agency.objects.values_list("name", "abbreviation"))
        cache.set("agencies", known, _REMEMBERED_SECONDS)
    return known
