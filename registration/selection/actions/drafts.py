"""The draft that the coordinators of one province share."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from registration.actor import Actor
from registration.choices import State
from registration.errors import AlreadyAnnounced, DraftChanged
from registration.models import Invitation, Participant, Quota, Selection, SelectionMark
from registration.seats.deadlocks import repeated_after_deadlock
from registration.selection.rules import Plan, as_marked, rearranged
from sessions.models import Workshop


def selection_of(quota: Quota) -> Selection:
    """The one selection of `quota`; made where there is none yet."""
    selection, _created = Selection.objects.select_related("saved_by", "announced_by").get_or_create(quota=quota)
    return selection


def current_plan(quota: Quota, selection: Selection) -> Plan:
    """What the draft says about everybody who came forward by now. Three queries."""
    marks = selection.marks.values_list("participant", "outcome", "place")
    people = Participant.objects.known().to_select_from().filter(quota=quota).select_related("group")
    listed = Invitation.objects.filter(quota=quota, in_reserve=True, state=Invitation.State.ACCEPTED).values_list("participant", "pk")
    in_reserve = {participant: place for participant, place in listed if participant}
    return as_marked(people, {pk: (outcome, place) for pk, outcome, place in marks}, in_reserve)


def announced_plan(quota: Quota) -> Plan:
    """Who has a seat and who is in the reserve, once it is announced; those not selected are not on any list. One query."""
    people = Participant.objects.known().filter(quota=quota, state__in=[State.CONFIRMED, State.WAITLISTED]).select_related("group")
    in_line = people.order_by("ticket", "pk")
    return Plan([p for p in in_line if p.state == State.CONFIRMED], [p for p in in_line if p.state == State.WAITLISTED])


@repeated_after_deadlock
def save_draft(
    *, quota: Quota, version: int, picked: set[int], wanted: Mapping[int, str], by: Actor, at: dt.datetime | None = None
) -> Plan:
    """Keeps what a page said (see `rules.rearranged`) of a draft that was at `version`.

    Raises DraftChanged where a colleague saved since, and AlreadyAnnounced; nothing is kept then.
    """
    at = at or timezone.now()
    with transaction.atomic():
        selection = selection_of(quota)
        still = Selection.objects.filter(pk=selection.pk, version=version, due_at=None, announced_at=None)
        if not still.update(version=F("version") + 1, saved_at=at, saved_by=by.user):
            raise _why_not(selection)
        plan = rearranged(current_plan(quota, selection), picked, wanted)
        selection.marks.all().delete()
        SelectionMark.objects.bulk_create(
            SelectionMark(selection=selection, participant=person, outcome=outcome, place=place) for person, outcome, place in plan.marks()
        )
    return plan


@repeated_after_deadlock
def add_to_reserve(*, quota: Quota, participant: Participant, by: Actor, at: dt.datetime | None = None) -> bool:
    """Puts somebody who came forward at the end of the reserve, as their province's list says, before those of whom nothing is said.

    Coordinators who have the draft open are told that it changed. False, and nothing is written, once the selection is announced.
    """
    at = at or timezone.now()
    with transaction.atomic():
        selection = selection_of(quota)
        still = Selection.objects.filter(pk=selection.pk, due_at=None, announced_at=None)
        if not still.update(version=F("version") + 1, saved_at=at, saved_by=by.user):
            return False
        last = selection.marks.filter(outcome=SelectionMark.Outcome.RESERVE).aggregate(last=Max("place"))["last"] or 0
        SelectionMark.objects.create(selection=selection, participant=participant, outcome=SelectionMark.Outcome.RESERVE, place=last + 1)
    return True


def takes_reserve(quota: Quota) -> bool:
    """Whether the province selects and has not announced yet. Two queries at most."""
    if quota.workshop.decision != Workshop.Decision.SELECTION:
        return False
    return not Selection.objects.filter(quota=quota).exclude(due_at=None, announced_at=None).exists()


def _why_not(selection: Selection) -> AlreadyAnnounced | DraftChanged:
    selection.refresh_from_db()
    return DraftChanged(selection) if selection.is_draft else AlreadyAnnounced(selection)
