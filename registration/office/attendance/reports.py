"""The office's page of attendance reports: files in, what was understood of each, who is who."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.actor import Actor, ActorKind
from registration.attendance import kept
from registration.attendance.actions import reports, verdicts
from registration.attendance.meetings import meetings_of
from registration.attendance.placing import MAX_SHIFT, MIN_SHIFT
from registration.attendance.reports.moments import DateOrder
from registration.attendance.rooms import KNOWN
from registration.errors import TooOften
from registration.models import AttendanceReport, KeptFigures, Participant, Sighting
from registration.office.attendance import words
from registration.office.audited import looked_at
from registration.office.kept import figures_for
from registration.office.paging import MAX_ROWS
from registration.operations import tasks
from registration.security import rate_limits
from sessions.admin.page import AdminPage
from sessions.formats import grouped
from sessions.models import Workshop

MAX_FILES = 20
#: So many people are decided about on one page.
PAGE = 40
_Verdict = Sighting.Verdict
#: What the list shows, by the word in the address.
SHOWN = {
    "open": (_Verdict.OPEN,),
    "person": (_Verdict.PERSON,),
    "room": (_Verdict.ROOM,),
    "guest": (_Verdict.GUEST,),
    "ignored": (_Verdict.IGNORED, _Verdict.STAFF),
}


class ReportsPage(AdminPage):
    """What has come in, and those of whom a human has to say who they are."""

    address, name = "<slug:slug>/", "registration_attendancereport_reports"
    permission = "registration.view_attendancereport"
    template = "admin/registration/attendance/reports.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        shown = request.GET.get("show", "")
        shown = shown if shown in SHOWN else "open"
        figures = figures_for(workshop, KeptFigures.Subject.ATTENDANCE)
        counts = kept.verdicts(figures)
        page = _page(workshop, SHOWN[shown], counts, request.GET.get("page"))
        looked_at(request, "attendance report", len(page.object_list), workshop=workshop)
        cards = cards_of(workshop, figures)
        return self.render(
            _("Attendance reports"),
            workshop=workshop,
            cards=cards,
            kept=figures,
            is_moving=figures.is_moving or any(card.report.is_moving for card in cards),
            counted=[card for card in cards if card.report.state == AttendanceReport.State.APPLIED],
            meetings=meetings_of(workshop),
            shifts=range(MIN_SHIFT, MAX_SHIFT + 1),
            orders=list(DateOrder),
            tabs=[(word, label, sum(counts.get(verdict, 0) for verdict in SHOWN[word])) for word, label in _tabs()],
            shown=shown,
            page=page,
            lines=_lines(list(page.object_list)),
            sure=sum(sighting.is_sure for sighting in page.object_list),
            may_change=request.user.has_perm("registration.add_attendancereport"),
        )


def _tabs() -> list[tuple[str, str]]:
    return [
        ("open", _("To be decided")), ("person", _("Confirmed by hand")), ("room", _("Rooms")),
        ("guest", _("Not registered")), ("ignored", _("Does not count")),
    ]  # fmt: skip


def _page(workshop: Workshop, verdicts: Collection[Sighting.Verdict], counts: dict[str, int], asked: str | None) -> "Page[Any]":
    """The sure ones first, then who was connected longest. How many there are is what a worker has counted.

    Of each day and verdict it reads by an index as far as this page goes, and no further.
    """
    known = min(sum(counts.get(verdict, 0) for verdict in verdicts), MAX_ROWS)
    number = Paginator(range(known), PAGE).get_page(asked).number
    end, found = number * PAGE, list[tuple[bool, int, int]]()
    for day in workshop.days.values_list("pk", flat=True):
        for verdict in verdicts:
            rows = Sighting.objects.seen().filter(day=day, verdict=verdict).order_by("-is_sure", "-connected_minutes", "pk")
            found += rows.values_list("is_sure", "connected_minutes", "pk")[: end + 1]
    found.sort(key=lambda row: (-row[0], -row[1], row[2]))
    keys = [key for _is_sure, _minutes, key in found[end - PAGE : end]]
    people = ("participant__quota__province", "suggested__quota__province")
    sightings = Sighting.objects.select_related("day", "track", "decided_by", *people).prefetch_related("seated").in_bulk(keys)
    rows_here: Any = [sightings[key] for key in keys if key in sightings]
    paginator: Any = Paginator(range(max(known, min(len(found), end + 1))), PAGE)
    return Page(rows_here, number, paginator)


def _lines(sightings: list[Sighting]) -> list[dict[str, Any]]:
    """Each with its reasons in words and those who are alike. One query."""
    alike = Participant.objects.select_related("quota__province").in_bulk({key for each in sightings for key in each.choices})
    return [
        {
            "sighting": each,
            "reasons": words.reasons(each.reasons),
            "alike": [alike[key] for key in each.choices if key in alike],
        }
        for each in sightings
    ]


@dataclass(slots=True)
class Card:
    """A file, and how many of those in it are known."""

    report: AttendanceReport
    by_verdict: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return words.kind(self.report.kind)

    @property
    def refusal(self) -> str:
        return words.refusal(self.report.refusal)

    @property
    def shift(self) -> str:
        return words.shift(self.report.shift)

    @property
    def reasons(self) -> list[str]:
        return [str(words.ROOM_REASONS[word]) for word in self.report.reasons]

    @property
    def known(self) -> int:
        return sum(self.by_verdict.get(verdict, 0) for verdict in (*KNOWN, _Verdict.PERSON, _Verdict.ROOM))

    @property
    def open(self) -> int:
        return self.by_verdict.get(_Verdict.OPEN, 0)

    @property
    def is_ready(self) -> bool:
        return self.report.state == AttendanceReport.State.READ and not self.report.questions and self.report.day_id is not None


def cards_of(workshop: Workshop, figures: KeptFigures) -> list[Card]:
    """Two queries."""
    found = AttendanceReport.objects.filter(workshop=workshop).exclude(state=AttendanceReport.State.TAKEN_BACK)
    reports = found.select_related("day", "track", "uploaded_by", "applied_by").prefetch_related("day__items")
    return [Card(report, kept.verdicts_of_report(figures, report.pk)) for report in reports]


class UploadPage(AdminPage):
    address, name = "<slug:slug>/upload/", "registration_attendancereport_upload"
    permission = "registration.add_attendancereport"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        files = request.FILES.getlist("files")
        if not files:
            messages.warning(request, _("Choose one or more files first."))
        for file in files[MAX_FILES:]:
            messages.error(request, _("“%(name)s” was not taken: choose fewer files at once.") % {"name": file.name})
        for file in files[:MAX_FILES]:
            self._take_in(request, workshop, file)
        return redirect("admin:registration_attendancereport_reports", slug)

    def _take_in(self, request: HttpRequest, workshop: Workshop, file: Any) -> None:
        if file.size > reports.MAX_BYTES:
            messages.error(request, _("“%(name)s” is larger than any report. It was not taken.") % {"name": file.name})
            return
        try:
            rate_limits.count(rate_limits.of_upload(request.user))
        except TooOften:
            messages.error(request, _("“%(name)s” was not taken: very many files came within a few minutes.") % {"name": file.name})
            return
        by = Actor(ActorKind.STAFF, request.user)
        report, is_new = reports.take_in(workshop=workshop, name=file.name, data=file.read(), by=by)
        if is_new:
            tasks.work_on_report.enqueue(report.pk)
        else:
            messages.info(request, _("“%(name)s” is there already. Nothing has changed.") % {"name": file.name})


class ReportDeed(AdminPage):
    """Something that is done with one report."""

    permission = "registration.add_attendancereport"

    def report(self, pk: int) -> AttendanceReport:
        return get_object_or_404(AttendanceReport.objects.select_related("workshop", "day", "track"), pk=pk)

    def done(self, report: AttendanceReport) -> HttpResponse:
        tasks.work_on_report.enqueue(report.pk)
        return redirect("admin:registration_attendancereport_reports", report.workshop.slug)

    def overtaken(self, request: HttpRequest, report: AttendanceReport) -> HttpResponse:
        messages.info(request, _("Somebody has done something else with this report meanwhile. See what stands here now."))
        return redirect("admin:registration_attendancereport_reports", report.workshop.slug)


class AnswerPage(ReportDeed):
    """Which meeting it is of, what comes first in its dates, and by how many hours its times are moved."""

    address, name = "<int:pk>/answer/", "registration_attendancereport_answer"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        keys = {meeting.key for meeting in meetings_of(report.workshop)}
        said: dict[str, str | int] = {}
        if request.POST.get("room") in keys:
            said["room"] = request.POST["room"]
        if request.POST.get("order") in set(DateOrder):
            said["order"] = request.POST["order"]
        if (hours := _hours(request.POST.get("shift", ""))) is not None:
            said["shift"] = hours
        try:
            reports.answer(report=report, said=said, by=Actor(ActorKind.STAFF, request.user))
        except reports.ReportNotReady:
            return self.overtaken(request, report)
        return self.done(report)


def _hours(text: str) -> int | None:
    try:
        hours = int(text[:4])
    except ValueError:
        return None
    return hours if MIN_SHIFT <= hours <= MAX_SHIFT else None


class ApplyPage(ReportDeed):
    address, name = "<int:pk>/apply/", "registration_attendancereport_apply"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        try:
            reports.apply(report=report, by=Actor(ActorKind.STAFF, request.user))
        except reports.ReportNotReady:
            return self.overtaken(request, report)
        return self.done(report)


class TakeBackPage(ReportDeed):
    """Asks first: what it brought is gone afterwards."""

    address, name = "<int:pk>/take-back/", "registration_attendancereport_take_back"
    template = "admin/registration/attendance/take_back.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        return self.render(_("Take this report back?"), report=report, workshop=report.workshop)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        try:
            reports.take_back(report=report, by=Actor(ActorKind.STAFF, request.user))
        except reports.ReportNotReady:
            return self.overtaken(request, report)
        messages.success(request, _("“%(name)s” is taken back.") % {"name": report.name})
        return self.done(report)


class ConfirmPage(AdminPage):
    """Those who are ticked are who is suggested."""

    address, name = "<slug:slug>/confirm/", "registration_attendancereport_confirm"
    permission = "registration.add_attendancereport"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        keys = [key for key in request.POST.getlist("sighting")[:PAGE] if key.isdecimal() and len(key) < 19]
        chosen = Sighting.objects.to_decide().filter(pk__in=keys, day__workshop=workshop).select_related("suggested", "day__workshop")
        count = verdicts.confirm_suggested(sightings=chosen, by=Actor(ActorKind.STAFF, request.user))
        text = ngettext("%(count)s person is confirmed.", "%(count)s people are confirmed.", count)
        messages.success(request, text % {"count": grouped(count)})
        return redirect("admin:registration_attendancereport_reports", slug)
