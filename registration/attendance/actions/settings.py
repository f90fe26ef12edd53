"""What the office sets for the minutes of a workshop, and counting its days anew by it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.attendance.actions.recount import lock, recount
from registration.audit import trail
from registration.models import AttendanceReport, AttendanceSettings
from sessions.models import Workshop, WorkshopDay


def set_settings(*, workshop: Workshop, counts_breaks: bool, file_days: int, by: Actor, at: dt.datetime | None = None) -> list[int]:
    """Returns the days that are to be counted anew, for a worker."""
    at = at or timezone.now()
    with transaction.atomic():
        told = {"counts_breaks": counts_breaks, "file_days": file_days}
        AttendanceSettings.objects.update_or_create(workshop=workshop, defaults=told)
        trail.record_decision(by=by, what="attendance settings", workshop=workshop, at=at)
    counting = AttendanceReport.objects.counting().filter(workshop=workshop, day__isnull=False)
    return list(counting.order_by().values_list("day", flat=True).distinct())


def count_anew(*, day_id: int) -> int:
    """By the agenda and the settings as they are now. Returns how many have minutes."""
    with transaction.atomic():
        day = WorkshopDay.objects.get(pk=day_id)
        lock(day)
        return recount(day)
