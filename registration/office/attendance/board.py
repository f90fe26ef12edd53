"""The office's board of attendance: days, places, groups and tracks; entries by hand, doubts of participants, who is coming just now."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.attendance import kept, live
from registration.attendance.actions import entries, objections
from registration.attendance.actions import settings as setting_actions
from registration.attendance.figures import Turnout
from registration.attendance.meetings import programmes_of, settings_of
from registration.exports import actions as export_actions
from registration.models import (
    Attendance,
    AttendanceDoubt,
    AttendanceSettings,
    AttendanceStop,
    CheckIn,
    Export,
    KeptFigures,
    Participant,
    Quota,
)
from registration.models.province import Region
from registration.office.audited import looked_at
from registration.office.kept import figures_for
from registration.office.paging import MAX_ROWS
from registration.operations import tasks
from registration.zoom.presence import in_now
from sessions.admin.page import AdminPage
from sessions.admin.seen import SeenForm
from sessions.models import Track, Workshop, WorkshopDay

_BY = ("place", "group", "track")
_SORTS = ("name", "share")
#: So many wait for an answer on one page, those who wait longest first.
MAX_DOUBTS = 50


class BoardPage(AdminPage):
    """Days first, then places (or groups, or tracks) with came and confirmed of each day."""

    address, name = "<slug:slug>/", "registration_attendance_board"
    permission = "registration.view_attendance"
    template = "admin/registration/attendance/board.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        days = list(workshop.days.filter(is_cancelled=False))
        by = request.GET.get("by", "") if request.GET.get("by") in _BY else "place"
        sort = request.GET.get("sort", "") if request.GET.get("sort") in _SORTS else "name"
        region = request.GET.get("region", "") if request.GET.get("region") in Region.values else ""
        figures = figures_for(workshop, KeptFigures.Subject.ATTENDANCE)
        of_day = kept.turnouts(figures, "days")
        doubts = list(_open_doubts(workshop)[:MAX_DOUBTS])
        if doubts:
            looked_at(request, "attendance doubts", len(doubts), workshop=workshop)
        return self.render(
            _("Attendance"),
            workshop=workshop,
            kept=figures,
            days=[(day, of_day[day.pk]) for day in days],
            counted=sum(of_day[day.pk].is_counted for day in days),
            by=by, sort=sort, region=region, regions=Region.choices,
            rows=self._rows(workshop, figures, days, by, sort, region),
            tracks=_tracks(workshop, figures) if by == "track" else [],
            doubts=doubts, most_doubts=MAX_DOUBTS,
            settings=settings_of(workshop),
        )  # fmt: skip

    def _rows(
        self, workshop: Workshop, figures: KeptFigures, days: list[WorkshopDay], by: str, sort: str, region: str
    ) -> list[dict[str, Any]]:
        if by == "track":
            return []
        found = kept.turnout_rows(figures, by)
        if by == "group":
            named = [(group.pk, str(group), "") for group in workshop.groups.all()]
        else:
            quotas = Quota.objects.filter(workshop=workshop).seats().select_related("province").in_thai_order()
            named = [(q.pk, q.name, q.code) for q in quotas if not region or (q.province and q.province.region == region)]
        rows = [
            {"name": label, "code": code, "row": found[key], "days": [found[key].by_day[day.pk] for day in days]}
            for key, label, code in named if key in found
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row["row"].share) if sort == "share" else rows


def _tracks(workshop: Workshop, figures: KeptFigures) -> list[tuple[Track, Turnout]]:
    found = kept.turnouts(figures, "track")
    tracks = Track.objects.filter(item__day__workshop=workshop, item__day__is_cancelled=False).select_related("item__day")
    return [(track, found[track.pk]) for track in tracks.order_by("item__day__date", "item__starts_at", "number")]


def _open_doubts(workshop: Workshop) -> Any:
    """Two queries, which read the open ones alone."""
    keys = list(AttendanceDoubt.objects.open().order_by("sent_at").values_list("pk", flat=True)[:MAX_ROWS])
    return AttendanceDoubt.objects.filter(pk__in=keys, participant__workshop=workshop).select_related("participant__quota__province")


class LivePage(AdminPage):
    """On the day: who has pressed the button to join, by place."""

    address, name = "<slug:slug>/live/", "registration_attendance_live"
    permission = "registration.view_attendance"
    template = "admin/registration/attendance/live.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        day = live.day_on(workshop, timezone.localdate())
        figures = figures_for(workshop, KeptFigures.Subject.ATTENDANCE)
        found = kept.coming(figures, day) if day else []
        quotas = Quota.objects.select_related("province").in_bulk([key for key, _confirmed, _pressed in found])
        rows: list[dict[str, Any]] = [
            {"quota": quotas[key], "confirmed": confirmed, "pressed": pressed} for key, confirmed, pressed in found if key in quotas
        ]  # fmt: skip
        now = in_now(day) if day and settings.ZOOM_WEBHOOK_SECRET else None
        for row in rows:
            row["in_now"] = now.by_quota.get(row["quota"].pk, 0) if now else 0
        groups = [(group, now.by_group.get(group.pk, 0)) for group in workshop.groups.all()] if now else []
        return self.render(
            _("Who is coming just now"), in_now=now, groups=groups,
            workshop=workshop, day=day, kept=figures, rows=rows, last=live.last_press(day) if day else None,
            pressed=sum(row["pressed"] for row in rows), confirmed=sum(row["confirmed"] for row in rows),
        )  # fmt: skip


class EntryForm(forms.Form):
    minutes = forms.IntegerField(label=gettext_lazy("minutes"), min_value=0, max_value=24 * 60)
    reason = forms.CharField(
        label=gettext_lazy("reason"), max_length=300, help_text=gettext_lazy("The participant and their province can ask for it.")
    )


class EntryPage(AdminPage):
    """Minutes of one person on one day, entered by hand."""

    address, name = "person/<int:pk>/day/<int:day_id>/", "registration_attendance_entry"
    permission = "registration.change_attendance"
    template = "admin/registration/attendance/entry.html"

    def get(self, request: HttpRequest, pk: int, day_id: int) -> HttpResponse:
        person, day = self._found(pk, day_id)
        row = Attendance.objects.filter(participant=person, day=day, track=None).first()
        initial = {"minutes": row.minutes, "reason": row.entered_reason} if row else {}
        return self._asked(person, day, EntryForm(initial=initial))

    def post(self, request: HttpRequest, pk: int, day_id: int) -> HttpResponse:
        person, day = self._found(pk, day_id)
        by, to_person = Actor(ActorKind.STAFF, request.user), redirect(self.person_url(person))
        if "remove" in request.POST:
            entries.remove_entry(participant=person, day=day, by=by)
            messages.success(request, _("The entry is removed. What the reports say counts again."))
            return to_person
        form = EntryForm(request.POST)
        if not form.is_valid():
            return self._asked(person, day, form)
        try:
            entries.enter_minutes(participant=person, day=day, by=by, **form.cleaned_data)
            messages.success(request, _("Saved. It counts whatever the reports say."))
        except entries.AttendanceStopped:
            messages.warning(request, _("Not saved: the attendance of this person is not used, at their wish."))
        return to_person

    def person_url(self, person: Participant) -> str:
        return reverse("admin:registration_attendance_person", args=[person.pk])

    def _found(self, pk: int, day_id: int) -> tuple[Participant, WorkshopDay]:
        person = get_object_or_404(Participant.objects.select_related("workshop"), pk=pk, anonymised_at=None)
        days = WorkshopDay.objects.select_related("workshop").prefetch_related("items__tracks")
        return person, get_object_or_404(days, pk=day_id, workshop=person.workshop_id)

    def _asked(self, person: Participant, day: WorkshopDay, form: EntryForm) -> HttpResponse:
        looked_at(self.request, "attendance of a person", 1, participant=person)
        row = Attendance.objects.filter(participant=person, day=day, track=None).select_related("entered_by").first()
        whole = programmes_of(day, settings_of(person.workshop).counts_breaks)[0].minutes
        return self.render(_("Minutes by hand"), person=person, workshop=person.workshop, day=day, form=form, row=row, programme=whole)


class PersonAttendancePage(AdminPage):
    """Everything that is known of one person's attendance, and the way to enter it by hand."""

    address, name = "person/<int:pk>/", "registration_attendance_person"
    permission = "registration.view_attendance"
    template = "admin/registration/attendance/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        people = Participant.objects.select_related("workshop", "quota__province")
        person = get_object_or_404(people, pk=pk, anonymised_at=None)
        looked_at(request, "attendance of a person", 1, participant=person)
        stop = AttendanceStop.objects.filter(participant=person).select_related("by").first()
        rows = {row.day_id: row for row in person.attendances.filter(track=None).select_related("entered_by")}
        check_ins = {one.day_id: one for one in CheckIn.objects.standing().filter(participant=person).select_related("by")}
        return self.render(
            _("Attendance of %(name)s") % {"name": person.full_name},
            person=person,
            workshop=person.workshop,
            days=[(day, rows.get(day.pk), check_ins.get(day.pk)) for day in person.workshop.days.filter(is_cancelled=False)],
            tracks=person.attendances.filter(track__isnull=False).select_related("track__item__day"),
            sightings=person.sightings.select_related("day", "track", "decided_by").order_by("day__date", "pk"),
            doubts=person.attendance_doubts.all(),
            stop=stop,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whether the attendance of this person is used, as they wish."""
        person = get_object_or_404(Participant.objects.select_related("workshop"), pk=pk, anonymised_at=None)
        if not request.user.has_perm("registration.change_attendance"):
            raise PermissionDenied
        by, deed = Actor(ActorKind.STAFF, request.user), request.POST.get("deed", "")
        if deed == "stop" and objections.stop_using(participant=person, by=by):
            messages.success(request, _("The attendance of this person is not used any more. Certificates that are out stay as they are."))
        elif deed == "again" and objections.use_again(participant=person, by=by):
            messages.success(request, _("The attendance of this person is used again."))
        return redirect("admin:registration_attendance_person", person.pk)


class DoubtAnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("answer"), max_length=1000)


class DoubtPage(AdminPage):
    """Answers a participant who says that their minutes are wrong."""

    address, name = "doubt/<int:pk>/", "registration_attendance_doubt"
    permission = "registration.change_attendance"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        doubt = get_object_or_404(AttendanceDoubt.objects.select_related("participant__workshop"), pk=pk)
        form = DoubtAnswerForm(request.POST)
        if not form.is_valid():
            messages.warning(request, _("Write an answer first: the participant reads it on their page."))
        elif entries.settle_doubt(doubt=doubt, answer=form.cleaned_data["answer"], by=Actor(ActorKind.STAFF, request.user)):
            messages.success(request, _("Answered. The participant reads it on their page."))
        else:
            messages.info(request, _("Somebody has answered it meanwhile."))
        return redirect("admin:registration_attendance_board", doubt.participant.workshop.slug)


class GuestsPage(AdminPage):
    """Orders the workbook of those who came without being expected; a worker makes it, and who takes it is written down."""

    address, name = "<slug:slug>/guests/", "registration_attendance_guests"
    permission = "registration.export_participant"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        export, is_new = export_actions.ask(workshop=workshop, kind=Export.Kind.GUESTS, filters={}, by=Actor(ActorKind.STAFF, request.user))
        if is_new:
            tasks.make_export.enqueue(export.pk)
        return redirect("admin:registration_export_change", export.pk)


class SettingsForm(SeenForm):
    class Meta:
        model = AttendanceSettings
        fields = ("counts_breaks", "file_days")


class SettingsPage(AdminPage):
    address, name = "<slug:slug>/settings/", "registration_attendance_settings"
    permission = "registration.change_attendance"
    template = "admin/registration/attendance/settings.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        return self.render(_("How minutes are counted"), workshop=workshop, form=SettingsForm(instance=settings_of(workshop)))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        form = SettingsForm(request.POST, instance=settings_of(workshop))
        if not form.is_valid():
            return self.render(_("How minutes are counted"), workshop=workshop, form=form)
        by = Actor(ActorKind.STAFF, request.user)
        for day in setting_actions.set_settings(workshop=workshop, by=by, **form.cleaned_data):
            tasks.count_attendance_anew.enqueue(day)
        messages.success(request, _("Saved. Days that are counted already are counted anew in a moment."))
        return redirect("admin:registration_attendance_board", slug)
