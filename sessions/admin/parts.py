"""The page of a workshop is cut by job: each part is a page of its own, so that two people do not sit on one form."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class PagePart:
    """`key` stands in the address (`?part=texts`); `inlines` name the models of the lists below the fields."""

    key: str
    label: Any
    fields: tuple[Any, ...] = ()
    inlines: tuple[str, ...] = ()


PARTS = (
    PagePart(
        "general", _("Name and address"),
        ("slug", "is_published", "title_th", "title_en", "short_name_th", "short_name_en", "lead_th", "lead_en", "platform"),
    ),
    PagePart(
        "dates", _("Days and registration window"),
        (("registration_opens_at", "registration_closes_at"), ("changes_close_at", "reminder_time")), ("workshopday",),
    ),
    PagePart(
        "deciding", _("Seats and decisions"),
        (
            ("province_capacity", "central_capacity"), ("entry", "invitation_days"), "decision",
            ("announce_by", "unannounced"), "decision_minutes", ("waiting_list", "offer_hours"),
            "unopened_hours",
        ),
    ),
    PagePart("groups", _("Stakeholder groups"), inlines=("stakeholdergroup",)),
    PagePart("meeting", _("Zoom and Open Chat"), ("links_by", "chat_name", "chat_url", "chat_passcode")),
    PagePart(
        "texts", _("Texts of the workshop page"),
        (
            *("background_th", "background_en", "objectives_th", "objectives_en", "audience_th", "audience_en"),
            *("naming_rule_th", "naming_rule_en", "note_th", "note_en", "responsible_th", "responsible_en"),
        ),
    ),
    PagePart("contacts", _("Contacts"), inlines=("contact",)),
    PagePart("rehearsal", _("Rehearsal"), ("rehearsal_email",)),
    PagePart("privacy", _("Personal data"), ("retain_until",)),
)  # fmt: skip


def part_of(key: str) -> PagePart:
    return next((part for part in PARTS if part.key == key), PARTS[0])
