"""The messages to those who sign in to a desk or the office."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse

from registration.choices import State
from registration.links import signed
from registration.mail.messages.registry import Content, message, only_while
from registration.mail.unlinked import unlinked
from registration.models import Coordinator, Delivery, DeskOffer, Invitation, Participant, Quota, SeatIntent, WebhookEndpoint
from registration.notices.matters import matters_of
from registration.seats.places import place_in_sentence
from registration.seats.pool import due_at, pool_of
from registration.seats.statistics import statistics
from registration.security import openid, second_factor, sign_in
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


def _something_waits(delivery: Delivery, at: dt.datetime) -> bool:
    quotas = Quota.objects.filter(pk__in=delivery.details["quotas"]).select_related("workshop", "province")
    return any(matters_of(quota, at=at) for quota in quotas)


@message
def coordinator_invited(delivery: Delivery, at: dt.datetime) -> Content:
    quota = Quota.objects.select_related("workshop", "province").prefetch_related("workshop__contacts").get(pk=delivery.details["quota"])
    workshop = quota.workshop
    values = {"quota": quota, "workshop": workshop, "contacts": workshop.contacts.all(), "desk_url": signed.desk_url(quota)}
    return Content(values | {"asked_by": unlinked(delivery.details.get("asked_by", ""))})


@message
def selection_reminder(delivery: Delivery, at: dt.datetime) -> Content:
    content = coordinator_invited(delivery, at)
    quota = content.values["quota"]
    count = Participant.objects.to_select_from().filter(quota=quota).count()
    return Content(content.values | {"people": count, "announce_by": quota.workshop.announce_by})


def _is_still_due(delivery: Delivery, at: dt.datetime) -> bool:
    quota = _quota(delivery)
    pool = pool_of(quota.workshop)
    due = due_at(pool, SeatIntent.objects.filter(quota=quota).first()) if pool else None
    return bool(quota.left) and due is not None and due.isoformat() == delivery.details["due_at"]


@message
@only_while(_is_still_due)
def release_near(delivery: Delivery, at: dt.datetime) -> Content:
    quota = _quota(delivery)
    due = dt.datetime.fromisoformat(delivery.details["due_at"])
    return Content({"quota": quota, "workshop": quota.workshop, "seats": quota.left, "due": due, "seats_url": signed.desk_seats_url(quota)})


@message
def seats_released(delivery: Delivery, at: dt.datetime) -> Content:
    quota = _quota(delivery)
    values = {"quota": quota, "workshop": quota.workshop, "seats": delivery.details["seats"], "capacity": quota.capacity}
    return Content(values | {"seats_url": signed.desk_seats_url(quota)})


@message
def selection_overdue(delivery: Delivery, at: dt.datetime) -> Content:
    quotas = Quota.objects.filter(pk__in=delivery.details["quotas"]).select_related("workshop", "province").order_by("province__sort_key")
    workshop = Workshop.objects.get(pk=delivery.details["workshop"])
    return Content({"workshop": workshop, "places": [(place_in_sentence(quota), signed.desk_url(quota)) for quota in quotas]})


@message
@only_while(_something_waits)
def desk_digest(delivery: Delivery, at: dt.datetime) -> Content:
    quotas = Quota.objects.filter(pk__in=delivery.details["quotas"]).select_related("workshop", "province").order_by("workshop", "pk")
    desks = [_desk(quota) | {"matters": matters} for quota in quotas if (matters := matters_of(quota, at=at))]
    if not desks:
        return Content({"desks": []})
    workshops = {desk["quota"].workshop for desk in desks}
    return Content({"desks": desks, "workshop": None, "notices_url": desks[0]["notices_url"], **_only(workshops)})


@message
def province_full(delivery: Delivery, at: dt.datetime) -> Content:
    quota = _quota(delivery)
    waiting = Participant.objects.waiting().filter(quota=quota).count()
    return Content(_desk(quota) | {"workshop": quota.workshop, "waiting": waiting})


def _is_known(delivery: Delivery, at: dt.datetime) -> bool:
    return Invitation.objects.filter(pk=delivery.details["invitation"]).exists()  # not who was erased since


@message
@only_while(_is_known)
def invitation_refused(delivery: Delivery, at: dt.datetime) -> Content:
    quota = _quota(delivery)
    invitation = Invitation.objects.get(pk=delivery.details["invitation"])
    moved_up = Participant.objects.known().filter(pk__in=delivery.details["next"])
    values = {
        "workshop": quota.workshop,
        "invited": unlinked(invitation.name or invitation.email),
        "reason": unlinked(invitation.answer),
        "held_seat": invitation.holds_seat,
        "next_in_line": unlinked(", ".join(person.full_name for person in moved_up)),
    }
    return Content(_desk(quota) | values)


@message
def first_day_near(delivery: Delivery, at: dt.datetime) -> Content:
    quota = _quota(delivery)
    seats = statistics(quota).seats
    values = {
        "workshop": quota.workshop,
        "first_day": dt.date.fromisoformat(delivery.details["first_day"]),
        "confirmed": seats.confirmed,
        "capacity": quota.capacity,
        "waiting": seats.states[State.WAITLISTED],
        "matters": matters_of(quota, at=at),
    }
    return Content(_desk(quota) | values)


@message
def coordinators_changed(delivery: Delivery, at: dt.datetime) -> Content:
    """What happened: `what` is "added" or "removed" by NESDC, "joined" or "followed" (`before`) at a coordinator's request."""
    quota, user = _quota(delivery), delivery.user
    coordinates = Coordinator.objects.active().filter(quota=quota, user=user).exists()
    values = {
        "workshop": quota.workshop,
        "contacts": quota.workshop.contacts.all(),
        "what": delivery.details["what"],
        **{name: unlinked(delivery.details.get(name, "")) for name in ("who", "by", "before")},
        "coordinates": coordinates,
        "may_open": coordinates or (user is not None and user.is_staff),
    }
    return Content(_desk(quota) | values)


def _quota(delivery: Delivery) -> Quota:
    return Quota.objects.select_related("workshop", "province").get(pk=delivery.details["quota"])


def _desk(quota: Quota) -> dict[str, Any]:
    return {"quota": quota, "desk_url": signed.desk_url(quota), "notices_url": signed.desk_notices_url(quota)}


@message
def coordinator_asked(delivery: Delivery, at: dt.datetime) -> Content:
    related = DeskOffer.objects.select_related("user", "asked_by", "quota__workshop", "quota__province", "in_place_of")
    offer = related.prefetch_related("quota__workshop__contacts").get(pk=delivery.details["offer"])
    workshop, asked_by = offer.quota.workshop, offer.asked_by
    values = {
        "offer": offer,
        "quota": offer.quota,
        "workshop": workshop,
        "contacts": workshop.contacts.all(),
        "offer_url": sign_in.offer_url(offer),
        "asker": unlinked((asked_by.get_full_name() or asked_by.get_username()) if asked_by else ""),
        "shows_name": False,
    }
    return Content(values)


@message
def coordinator_sign_in(delivery: Delivery, at: dt.datetime) -> Content:
    return Content(_only(Workshop.objects.filter(quotas__coordinators__in=Coordinator.objects.active().filter(user=delivery.user))))


@message
def coordinator_password(delivery: Delivery, at: dt.datetime) -> Content:
    return coordinator_sign_in(delivery, at)


def _only(workshops: Iterable[Workshop]) -> dict[str, Workshop]:
    """What the subject names, where all is about one workshop. It is no mail of that workshop's: a rehearsal leaves it alone."""
    found = set(workshops)
    return {"only_workshop": found.pop()} if len(found) == 1 else {}


@message
def second_factor_link(delivery: Delivery, at: dt.datetime) -> Content:
    assert delivery.user
    minutes = int(second_factor.LINK_AGE.total_seconds() // 60)
    return Content({"set_up_url": second_factor.link_url(delivery.user), "set_up_minutes": minutes})


@message
def second_factor_changed(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"what": delivery.details["what"], "happened_at": delivery.created_at})


@message
def identity_changed(delivery: Delivery, at: dt.datetime) -> Content:
    return Content({"what": delivery.details["what"], "provider": openid.provider_name()})


@message
def webhook_ended(delivery: Delivery, at: dt.datetime) -> Content:
    endpoint = WebhookEndpoint.objects.get(pk=delivery.details["endpoint"])
    url = signed.absolute(reverse("admin:registration_webhookendpoint_change", args=[endpoint.pk]))
    is_gone = delivery.details["why"] == WebhookEndpoint.State.GONE
    return Content({"endpoint": endpoint, "endpoint_url": url, "is_gone": is_gone, "happened_at": delivery.created_at})
