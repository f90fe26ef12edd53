"""What staff write to many: their text, filled in for each reader."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from registration.links import signed
from registration.mail import placeholders
from registration.mail.messages import participants
from registration.mail.messages.registry import Content, message, only_while
from registration.mail.unlinked import unlinked
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


def _is_wanted_at_desk(delivery: Delivery, at: dt.datetime) -> bool:
    mailing = Mailing.objects.filter(deliveries=delivery, stopped_at=None).first()
    return mailing is not None and mailing.desks().filter(user=delivery.user_id).exists()


@message
@only_while(_is_wanted_at_desk)
def coordinator_announcement(delivery: Delivery, at: dt.datetime) -> Content:
    assert delivery.mailing is not None and delivery.user is not None, "a message to coordinators has a text and a reader"
    return Content(_at_desk(delivery.mailing, delivery.user))


def _at_desk(mailing: Mailing, user: User) -> dict[str, Any]:
    """The text for the coordinator `user`, who may have several desks: their names stand in one place, the link leads to the first."""
    desks = mailing.desks().filter(user=user).select_related("quota__workshop", "quota__province").order_by("quota__province__sort_key")
    quotas = [desk.quota for desk in desks]
    desk_url = signed.desk_url(quotas[0]) if quotas else ""
    values = {
        "name": unlinked(user.get_full_name() or user.get_username()),
        "province": ", ".join(quota.name for quota in quotas),
        "workshop": mailing.workshop.title,
        "link": desk_url,
        "zoom_name": "",
        "code": "",
    }
    about = {"workshop": mailing.workshop, "contacts": mailing.workshop.contacts.all(), "desk_url": desk_url}
    return about | _filled(mailing, values)


@message
def announcement_test(delivery: Delivery, at: dt.datetime) -> Content:
    reader = Participant.objects.with_choices().get(pk=delivery.details["reader"])
    reader.link_version = 0  # no link of anybody has this version
    about = participants.about(reader)
    values = about | _text_of(delivery, about)
    return Content(values | {"staff_subject": _("[Test] %(subject)s") % {"subject": values["staff_subject"]}})


@message
def coordinator_announcement_test(delivery: Delivery, at: dt.datetime) -> Content:
    assert delivery.mailing is not None, "a message to coordinators has a text"
    values = _at_desk(delivery.mailing, User.objects.get(pk=delivery.details["reader"]))
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
    return {"sender": _sender(mailing)} | _filled(mailing, values)


def _filled(mailing: Mailing, values: dict[str, str]) -> dict[str, Any]:
    return {
        "staff_subject": placeholders.fill(mailing.subject, values),
        "staff_text": placeholders.fill(mailing.body, values),
        "paragraphs": placeholders.fill_paragraphs(mailing.body, values),
    }
