"""What participants tell the office about the use of their data: read, done something about, answered within thirty days."""

from typing import Any

from django.contrib import admin
from django.db.models import Field, QuerySet
from django.forms import Field as FormField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor, ActorKind
from registration.models import Objection
from registration.office.audited import AuditedAdmin
from registration.privacy.actions.objections import answer
from sessions.formats import date_long, moment_short


class AnsweredFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("Waits for an answer")), ("yes", _("Answered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(answered_at__isnull=self.value() == "no") if self.value() in ("no", "yes") else queryset


@admin.register(Objection)
class ObjectionAdmin(AuditedAdmin):
    """The message is the participant's own and stays as it is; staff write what was done about it."""

    list_display = ["sent", "person", "state", "until"]
    list_filter = [AnsweredFilter]
    show_facets = admin.ShowFacets.NEVER
    list_select_related = ["participant"]
    fields = ("sent", "person", "text", "until", "answer", "answered")
    readonly_fields = ("sent", "person", "text", "until", "answered")

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **options: Any) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and db_field.name == "answer":
            field.help_text = _(
                "The participant gets this answer by e-mail and on their page. If you change it later, it is e-mailed again."
            )
        return field

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Objection | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Objection, form: Any, change: bool) -> None:
        answer(objection=obj, text=obj.answer, by=Actor(ActorKind.STAFF, request.user))

    @admin.display(description=gettext_lazy("sent"), ordering="sent_at")
    def sent(self, objection: Objection) -> str:
        return moment_short(objection.sent_at)

    @admin.display(description=gettext_lazy("participant"))
    def person(self, objection: Objection) -> SafeString:
        url = reverse("admin:registration_participant_change", args=[objection.participant_id])
        return format_html('<a href="{}">{}</a>', url, objection.participant.full_name)

    @admin.display(description=gettext_lazy("state"), ordering="answered_at")
    def state(self, objection: Objection) -> str:
        return _("Answered") if objection.answered_at else _("Waits for an answer")

    @admin.display(description=gettext_lazy("to be answered until"), ordering="sent_at")
    def until(self, objection: Objection) -> str:
        return date_long(timezone.localdate(objection.answer_until))

    @admin.display(description=gettext_lazy("answered"))
    def answered(self, objection: Objection) -> str:
        if objection.answered_at is None:
            return "–"
        return f"{moment_short(objection.answered_at)} {objection.answered_by or ''}"
