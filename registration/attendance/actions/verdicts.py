"""What a human says of somebody who was seen in a meeting. It stands, whatever a later file says, with who said it and when."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.identities import reopen_identity
from registration.attendance.actions.recount import lock, recount
from registration.attendance.rooms import OF_DESK
from registration.audit import trail
from registration.models import Participant, Quota, RoomSeat, Sighting

_Verdict = Sighting.Verdict


def confirm(*, sighting: Sighting, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """It was `participant`, a human says."""
    _decide(sighting, _Verdict.PERSON, by, at, participant=participant)


def confirm_suggested(*, sightings: Iterable[Sighting], by: Actor, at: dt.datetime | None = None) -> int:
    """Each was who is suggested. Those about whom something else was said meanwhile are left alone. Returns how many."""
    return sum(
        _decide(sighting, _Verdict.PERSON, by, at, participant=sighting.suggested, since=_Verdict.OPEN)
        for sighting in sightings
        if sighting.suggested
    )


def ignore(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    _decide(sighting, _Verdict.IGNORED, by, at)


def keep_as_guest(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    _decide(sighting, _Verdict.GUEST, by, at)


def reopen(*, sighting: Sighting, by: Actor, at: dt.datetime | None = None) -> None:
    """To be decided later, a human says: it is nobody's until then, also where its address says somebody."""
    _decide(sighting, _Verdict.OPEN, by, at)


def seat(*, sighting: Sighting, participants: Collection[Participant], by: Actor, at: dt.datetime | None = None) -> None:
    """Several sat behind the connection, by the signed sheet: each gets its minutes. Who is not among `participants` loses them."""
    _decide(sighting, _Verdict.ROOM, by, at, seated=participants)


def seat_of_place(
    *, sighting: Sighting, quota: Quota, participants: Collection[Participant], by: Actor, at: dt.datetime | None = None
) -> bool:
    """The desk of `quota` says, by the signed sheet, who of its people sat behind the connection. Others keep their seats.

    Without anybody the connection is again what the files say. False where the office said something else of it meanwhile.
    """
    at = at or timezone.now()
    with transaction.atomic():
        lock(sighting.day)
        current = Sighting.objects.select_related("day__workshop", "track").get(pk=sighting.pk)
        if current.verdict not in OF_DESK:
            return False
        seats = RoomSeat.objects.filter(sighting=current)
        own = dict(seats.filter(participant__quota=quota).values_list("participant", "pk"))
        chosen = {person.pk for person in participants}
        touched = own.keys() | chosen | ({current.participant_id} if current.participant_id else set())
        seats.filter(pk__in=[pk for person, pk in own.items() if person not in chosen]).delete()
        new = chosen - own.keys()
        RoomSeat.objects.bulk_create([RoomSeat(sighting=current, participant_id=person, by=by.user, at=at) for person in sorted(new)])
        if seats.exists():
            _say(current, _Verdict.ROOM, by, at)
        else:
            reopen_identity(current)
        recount(current.day, touched | ({current.participant_id} if current.participant_id else set()))
        trail.record_decision(by=by, what="attendance room", quota=quota, count=len(chosen), at=at)
    return True


def _say(sighting: Sighting, verdict: Sighting.Verdict, by: Actor, at: dt.datetime) -> None:
    sighting.verdict, sighting.participant, sighting.decided_by, sighting.decided_at = verdict, None, by.user, at
    sighting.save(update_fields=["verdict", "participant", "decided_by", "decided_at"])


@transaction.atomic
def _decide(
    sighting: Sighting,
    verdict: Sighting.Verdict,
    by: Actor,
    at: dt.datetime | None,
    *,
    participant: Participant | None = None,
    seated: Collection[Participant] = (),
    since: Sighting.Verdict | None = None,
) -> bool:
    """Whether it stands so now: not where the sighting went, or another verdict than `since` was given meanwhile."""
    at = at or timezone.now()
    lock(sighting.day)
    rows = Sighting.objects.filter(pk=sighting.pk, **({"verdict": since} if since else {}))
    touched = set(RoomSeat.objects.filter(sighting=sighting).values_list("participant", flat=True))
    touched |= set(rows.exclude(participant=None).values_list("participant", flat=True))
    if not rows.update(verdict=verdict, participant=participant, decided_by=by.user, decided_at=at):
        return False
    RoomSeat.objects.filter(sighting=sighting).delete()
    RoomSeat.objects.bulk_create([RoomSeat(sighting=sighting, participant=person, by=by.user, at=at) for person in seated])
    touched |= {person.pk for person in seated} | ({participant.pk} if participant else set())
    recount(sighting.day, touched)
    workshop, count = sighting.day.workshop, max(1, len(seated))
    trail.record_decision(by=by, what=f"attendance {verdict.value}", participant=participant, workshop=workshop, count=count, at=at)
    return True
