"""Lists and pages of people in the admin: every look at them leaves a line in the audit trail."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from registration.actor import Actor, ActorKind
from registration.audit import trail
from registration.models import Invitation, Participant
from registration.office.filters import workshop_of_list
from sessions.admin.search import SearchableAdmin


def looked_at(request: HttpRequest, what: str, count: int, **about: Any) -> None:
    """Writes down that the member of staff who asks saw `count` people on the page `what`."""
    trail.record_view(by=Actor(ActorKind.STAFF, request.user), what=what, count=count, **about)


class AuditedAdmin(SearchableAdmin):
    """An admin of rows that show people. The line is called as the model: "participant list", "participant"."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            of_workshop = {"workshop": workshop_of_list(request)} if self.model in (Participant, Invitation) else {}
            count = len(changelist.result_list)
            looked_at(request, f"{self.opts.model_name} list", count, filters=request.GET.dict(), **of_workshop)
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().change_view(request, object_id, form_url, extra_context)
        shown = getattr(response, "context_data", {}).get("original")
        if shown is not None:
            person = shown if isinstance(shown, Participant) else getattr(shown, "participant", None)
            looked_at(request, str(self.opts.model_name), 1, participant=person)
        return response
