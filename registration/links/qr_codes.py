"""The QR codes that staff hand out: what each of them says, and what its file is called."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from registration.links import signed
from registration.models import Participant, Quota
from sessions.models import Workshop

_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')


def for_files(name: str) -> str:
    """`name` with nothing in it that some computer forbids in the name of a file."""
    return _NOT_IN_FILE_NAMES.sub("-", name).strip(" .")


@dataclass(frozen=True, slots=True)
class QrCode:
    """`key` stands in addresses, `name` is for people, `text` for cameras."""

    key: str
    name: str
    text: str

    def file_name(self, suffix: str) -> str:
        """`<name>.<suffix>`."""
        return f"{for_files(self.name)}.{suffix}"


def for_everybody(workshop: Workshop) -> list[QrCode]:
    with translation.override("th"):
        form, agenda = (signed.absolute(reverse(page, args=[workshop.slug])) for page in ("register", "agenda"))
    codes = [QrCode("register", _("Registration"), form), QrCode("agenda", _("Agenda"), agenda)]
    return [*codes, QrCode("chat", _("Open Chat"), workshop.chat_url)] if workshop.chat_url else codes


def of_provinces(workshop: Workshop) -> list[QrCode]:
    """The way to the form of each province, in Thai order; where only its link lets people in, that link. One query."""
    quotas = Quota.objects.filter(workshop=workshop, kind=Quota.Kind.PROVINCE).select_related("workshop", "province")
    return [QrCode(f"province-{quota.code}", quota.name, _form_of(quota)) for quota in quotas.in_thai_order()]


def of_person(person: Participant) -> QrCode:
    return QrCode(f"person-{person.code}", f"{person.full_name} {person.code}", person.code)


def _form_of(quota: Quota) -> str:
    if quota.workshop.entry == Workshop.Entry.PROVINCE_LINK:
        return signed.general_url(quota)
    with translation.override("th"):
        path = reverse("register", args=[quota.workshop.slug])
    return signed.absolute(f"{path}?province={quota.code}")
