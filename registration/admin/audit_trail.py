"""The audit trail, for administrators to read. Nobody changes or deletes a line of it."""

import datetime as dt
import tempfile
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registration import audit, responses
from registration.actor import Actor
from registration.exports.affected import Breach, write_affected
from registration.forms.breach import BreachForm
from registration.history import in_words
from registration.models import AuditEvent, Event
from sessions.admin_filters import OfWorkshopListFilter
from sessions.templatetags.agenda import moment_short

#: What was looked at or taken along; a decision is called as in a person's history.
WHAT = {
    "participant list": gettext_lazy("List of participants"),
    "participant comparison": gettext_lazy("Comparison of registrations"),
    "participant": gettext_lazy("A participant"),
    "delivery list": gettext_lazy("List of e-mails"),
    "delivery": gettext_lazy("An e-mail"),
    "coordinator list": gettext_lazy("List of coordinators"),
    "coordinator": gettext_lazy("A coordinator"),
    "mail file list": gettext_lazy("List of mail files"),
    "mail file": gettext_lazy("A mail file"),
    "desk": gettext_lazy("List of a desk"),
    "desk person": gettext_lazy("A person of a desk"),
    "desk invitations": gettext_lazy("Invitations of a desk"),
    "desk nominees": gettext_lazy("Nominees of a desk"),
    "attendees": gettext_lazy("List of attendees"),
    "zoom": gettext_lazy("People for Zoom"),
    "qr codes": gettext_lazy("QR codes of people"),
    "affected": gettext_lazy("People affected by a breach"),
    "province list": gettext_lazy("Province's list of names"),
    "sign-in sheet": gettext_lazy("Sheet to sign"),
    "objection list": gettext_lazy("List of objections"),
    "objection": gettext_lazy("An objection"),
    "erased": pgettext_lazy("history", "All data of a person"),
    "anonymised": pgettext_lazy("history", "Names and addresses of a workshop's people"),
    "scrubbed": pgettext_lazy("history", "What the database still held of them"),
    "invited": pgettext_lazy("history", "Invited"),
    "invitation_withdrawn": pgettext_lazy("history", "Withdrew an invitation"),
}

KINDS = {
    "participant": gettext_lazy("Participant"),
    "coordinator": gettext_lazy("The province's coordinator"),
    "staff": gettext_lazy("NESDC staff"),
    "system": gettext_lazy("The portal"),
}


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("as")
    parameter_name = "actor_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, str(words)) for kind, words in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    list_display = ["when", "who", "shown_kind", "verb", "shown_what", "shown_workshop", "place", "count", "filters", "participant_key"]
    list_filter = ["verb", KindFilter, ("workshop", OfWorkshopListFilter)]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["actor", "workshop", "quota__province"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["actor__username", "actor__first_name", "what", "=participant_key", "=request_id"]
    search_help_text = gettext_lazy("Who, what, the number of a participant or of a request.")
    fields = (
        "when",
        "who",
        "shown_kind",
        "verb",
        "shown_what",
        "shown_workshop",
        "place",
        "count",
        "filters",
        "participant_key",
        "request_id",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.affected)
        return [path("affected/", view, name="registration_auditevent_affected"), *super().get_urls()]

    def affected(self, request: HttpRequest) -> HttpResponseBase:
        """Whom a breach may have affected: asks when and where, and gives the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        form = BreachForm(request.POST) if request.method == "POST" else BreachForm.of_last_days(now)
        if form.is_bound and form.is_valid():
            if breach := form.breach():
                return self._file(request, breach, now)
            form.add_error("code", _("This workshop has no seats for that province."))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Who was affected by a breach?"), "form": form}
        return TemplateResponse(request, "admin/registration/auditevent/affected.html", context)

    def _file(self, request: HttpRequest, breach: Breach, at: dt.datetime) -> HttpResponseBase:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        count = write_affected(file, breach)
        told = {
            "since": breach.since.isoformat(),
            "until": breach.until.isoformat(),
            "account": str(breach.account.pk if breach.account else ""),
        }
        audit.record_taking(
            by=Actor("staff", request.user),
            what="affected",
            count=count,
            workshop=breach.workshop,
            quota=breach.quota,
            narrowed=told,
            at=at,
        )
        return responses.xlsx(file, f"affected-{breach.workshop.slug}-{timezone.localdate(at):%Y-%m-%d}.xlsx")

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, line: AuditEvent) -> str:
        return moment_short(line.at)

    @admin.display(description=pgettext_lazy("audit", "who"), ordering="actor__username")
    def who(self, line: AuditEvent) -> str:
        return line.actor.get_username() if line.actor else "–"

    @admin.display(description=gettext_lazy("as"))
    def shown_kind(self, line: AuditEvent) -> str:
        return str(KINDS.get(line.actor_kind, line.actor_kind))

    @admin.display(description=pgettext_lazy("audit", "what"), ordering="what")
    def shown_what(self, line: AuditEvent) -> str:
        return what_in_words(line)

    @admin.display(description=gettext_lazy("workshop"))
    def shown_workshop(self, line: AuditEvent) -> str:
        return line.workshop.slug if line.workshop else "–"

    @admin.display(description=gettext_lazy("place"))
    def place(self, line: AuditEvent) -> str:
        return line.quota.name if line.quota else "–"

    @admin.display(description=gettext_lazy("filter"))
    def filters(self, line: AuditEvent) -> str:
        return filters_in_words(line)


def what_in_words(line: AuditEvent) -> str:
    """What was looked at, taken along or decided."""
    if line.what in WHAT:
        return str(WHAT[line.what])
    return in_words(Event(verb=line.what))


def filters_in_words(line: AuditEvent) -> str:
    narrowed: dict[str, Any] = line.narrowed
    return ", ".join(f"{name}={value}" for name, value in narrowed.items()) or "–"
