"""The messages to those whom a province invites."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from registration.links import signed
from registration.mail.messages.registry import Content, message, only_while
from registration.mail.messages.words import day_in_words
from registration.mail.unlinked import unlinked
from registration.models import Delivery, Invitation, Participant
from registration.seats.places import place_in_sentence


def about(invitation: Invitation) -> dict[str, Any]:
    workshop = invitation.workshop
    days = workshop.days.filter(is_cancelled=False).prefetch_related("items")
    return {
        "invitation": invitation,
        "workshop": workshop,
        "contacts": workshop.contacts.all(),
        "name": unlinked(invitation.name) or _("invited guest"),
        "origin": place_in_sentence(invitation.quota),
        "days": [day_in_words(day, []) for day in days],
        "until": invitation.expires_at,
        "invitation_url": signed.invitation_url(invitation),
        "workshop_url": signed.absolute(reverse("workshop", args=[workshop.slug])),
    }


def _is_open(delivery: Delivery, at: dt.datetime) -> bool:
    return Invitation.objects.open().filter(deliveries=delivery, expires_at__gt=at).exists()


@message
@only_while(_is_open)
def invitation(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()


@message
@only_while(_is_open)
def invitation_reminder(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()


@message
@only_while(_is_open)
def substitute_asked(delivery: Delivery, at: dt.datetime) -> Content:
    assert delivery.invitation is not None, "this message is for those who are invited"
    person = delivery.invitation.in_place_of or delivery.invitation.passed_from
    name = person.full_name if isinstance(person, Participant) else person.name if person else ""
    return Content({"in_place_of": unlinked(name)})


@message
def invitation_withdrawn(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()
