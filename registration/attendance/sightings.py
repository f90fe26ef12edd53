"""Those who were seen in meetings."""

from django.db.models import Exists, OuterRef, QuerySet

from registration.models import AttendanceReport, ReportRow, Sighting
from sessions.models import Workshop


def counted_sightings(workshop: Workshop) -> QuerySet[Sighting]:
    rows = ReportRow.objects.filter(sighting=OuterRef("pk"), report__state=AttendanceReport.State.APPLIED)
    return Sighting.objects.filter(Exists(rows), day__workshop=workshop).select_related("day", "track")
