"""The audit trail, for administrators to read. Nobody changes or deletes a line of it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registration.actor import Actor, ActorKind
from registration.audit import found
from registration.audit.words import filters_in_words, kind_in_words, what_in_words
from registration.errors import NobodyToExport
from registration.exports import actions as export_actions
from registration.exports.affected import Breach
from registration.models import AuditEvent, Export
from registration.office.forms.breach import BreachForm
from registration.office.found import FoundAdmin
from registration.operations import tasks
from sessions.admin.filters import OfWorkshopListFilter
from sessions.admin.page import AdminPage, addresses
from sessions.formats import language, moment_short


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("as")
    parameter_name = "actor_kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, str(words)) for kind, words in ActorKind.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


class AffectedPage(AdminPage):
    """Asks for the file of those who were affected by a breach."""

    address = "affected/"
    name = "registration_auditevent_affected"
    permission = "registration.view_auditevent"
    template = "admin/registration/auditevent/affected.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(BreachForm.of_last_days(timezone.now()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BreachForm(request.POST)
        if form.is_valid():
            if not (breach := form.breach()):
                form.add_error("code", _("This workshop has no seats for that province."))
            elif export := self._ask(breach):
                return redirect("admin:registration_export_change", export.pk)
        return self._page(form)

    def _page(self, form: BreachForm) -> HttpResponse:
        return self.render(_("Who was affected by a breach?"), form=form)

    def _ask(self, breach: Breach) -> Export | None:
        by, options = Actor(ActorKind.STAFF, self.request.user), breach.options(language())
        try:
            export, is_new = export_actions.ask(workshop=breach.workshop, kind=Export.Kind.AFFECTED, filters={}, by=by, options=options)
        except NobodyToExport:
            messages.warning(self.request, _("Nobody would be in this file."))
            return None
        if is_new:
            tasks.make_export.enqueue(export.pk)
        return export


@admin.register(AuditEvent)
class AuditEventAdmin(FoundAdmin):
    list_display = [
        *("when", "who", "shown_kind", "verb", "shown_what", "shown_workshop", "place", "count", "shown_filters", "participant_key"),
    ]
    list_filter = ["verb", KindFilter, ("workshop", OfWorkshopListFilter)]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["actor", "workshop", "quota__province"]
    list_per_page = 100
    search_fields = ["actor", "what", "participant_key", "request_id"]
    #: Two million lines in another order would be sorted for each page.
    sortable_by = ["when"]
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
        "shown_filters",
        "participant_key",
        "request_id",
    )
    readonly_fields = fields

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        filters = {name: values[0] for name, values in request.GET.lists() if values[0] and len(values) == 1}
        request.found = found.found_lines(queryset, search_term, filters)  # type: ignore[attr-defined]
        return request.found.rows, False  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, [AffectedPage]), *super().get_urls()]

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, line: AuditEvent) -> str:
        return moment_short(line.at)

    @admin.display(description=pgettext_lazy("audit", "who"), ordering="actor__username")
    def who(self, line: AuditEvent) -> str:
        return line.actor.get_username() if line.actor else "–"

    @admin.display(description=gettext_lazy("as"))
    def shown_kind(self, line: AuditEvent) -> str:
        return kind_in_words(line)

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
    def shown_filters(self, line: AuditEvent) -> str:
        return filters_in_words(line)
