"""Fetching the report of who attended a webinar into the pipeline of all reports: it is read, looked at and counted as a file."""

import datetime as dt

from django.db.models import Q
from django.db.models.functions import Coalesce

from registration.actor import SYSTEM, Actor
from registration.attendance.actions.reports import take_in
from registration.audit import trail
from registration.models import ZoomWebinar
from registration.zoom.actions.push import Run
from registration.zoom.client import ZoomRefused
from registration.zoom.meetings import meeting_held_in
from registration.zoom.report import report_file

Trouble = ZoomWebinar.Trouble
#: So long after a day the clock begins to ask, so often, and for so long.
AFTER, AGAIN, FOR_DAYS = dt.timedelta(hours=1), dt.timedelta(minutes=30), dt.timedelta(days=3)


def ask_for_report(*, webinar: ZoomWebinar, by: Actor, at: dt.datetime) -> bool:
    """False where it is asked for already."""
    if not ZoomWebinar.objects.filter(pk=webinar.pk, report_asked_at=None).update(report_asked_at=at, rests_until=None):
        return False
    trail.record_decision(by=by, what="zoom report", workshop=meeting_held_in(webinar).day.workshop, at=at)
    return True


def ask_for_reports(*, at: dt.datetime) -> int:
    """For the clock: of meetings that are kept in step, once their day is over. Returns how many."""
    waited = Q(report_tried_at=None) | Q(report_tried_at__lte=at - AGAIN)
    due = ZoomWebinar.objects.filter(waited, is_in_step=True, report_at=None, report_asked_at=None)
    date = Coalesce("day__date", "track__item__day__date")
    recent = due.annotate(date=date).filter(date__lte=at.date() + dt.timedelta(days=1), date__gte=(at - FOR_DAYS).date())
    asked = 0
    for webinar in recent.select_related("day__workshop", "track__item__day__workshop"):
        if meeting_held_in(webinar).day.ends_at() + AFTER <= at:
            asked += due.filter(pk=webinar.pk).update(report_asked_at=at)
    return asked


def fetch_report(run: Run) -> None:
    """Raises ZoomRefused where there is none yet, ZoomRests and TakenOver. The same report again changes nothing."""
    number, meeting = run.webinar.number, run.meeting
    ZoomWebinar.objects.filter(pk=run.webinar.pk).update(report_tried_at=run.at())
    try:
        rows = list(run.client.participants(number))
    except ZoomRefused as refused:
        raise ZoomRefused(Trouble.NO_REPORT if refused.trouble == Trouble.NOT_FOUND else refused.trouble) from refused
    data = report_file(str(meeting.track or meeting.day.title or meeting.day.workshop), number, rows)
    if not data:
        raise ZoomRefused(Trouble.NO_REPORT)
    said: dict[str, str | int] = {"room": meeting.key, "shift": 0}
    take_in(workshop=meeting.day.workshop, name=f"{meeting.file_name}-api.csv", data=data, by=SYSTEM, said=said, at=run.at())
    ZoomWebinar.objects.filter(pk=run.webinar.pk).update(report_at=run.at())
