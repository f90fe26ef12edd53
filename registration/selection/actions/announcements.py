"""Announcing: the draft becomes what people are told, all of them in one transaction, some minutes after it was asked for."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import SYSTEM, Actor, ActorKind
from registration.audit import trail
from registration.choices import MessageName, State, Verb
from registration.errors import AlreadyAnnounced, DraftChanged, TooManySelected, WorkshopOver
from registration.mail import outbox
from registration.models import Participant, Quota, Selection
from registration.seats import quotas
from registration.seats.actions.reserve import take_tracks
from registration.seats.actions.states import move, record
from registration.seats.deadlocks import repeated_after_deadlock
from registration.selection.actions.drafts import current_plan, selection_of
from registration.selection.rules import Plan, by_arrival


@repeated_after_deadlock
def announce(*, quota: Quota, version: int, memo: str = "", at_once: bool = False, by: Actor, at: dt.datetime | None = None) -> Selection:
    """Has the draft at `version` take effect after the workshop's minutes for taking back, or `at_once`.

    Raises WorkshopOver, DraftChanged, TooManySelected with the seats that there are, and AlreadyAnnounced for the second of two
    presses; nothing has changed then.
    """
    at = at or timezone.now()
    minutes = 0 if at_once else quota.workshop.decision_minutes
    with transaction.atomic():
        seat, _tracks = quotas.lock(quota.workshop_id, quota.pk)
        selection = selection_of(quota)
        if not selection.is_draft:
            raise AlreadyAnnounced(selection)
        if quota.workshop.standing(at).is_over:
            raise WorkshopOver
        chosen = len(current_plan(quota, selection).selected)
        if seat.left is not None and chosen > seat.left:
            raise TooManySelected(chosen, seat.left)
        still = Selection.objects.filter(pk=selection.pk, version=version, due_at=None, announced_at=None)
        pressed = {"due_at": at + dt.timedelta(minutes=minutes), "memo": memo, "announced_by": by.user, "announced_as": by.kind}
        if not still.update(**pressed):
            raise DraftChanged(selection)
        trail.record_decision(by=by, what="announced", quota=quota, at=at)
        if not minutes:
            _take_effect(quota, selection, at=at)
    selection.refresh_from_db()
    return selection


def take_announcement_back(*, quota: Quota, by: Actor, at: dt.datetime | None = None) -> None:
    """Makes it a draft again that nobody was told of. Raises AlreadyAnnounced where it took effect."""
    at = at or timezone.now()
    pressed = Selection.objects.filter(quota=quota, announced_at=None, due_at__isnull=False)
    if pressed.update(due_at=None, announced_by=None, announced_as=""):
        trail.record_decision(by=by, what="announcement_taken_back", quota=quota, at=at)
        return
    selection = selection_of(quota)
    if selection.announced_at:
        raise AlreadyAnnounced(selection)


@repeated_after_deadlock
def announce_now(*, quota: Quota, by: Actor, at: dt.datetime | None = None) -> None:
    """Ends the time in which it could be taken back. Raises AlreadyAnnounced where it took effect, or was taken back."""
    at = at or timezone.now()
    with transaction.atomic():
        quotas.lock(quota.workshop_id, quota.pk)
        selection = selection_of(quota)
        if selection.announced_at or selection.due_at is None:
            raise AlreadyAnnounced(selection)
        _take_effect(quota, selection, at=at)


def announce_due(*, at: dt.datetime) -> int:
    """Has what is due take effect. Returns how many. Safe to run twice or late."""
    due = Selection.objects.filter(announced_at=None, due_at__lte=at).select_related("quota__workshop").order_by("due_at")
    return sum(_announce_if_due(selection.quota, at) for selection in due)


@repeated_after_deadlock
def _announce_if_due(quota: Quota, at: dt.datetime) -> bool:
    with transaction.atomic():
        quotas.lock(quota.workshop_id, quota.pk)
        selection = selection_of(quota)
        if selection.announced_at or selection.due_at is None or selection.due_at > at:
            return False
        _take_effect(quota, selection, at=at)
        return True


@repeated_after_deadlock
def announce_by_arrival(*, quota: Quota, at: dt.datetime) -> bool:
    """Announces, where the province let its date pass, those who came first. False where it announced after all, or is about to."""
    with transaction.atomic():
        seat, _tracks = quotas.lock(quota.workshop_id, quota.pk)
        selection = selection_of(quota)
        if not selection.is_draft:
            return False
        people = Participant.objects.known().to_select_from().filter(quota=quota)
        _carry_out(seat, selection, by_arrival(people, seat.left), by=SYSTEM, at=at)
        return True


def _take_effect(quota: Quota, selection: Selection, *, at: dt.datetime) -> None:
    seat, _tracks = quotas.lock(quota.workshop_id, quota.pk)
    by = Actor(ActorKind(selection.announced_as or SYSTEM.kind), selection.announced_by)
    _carry_out(seat, selection, current_plan(quota, selection), by=by, at=at)


def _carry_out(seat: Quota, selection: Selection, plan: Plan, *, by: Actor, at: dt.datetime) -> None:
    """Call it in a transaction that holds `quotas.lock`. Whoever is selected and finds no seat any more is first in the reserve."""
    _seat, tracks = quotas.lock(seat.workshop_id, seat.pk)
    Selection.objects.filter(pk=selection.pk).update(announced_at=at, due_at=selection.due_at or at)
    Quota.objects.filter(pk=seat.pk).update(announced_at=at)
    left_over = []
    for person in plan.selected:
        if not quotas.take(seat):
            left_over.append(person)
            continue
        dropped = take_tracks(person, tracks)
        move(person, State.CONFIRMED, since=State.APPLIED, at=at)
        event = record(person, Verb.SELECTED, by=by, at=at, tracks_full=dropped)
        outbox.post(MessageName.CONFIRMED, person, occasion=event.pk, at=at, details={"tracks_full": dropped, "state": State.CONFIRMED})
    for place, person in enumerate([*left_over, *plan.reserve], start=1):
        move(person, State.WAITLISTED, since=State.APPLIED, at=at, ticket=quotas.next_ticket(seat))
        event = record(person, Verb.TO_RESERVE, by=by, at=at, place=place)
        outbox.post(MessageName.RESERVE, person, occasion=event.pk, at=at, details={"place": place, "state": State.WAITLISTED})
    for person in plan.not_selected:
        move(person, State.DECLINED, since=State.APPLIED, at=at)
        event = record(person, Verb.DECLINED, by=by, at=at)
        outbox.post(MessageName.DECLINED, person, occasion=event.pk, at=at, details={"state": State.DECLINED})
