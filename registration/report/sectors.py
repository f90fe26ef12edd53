"""Which sector (ภาคส่วน) a stakeholder group belongs to, by the words of its Thai name. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.models import StakeholderGroup


class Sector(models.TextChoices):
    GOVERNMENT = "government", _("Government agencies in the provinces")
    LOCAL = "local", _("Local administrative organisations")
    PRIVATE = "private", _("Private sector")
    CIVIL = "civil", _("Civil society")
    EDUCATION = "education", _("Education")
    YOUTH = "youth", _("Children and youth")
    CENTRAL = "central", _("Central agencies")
    OTHER = "other", _("Other sectors")


#: In this order: "ผู้บริหารหรือเจ้าหน้าที่จากภาคเอกชน" is of the private sector, not of the government.
_WORDS = (
    (Sector.YOUTH, ("เด็ก", "เยาวชน")),
    (Sector.EDUCATION, ("การศึกษา", "มหาวิทยาลัย", "โรงเรียน", "วิชาการ")),
    (Sector.CIVIL, ("ประชาสังคม", "ชุมชน", "มูลนิธิ")),
    (Sector.PRIVATE, ("เอกชน", "ธุรกิจ", "หอการค้า")),
    (Sector.LOCAL, ("ส่วนท้องถิ่น", "เทศบาล")),
    (Sector.OTHER, ("ภาคส่วนอื่น",)),
    (Sector.GOVERNMENT, ("สำนักงาน", "ราชการ", "อำเภอ", "เจ้าหน้าที่", "ภาครัฐ")),
)


def sector_of(group: StakeholderGroup) -> Sector:
    if group.scope == StakeholderGroup.Scope.CENTRAL:
        return Sector.CENTRAL
    return next((sector for sector, words in _WORDS if any(word in group.name_th for word in words)), Sector.OTHER)
