"""One reading of a clock decides nothing that cannot be undone.

A round of the clock that is more than a day away from the last one, in either direction, is a jump: a server whose clock was set
wrong, or one that was off for days. Until somebody of the staff says that the time is right, only what can be undone is done.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.models import Heartbeat

#: Rounds follow each other every minute; a server that restarts is back sooner than this.
MAX_GAP = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Jump:
    """From when to when the clock went at once."""

    since: dt.datetime
    to: dt.datetime


def is_jump(at: dt.datetime) -> bool:
    """Whether a round at the moment `at` is too far from the last one. The first round ever is not."""
    last = Heartbeat.objects.filter(name=Heartbeat.Name.CLOCK).values_list("seen_at", flat=True).first()
    return last is not None and abs(at - last) > MAX_GAP


def note(at: dt.datetime) -> None:
    """Writes down, for the strip, to where the clock jumped; the last heartbeat stays as it was."""
    Heartbeat.objects.update_or_create(name=Heartbeat.Name.JUMPED, defaults={"seen_at": at})


def found(beats: Mapping[str, dt.datetime] | None = None) -> Jump | None:
    """The last jump that nobody has confirmed: also one that is over, because it must not pass without a word. One query.

    `beats`: every heartbeat by name, where they are at hand.
    """
    beats = dict(Heartbeat.objects.values_list("name", "seen_at")) if beats is None else beats
    if Heartbeat.Name.JUMPED not in beats:
        return None
    return Jump(beats.get(Heartbeat.Name.CLOCK, beats[Heartbeat.Name.JUMPED]), beats[Heartbeat.Name.JUMPED])


def confirm(*, by: Actor, at: dt.datetime | None = None) -> None:
    """Staff say that the clock is right: the next round goes on from here."""
    at = at or timezone.now()
    with transaction.atomic():
        Heartbeat.objects.filter(name=Heartbeat.Name.JUMPED).delete()
        Heartbeat.objects.update_or_create(name=Heartbeat.Name.CLOCK, defaults={"seen_at": at})
        trail.record_clock(by=by, at=at)
