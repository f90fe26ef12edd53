"""The messages to those who sign in to a desk."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from registration.links import signed
from registration.mail.messages.registry import Content, message
from registration.mail.unlinked import unlinked
from registration.models import Delivery, Participant, Quota
from registration.seats.places import place_in_sentence
from registration.security import sign_in
from sessions.models import Workshop


def about(user: User) -> dict[str, Any]:
    """What the templates of all these messages may use.

    The ways in are made when the mail is written: they are stored nowhere, and their time begins then.
    """
    return {
        "user": user,
        "contacts": [],
        "name": unlinked(user.get_full_name() or user.get_username()),
        "by_mail": not user.is_staff,
        "sign_in_url": sign_in.link_url(user),
        "sign_in_minutes": int(sign_in.LINK_AGE.total_seconds() // 60),
        "password_url": sign_in.password_url(user),
        "password_days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }


@message
def coordinator_invited(delivery: Delivery, at: dt.datetime) -> Content:
    quota = Quota.objects.select_related("workshop", "province").prefetch_related("workshop__contacts").get(pk=delivery.details["quota"])
    workshop = quota.workshop
    return Content({"quota": quota, "workshop": workshop, "contacts": workshop.contacts.all(), "desk_url": signed.desk_url(quota)})


@message
def selection_reminder(delivery: Delivery, at: dt.datetime) -> Content:
    content = coordinator_invited(delivery, at)
    quota = content.values["quota"]
    count = Participant.objects.to_select_from().filter(quota=quota).count()
    return Content(content.values | {"people": count, "announce_by": quota.workshop.announce_by})


@message
def selection_overdue(delivery: Delivery, at: dt.datetime) -> Content:
    quotas = Quota.objects.filter(pk__in=delivery.details["quotas"]).select_related("workshop", "province").order_by("province__sort_key")
    workshop = Workshop.objects.get(pk=delivery.details["workshop"])
    return Content({"workshop": workshop, "places": [place_in_sentence(quota) for quota in quotas]})


@message
def coordinator_sign_in(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()


@message
def coordinator_password(delivery: Delivery, at: dt.datetime) -> Content:
    return Content()
