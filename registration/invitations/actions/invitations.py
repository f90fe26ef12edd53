"""Inviting people: a province holds a seat for one person until they answer, it expires or is withdrawn.

To accept is to register (`actions.registrations.register` with the invitation). Source: brief §4.1, the
province considers, selects and invites.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from registration.actor import SYSTEM, Actor, ActorKind
from registration.audit import trail
from registration.choices import DeskNotice, MessageName, State
from registration.errors import (
    AlreadyInvited,
    AlreadyRegistered,
    InvitationOver,
    QuotaFull,
    RegistrationError,
    WindowClosed,
)
from registration.mail import outbox
from registration.mail.desks import tell_desk
from registration.models import Invitation, Participant, Quota
from registration.people.names import means_no_last_name
from registration.people.particulars import as_kept
from registration.seats import quotas
from registration.seats.actions.reserve import fill
from registration.seats.actions.states import close_invitation
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import StakeholderGroup, Workshop

#: The reminder goes out so long before the end, or when half of a shorter time is over.
REMIND_BEFORE = dt.timedelta(days=2)
#: An invitation that is asked to be sent again goes out once in this time.
RESEND_INTERVAL = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Invited:
    """What a province knows of somebody: e-mail in lower case, phone in E.164; nothing but the address is needed.

    Whoever makes one (a form, a file, a program), its words are cleaned as a person's are. `lacks_last_name`: they have no
    family name, which "-" in its place says too. Raises TextRefused.
    """

    email: str
    title: str = ""
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    organisation: str = ""
    organisation_short: str = ""
    phone: str = ""
    phone_extension: str = ""
    lacks_last_name: bool = False

    def __post_init__(self) -> None:
        written = self.last_name
        texts = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "lacks_last_name"}
        for name, text in as_kept(texts).items():
            object.__setattr__(self, name, text)
        lacks = not self.last_name and (self.lacks_last_name or means_no_last_name(written))
        object.__setattr__(self, "lacks_last_name", lacks)


@repeated_after_deadlock
def invite(
    *,
    quota: Quota,
    invited: Invited,
    group: StakeholderGroup | None,
    language: str = "th",
    in_reserve: bool = False,
    by: Actor,
    at: dt.datetime | None = None,
) -> Invitation:
    """Holds a seat of `quota` for somebody and writes to them; none for whom a selecting province has `in_reserve`.

    It holds for the workshop's days of invitations, but not beyond the day on which registration closes or the last day ends.

    Raises WindowClosed; AlreadyRegistered and AlreadyInvited, also where another province has registered or
    invited the address; QuotaFull. Nothing is written then.
    """
    at = at or timezone.now()
    workshop = quota.workshop
    standing = workshop.standing(at)
    if standing.has_closed:
        raise WindowClosed
    ends = [at + dt.timedelta(days=workshop.invitation_days), workshop.registration_closes_at, standing.ends_at]
    try:
        with transaction.atomic():
            refuse_known(quota, invited.email)
            holds_seat = not in_reserve and (workshop.decision != Workshop.Decision.SELECTION or quotas.is_announced(quota))
            if holds_seat and not quotas.take(quota):
                raise QuotaFull(quota)
            invitation = Invitation.objects.create(
                **{name: getattr(invited, name) for name in Invited.__slots__},
                workshop=workshop,
                quota=quota,
                holds_seat=holds_seat,
                in_reserve=in_reserve,
                group=group,
                language=language,
                invited_by=by.user,
                created_at=at,
                expires_at=min(filter(None, ends)),
            )
            trail.record_decision(by=by, what="invited", quota=quota, at=at)
            outbox.post_to_invitation(MessageName.INVITATION, invitation, at=at)
    except IntegrityError as error:
        raise AlreadyInvited from error
    if known := _registered(quota, invited.email):  # at this very moment: nobody keeps two seats
        end_if_open(invitation, Invitation.State.WITHDRAWN, at)
        raise AlreadyRegistered(known)
    return invitation


def invite_each(
    *, quota: Quota, emails: Iterable[str], language: str = "th", by: Actor, at: dt.datetime | None = None
) -> tuple[list[Invitation], list[tuple[str, RegistrationError]]]:
    """Invites the owner of each address (lower case). Returns the invitations, and who could not be invited and why.

    One that is refused stops no other.
    """
    done: list[Invitation] = []
    refused: list[tuple[str, RegistrationError]] = []
    for email in emails:
        try:
            done.append(invite(quota=quota, invited=Invited(email), group=None, language=language, by=by, at=at))
        except RegistrationError as error:
            refused.append((email, error))
    return done, refused


def refuse_known(quota: Quota, email: str) -> None:
    """Raises AlreadyRegistered, and AlreadyInvited: whoever is asked to take a participant's seat is not invited by the province."""
    if known := _registered(quota, email):
        raise AlreadyRegistered(known)
    if Invitation.objects.open().filter(workshop=quota.workshop, email=email, in_place_of=None).exists():
        raise AlreadyInvited


def _registered(quota: Quota, email: str) -> Participant | None:
    return Participant.objects.live().with_own_address().filter(workshop=quota.workshop, email=email).first()


def withdraw(*, invitation: Invitation, by: Actor, at: dt.datetime | None = None) -> list[Participant]:
    """Takes an open invitation back and tells the person. The next in line gets the seat. Raises InvitationOver."""
    at = at or timezone.now()
    return end(invitation, Invitation.State.WITHDRAWN, by=by, at=at, message=MessageName.INVITATION_WITHDRAWN)


@repeated_after_deadlock
def refuse(*, invitation: Invitation, reason: str = "", by: Actor, at: dt.datetime | None = None) -> list[Participant]:
    """Somebody who is invited cannot come. The next in line gets the seat at once. Returns who did. Raises InvitationOver."""
    at = at or timezone.now()
    with transaction.atomic():
        moved = end(invitation, Invitation.State.REFUSED, by=by, at=at)
        Invitation.objects.filter(pk=invitation.pk).update(answer=reason)
        if not invitation.in_place_of_id:
            told = {"invitation": invitation.pk, "next": [person.pk for person in moved]}
            tell_desk(MessageName.INVITATION_REFUSED, DeskNotice.REFUSAL, invitation.quota, occasion=invitation.pk, at=at, details=told)
    return moved


def resend(*, invitation: Invitation, by: Actor, at: dt.datetime | None = None) -> None:
    """Sends an open invitation again, at most once in ten minutes. Raises InvitationOver."""
    at = at or timezone.now()
    if not invitation.is_open or invitation.expires_at <= at:
        raise InvitationOver(invitation)
    message = MessageName.SUBSTITUTE_ASKED if invitation.is_of_substitute else MessageName.INVITATION
    outbox.post_to_invitation(message, invitation, occasion=int(at.timestamp() // RESEND_INTERVAL.total_seconds()), at=at)


def expire_invitations(*, at: dt.datetime) -> int:
    """Ends the open invitations whose time is over, and those whose address registered elsewhere. Returns how many.

    Safe to run twice or late. They are not told: the last day stood in the invitation and in its reminder. Whoever named a
    substitute is: they are still expected.
    """
    registered = Participant.objects.live().with_own_address().filter(workshop=OuterRef("workshop"), email=OuterRef("email"))
    open_ones = Invitation.objects.open()
    ended = 0
    for invitation in open_ones.over(at):
        ended += end_if_open(invitation, Invitation.State.EXPIRED, at)
    for invitation in open_ones.filter(Exists(registered) | (Q(in_place_of__isnull=False) & ~Q(in_place_of__state=State.CONFIRMED))):
        ended += end_if_open(invitation, Invitation.State.WITHDRAWN, at)
    return ended


def end_if_open(invitation: Invitation, to: Invitation.State, at: dt.datetime) -> int:
    """Ends an invitation as `to`, without telling who was invited; the next in line gets its seat. 0 where it was over already."""
    try:
        end(invitation, to, by=SYSTEM, at=at)
    except InvitationOver:  # they answered at this very moment
        return 0
    return 1


@repeated_after_deadlock
def end(
    invitation: Invitation, to: Invitation.State, *, by: Actor, at: dt.datetime, message: MessageName | None = None
) -> list[Participant]:
    """Ends an open invitation as `to`; the next in line gets its seat. Returns who did. Raises InvitationOver.

    Whoever named a substitute is told that they keep their seat, unless they ended it themselves.
    """
    with transaction.atomic():
        seat, tracks = quotas.lock(invitation.workshop_id, invitation.quota_id)
        close_invitation(invitation, to, at=at)
        trail.record_decision(by=by, what="invitation_withdrawn", quota=seat, at=at)
        if message:
            outbox.post_to_invitation(message, invitation, at=at)
        took_back = by.kind == ActorKind.PARTICIPANT and to == Invitation.State.WITHDRAWN
        if invitation.in_place_of and not took_back:
            why = {"why": "desk" if message else to, "invitation": invitation.pk}
            outbox.post(MessageName.SUBSTITUTE_ENDED, invitation.in_place_of, occasion=invitation.pk, at=at, details=why)
        if not invitation.holds_seat:
            return []
        quotas.release([seat])
        return fill(seat, tracks, by=by, at=at, freed=1)


def remind_invited(*, at: dt.datetime) -> int:
    """Reminds once of every open invitation that will soon be over. Returns how many. Safe to run twice or late."""
    reminded = 0
    soon = Invitation.objects.open().filter(reminded_at=None, expires_at__gt=at)
    for invitation in soon.filter(expires_at__lte=at + REMIND_BEFORE):
        if at < reminder_is_due(invitation):
            continue
        reminded += _remind(invitation, at)
    return reminded


@repeated_after_deadlock
def _remind(invitation: Invitation, at: dt.datetime) -> bool:
    with transaction.atomic():
        if not Invitation.objects.open().filter(pk=invitation.pk, reminded_at=None).update(reminded_at=at):
            return False
        if invitation.is_of_substitute:
            outbox.post_to_invitation(MessageName.SUBSTITUTE_ASKED, invitation, occasion="reminder", at=at)
        else:
            outbox.post_to_invitation(MessageName.INVITATION_REMINDER, invitation, at=at)
        return True


def reminder_is_due(invitation: Invitation) -> dt.datetime:
    half = (invitation.expires_at - invitation.created_at) / 2
    return invitation.expires_at - min(REMIND_BEFORE, half)


def renew_general_link(*, quota: Quota) -> None:
    Quota.objects.filter(pk=quota.pk).update(link_version=F("link_version") + 1)
    quota.refresh_from_db(fields=["link_version"])
