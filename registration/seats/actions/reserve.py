"""A freed seat goes to the next in line, in the transaction that frees it (brief §4.1: never more than the quota)."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from registration.actor import SYSTEM, Actor
from registration.choices import DecisionName, MessageName, State, Verb
from registration.errors import Erased, OfferExpired
from registration.mail import outbox
from registration.models import DelayedDecision, Participant, Quota
from registration.seats import quotas
from registration.seats.actions.states import move, record, seated_state
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop


def fill(seat_quota: Quota, track_quotas: dict[int, Quota], *, by: Actor, at: dt.datetime, freed: int | None = None) -> list[Participant]:
    """Moves people up from the waiting list of `seat_quota` while it has room. Returns them, in order.

    Where the province selects, a seat that it left free on purpose stays free: only as many move up as seats were `freed`.
    Who is about to be declined or cancelled is passed by.

    Call it inside a transaction that holds `quotas.lock`. A chosen track that is full is dropped from a
    person's choices: they keep the seat, and their mail asks them to choose another. Nobody moves up when the workshop is over.
    """
    moved: list[Participant] = []
    line = line_of(seat_quota)
    if (first := line.first()) and first.workshop.standing(at).is_over:
        return moved
    while (participant := line.first()) and not _stays_free(participant.workshop, freed, moved) and quotas.take(seat_quota):
        offered = participant.workshop.waiting_list == Workshop.WaitingList.OFFER
        give_seat(participant, State.OFFERED if offered else seated_state(participant.workshop), track_quotas, by=by, at=at)
        moved.append(participant)
    return moved


def line_of(seat_quota: Quota) -> QuerySet[Participant]:
    """Who waits for a seat of `seat_quota`, the next one first; not who is about to be declined or cancelled."""
    line = Participant.objects.known().waiting().filter(quota=seat_quota).select_related("workshop")
    return line.exclude(pk__in=_about_to_leave(seat_quota))


def _stays_free(workshop: Workshop, freed: int | None, moved: list[Participant]) -> bool:
    return freed is not None and len(moved) >= freed and workshop.decision == Workshop.Decision.SELECTION


def _about_to_leave(seat_quota: Quota) -> QuerySet[DelayedDecision]:
    leaving = DelayedDecision.objects.open().filter(quota=seat_quota, command__in=[DecisionName.DECLINE, DecisionName.CANCEL])
    return leaving.order_by().values("participant")  # type: ignore[return-value]


def give_seat(participant: Participant, to: State, track_quotas: dict[int, Quota], *, by: Actor, at: dt.datetime, reason: str = "") -> None:
    """Seats somebody from the waiting list, in state `to`, on a place of the seat quota that was taken for them."""
    dropped = take_tracks(participant, track_quotas)
    expires = at + dt.timedelta(hours=participant.workshop.offer_hours) if to == State.OFFERED else None
    move(participant, to, at=at, offer_expires_at=expires)
    verb, message = (Verb.OFFERED, MessageName.OFFERED) if to == State.OFFERED else (Verb.MOVED_UP, MessageName.MOVED_UP)
    why = {"reason": reason} if reason else {}
    event = record(participant, verb, by=by, at=at, state=participant.state, tracks_full=dropped, **why)
    outbox.post(message, participant, occasion=event.pk, at=at, details={"tracks_full": dropped})


def take_tracks(participant: Participant, track_quotas: dict[int, Quota]) -> list[int]:
    """Takes the places of the tracks they chose. Drops the choice of a full track; returns the ids of such tracks."""
    dropped = []
    for choice in participant.choices.select_related("track").order_by("track__quota"):
        if not quotas.take(track_quotas[choice.track_id]):
            dropped.append(choice.track_id)
            choice.delete()
    return dropped


def free(participant: Participant, seat_quota: Quota, track_quotas: dict[int, Quota], *, by: Actor, at: dt.datetime) -> list[Participant]:
    held = [track_quotas[track_id] for track_id in participant.choices.values_list("track_id", flat=True)]
    quotas.release([seat_quota, *held])
    return fill(seat_quota, track_quotas, by=by, at=at, freed=1)


@repeated_after_deadlock
def accept_offer(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Takes the seat that is held for `participant`. Raises OfferExpired when the time is over, or IllegalMove."""
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock_seat_of(participant, "offer_expires_at")
        expired = participant.offer_expires_at and participant.offer_expires_at <= at
        if participant.state == State.OFFERED and (expired or participant.workshop.standing(at).is_over):
            raise OfferExpired
        move(participant, seated_state(participant.workshop), since=State.OFFERED, at=at, offer_expires_at=None)
        event = record(participant, Verb.ACCEPTED, by=by, at=at, state=participant.state)
        outbox.post(MessageName(participant.state), participant, occasion=event.pk, at=at)


def expire_offers(*, at: dt.datetime) -> int:
    """Passes on every offered seat whose time is over. Returns how many. Safe to run twice or late."""
    due = Participant.objects.filter(state=State.OFFERED, offer_expires_at__lte=at).order_by("offer_expires_at")
    return sum(_expire(participant, at) for participant in due)


@repeated_after_deadlock
def _expire(participant: Participant, at: dt.datetime) -> bool:
    with transaction.atomic():
        try:
            seat, tracks = quotas.lock_seat_of(participant)
        except Erased:
            return False
        if participant.state != State.OFFERED:
            return False
        move(participant, State.CANCELLED, at=at, offer_expires_at=None)
        event = record(participant, Verb.OFFER_EXPIRED, by=SYSTEM, at=at)
        outbox.post(MessageName.OFFER_EXPIRED, participant, occasion=event.pk, at=at)
        free(participant, seat, tracks, by=SYSTEM, at=at)
        return True
