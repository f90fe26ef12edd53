"""Counting what the office's pages show of the attendance of a workshop."""

import datetime as dt

from django.utils import timezone

from registration.attendance.kept import counted_figures
from registration.attendance.live import day_on
from registration.models import KeptFigures
from registration.operations import kept_figures
from sessions.models import Workshop


def keep_figures(*, workshop: Workshop, at: dt.datetime | None = None) -> bool:
    """False where another worker was quicker."""
    today = day_on(workshop, timezone.localdate(at))
    return kept_figures.keep(workshop, KeptFigures.Subject.ATTENDANCE, lambda: counted_figures(workshop, today))
