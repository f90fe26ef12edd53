"""Who may see and change what. Every fetch for a signed-in person begins here.

What is not theirs is not there: another province's desk, and each person of it, is 404.
"""

import datetime as dt

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from registration.actor import Actor, ActorKind
from registration.models import ApiToken, Coordinator, Invitation, NominationFile, Participant, Quota
from registration.models.participant import ParticipantQuerySet
from registration.models.quota import QuotaQuerySet
from sessions.models import Workshop, WorkshopDay, WorkshopDayQuerySet, WorkshopQuerySet

AnyUser = User | AnonymousUser

#: On every view of the desk; who has not signed in is asked to.
signed_in = login_required(login_url="desk_sign_in")


def is_viewer(user: AnyUser) -> bool:
    """Whether `user` is one of NESDC's staff who may read about every participant."""
    return user.is_active and user.is_staff and user.has_perm("registration.view_participant")


def quotas_for(user: AnyUser, workshop: Workshop | None = None) -> QuotaQuerySet:
    """The quotas whose desk `user` may open: all for NESDC's staff, their own for a coordinator."""
    seats = Quota.objects.seats()
    if workshop:
        seats = seats.filter(workshop=workshop)
    if is_viewer(user):
        return seats
    if not user.is_authenticated:
        return seats.none()
    return seats.filter(pk__in=Coordinator.objects.active().filter(user=user.pk).values("quota"))


def participants_for(user: AnyUser) -> ParticipantQuerySet:
    """The people that `user` may see."""
    everybody = Participant.objects.known()
    return everybody if is_viewer(user) else everybody.filter(quota__in=quotas_for(user))


def desk_or_404(user: AnyUser, slug: str, code: str) -> Quota:
    """The quota of `code` ("55", or "central") in the workshop `slug`, with its workshop and province. Raises Http404."""
    desks = quotas_for(user).select_related("workshop", "province").filter(workshop__slug=slug)
    if code == Quota.Kind.CENTRAL:
        return get_object_or_404(desks, kind=Quota.Kind.CENTRAL)
    return get_object_or_404(desks, kind=Quota.Kind.PROVINCE, province__code=code)


def person_or_404(quota: Quota, code: str) -> Participant:
    """The participant with the reference `code` among those of `quota`, a desk that was opened. Raises Http404."""
    return get_object_or_404(Participant.objects.known().with_choices().with_unopened(), quota=quota, code=code)


def actor_at(user: AnyUser, quota: Quota) -> Actor | None:
    """As whom `user` decides at the desk of `quota`; None where they may not."""
    if Coordinator.objects.active().filter(user=user.pk, quota=quota).exists():
        return Actor(ActorKind.COORDINATOR, user)
    if is_viewer(user) and user.has_perm("registration.change_participant"):
        return Actor(ActorKind.STAFF, user)
    return None


def reader(user: AnyUser) -> Actor:
    """As whom `user` reads where they may not decide."""
    return Actor(ActorKind.STAFF, user)


def decider_or_403(user: AnyUser, quota: Quota) -> Actor:
    """The `by=` of what `user` does at the desk of `quota`. Raises PermissionDenied for staff who may only read."""
    actor = actor_at(user, quota)
    if actor is None:
        raise PermissionDenied
    return actor


def invitation_or_404(quota: Quota, pk: int) -> Invitation:
    """The invitation `pk` among those of `quota`, a desk that was opened. Raises Http404."""
    return get_object_or_404(Invitation.objects.with_places(), quota=quota, pk=pk)


def nominations_or_404(quota: Quota, pk: int) -> NominationFile:
    """The list of nominees `pk` among those of `quota`, a desk that was opened. Raises Http404."""
    return get_object_or_404(NominationFile.objects.select_related("quota__workshop", "quota__province"), quota=quota, pk=pk)


def workshops_of_token(token: ApiToken) -> WorkshopQuerySet:
    """The workshops that a system may see, also before they are published."""
    return Workshop.objects.filter(pk=token.workshop_id) if token.workshop_id else Workshop.objects.all()


def quotas_of_token(token: ApiToken) -> QuotaQuerySet:
    """The places about whose people a system may ask."""
    seats = Quota.objects.seats()
    if token.workshop_id:
        seats = seats.filter(workshop=token.workshop_id)
    if token.place_code == Quota.Kind.CENTRAL:
        return seats.filter(kind=Quota.Kind.CENTRAL)
    return seats.filter(province__code=token.place_code) if token.place_code else seats


def participants_of_token(token: ApiToken) -> ParticipantQuerySet:
    """The people that a system may see: none that were made anonymous."""
    everybody = Participant.objects.known()
    if token.place_code:
        return everybody.filter(quota__in=quotas_of_token(token))
    return everybody.filter(workshop=token.workshop_id) if token.workshop_id else everybody


def actor_of_token(token: ApiToken) -> Actor:
    """As whom a system acts: under a coordinator's rules at one place, under those of staff elsewhere."""
    kind = ActorKind.COORDINATOR if token.place_code else ActorKind.STAFF
    return Actor(kind, token.created_by, token)


def keeps_every_door(user: AnyUser) -> bool:
    """Whether `user` is one of NESDC's staff or helpers who check in whoever comes; coordinators check in their own people."""
    return user.is_active and user.is_staff and user.has_perm("registration.add_checkin")


def days_to_check_in(user: AnyUser) -> WorkshopDayQuerySet:
    """The days with a room whose door `user` may keep, with their hours and workshops."""
    days = WorkshopDay.objects.with_hours().select_related("workshop").exclude(room_th="", room_en="")
    days = days.filter(is_cancelled=False, workshop__draft_of=None, workshop__anonymised_at=None)
    if keeps_every_door(user):
        return days
    own = Coordinator.objects.active().filter(user=user.pk)
    return days.filter(workshop__in=own.values("quota__workshop")) if user.is_authenticated else days.none()


def day_to_check_in_or_404(user: AnyUser, slug: str, date: str) -> WorkshopDay:
    """The day of the workshop `slug` on an ISO date. Raises Http404."""
    try:
        on = dt.date.fromisoformat(date)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(days_to_check_in(user), workshop__slug=slug, date=on)


def people_to_check_in(user: AnyUser) -> ParticipantQuerySet:
    """Those whom `user` may check in, of whatever workshop: who stands at the wrong door is told so."""
    everybody = Participant.objects.known()
    if keeps_every_door(user):
        return everybody
    own = Coordinator.objects.active().filter(user=user.pk).values("quota")
    return everybody.filter(quota__in=own) if user.is_authenticated else everybody.none()


def actor_at_door(user: AnyUser) -> Actor:
    return Actor(ActorKind.STAFF if keeps_every_door(user) else ActorKind.COORDINATOR, user)
