"""What a human says of somebody who was seen in a meeting. It stands, whatever a later file says, with who said it and when."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.recount import lock, recount
from registration.audit import trail
from registration.models import Participant, RoomSeat, Sighting

_Verdict = Sighting.Verdict


def confirm(*, sighting: Sighting, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """It was `participant`, a human says."""
    _decide([sighting], _Verdict.PERSON, by, at, participant=participant)


def confirm_suggested(*, sightings: Iterable[Sighting], by: Actor, at: dt.datetime | None = None) -> int:
    """Each was who is suggested. Those about whom something else was said meanwhile are left alone. Returns how many."""
    return sum(
        _decide([sighting], _Verdict.PERSON, by, at, participant=sighting.suggested, since=_Verdict.OPEN)
        for sighting in sightings
        if sighting.suggested
    )


def ignore(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    _decide([sighting], _Verdict.IGNORED, by, at)


def keep_as_guest(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    _decide([sighting], _Verdict.GUEST, by, at)


def reopen(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    _decide([sighting], _Verdict.OPEN, by, at)


def seat(*, sighting: Sighting, participants: Collection[Participant], by: Actor, at: dt.datetime | None = None) -> None:
    """Several sat behind the connection, by the signed sheet: each gets its minutes. Who is not among `participants` loses them."""
    _decide([sighting], _Verdict.ROOM, by, at, seated=participants)


def _decide(
    sightings: list[Sighting],
    verdict: Sighting.Verdict,
    by: Actor,
    at: dt.datetime | None,
    *,
    participant: Participant | None = None,
    seated: Collection[Participant] = (),
    since: Sighting.Verdict | None = None,
) -> int:
    at = at or timezone.now()
    done = 0
    for sighting in sightings:
        with transaction.atomic():
            lock(sighting.day)
            rows = Sighting.objects.filter(pk=sighting.pk, **({"verdict": since} if since else {}))
            touched = set(RoomSeat.objects.filter(sighting=sighting).values_list("participant", flat=True))
            touched |= set(rows.exclude(participant=None).values_list("participant", flat=True))
            by_hand = verdict in Sighting.BY_HAND
            told = {"decided_by": by.user if by_hand else None, "decided_at": at if by_hand else None}
            if not rows.update(verdict=verdict, participant=participant, **told):
                continue
            RoomSeat.objects.filter(sighting=sighting).delete()
            RoomSeat.objects.bulk_create([RoomSeat(sighting=sighting, participant=person, by=by.user, at=at) for person in seated])
            touched |= {person.pk for person in seated} | ({participant.pk} if participant else set())
            recount(sighting.day, touched)
            trail.record_decision(
                by=by,
                what=f"attendance {verdict.value}",
                participant=participant,
                workshop=sighting.day.workshop,
                count=max(1, len(seated)),
                at=at,
            )
            done += 1
    return done
