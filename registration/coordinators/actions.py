"""Who decides for a province: appointing, inviting, handing over, switching off."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import DeskNotice, MessageName
from registration.errors import AccountClosed, AlreadyAppointed, AlreadyCoordinates, AppointmentUsed, OfferOver
from registration.mail import outbox
from registration.mail.desks import tell_desk
from registration.models import Coordinator, DeskOffer, Quota
from registration.people.names import in_one_field
from registration.people.text import kept
from registration.security.actions.sign_ins import end_sign_ins

#: Django's own room for a user's first name, which holds the whole one.
MAX_NAME = 150
#: However often a link is asked for, one mail goes out in this time.
LINK_INTERVAL = dt.timedelta(minutes=1)
#: How exactly the portal remembers when a desk was last opened.
SEEN_INTERVAL = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Appointee:
    """Who is to coordinate: e-mail in lower case, phone in E.164 or empty.

    Whoever makes one (a form, a file, a program), the name is cleaned as a participant's is. Raises TextRefused.
    """

    name: str
    email: str
    phone: str = ""
    phone_extension: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", in_one_field(kept("name", self.name, room=MAX_NAME)))


def appoint(*, quota: Quota, appointee: Appointee, by: Actor, at: dt.datetime | None = None) -> tuple[Coordinator, bool]:
    """Makes `appointee` a coordinator of `quota`, with a user for their address if there is none.

    Returns the coordinator, and whether they are one only since now; who already was keeps everything but an empty
    phone, and who was switched off is one again. Nobody is written to. Raises AccountClosed where the
    user of this address was switched off.
    """
    at = at or timezone.now()
    with transaction.atomic():
        user = _user_for(appointee)
        phone = {"phone": appointee.phone, "phone_extension": appointee.phone_extension}
        coordinator, created = Coordinator.objects.get_or_create(user=user, quota=quota, defaults={**phone, "created_at": at})
        if not created and appointee.phone and not coordinator.phone:
            Coordinator.objects.filter(pk=coordinator.pk).update(**phone)
        new = created or not coordinator.is_active
        if not created and new:
            _switch(coordinator, True, by)
        if created:
            _log(coordinator, ADDITION, [{"added": {}}], by)
            _tell_colleagues(coordinator, "added", by, at)
    return coordinator, new


def _user_for(appointee: Appointee) -> User:
    users = User.objects.order_by("pk")
    user = users.filter(username=appointee.email).first() or users.filter(email__iexact=appointee.email).first()
    if user is None:
        return User.objects.create_user(appointee.email, appointee.email, password=None, first_name=appointee.name)
    if not user.is_active:
        raise AccountClosed(appointee.email)
    if appointee.name and not user.get_full_name():
        user.first_name = appointee.name
        user.save(update_fields=["first_name"])
    return user


def invite(*, coordinator: Coordinator, asked_by: str = "", at: dt.datetime | None = None) -> None:
    """Mails the coordinator that their desk is open, with a link to set a password. At most once in a minute.

    `asked_by` names the coordinator at whose request it is; NESDC where nobody is named.
    """
    at = at or timezone.now()
    details = {"quota": coordinator.quota_id, "asked_by": asked_by}
    outbox.post_to_user(
        MessageName.COORDINATOR_INVITED, coordinator.user, occasion=f"{coordinator.pk}-{_occasion(at)}", at=at, details=details
    )


#: So long somebody may accept a desk.
OFFER_AGE = dt.timedelta(days=7)


def ask(
    *, quota: Quota, appointee: Appointee, in_place_of: Coordinator | None = None, by: Actor, at: dt.datetime | None = None
) -> DeskOffer:
    """Asks `appointee` whether they coordinate too, or `in_place_of` somebody, who keeps the desk until they accept.

    Whom that coordinator asked before is asked no longer. Raises AccountClosed; AlreadyCoordinates for whom the desk is open.
    """
    at = at or timezone.now()
    with transaction.atomic():
        user = _user_for(appointee)
        if Coordinator.objects.active().filter(quota=quota, user=user).exists():
            raise AlreadyCoordinates
        same = Q(user=user) | Q(in_place_of=in_place_of) if in_place_of else Q(user=user)
        DeskOffer.objects.filter(same, quota=quota, state=DeskOffer.State.OPEN).update(state=DeskOffer.State.ENDED, answered_at=at)
        reach = {"phone": appointee.phone, "phone_extension": appointee.phone_extension}
        until = {"asked_at": at, "expires_at": at + OFFER_AGE}
        offer = DeskOffer.objects.create(quota=quota, user=user, in_place_of=in_place_of, asked_by=by.user, **reach, **until)
        outbox.post_to_user(MessageName.COORDINATOR_ASKED, user, occasion=offer.pk, at=at, details={"offer": offer.pk})
    return offer


def take_offer_back(*, offer: DeskOffer, at: dt.datetime | None = None) -> bool:
    ended = {"state": DeskOffer.State.ENDED, "answered_at": at or timezone.now()}
    return bool(DeskOffer.objects.filter(pk=offer.pk, state=DeskOffer.State.OPEN).update(**ended))


def accept(*, offer: DeskOffer, at: dt.datetime | None = None) -> Coordinator:
    """Opens the desk for whom was asked, and closes it for whose place they take; both, the colleagues and NESDC are told.

    Raises OfferOver where it is not open any more, of two who press at once for the second, and where whoever asked to be
    followed no longer coordinates; AccountClosed.
    """
    at = at or timezone.now()
    with transaction.atomic():
        still = DeskOffer.objects.filter(pk=offer.pk, state=DeskOffer.State.OPEN, expires_at__gt=at)
        if not still.update(state=DeskOffer.State.ACCEPTED, answered_at=at):
            raise OfferOver
        before = offer.in_place_of
        if before and not Coordinator.objects.active().filter(pk=before.pk).exists():
            raise OfferOver
        by = Actor(ActorKind.COORDINATOR, offer.asked_by)
        appointee = Appointee("", offer.user.email, offer.phone, offer.phone_extension)
        if before:
            successor = hand_over(coordinator=before, to=appointee, by=by, at=at)
        else:
            successor, _new = appoint(quota=offer.quota, appointee=appointee, by=by, at=at)
            invite(coordinator=successor, asked_by=_name(by), at=at)
        _tell_of_change(offer, successor, by, at)
    return successor


def _tell_of_change(offer: DeskOffer, successor: Coordinator, by: Actor, at: dt.datetime) -> None:
    """Colleagues, who has left the desk, and those of NESDC who look after coordinators; whom it opened for is invited."""
    desk = Coordinator.objects.active().filter(quota=offer.quota)
    told = {
        coordinator.user_id: coordinator.user
        for coordinator in desk.wanting(DeskNotice.COORDINATORS).exclude(pk=successor.pk).select_related("user")
    }
    if offer.in_place_of:
        told[offer.in_place_of.user_id] = offer.in_place_of.user
    office = User.objects.with_perm("registration.change_coordinator", backend="django.contrib.auth.backends.ModelBackend")
    told |= {user.pk: user for user in office.filter(is_active=True, is_staff=True).exclude(email="")}
    before = offer.in_place_of.name if offer.in_place_of else ""
    details: dict[str, Any] = {"quota": offer.quota_id, "who": successor.name, "by": _name(by)}
    details |= {"what": "followed", "before": before} if before else {"what": "joined"}
    for user in told.values():
        outbox.post_to_user(MessageName.COORDINATORS_CHANGED, user, occasion=f"offer-{offer.pk}", at=at, details=details)


def hand_over(*, coordinator: Coordinator, to: Appointee, by: Actor, at: dt.datetime | None = None) -> Coordinator:
    """Makes `to` coordinator in the place of `coordinator`, who can no longer open the desk, and invites them.

    Returns the successor. Raises AccountClosed, or ValueError for somebody who hands over to themselves.
    """
    at = at or timezone.now()
    with transaction.atomic():
        successor, _new = appoint(quota=coordinator.quota, appointee=to, by=by, at=at)
        if successor.pk == coordinator.pk:
            raise ValueError("nobody hands over to themselves")
        _switch(coordinator, False, by)
        invite(coordinator=successor, asked_by=_name(by) if by.kind == ActorKind.COORDINATOR else "", at=at)
    return successor


def set_phone(*, coordinator: Coordinator, phone: str, phone_extension: str, by: Actor) -> None:
    """Writes down how the coordinator is called: a number in E.164, or empty."""
    with transaction.atomic():
        coordinator.phone, coordinator.phone_extension = phone, phone_extension
        coordinator.save(update_fields=["phone", "phone_extension"])
        _log(coordinator, CHANGE, [{"changed": {"fields": ["phone"]}}], by)


def move(*, coordinator: Coordinator, to: Quota, by: Actor) -> None:
    """Gives an appointment that nobody has used yet to another place. Raises AppointmentUsed."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                moved = Coordinator.objects.filter(pk=coordinator.pk, last_seen_at=None).update(quota=to)
        except IntegrityError as error:
            raise AlreadyAppointed from error
        if not moved:
            raise AppointmentUsed
        coordinator.quota = to
        _log(coordinator, CHANGE, [{"changed": {"fields": ["province"]}}], by)


def take_away(*, coordinator: Coordinator, by: Actor) -> None:
    """Deletes an appointment that nobody has used yet; the user stays. Raises AppointmentUsed."""
    with transaction.atomic():
        unused = Coordinator.objects.select_for_update().filter(pk=coordinator.pk, last_seen_at=None).first()
        if unused is None:
            raise AppointmentUsed
        _log(unused, DELETION, [], by)
        unused.delete()


def switch_off(*, coordinator: Coordinator, by: Actor) -> None:
    with transaction.atomic():
        _switch(coordinator, False, by)
        end_sign_ins([coordinator.user_id])


def switch_on(*, coordinator: Coordinator, by: Actor) -> None:
    with transaction.atomic():
        _switch(coordinator, True, by)


def note_seen(*, coordinator: Coordinator, at: dt.datetime | None = None) -> None:
    """Remembers that the coordinator opened their desk; written once in some minutes."""
    at = at or timezone.now()
    if coordinator.last_seen_at is None or at - coordinator.last_seen_at >= SEEN_INTERVAL:
        Coordinator.objects.filter(pk=coordinator.pk).update(last_seen_at=at)


def send_sign_in_link(*, user: User, language: str, at: dt.datetime | None = None) -> None:
    """Mails `user` a link that signs them in."""
    at = at or timezone.now()
    outbox.post_to_user(MessageName.COORDINATOR_SIGN_IN, user, occasion=_occasion(at), at=at, details={"language": language})


def send_password_link(*, user: User, language: str, at: dt.datetime | None = None) -> None:
    """Mails `user` a link at which they may set a new password."""
    at = at or timezone.now()
    outbox.post_to_user(MessageName.COORDINATOR_PASSWORD, user, occasion=_occasion(at), at=at, details={"language": language})


def _occasion(at: dt.datetime) -> int:
    return int(at.timestamp() // LINK_INTERVAL.total_seconds())


def _switch(coordinator: Coordinator, on: bool, by: Actor) -> None:
    if Coordinator.objects.filter(pk=coordinator.pk, is_active=not on).update(is_active=on):
        _log(coordinator, CHANGE, [{"changed": {"fields": ["active"]}}], by)
        _tell_colleagues(coordinator, "added" if on else "removed", by, timezone.now())
    coordinator.is_active = on


def _tell_colleagues(coordinator: Coordinator, what: str, by: Actor, at: dt.datetime) -> None:
    """Tells the others of the desk that somebody was "added" or "removed", and whoever was removed; but not who did it.

    Only of what staff do: those who hand over or share their work tell their colleagues themselves.
    """
    if by.kind != ActorKind.STAFF or by.user is None:
        return
    details: dict[str, Any] = {"who": coordinator.name, "what": what, "by": _name(by)}
    quota, occasion = coordinator.quota, f"{coordinator.pk}-{what}-{_occasion(at)}"
    but = {by.user.pk, coordinator.user_id}
    tell_desk(MessageName.COORDINATORS_CHANGED, DeskNotice.COORDINATORS, quota, occasion=occasion, at=at, details=details, but=but)
    if what == "removed" and by.user.pk != coordinator.user_id and coordinator.wants_coordinators:
        occasion, details = f"{quota.pk}-{occasion}", {**details, "quota": quota.pk}
        outbox.post_to_user(MessageName.COORDINATORS_CHANGED, coordinator.user, occasion=occasion, at=at, details=details)


def _name(by: Actor) -> str:
    return (by.user.get_full_name() or by.user.get_username()) if by.user else ""


def _log(coordinator: Coordinator, flag: int, message: list[dict[str, Any]], by: Actor) -> None:
    if by.user:
        LogEntry.objects.log_actions(by.user.pk, [coordinator], flag, message, single_object=True)
