"""The messages to those who sign in to a desk."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from registration.links import signed
from registration.mail.messages.registry import Content, message
from registration.mail.unlinked import unlinked
from registration.models import Delivery, Quota
from registration.security import sign_in


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
    """Your desk is open: set a password, or come in by mailed links."""
    quota = Quota.objects.select_related("workshop", "province").prefetch_related("workshop__contacts").get(pk=delivery.details["quota"])
    workshop = quota.workshop
    return Content({"quota": quota, "workshop": workshop, "contacts": workshop.contacts.all(), "desk_url": signed.desk_url(quota)})


@message
def coordinator_sign_in(delivery: Delivery, at: dt.datetime) -> Content:
    """The link that signs a coordinator in, once."""
    return Content()


@message
def coordinator_password(delivery: Delivery, at: dt.datetime) -> Content:
    """The link at which a coordinator sets a new password."""
    return Content()
