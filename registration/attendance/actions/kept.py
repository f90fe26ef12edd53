"""Counting what the office's pages show of the attendance of a workshop."""

import datetime as dt
from typing import Any

from django.utils import timezone

from registration.attendance.actions.places import note_places_anew
from registration.attendance.kept import counted_figures
from registration.attendance.live import day_on
from registration.attendance.places import PlaceNames
from registration.models import KeptFigures
from registration.operations import kept_figures
from sessions.models import Workshop


def keep_figures(*, workshop: Workshop, at: dt.datetime | None = None) -> bool:
    """Where a place is called otherwise since, its connections are looked for anew. False where another worker was quicker."""
    today, names = day_on(workshop, timezone.localdate(at)), PlaceNames.of(workshop)

    def count() -> dict[str, Any]:
        kept = KeptFigures.objects.get(workshop=workshop, subject=KeptFigures.Subject.ATTENDANCE)
        if kept.figures.get("names") != names.digest:
            note_places_anew(workshop, names)
        return {**counted_figures(workshop, today), "names": names.digest}

    return kept_figures.keep(workshop, KeptFigures.Subject.ATTENDANCE, count)
