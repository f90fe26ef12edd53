"""Somebody registered for the wrong province: their seat, or their place in line, is one of another place."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import ENDED, SEAT_HOLDING, MessageName, State, Verb
from registration.errors import IllegalMove, QuotaFull
from registration.mail import outbox
from registration.models import Participant, Quota
from registration.seats import quotas
from registration.seats.actions.reserve import fill
from registration.seats.actions.states import record, tell_namesakes
from sessions.models import StakeholderGroup


def transfer(
    *,
    participant: Participant,
    to: Quota,
    group: StakeholderGroup | None = None,
    tells: bool = True,
    by: Actor,
    at: dt.datetime | None = None,
) -> list[Participant]:
    """Moves a registration to the place `to`, seat for seat; who waits goes to the end of the line there. `group` must fit the place.

    Returns who moved up on the seat that became free. Raises QuotaFull, and changes nothing, where `to` has no seat left;
    IllegalMove where the registration has ended.
    """
    if to.workshop_id != participant.workshop_id or to.kind == Quota.Kind.TRACK:
        raise ValueError("this is no place of the workshop")
    at, group = at or timezone.now(), group or participant.group
    with transaction.atomic():
        quotas.lock_all([participant.quota_id, to.pk])
        participant.refresh_from_db(fields=["state", "quota", "group"])
        before, state = participant.quota, State(participant.state)
        if state in ENDED:
            raise IllegalMove(state, state)
        if before.pk == to.pk:
            return []
        if state in SEAT_HOLDING and not quotas.take(to):
            raise QuotaFull(to)
        ticket = quotas.next_ticket(to) if state == State.WAITLISTED else None
        Participant.objects.filter(pk=participant.pk).update(quota=to, group=group, ticket=ticket)
        values = {"province": [before.name, to.name]}
        if group.pk != participant.group_id:
            values["group"] = [str(participant.group), str(group)]
        participant.quota, participant.group, participant.ticket = to, group, ticket
        event = record(participant, Verb.CHANGED, by=by, at=at, fields=list(values), values=values)
        tell_namesakes(participant, at=at)
        if tells:
            outbox.post(MessageName.CHANGED, participant, occasion=event.pk, at=at, details={"fields": list(values)})
        if state not in SEAT_HOLDING:
            return []
        quotas.release([before])
        seat, tracks = quotas.lock(before.workshop_id, before.pk)
        return fill(seat, tracks, by=by, at=at)
