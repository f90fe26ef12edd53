"""Registering for a workshop."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.choices import LIVE, MessageName, State, Verb
from registration.errors import AlreadyRegistered, GuardianNeeded, InvitationOver, LinkNeeded, QuotaFull, WindowClosed
from registration.invitations.actions import end_if_open
from registration.links.actions.personal_links import send_link
from registration.mail import outbox
from registration.models import Invitation, Participant, Quota, TrackChoice
from registration.models.participant import new_code
from registration.seats import quotas
from registration.seats.actions.states import close_invitation, record, seated_state
from sessions import thai
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Person:
    """What a person says of himself, cleaned: e-mail in lower case, phone in E.164 (`+6622804085`)."""

    title: str
    first_name: str
    last_name: str
    position: str
    organisation: str
    organisation_short: str
    email: str
    phone: str
    phone_extension: str = ""

    def fields(self) -> dict[str, str]:
        """The participant's columns, the sort key among them."""
        return {**asdict(self), "sort_key": thai.sort_key(f"{self.first_name} {self.last_name}")}


def asks_for_guardian(group: StakeholderGroup, *, of_age: bool) -> bool:
    """Whether somebody of `group` comes only if a parent or guardian agrees (PDPA section 20); `of_age`: he is twenty or older."""
    return group.needs_guardian and not of_age


def register(
    *,
    workshop: Workshop,
    quota: Quota,
    group: StakeholderGroup,
    person: Person,
    days: Iterable[WorkshopDay],
    tracks: Iterable[Track],
    waitlist_ok: bool,
    submission: UUID,
    language: str,
    notice_version: str,
    guardian_name: str = "",
    of_age: bool = False,
    by: Actor,
    notice_read_out: bool = False,
    link: Quota | None = None,
    invitation: Invitation | None = None,
    at: dt.datetime | None = None,
) -> Participant:
    """Registers `person` on a seat of `quota`, or puts him on its waiting list if `waitlist_ok`.

    The same `submission` again gives the registration that it made, whatever else it says.
    `tracks` must carry their `quota`. `link` is the quota whose general link he followed, if he did.
    Whoever accepts his `invitation`, or has an open one from this quota, takes the seat that it holds. On him
    the province has decided already, and so it has on whom its coordinator (or staff) registers. Staff may do so
    before and after the time in which others may. `notice_read_out`: not he read the privacy notice, it was read to him.
    `guardian_name` is the parent or guardian who agreed, where the group asks for one (`asks_for_guardian`).

    Raises WindowClosed, LinkNeeded, InvitationOver, GuardianNeeded; AlreadyRegistered (to somebody who registers himself his
    link is then on its way); QuotaFull with the quota that has no place, of the province or of a track. Nothing is
    written then.
    """
    at = at or timezone.now()
    days, tracks = list(days), list(tracks)
    seated = seated_state(workshop) if by.kind == ActorKind.PARTICIPANT else State.CONFIRMED

    def write(state: State, ticket: int | None = None) -> Participant:
        participant = Participant.objects.create(
            **person.fields(),
            workshop=workshop,
            quota=quota,
            group=group,
            code=new_code(),
            state=state,
            ticket=ticket,
            language=language,
            submission=submission,
            consent_version=notice_version,
            guardian_name=guardian_name,
            consented_at=at,
            registered_at=at,
            state_changed_at=at,
        )
        _write_choices(participant, days, tracks)
        read_out = {"notice_read_out": True} if notice_read_out else {}
        record(participant, Verb.REGISTERED, by=by, at=at, state=participant.state, **read_out)
        _tell(participant, at)
        return participant

    def accept(held: Invitation) -> Participant:
        """Makes the seat that the invitation holds the person's own."""
        _close(held, at)
        _take_all(track.quota for track in tracks)
        participant = write(State.CONFIRMED)
        Invitation.objects.filter(pk=held.pk).update(participant=participant)
        return participant

    def sit_down() -> Participant:
        """Writes first and takes the places last: the rows that everybody wants are locked for a moment only."""
        participant = write(seated)
        _take_all([quota, *(track.quota for track in tracks)])
        return participant

    def join_the_line() -> Participant:
        """Draws a number; a seat that was freed before that is taken all the same."""
        ticket = quotas.next_ticket(quota)
        if not quotas.take(quota):
            return write(State.WAITLISTED, ticket)
        _take_all(track.quota for track in tracks)
        return write(seated)

    def attempt(held: Invitation | None) -> Participant:
        if asks_for_guardian(group, of_age=of_age) and not guardian_name:
            raise GuardianNeeded
        if held and held.quota_id == quota.pk:
            with transaction.atomic():
                return accept(held)
        _check_entry(workshop, quota, link, by, at)
        if not (quota.is_full and waitlist_ok):
            try:
                with transaction.atomic():
                    return sit_down()
            except QuotaFull as full:
                if full.quota != quota or not waitlist_ok:
                    raise
        with transaction.atomic():
            return join_the_line()

    for last in (False, True):
        if known := _known(workshop, person.email, submission):
            return _answer_again(known, submission, by, at)
        held = invitation or _open_invitation(workshop, person.email, at)
        try:
            participant = attempt(held)
            if held and held.quota_id != quota.pk:  # only now: seats are locked in one order, and this one may come before
                end_if_open(held, Invitation.State.WITHDRAWN, at)
            return participant
        except (IntegrityError, InvitationOver):  # the same address, submission or answer came first, or (rarely) the same code
            if last:
                raise
    raise AssertionError("unreachable")


_OPEN_INVITATIONS = Invitation.objects.open().order_by().values_list("pk", flat=True)


def _open_invitation(workshop: Workshop, email: str, at: dt.datetime) -> Invitation | None:
    """The one that holds a seat for this address, of whichever province."""
    keys = list(_OPEN_INVITATIONS.filter(workshop=workshop, email=email, expires_at__gt=at))
    return Invitation.objects.get(pk=keys[0]) if keys else None


def _check_entry(workshop: Workshop, quota: Quota, link: Quota | None, by: Actor, at: dt.datetime) -> None:
    if workshop.registration_state(at) != "open" and by.kind != ActorKind.STAFF:
        raise WindowClosed
    if workshop.entry == Workshop.Entry.PROVINCE_LINK and by.kind == ActorKind.PARTICIPANT and link != quota:
        raise LinkNeeded


def _close(invitation: Invitation, at: dt.datetime) -> None:
    """Marks `invitation` accepted. Raises InvitationOver, also when somebody else was quicker."""
    quotas.lock(invitation.workshop_id, invitation.quota_id)
    if invitation.expires_at <= at:
        raise InvitationOver(invitation)
    close_invitation(invitation, Invitation.State.ACCEPTED, at=at)


_KEYS = Participant.objects.order_by().values_list("pk", flat=True)


def _known(workshop: Workshop, email: str, submission: UUID) -> Participant | None:
    # Mostly there is nobody, so first only the keys are asked for.
    keys = list(_KEYS.filter(Q(submission=submission) | Q(workshop=workshop, email=email, state__in=LIVE)))
    if not keys:
        return None
    found = list(Participant.objects.filter(pk__in=keys))
    return next((p for p in found if p.submission == submission), found[0] if found else None)


def _answer_again(known: Participant, submission: UUID, by: Actor, at: dt.datetime) -> Participant:
    if known.submission == submission:
        return known
    if by.kind == ActorKind.PARTICIPANT:
        send_link(participant=known, at=at)
    raise AlreadyRegistered(known)


def _take_all(wanted: Iterable[Quota]) -> None:
    """Takes a place of each, in the order of all transactions. Raises QuotaFull; the caller's transaction then rolls back."""
    for quota in quotas.in_order(wanted):
        if not quotas.take(quota):
            raise QuotaFull(quota)


def _write_choices(participant: Participant, days: list[WorkshopDay], tracks: list[Track]) -> None:
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=participant, workshopday=day) for day in days)
    TrackChoice.objects.bulk_create(TrackChoice(participant=participant, item_id=track.item_id, track=track) for track in tracks)


def _tell(participant: Participant, at: dt.datetime) -> None:
    if participant.state == State.WAITLISTED:
        outbox.post(MessageName.WAITING, participant, at=at, details={"place": quotas.place_in_line(participant)})
    else:
        outbox.post(MessageName(participant.state), participant, at=at)
