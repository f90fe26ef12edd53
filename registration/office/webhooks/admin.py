"""Webhooks in the admin: which systems are told of what, how it goes, and what was sent last."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registration.actor import Actor, ActorKind
from registration.models import WebhookDelivery, WebhookEndpoint
from registration.office.webhooks import words
from registration.office.webhooks.forms import WebhookForm
from registration.office.webhooks.pages import PAGES, context_of
from registration.webhooks.actions import endpoints
from sessions.admin.page import addresses
from sessions.admin.seen import SeenAdmin
from sessions.formats import local_digits, moment_short

_WAITING = Count("deliveries", filter=Q(deliveries__state=WebhookDelivery.State.WAITING))


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(SeenAdmin):
    """What is typed is left to the actions that write it. None is deleted: what was told to whom stays known until it is put away."""

    form = WebhookForm
    list_display = ["name", "of_workshop", "shown_state", "last_taken", "waiting"]
    list_select_related = ["workshop"]
    fields = ["name", "url", "workshop", "events"]
    change_form_template = "admin/registration/webhooks/change_form.html"

    class Media:
        css = {"all": ["css/admin-mail.css", "css/admin-webhooks.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Webhooks")})

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        return super().get_queryset(request).annotate(waiting_now=_WAITING)

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        may_change = self.has_change_permission(request, obj) if obj else True
        return self.fields if may_change else ["name", "url", "of_workshop", "told"]

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        return [] if obj is None or self.has_change_permission(request, obj) else ["of_workshop", "told"]

    def has_delete_permission(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, PAGES), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        by = Actor(ActorKind.STAFF, request.user)
        if change:
            endpoints.change(endpoint=obj, values={name: form.cleaned_data[name] for name in form.changed_data}, by=by)
        else:
            made = endpoints.add(**form.cleaned_data, by=by)
            obj.pk = made.pk

    def response_add(self, request: HttpRequest, obj: WebhookEndpoint, post_url_continue: str | None = None) -> HttpResponse:
        """On to its page, where the secret and the test are."""
        messages.success(request, _("Added. Give the receiver its secret, and send a test."))
        return redirect("admin:registration_webhookendpoint_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        endpoint = self.get_object(request, object_id)
        context = extra_context or {}
        if endpoint and self.has_view_permission(request, endpoint):
            context |= context_of(endpoint, timezone.now()) | {"may_change": self.has_change_permission(request, endpoint)}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("workshop"), ordering="workshop")
    def of_workshop(self, endpoint: WebhookEndpoint) -> str:
        return str(endpoint.workshop or _("All workshops"))

    @admin.display(description=gettext_lazy("What it is told"))
    def told(self, endpoint: WebhookEndpoint) -> str:
        return " · ".join(endpoint.events_in_words())

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, endpoint: WebhookEndpoint) -> SafeString:
        return words.shown_state(endpoint)

    @admin.display(description=gettext_lazy("last taken"), ordering="last_taken_at")
    def last_taken(self, endpoint: WebhookEndpoint) -> str:
        return moment_short(endpoint.last_taken_at) if endpoint.last_taken_at else "–"

    @admin.display(description=pgettext_lazy("webhook", "waiting"), ordering="waiting_now")
    def waiting(self, endpoint: Any) -> str:
        return local_digits(endpoint.waiting_now)
