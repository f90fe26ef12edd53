"""Which abbreviation an organisation is known by (brief §3.2: the name in Zoom carries it)."""

import re

from django.core.cache import cache
from django.db.models import CharField, F, Value
from django.db.models.functions import Length

from registration.models import Agency

#: An agency whose name ends like this has a place's name behind it: องค์การบริหารส่วนตำบล|บ้านไร่.
_TAKES_A_PLACE = ("จังหวัด", "อำเภอ", "ตำบล", "เมือง", "นคร", "โรงเรียน", "วิทยาลัยเทคนิค", "วิทยาลัยชุมชน", "วิทยาลัยอาชีวศึกษา", "ราชภัฏ", "ราชมงคล")
_LONGEST_PLACE = 25
#: สำนักงานทดสอบ (สทส.): the abbreviation as the person himself wrote it; (องค์การมหาชน) is none.
_WRITTEN_BEHIND = re.compile(r"\(([ก-๎]+\.[ก-๎.]*|[A-Z]{2,10})\)$")
_REMEMBERED_SECONDS = 300


def abbreviation_of(organisation: str, province: str = "") -> str:
    """The abbreviation of `organisation` (cleaned text), or "" where neither it nor the table tells. One query.

    `province` is the Thai name of the person's province: it stands in front of the name in Zoom already, so
    สำนักงานพัฒนาชุมชนจังหวัดน่าน is พช. in Nan. Another place is kept: องค์การบริหารส่วนตำบลบ้านไร่ is อบต.บ้านไร่.
    """
    if written := _WRITTEN_BEHIND.search(organisation):
        return written[1]
    typed = Value(organisation, output_field=CharField())
    agency = Agency.objects.alias(typed=typed).filter(typed__startswith=F("name")).order_by(Length("name").desc()).first()
    if agency is None:
        return ""
    place = organisation.removeprefix(agency.name).strip()
    if not place or place.removeprefix("จังหวัด").strip() == province:
        return agency.abbreviation
    if not agency.name.endswith(_TAKES_A_PLACE) or agency.name.endswith("จังหวัด") or len(place) > _LONGEST_PLACE:
        return ""
    return agency.abbreviation + place


def suggested() -> list[tuple[str, str]]:
    """Names and abbreviations to suggest, remembered for five minutes."""
    known: list[tuple[str, str]] | None = cache.get("agencies")
    if known is None:
        known = list(Agency.objects.values_list("name", "abbreviation"))
        cache.set("agencies", known, _REMEMBERED_SECONDS)
    return known
