"""Registering for a workshop."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from registration import outbox, quotas
from registration.actions.states import record
from registration.actor import Actor
from registration.choices import LIVE, State
from registration.errors import AlreadyRegistered, QuotaFull, WindowClosed
from registration.models import Participant, Quota, TrackChoice
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
    at: dt.datetime | None = None,
) -> Participant:
    """Registers `person` on a seat of `quota`, or puts him on its waiting list if `waitlist_ok`.

    The same `submission` again gives the registration that it made, whatever else it says.
    `tracks` must carry their `quota`.

    Raises WindowClosed; AlreadyRegistered (his link is then on its way to the address's owner);
    QuotaFull with the quota that has no place, of the province or of a track. Nothing is written then.
    """
    at = at or timezone.now()
    if workshop.registration_state(at) != "open":
        raise WindowClosed
    tracks = list(tracks)
    for attempt in (1, 2):
        if known := _known(workshop, person.email, submission):
            return _answer_again(known, submission, at)
        try:
            with transaction.atomic():
                return _register(workshop, quota, group, person, list(days), tracks, waitlist_ok, submission, language, notice_version, by, at)
        except IntegrityError:  # the same address or submission came first, or (rarely) the same code was drawn
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def _known(workshop: Workshop, email: str, submission: UUID) -> Participant | None:
    same = Q(submission=submission) | Q(workshop=workshop, email=email, state__in=LIVE)
    found = list(Participant.objects.filter(same))
    return next((p for p in found if p.submission == submission), found[0] if found else None)


def _answer_again(known: Participant, submission: UUID, at: dt.datetime) -> Participant:
    if known.submission == submission:
        return known
    send_link(participant=known, at=at)
    raise AlreadyRegistered(known)


def send_link(*, participant: Participant, at: dt.datetime | None = None) -> None:
    """Sends his personal link to the participant's own address, at most once in ten minutes."""
    at = at or timezone.now()
    outbox.post("link", participant, occasion=int(at.timestamp() // 600), at=at)


def _register(
    workshop: Workshop,
    quota: Quota,
    group: StakeholderGroup,
    person: Person,
    days: list[WorkshopDay],
    tracks: list[Track],
    waitlist_ok: bool,
    submission: UUID,
    language: str,
    notice_version: str,
    by: Actor,
    at: dt.datetime,
) -> Participant:
    seated, ticket = quotas.take(quota), None
    if not seated:
        if not waitlist_ok:
            raise QuotaFull(quota)
        ticket = quotas.next_ticket(quota)
        seated = quotas.take(quota)
    if seated:
        for track_quota in quotas.in_order(track.quota for track in tracks):
            if not quotas.take(track_quota):
                raise QuotaFull(track_quota)
    participant = Participant.objects.create(
        **person.fields(),
        workshop=workshop,
        quota=quota,
        group=group,
        code=new_code(),
        state=seated_state(workshop) if seated else State.WAITLISTED,
        ticket=None if seated else ticket,
        language=language,
        submission=submission,
        consent_version=notice_version,
        consented_at=at,
        registered_at=at,
        state_changed_at=at,
    )
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=participant, workshopday=day) for day in days)
    TrackChoice.objects.bulk_create(TrackChoice(participant=participant, item_id=track.item_id, track=track) for track in tracks)
    record(participant, "registered", by=by, at=at, state=participant.state)
    outbox.post("received", participant, at=at)
    return participant


def seated_state(workshop: Workshop) -> State:
    """The state of somebody who just got a seat: sure, or held until the province approves."""
    return State.PENDING if workshop.decision == Workshop.Decision.PROVINCE_FIRST else State.CONFIRMED
