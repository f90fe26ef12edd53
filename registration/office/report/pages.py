"""The office's page of the report: what it will hold, one press, and those that were made of late."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from registration.actor import Actor, ActorKind
from registration.attendance.figures import counted_days
from registration.exports import actions as export_actions
from registration.models import AttendanceReport, Evaluation, Export
from registration.operations import tasks
from sessions.admin.page import AdminPage
from sessions.formats import grouped
from sessions.models import Workshop

#: It holds names, minutes and what was answered.
RIGHTS = ("registration.export_participant", "registration.view_attendance", "registration.view_evaluation")
_SHOWN = 5


def may_take_reports(request: HttpRequest) -> bool:
    return request.user.has_perms(RIGHTS)


class ReportPage(AdminPage):
    address, name = "report/<slug:slug>/", "registration_export_report"
    template = "admin/registration/report/report.html"

    def is_allowed(self, request: HttpRequest) -> bool:
        return may_take_reports(request)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        made = Export.objects.filter(workshop=workshop, kind=Export.Kind.REPORT).select_related("created_by")
        if not request.user.has_perm("registration.oversee_exports"):
            made = made.filter(created_by=request.user.pk)
        now = timezone.now()
        return self.render(
            _("Report on the workshop"), workshop=workshop, contents=_contents(workshop),
            made=[(export, export.is_there(now)) for export in made[:_SHOWN]],
        )  # fmt: skip

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug, anonymised_at=None)
        export, is_new = export_actions.ask(workshop=workshop, kind=Export.Kind.REPORT, filters={}, by=Actor(ActorKind.STAFF, request.user))
        if is_new:
            tasks.make_export.enqueue(export.pk)
        return redirect("admin:registration_export_change", export.pk)


def _contents(workshop: Workshop) -> list[dict[str, Any]]:
    """What there is for each chapter, and where one sees to it. Four queries."""
    days = set(workshop.days.filter(is_cancelled=False).values_list("pk", flat=True))
    counted = len(days & counted_days(workshop))
    opened = Evaluation.objects.filter(workshop=workshop, opens_at__isnull=False)
    evaluations = list(opened.values_list("counted_at", flat=True))
    told = sum(moment is not None for moment in evaluations)
    asked = AttendanceReport.objects.filter(workshop=workshop, state=AttendanceReport.State.ANSWERS).count()
    texts = [bool(workshop.background.strip()), bool(workshop.objectives.strip())]
    reports = reverse("admin:registration_attendancereport_reports", args=[workshop.slug])
    return [
        _chapter(_("Background and objectives"), _written(texts), all(texts), reverse("admin:agenda_workshop_change", args=[workshop.pk])),
        _chapter(_("Who came"), _of(counted, len(days), _("days counted")), 0 < counted == len(days), reports),
        _chapter(
            _("Results of the evaluation"), _of(told, len(evaluations), _("evaluations counted")), 0 < told == len(evaluations),
            reverse("admin:registration_evaluation_overview", args=[workshop.slug]),
        ),
        _chapter(
            _("Questions and polls in the meetings"),
            ngettext("%(n)s report put in", "%(n)s reports put in", asked) % {"n": grouped(asked)}, bool(asked), reports,
        ),
    ]  # fmt: skip


def _chapter(title: str, words: str, is_whole: bool, url: str) -> dict[str, Any]:
    return {"title": title, "words": words, "is_whole": is_whole, "url": url}


def _written(texts: list[bool]) -> str:
    return pgettext("report", "written") if all(texts) else _("partly written") if any(texts) else _("not written yet")


def _of(done: int, of: int, words: str) -> str:
    return _("%(done)s of %(of)s %(words)s") % {"done": grouped(done), "of": grouped(of), "words": words}
