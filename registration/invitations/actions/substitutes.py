"""Sending somebody else: a seat passes to a substitute when they register under their own address, and never to two."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import MessageName, State, Verb
from registration.errors import AlreadyInvited, IllegalMove, InvitationOver, SameAddress
from registration.invitations.actions.invitations import end, refuse_known
from registration.mail import outbox
from registration.models import Invitation, Participant
from registration.seats import quotas
from registration.seats.actions.states import close_invitation, record
from registration.seats.deadlocks import repeated_after_deadlock


@repeated_after_deadlock
def pass_on(*, invitation: Invitation, email: str, by: Actor, at: dt.datetime | None = None) -> Invitation:
    """Somebody who is invited names a substitute, who is invited to the same seat by a link of their own, for the days that are left.

    A substitute whom a participant named passes nothing on: who takes their seat is for that participant to say.
    Raises InvitationOver, SameAddress, AlreadyRegistered and AlreadyInvited; nothing has changed then.
    """
    at = at or timezone.now()
    if email == invitation.email:
        raise SameAddress(email)
    try:
        with transaction.atomic():
            quotas.lock(invitation.workshop_id, invitation.quota_id)
            if invitation.expires_at <= at or invitation.in_place_of_id:
                raise InvitationOver(invitation)
            close_invitation(invitation, Invitation.State.PASSED_ON, at=at)
            refuse_known(invitation.quota, email)
            substitute = Invitation.objects.create(
                workshop_id=invitation.workshop_id,
                quota_id=invitation.quota_id,
                group_id=invitation.group_id,
                organisation=invitation.organisation,
                holds_seat=invitation.holds_seat,
                in_reserve=invitation.in_reserve,
                passed_from=invitation,
                email=email,
                language=invitation.language,
                created_at=at,
                expires_at=invitation.expires_at,
            )
            outbox.post_to_invitation(MessageName.SUBSTITUTE_ASKED, substitute, at=at)
            outbox.post_to_invitation(MessageName.INVITATION_PASSED_ON, invitation, at=at)
    except IntegrityError as error:
        raise AlreadyInvited from error
    return substitute


@repeated_after_deadlock
def name_substitute(*, participant: Participant, email: str, by: Actor, at: dt.datetime | None = None) -> Invitation:
    """A confirmed person asks somebody to come in their place. The seat passes when that person registers, and not before.

    Raises IllegalMove for who is not confirmed and when the workshop's days are over, SameAddress, AlreadyInvited where somebody
    else is asked already.
    """
    at = at or timezone.now()
    if email == participant.email:
        raise SameAddress(email)
    try:
        with transaction.atomic():
            quotas.lock_seat_of(participant)
            until = answers_until(participant, at)
            if participant.state != State.CONFIRMED or until is None:
                raise IllegalMove(State(participant.state), State.CANCELLED)
            substitute = Invitation.objects.create(
                workshop_id=participant.workshop_id,
                quota_id=participant.quota_id,
                group_id=participant.group_id,
                organisation=participant.organisation,
                holds_seat=False,
                in_place_of=participant,
                email=email,
                language=participant.language,
                created_at=at,
                expires_at=until,
            )
            record(participant, Verb.SUBSTITUTE_NAMED, by=by, at=at)
            outbox.post_to_invitation(MessageName.SUBSTITUTE_ASKED, substitute, at=at)
    except IntegrityError as error:
        raise AlreadyInvited from error
    return substitute


def answers_until(participant: Participant, at: dt.datetime) -> dt.datetime | None:
    """Until when somebody whom `participant` named at `at` may take their seat; None when the workshop's days are over."""
    last = participant.workshop.days.filter(is_cancelled=False, date__gte=timezone.localdate(at)).order_by("-date").first()
    if last is None or last.ends_at() <= at:
        return None
    return min(at + dt.timedelta(days=participant.workshop.invitation_days), last.ends_at())


def asked_by(participant: Participant) -> Invitation | None:
    """Whom `participant` asked to come in their place, while that is open."""
    return Invitation.objects.open().filter(in_place_of=participant).first()


def take_substitute_back(*, invitation: Invitation, by: Actor, at: dt.datetime | None = None) -> None:
    """Whoever named a substitute comes after all; the substitute is told. Raises InvitationOver, also where they have the seat."""
    end(invitation, Invitation.State.WITHDRAWN, by=by, at=at or timezone.now(), message=MessageName.INVITATION_WITHDRAWN)
