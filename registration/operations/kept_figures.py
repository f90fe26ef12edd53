"""Numbers that workers keep, so that no page counts people: asked for anew by who changes something, and by who looks at old ones."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from registration.models import KeptFigures
from sessions.models import Workshop

#: What is older is counted anew when somebody looks: people are cancelled, corrected and confirmed without a word to here.
FRESH = dt.timedelta(seconds=15)
#: So long nobody else is sent for the same.
PATIENCE = dt.timedelta(seconds=10)
#: Both are at least so many times as long as counting took, or workers would do little else.
SPARED = 4


def ask(workshop_id: int) -> None:
    """Something has changed: what is kept is out of date from the end of the transaction on."""
    KeptFigures.objects.filter(workshop=workshop_id).update(asked=F("asked") + 1)


def look(workshop: Workshop | None, subject: KeptFigures.Subject, *, at: dt.datetime | None = None) -> tuple[KeptFigures, bool]:
    """What is kept, and whether the caller is to send a worker. One query where it is fresh."""
    at = at or timezone.now()
    row, _new = KeptFigures.objects.get_or_create(workshop=workshop, subject=subject)
    spared = SPARED * dt.timedelta(seconds=row.seconds)
    if not row.is_moving and row.counted_at and row.counted_at > at - max(FRESH, spared):
        return row, False
    free = Q(sent_at=None) | Q(sent_at__lte=at - max(PATIENCE, spared)) | Q(sent_at__lte=F("counted_at"))
    is_to_be_sent = bool(KeptFigures.objects.filter(free, pk=row.pk).update(sent_at=at, asked=F("asked") + 1))
    row.asked += is_to_be_sent
    return row, is_to_be_sent


def keep(workshop: Workshop | None, subject: KeptFigures.Subject, count: Callable[[], dict[str, Any]]) -> bool:
    """Counts and keeps. False where another worker, who began later, was quicker: theirs stands."""
    row, _new = KeptFigures.objects.get_or_create(workshop=workshop, subject=subject)
    asked, began = row.asked, time.monotonic()
    figures, seconds = count(), time.monotonic() - began
    mine = KeptFigures.objects.filter(pk=row.pk, counted__lte=asked)
    return bool(mine.update(figures=figures, counted=asked, counted_at=timezone.now(), seconds=seconds))
