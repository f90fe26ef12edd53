"""What staff write to many: their text, filled in for each reader."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from registration.mail import placeholders
from registration.mail.messages import participants
from registration.mail.messages.registry import Content, message, only_while
from registration.models import Coordinator, Delivery, Mailing, Participant
from registration.people.phones import phone_of
from registration.seats.places import place_in_sentence


def _is_wanted(delivery: Delivery, at: dt.datetime) -> bool:
    """Not where staff stopped the rest while it waited, nor for whom the registration has ended since."""
    mailing = Mailing.objects.filter(deliveries=delivery, stopped_at=None)
    return mailing.exists() and Participant.objects.get(deliveries=delivery).is_live


@message
@only_while(_is_wanted)
def announcement(delivery: Delivery, at: dt.datetime) -> Content:
    assert delivery.participant is not None, "a message to many is for participants"
    return Content(_text_of(delivery, participants.about(delivery.participant)))


@message
def announcement_test(delivery: Delivery, at: dt.datetime) -> Content:
    reader = Participant.objects.with_choices().get(pk=delivery.details["reader"])
    reader.link_version = 0  # no link of anybody has this version
    about = participants.about(reader)
    values = about | _text_of(delivery, about)
    return Content(values | {"staff_subject": _("[Test] %(subject)s") % {"subject": values["staff_subject"]}})


def _sender(mailing: Mailing) -> str:
    if mailing.quota is None:
        return ""
    own = Coordinator.objects.filter(quota=mailing.quota_id, user=mailing.created_by_id).select_related("user").first()
    who = [_("Coordinator of %(place)s") % {"place": place_in_sentence(mailing.quota)}]
    if own:
        who += [own.name, _("Tel. %(phone)s") % {"phone": phone_of(own)} if own.phone else ""]
    return " ".join(filter(None, who))


def _text_of(delivery: Delivery, about: dict[str, Any]) -> dict[str, Any]:
    mailing = delivery.mailing
    assert mailing is not None, "a message to many has a text"
    values = {
        "name": about["name"],
        "zoom_name": about["zoom_name"],
        "code": about["participant"].code,
        "province": about["origin"],
        "workshop": about["workshop"].title,
        "link": about["personal_url"],
    }
    return {
        "sender": _sender(mailing),
        "staff_subject": placeholders.fill(mailing.subject, values),
        "staff_text": placeholders.fill(mailing.body, values),
        "paragraphs": placeholders.fill_paragraphs(mailing.body, values),
    }
