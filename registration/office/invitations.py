"""Invitations of all desks as one list. What is done about one (withdrawing, a longer time) is done at the desk that invited."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.errors import NobodyToExport
from registration.exports.actions import ask
from registration.exports.invitations import filters_in_address
from registration.models import Export, Invitation
from registration.office.audited import AuditedAdmin
from registration.office.filters import GroupFilter, ProvinceFilter, RegionFilter, WorkshopFilter, workshop_of_list
from registration.office.found import FoundAdmin
from registration.operations import tasks
from registration.people.filters import UnknownCondition
from registration.people.found import Found, found_invitations
from registration.people.phones import phone_of
from sessions.admin.page import AdminPage, addresses
from sessions.formats import moment_short

NOTHING = "–"


class InvitationFilePage(AdminPage):
    """Orders the workbook of those whom the list with the same address shows, on all its pages; a worker makes it."""

    address, name = "file/", "registration_invitation_file"

    def is_allowed(self, request: HttpRequest) -> bool:
        return may_export(self.model_admin, request)

    def post(self, request: HttpRequest) -> HttpResponse:
        back, workshop = reverse("admin:registration_invitation_changelist"), workshop_of_list(request)
        try:
            filters = filters_in_address(request.GET.dict())
        except UnknownCondition:  # the list itself answers it so
            return redirect(f"{back}?{ERROR_FLAG}=1")
        if workshop is None:
            return redirect(f"{back}?{request.GET.urlencode()}")
        by, options = Actor(ActorKind.STAFF, request.user), {"language": get_language()}
        try:
            export, is_new = ask(workshop=workshop, kind=Export.Kind.INVITATIONS, filters=filters, options=options, by=by)
        except NobodyToExport:
            messages.warning(request, _("Nobody would be in this file."))
            return redirect(f"{back}?{request.GET.urlencode()}")
        if is_new:
            tasks.make_export.enqueue(export.pk)
        return redirect("admin:registration_export_change", export.pk)


def may_export(model_admin: admin.ModelAdmin, request: HttpRequest) -> bool:
    return model_admin.has_view_permission(request) and request.user.has_perm("registration.export_participant")


@admin.register(Invitation)
class InvitationAdmin(FoundAdmin, AuditedAdmin):
    list_display = ["shown_name", "email", "place", "shown_group", "shown_state", "invited", "until", "came_of_it"]
    list_filter = [WorkshopFilter, "state", ProvinceFilter, RegionFilter, GroupFilter]
    list_select_related = ["workshop", "quota__province", "quota__workshop", "group", "participant", "invited_by", "in_place_of"]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["email", "first_name", "last_name", "organisation"]
    search_help_text = gettext_lazy("Name, e-mail or organisation.")
    fields = (
        *("shown_name", "email", "position", "organisation", "shown_phone", "place", "shown_group", "shown_state", "instead_of"),
        *("invited", "who", "reminded", "until", "closed", "answer", "came_of_it"),
    )
    readonly_fields = fields

    def found(self, rows: QuerySet[Invitation], text: str) -> Found:
        return found_invitations(rows, text)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        shown = {"may_export": may_export(self, request), "is_of_one": workshop_of_list(request) is not None}
        return super().changelist_view(request, {**(extra_context or {}), **shown})

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, [InvitationFilePage]), *super().get_urls()]

    # The columns of the list and the lines of the page

    @admin.display(description=gettext_lazy("name"), ordering="first_name")
    def shown_name(self, invitation: Invitation) -> str:
        return invitation.name or invitation.email

    @admin.display(description=gettext_lazy("phone"))
    def shown_phone(self, invitation: Invitation) -> str:
        return phone_of(invitation) or NOTHING

    @admin.display(description=gettext_lazy("desk"), ordering="quota__province__sort_key")
    def place(self, invitation: Invitation) -> str:
        quota = invitation.quota
        return format_html('<a href="{}">{}</a>', reverse("desk_invite", args=[invitation.workshop.slug, quota.code]), quota.name)

    @admin.display(description=gettext_lazy("group"))
    def shown_group(self, invitation: Invitation) -> str:
        return str(invitation.group) if invitation.group else NOTHING

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, invitation: Invitation) -> str:
        return invitation.get_state_display()

    @admin.display(description=gettext_lazy("invited at"), ordering="created_at")
    def invited(self, invitation: Invitation) -> str:
        return moment_short(invitation.created_at)

    @admin.display(description=gettext_lazy("invited by"))
    def who(self, invitation: Invitation) -> str:
        by = invitation.invited_by
        return (by.get_full_name() or by.get_username()) if by else NOTHING

    @admin.display(description=gettext_lazy("answer until"), ordering="expires_at")
    def until(self, invitation: Invitation) -> str:
        return moment_short(invitation.expires_at)

    @admin.display(description=gettext_lazy("reminded at"))
    def reminded(self, invitation: Invitation) -> str:
        return _moment(invitation.reminded_at)

    @admin.display(description=gettext_lazy("answered, expired or withdrawn at"))
    def closed(self, invitation: Invitation) -> str:
        return _moment(invitation.closed_at)

    @admin.display(description=gettext_lazy("in place of"))
    def instead_of(self, invitation: Invitation) -> str:
        return invitation.in_place_of.full_name if invitation.in_place_of else NOTHING

    @admin.display(description=gettext_lazy("participant"))
    def came_of_it(self, invitation: Invitation) -> str:
        person = invitation.participant
        if person is None:
            return NOTHING
        return format_html('<a href="{}">{}</a>', reverse("admin:registration_participant_change", args=[person.pk]), _("To the person"))


def _moment(value: dt.datetime | None) -> str:
    return moment_short(timezone.localtime(value)) if value else NOTHING
