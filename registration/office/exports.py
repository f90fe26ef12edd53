"""Files that staff take along: asked for on one page, watched on another, taken until they expire. Everybody sees their own."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.choices import SEAT_HOLDING
from registration.errors import NobodyToExport, TooManyOnPaper
from registration.exports import actions as export_actions
from registration.exports import invitations
from registration.exports.affected import Breach
from registration.exports.audience import MAX_ON_PAPER
from registration.models import Certificate, Evaluation, Export, ExportProfile
from registration.office.forms.export import CertificatesForm, CodesForm, ExportProfileForm, ListForm, SignInForm
from registration.office.report.pages import ReportPage, may_take_reports
from registration.operations import tasks
from registration.people import filters
from registration.people.text import is_key
from registration.report.files import FORMATS, one_of
from sessions.admin.page import AdminPage, addresses
from sessions.formats import grouped, moment_short
from sessions.models import Workshop


class ExportingAdmin(admin.ModelAdmin):
    """Pages for whoever may take people along."""

    def _may_export(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.export_participant")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_export(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_export(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


@admin.register(ExportProfile)
class ExportProfileAdmin(ExportingAdmin):
    """Columns under a name; all of the office share them."""

    form = ExportProfileForm
    list_display = ["name", "shown_columns"]

    @admin.display(description=gettext_lazy("columns"))
    def shown_columns(self, profile: ExportProfile) -> int:
        return len(profile.columns)


@admin.register(Export)
class ExportAdmin(ExportingAdmin):
    list_display = ["shown_kind", "workshop", "asked", "shown_people", "shown_state", "expires", "downloads"]
    list_select_related = ["workshop", "created_by"]
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*self.list_display, *(["created_by"] if _oversees(request) else [])]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        found = super().get_queryset(request)
        if not _may_read_trail(request):
            found = found.exclude(kind=Export.Kind.AFFECTED)
        if not self._may_export(request):
            found = found.filter(kind=Export.Kind.AFFECTED)
        if not _may_see_certificates(request):
            found = found.exclude(kind=Export.Kind.CERTIFICATES)
        if not may_take_reports(request):
            found = found.exclude(kind=Export.Kind.REPORT)
        if not request.user.has_perm("registration.view_invitation"):
            found = found.exclude(kind=Export.Kind.INVITATIONS)
        return found if _oversees(request) else found.filter(created_by=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_export(request) or _may_read_trail(request)

    has_delete_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def delete_model(self, request: HttpRequest, obj: Export) -> None:
        export_actions.discard(export=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Export]) -> None:
        for export in queryset:
            export_actions.discard(export=export)

    # The columns of the list

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def shown_kind(self, export: Export) -> str:
        return export.get_kind_display()

    @admin.display(description=gettext_lazy("asked for"), ordering="pk")
    def asked(self, export: Export) -> str:
        return moment_short(export.created_at)

    @admin.display(description=gettext_lazy("people"), ordering="people")
    def shown_people(self, export: Export) -> str:
        return grouped(export.people)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, export: Export) -> str:
        return format_html('<span class="export-state export-{}">{}</span>', export.state, export.get_state_display())

    @admin.display(description=gettext_lazy("expires"), ordering="expires_at")
    def expires(self, export: Export) -> str:
        return moment_short(export.expires_at) if export.expires_at else "–"

    # Pages

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, [ExportFilePage, ReportPage]), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        workshop = _workshop(request)
        if workshop is None:
            self.message_user(request, _("There is no workshop yet."), messages.WARNING)
            return redirect("admin:registration_export_changelist")
        try:
            list_filters = filters.filters_in_address(request.GET.dict())
        except filters.UnknownCondition:
            text = _("A file cannot be filtered in that way. Select the people in the list instead.")
            self.message_user(request, text, messages.ERROR)
            return redirect("admin:registration_export_changelist")
        forms = _forms(request, workshop)
        asked = forms.get(request.POST.get("make", ""))
        if asked is not None and asked.is_valid() and (made := self._ask(request, workshop, list_filters, asked.wanted())):
            return redirect("admin:registration_export_change", made.pk)
        return self._offered(request, workshop, list_filters, forms)

    def _offered(self, request: HttpRequest, workshop: Workshop, list_filters: dict[str, str], forms: dict[str, Any]) -> HttpResponse:
        people = filters.filtered(workshop, list_filters).aggregate(
            all=Count("pk", distinct=True), seated=Count("pk", distinct=True, filter=Q(state__in=SEAT_HOLDING))
        )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Export people"),
            "workshop": workshop,
            "others": Workshop.objects.to_choose().exclude(pk=workshop.pk),
            "people": people,
            "filters": filters.in_words(workshop, list_filters),
            "of_list": urlencode({"workshop": workshop.slug, **list_filters}),
            "forms": forms,
        }
        return TemplateResponse(request, "admin/registration/export/add.html", context)

    def _ask(self, request: HttpRequest, workshop: Workshop, chosen: dict[str, str], wanted: dict[str, Any]) -> Export | None:
        try:
            export, is_new = export_actions.ask(workshop=workshop, filters=chosen, by=Actor(ActorKind.STAFF, request.user), **wanted)
        except NobodyToExport:
            self.message_user(request, _("Nobody would be in this file."), messages.WARNING)
        except TooManyOnPaper as error:
            text = _("These are %(people)s people, and at most %(most)s can be printed. Choose a province or a region in the list first.")
            numbers = {"people": grouped(error.people), "most": grouped(MAX_ON_PAPER)}
            self.message_user(request, text % numbers, messages.ERROR)
        else:
            if is_new:
                tasks.make_export.enqueue(export.pk)
            return export
        return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        export = _own(self, request, object_id)
        context = {"export": export, "opts": self.opts, "is_there": export.is_there(timezone.now()), "again": _again(export)}
        context["formats"] = FORMATS if export.kind == Export.Kind.REPORT else ()
        if request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, "admin/registration/export/_progress.html", context)
        context |= {
            **self.admin_site.each_context(request),
            "title": export.get_kind_display(),
            "filters": _of_whom(export),
        }
        return TemplateResponse(request, "admin/registration/export/progress.html", context)


class ExportFilePage(AdminPage):
    """The finished file, each time with a line in the audit trail."""

    address = "<int:pk>/file/"
    name = "registration_export_file"

    def is_allowed(self, request: HttpRequest) -> bool:
        return self.model_admin.has_view_permission(request)

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        export, by = _own(self.model_admin, request, str(pk)), Actor(ActorKind.STAFF, request.user)
        suffix = request.POST.get("format", "") if export.kind == Export.Kind.REPORT else ""
        suffix = suffix if suffix in FORMATS else ""
        try:
            file: Any = export_actions.take(export=export, by=by)
            if suffix:
                with file as archive:
                    file = one_of(archive, suffix)
        except FileNotFoundError:
            messages.warning(request, _("This file is no longer available. Please request it again."))
            return redirect("admin:registration_export_change", pk)
        return FileResponse(file, as_attachment=True, filename=export_actions.file_name(export, suffix))


def _own(model_admin: admin.ModelAdmin, request: HttpRequest, key: str) -> Export:
    """The export, for who asked for it or oversees them. Raises PermissionDenied, Http404."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if not is_key(key):
        raise Http404
    export: Export = get_object_or_404(model_admin.get_queryset(request).select_related("workshop", "created_by"), pk=key)
    return export


def _may_read_trail(request: HttpRequest) -> bool:
    return request.user.has_perm("registration.view_auditevent")


def _may_see_certificates(request: HttpRequest) -> bool:
    return request.user.has_perm("registration.view_certificate")


def _again(export: Export) -> str:
    if export.kind == Export.Kind.AFFECTED:
        return reverse("admin:registration_auditevent_affected")
    if export.kind == Export.Kind.ANSWERS:
        return reverse("admin:registration_evaluation_one", args=[export.options["evaluation"]])
    if export.kind == Export.Kind.GUESTS:
        return reverse("admin:registration_attendance_board", args=[export.workshop.slug])
    if export.kind == Export.Kind.REPORT:
        return reverse("admin:registration_export_report", args=[export.workshop.slug])
    address = urlencode({"workshop": export.workshop.slug, **export.filters})
    page = "invitation_changelist" if export.kind == Export.Kind.INVITATIONS else "export_add"
    return f"{reverse(f'admin:registration_{page}')}?{address}"


def _of_whom(export: Export) -> list[str]:
    if export.kind == Export.Kind.AFFECTED:
        return Breach.of(export).in_words()
    if export.kind == Export.Kind.ANSWERS:
        return [str(title) for title in Evaluation.objects.filter(pk=export.options["evaluation"])]
    if export.kind == Export.Kind.REPORT:
        return [_("List of those who came")]
    if export.kind == Export.Kind.INVITATIONS:
        return invitations.in_words(export.workshop, export.filters)
    return filters.in_words(export.workshop, export.filters)


def _oversees(request: HttpRequest) -> bool:
    return request.user.has_perm("registration.oversee_exports")


def _workshop(request: HttpRequest) -> Workshop | None:
    """The workshop that the address names, else the current one, else the newest. Raises Http404."""
    if slug := request.GET.get("workshop"):
        return get_object_or_404(Workshop, slug=slug)
    return Workshop.objects.current().first() or Workshop.objects.order_by("-pk").first()


def _forms(request: HttpRequest, workshop: Workshop) -> dict[str, Any]:
    sent = request.POST.get("make", "") if request.method == "POST" else ""
    data = {name: request.POST if sent == name else None for name in ("list", "sign_in", "codes", "certificates")}
    forms = {
        "list": ListForm(data["list"], prefix="list", label_suffix=""),
        "sign_in": SignInForm(data["sign_in"], prefix="sign_in", workshop=workshop, label_suffix=""),
        "codes": CodesForm(data["codes"], prefix="codes", label_suffix=""),
    }
    if _may_see_certificates(request) and Certificate.objects.given_out().filter(workshop=workshop).exists():
        forms["certificates"] = CertificatesForm(data["certificates"], prefix="certificates", label_suffix="")
    return forms
