"""Which columns the list of participants has: staff choose, and the portal remembers for as long as they are signed in."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from sessions.admin.page import AdminPage

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


def chosen_columns(request: HttpRequest, usual: Sequence[Any]) -> list[str]:
    """The chosen ones, in the order of COLUMNS; the `usual` ones until somebody chooses."""
    chosen = request.session.get(SESSION_KEY)
    return [name for name in COLUMNS if name in (usual if chosen is None else chosen)]


class ColumnsPage(AdminPage):
    """Nothing ticked brings the usual columns back."""

    address, name = "columns/", "registration_participant_columns"
    permission = "registration.view_participant"

    def post(self, request: HttpRequest) -> HttpResponse:
        request.session[SESSION_KEY] = [name for name in COLUMNS if name in request.POST.getlist("columns")] or None
        listed = QueryDict(request.POST.get("listed", ""), mutable=True)
        listed.pop("o", None)  # it counts columns
        address = reverse("admin:registration_participant_changelist")
        return redirect(f"{address}?{listed.urlencode()}" if listed else address)
