"""Registering for a workshop."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registration import outbox, quotas
from registration.actions.personal_links import send_link
from registration.actions.states import close_invitation, record
from registration.actor import Actor
from registration.choices import LIVE, State
from registration.errors import AlreadyRegistered, InvitationOver, LinkNeeded, QuotaFull, WindowClosed
from registration.models import Invitation, Participant, Quota, TrackChoice
from registration.models.participant import new_code
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
    by: Actor,
    link: Quota | None = None,
    invitation: Invitation | None = None,
    at: dt.datetime | None = None,
) -> Participant:
    """Registers `person` on a seat of `quota`, or puts him on its waiting list if `waitlist_ok`.

    The same `submission` again gives the registration that it made, whatever else it says.
    `tracks` must carry their `quota`. `link` is the quota whose general link he followed, if he did.
    Whoever accepts his `invitation`, or has an open one from this quota, takes the seat that it holds. On him
    the province has decided already, and so it has on whom its coordinator (or staff) registers.

    Raises WindowClosed, LinkNeeded, InvitationOver; AlreadyRegistered (his link is then on its way to the
    address's owner); QuotaFull with the quota that has no place, of the province or of a track. Nothing is
    written then.
    """
    at = at or timezone.now()
    days, tracks = list(days), list(tracks)

    def write(invitation: Invitation | None) -> Participant:
        ticket = None
        if invitation:
            _take_invited_places(invitation, tracks, at)
        else:
            ticket = _take_places(quota, tracks, waitlist_ok)
        decided = invitation or by.kind != "participant"
        participant = Participant.objects.create(
            **person.fields(),
            workshop=workshop,
            quota=quota,
            group=group,
            code=new_code(),
            state=State.WAITLISTED if ticket else State.CONFIRMED if decided else seated_state(workshop),
            ticket=ticket,
            language=language,
            submission=submission,
            consent_version=notice_version,
            consented_at=at,
            registered_at=at,
            state_changed_at=at,
        )
        if invitation:
            Invitation.objects.filter(pk=invitation.pk).update(participant=participant)
        _write_choices(participant, days, tracks)
        record(participant, "registered", by=by, at=at, state=participant.state)
        _tell(participant, at)
        return participant

    for attempt in (1, 2):
        if known := _known(workshop, person.email, submission):
            return _answer_again(known, submission, at)
        held = invitation or _open_invitation(quota, person.email, at)
        if not held:
            _check_entry(workshop, quota, link, by, at)
        try:
            with transaction.atomic():
                return write(held)
        except (IntegrityError, InvitationOver):  # the same address, submission or answer came first, or (rarely) the same code
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _open_invitation(quota: Quota, email: str, at: dt.datetime) -> Invitation | None:
    return Invitation.objects.open().filter(quota=quota, email=email, expires_at__gt=at).first()


def _check_entry(workshop: Workshop, quota: Quota, link: Quota | None, by: Actor, at: dt.datetime) -> None:
    if workshop.registration_state(at) != "open":
        raise WindowClosed
    if workshop.entry == Workshop.Entry.PROVINCE_LINK and by.kind == "participant" and link != quota:
        raise LinkNeeded


def _take_invited_places(invitation: Invitation, tracks: list[Track], at: dt.datetime) -> None:
    """Makes the seat that `invitation` holds the person's own, and takes the track places."""
    quotas.lock(invitation.workshop_id, invitation.quota_id)
    if invitation.expires_at <= at:
        raise InvitationOver(invitation)
    close_invitation(invitation, Invitation.State.ACCEPTED, at=at)
    _take_tracks(tracks)


def _known(workshop: Workshop, email: str, submission: UUID) -> Participant | None:
    same = Q(submission=submission) | Q(workshop=workshop, email=email, state__in=LIVE)
    found = list(Participant.objects.filter(same))
    return next((p for p in found if p.submission == submission), found[0] if found else None)


def _answer_again(known: Participant, submission: UUID, at: dt.datetime) -> Participant:
    if known.submission == submission:
        return known
    send_link(participant=known, at=at)
    raise AlreadyRegistered(known)


def _take_places(quota: Quota, tracks: list[Track], waitlist_ok: bool) -> int | None:
    """Takes the seat and the track places. Returns None, or the number in line where only waiting is left."""
    if not quotas.take(quota):
        if not waitlist_ok:
            raise QuotaFull(quota)
        ticket = quotas.next_ticket(quota)
        if not quotas.take(quota):
            return ticket
    _take_tracks(tracks)
    return None


def _take_tracks(tracks: list[Track]) -> None:
    for track_quota in quotas.in_order(track.quota for track in tracks):
        if not quotas.take(track_quota):
            raise QuotaFull(track_quota)


def _write_choices(participant: Participant, days: list[WorkshopDay], tracks: list[Track]) -> None:
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=participant, workshopday=day) for day in days)
    TrackChoice.objects.bulk_create(TrackChoice(participant=participant, item_id=track.item_id, track=track) for track in tracks)


def _tell(participant: Participant, at: dt.datetime) -> None:
    if participant.state == State.WAITLISTED:
        outbox.post("waiting", participant, at=at, details={"place": quotas.place_in_line(participant)})
    else:
        outbox.post(participant.state, participant, at=at)


def seated_state(workshop: Workshop) -> State:
    """The state of somebody who just got a seat: sure, or held until the province approves."""
    return State.PENDING if workshop.decision == Workshop.Decision.PROVINCE_FIRST else State.CONFIRMED
