"""Which columns the list of participants has: staff choose, and the portal remembers for as long as they are signed in."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy

SESSION_KEY = "participant_columns"

#: What may stand beside the name, in this order.
COLUMNS: dict[str, Any] = {
    "code": gettext_lazy("code"),
    "province": gettext_lazy("province"),
    "organisation": gettext_lazy("organisation"),
    "position": gettext_lazy("position"),
    "state": gettext_lazy("state"),
    "shown_group": gettext_lazy("stakeholder group"),
    "email": gettext_lazy("e-mail"),
    "shown_phone": gettext_lazy("phone"),
    "language": gettext_lazy("language"),
    "days_count": gettext_lazy("days"),
    "listed_tracks": gettext_lazy("tracks"),
    "registered": gettext_lazy("registered at"),
}


class ColumnsMixin(admin.ModelAdmin):
    """A list whose columns are chosen; `list_display` is what it has until then."""

    def chosen_columns(self, request: HttpRequest) -> list[str]:
        chosen = request.session.get(SESSION_KEY)
        return [name for name in COLUMNS if name in (self.list_display if chosen is None else chosen)]

    def get_urls(self) -> list[URLPattern]:
        columns = path("columns/", self.admin_site.admin_view(self.choose_columns), name="registration_participant_columns")
        return [columns, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        chosen = self.chosen_columns(request)
        columns = [(name, words, name in chosen) for name, words in COLUMNS.items()]
        return super().changelist_view(request, {**(extra_context or {}), "columns": columns})

    def choose_columns(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        request.session[SESSION_KEY] = [name for name in COLUMNS if name in request.POST.getlist("columns")] or None
        listed = QueryDict(request.POST.get("listed", ""), mutable=True)
        listed.pop("o", None)  # it counts columns
        address = reverse("admin:registration_participant_changelist")
        return redirect(f"{address}?{listed.urlencode()}" if listed else address)
