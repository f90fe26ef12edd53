"""Registering for a workshop: an application goes in, and one of three ways leads to a participant."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import LIVE, MessageName, State, Verb
from registration.errors import (
    AlreadyRegistered,
    GuardianNeeded,
    IllegalMove,
    InvitationOver,
    LinkNeeded,
    OtherAddress,
    QuotaFull,
    WindowClosed,
    WorkshopOver,
)
from registration.invitations.actions.invitations import end_if_open
from registration.links.actions.personal_links import send_link
from registration.mail import outbox
from registration.models import Invitation, Participant, Quota, TrackChoice
from registration.models.participant import new_code
from registration.people.applications import Application, Choices, asks_for_guardian
from registration.seats import quotas
from registration.seats.actions.moves import pass_seat_on
from registration.seats.actions.states import close_invitation, record, seated_state, tell_namesakes
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop

#: So often is looked again at who has the address, where that changes between looking and writing.
MAX_ATTEMPTS = 4
#: A substitute's counts by its link alone.
_OPEN_TO_MAILBOX = Invitation.objects.open().filter(in_place_of=None)


def register(*, application: Application, by: Actor, at: dt.datetime | None = None) -> Participant:
    """Registers whoever applies: on the seat of an invitation, on a free seat, or in the line for one.

    Whoever has an open invitation from the quota takes the seat that it holds. On them the province has decided
    already, and so it has on whom its coordinator (or staff) registers. Staff may do so before and after the time in
    which others may, but nobody when the workshop is over.

    Raises WindowClosed (WorkshopOver among it), LinkNeeded, InvitationOver, OtherAddress where a link was passed on,
    GuardianNeeded; AlreadyRegistered (to
    somebody who registers themselves their link is then on its way); QuotaFull with the quota that has no place, of
    the province or of a track. Nothing is written then.
    """
    if application.entry.by_contact and by.kind == ActorKind.PARTICIPANT:
        raise ValueError("nobody says of themselves that somebody passes their mail on")
    at = at or timezone.now()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        try:
            if known := _known(application):
                return _answer_again(known, application, by, at)
            return _apply(application, by, at)
        except (IntegrityError, InvitationOver):
            # The same address, submission or answer came first, or whoever had it was erased just now, or (rarely) the same code.
            if attempt == MAX_ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _apply(application: Application, by: Actor, at: dt.datetime) -> Participant:
    workshop, choices, notice = application.workshop, application.choices, application.notice
    if asks_for_guardian(choices.group, of_age=notice.of_age) and not notice.guardian:
        raise GuardianNeeded
    standing = workshop.standing(at, days=application.calendar)
    if standing.is_over:
        raise WorkshopOver
    if (answered := application.entry.invitation) and answered.email != application.person.email:
        raise OtherAddress(answered)
    invited = _invitations(application, at)
    held = application.entry.invitation or _first(invited)
    if held and held.quota_id == choices.quota.pk:
        return _accept_invitation(application, held, by, at)
    if not standing.takes_registrations and by.kind != ActorKind.STAFF:
        raise WindowClosed
    if workshop.entry == Workshop.Entry.PROVINCE_LINK and by.kind == ActorKind.PARTICIPANT and application.entry.link != choices.quota:
        raise LinkNeeded
    if workshop.decision == Workshop.Decision.SELECTION:
        participant = _come_forward(application, by, at, waits=choices.waitlist_ok)
    else:
        participant = _take_seat_or_wait(application, by, at)
    # Only now: seats are locked in one order, and this one may come before. Asked again: they may have been invited since.
    if held := held or _first(invited):
        end_if_open(held, Invitation.State.WITHDRAWN, at)
    return participant


@repeated_after_deadlock
@transaction.atomic
def _accept_invitation(application: Application, held: Invitation, by: Actor, at: dt.datetime) -> Participant:
    _close(held, at)
    if held.in_place_of:
        try:
            pass_seat_on(leaver=held.in_place_of, seat=application.choices.quota, by=by, at=at)
        except IllegalMove as error:
            raise InvitationOver(held) from error
    if held.holds_seat or held.in_place_of:
        _take_all(track.quota for track in application.choices.tracks)
        participant = _write(application, State.CONFIRMED, by, at)
    else:
        participant = _come_forward(application, by, at, waits=True)
    Invitation.objects.filter(pk=held.pk).update(participant=participant)
    return participant


def _take_seat_or_wait(application: Application, by: Actor, at: dt.datetime) -> Participant:
    choices = application.choices
    if not (choices.quota.is_full and choices.waitlist_ok):
        try:
            return _take_seat(application, by, at)
        except QuotaFull as full:
            if full.quota != choices.quota or not choices.waitlist_ok:
                raise
    return _join_line(application, by, at)


@repeated_after_deadlock
@transaction.atomic
def _take_seat(application: Application, by: Actor, at: dt.datetime) -> Participant:
    """Writes first and takes the places last: the rows that everybody wants are locked for a moment only."""
    participant = _write(application, _seated(application, by), by, at)
    _take_all([application.choices.quota, *(track.quota for track in application.choices.tracks)])
    return participant


@repeated_after_deadlock
@transaction.atomic
def _join_line(application: Application, by: Actor, at: dt.datetime) -> Participant:
    quota = application.choices.quota
    ticket = quotas.next_ticket(quota)
    if not quotas.take(quota):
        return _write(application, State.WAITLISTED, by, at, ticket=ticket)
    _take_all(track.quota for track in application.choices.tracks)
    return _write(application, _seated(application, by), by, at)


@repeated_after_deadlock
@transaction.atomic
def _come_forward(application: Application, by: Actor, at: dt.datetime, *, waits: bool) -> Participant:
    """Where the province selects: among those whom it selects from, and at the end of the reserve once that is announced."""
    quota = application.choices.quota
    ticket = quotas.next_ticket(quota)
    if not quotas.is_announced(quota):
        return _write(application, State.APPLIED, by, at, ticket=ticket)
    if not waits:
        raise QuotaFull(quota)
    return _write(application, State.WAITLISTED, by, at, ticket=ticket)


def _seated(application: Application, by: Actor) -> State:
    return seated_state(application.workshop) if by.kind == ActorKind.PARTICIPANT else State.CONFIRMED


def _write(application: Application, state: State, by: Actor, at: dt.datetime, *, ticket: int | None = None) -> Participant:
    choices, entry, notice = application.choices, application.entry, application.notice
    participant = Participant.objects.create(
        **application.person.fields(),
        workshop=application.workshop,
        quota=choices.quota,
        group=choices.group,
        code=new_code(),
        state=state,
        ticket=ticket,
        in_rehearsal=bool(application.workshop.rehearsal_email),
        language=entry.language,
        has_contact_address=entry.by_contact,
        submission=entry.submission,
        consent_version=notice.version,
        guardian_name=notice.guardian,
        guardian_email=notice.guardian_email,
        guardian_phone=notice.guardian_phone,
        consented_at=at,
        registered_at=at,
        state_changed_at=at,
    )
    if participant.in_rehearsal:
        Workshop.objects.filter(pk=application.workshop.pk, was_rehearsed=False).update(was_rehearsed=True)
    _write_choices(participant, choices)
    read_out = {"notice_read_out": True} if notice.read_out else {}
    record(participant, Verb.REGISTERED, by=by, at=at, state=participant.state, **read_out)
    _tell(participant, at)
    tell_namesakes(participant, at=at)
    return participant


def _invitations(application: Application, at: dt.datetime) -> QuerySet[Invitation]:
    """Those that the address was sent and that are open, of whichever province."""
    if application.entry.by_contact:  # it is whose mailbox that is
        return Invitation.objects.none()
    return _OPEN_TO_MAILBOX.filter(workshop=application.workshop, email=application.person.email, expires_at__gt=at)


def _first(found: QuerySet[Invitation]) -> Invitation | None:
    return found.first() if found.exists() else None  # mostly there is none, which is cheaper to ask


def _close(invitation: Invitation, at: dt.datetime) -> None:
    """Marks `invitation` accepted. Raises InvitationOver, also when somebody else was quicker."""
    quotas.lock(invitation.workshop_id, invitation.quota_id)
    if invitation.expires_at <= at:
        raise InvitationOver(invitation)
    close_invitation(invitation, Invitation.State.ACCEPTED, at=at)


def _known(application: Application) -> Participant | None:
    submission, email = application.entry.submission, application.person.email
    same = Q(submission=submission)
    if not application.entry.by_contact:
        same |= Q(workshop=application.workshop, email=email, state__in=LIVE, has_contact_address=False)
    found = Participant.objects.filter(same)
    if not found.exists():
        return None
    return next((one for one in found if one.submission == submission), next(iter(found), None))


def _answer_again(known: Participant, application: Application, by: Actor, at: dt.datetime) -> Participant:
    if known.submission == application.entry.submission:
        return known
    if by.kind == ActorKind.PARTICIPANT:
        send_link(participant=known, at=at)
    raise AlreadyRegistered(known)


def _take_all(wanted: Iterable[Quota]) -> None:
    """Takes a place of each, in the order of all transactions. Raises QuotaFull; the caller's transaction then rolls back."""
    for quota in quotas.in_order(wanted):
        if not quotas.take(quota):
            raise QuotaFull(quota)


def _write_choices(participant: Participant, choices: Choices) -> None:
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=participant, workshopday=day) for day in choices.days)
    TrackChoice.objects.bulk_create(TrackChoice(participant=participant, item_id=track.item_id, track=track) for track in choices.tracks)


def _tell(participant: Participant, at: dt.datetime) -> None:
    if participant.guardian_email:
        outbox.post(MessageName.GUARDIAN_TOLD, participant, at=at, email=participant.guardian_email)
    if participant.state == State.WAITLISTED:
        outbox.post(MessageName.WAITING, participant, at=at, details={"place": quotas.place_in_line(participant)})
    else:
        outbox.post(MessageName(participant.state), participant, at=at)
