"""The messages to those whom a province invites."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from registration.links import signed
from registration.mail.messages.registry import Content, message, only_while
from registration.mail.messages.words import contacts_of, day_in_words
from registration.mail.unlinked import unlinked
from registration.models import Delivery, Invitation
from registration.seats.places import place_in_sentence


def about(invitation: Invitation) -> dict[str, Any]:
    workshop = invitation.workshop
    days = workshop.days.filter(is_cancelled=False).prefetch_related("items")
    return {
        "invitation": invitation,
        "workshop": workshop,
        "contacts": contacts_of(invitation.quota),
        "name": unlinked(invitation.name) or _("invited guest"),
        "origin": place_in_sentence(invitation.quota),
        "days": [day_in_words(day, []) for day in days],
        "until": invitation.expires_at,
        "is_of_substitute": invitation.is_of_substitute,
        "asked_by": unlinked(_asker(invitation)),
        "invitation_url": signed.invitation_url(invitation),
        "workshop_url": signed.absolute(reverse("workshop", args=[workshop.slug])),
    }


def _asker(invitation: Invitation) -> str:
    if invitation.in_place_of:
        return invitation.in_place_of.full_name
    return invitation.passed_from.name if invitation.passed_from else ""


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
    return Content()


@message
def invitation_passed_on(delivery: Delivery, at: dt.datetime) -> Content:
    substitute = Invitation.objects.filter(passed_from__deliveries=delivery).first()
    return Content({"to": unlinked(substitute.email) if substitute else "–"})


@message
def invitation_withdrawn(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()
