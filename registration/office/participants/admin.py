"""Who comes: finding people, seeing all about one of them, taking the list along. Changes go through actions."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.models import Participant
from registration.office import anonymisation, clock, qr_codes, rehearsal, workshops, zoom, zoom_webinars
from registration.office.audited import AuditedAdmin
from registration.office.filters import (
    AttendanceFilter,
    DayFilter,
    DuplicateFilter,
    GroupFilter,
    LinkFilter,
    ProvinceFilter,
    RegionFilter,
    TrackFilter,
    WorkshopFilter,
    workshop_of_list,
)
from registration.office.found import FoundAdmin
from registration.office.participants import commands
from registration.office.participants.by_hand import ByHandPage
from registration.office.participants.columns import COLUMNS, ColumnsPage, chosen_columns
from registration.office.participants.comparison import ComparePage, compare_link, compare_them
from registration.office.participants.correction import correct_email
from registration.office.participants.erasure import erase_them
from registration.office.participants.find import FindPage
from registration.office.person.page import PAGES as person_pages
from registration.people import filters, phones
from registration.people.found import Found, found_people
from sessions.admin.page import AdminPage, addresses
from sessions.formats import moment_short
from sessions.models import Workshop


@admin.register(Participant)
class ParticipantAdmin(FoundAdmin, AuditedAdmin):
    """Everyone who registered. What actions own is shown, never edited here."""

    list_display = ["shown_name", "province", "organisation", "state", "shown_group", "days_count", "registered"]
    list_filter = [
        WorkshopFilter,
        "state",
        RegionFilter,
        ProvinceFilter,
        GroupFilter,
        DayFilter,
        TrackFilter,
        AttendanceFilter,
        LinkFilter,
        DuplicateFilter,
    ]
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    ordering = ["sort_key", "pk"]
    search_fields = ["first_name", "last_name", "email", "code", "organisation", "phone"]
    search_help_text = gettext_lazy("Name, e-mail, code, organisation or phone, or parts of them.")
    actions = [*commands.COMMANDS, compare_them, "export_attendees", correct_email, erase_them]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        compared: list[Any] = ["email", "shown_phone", compare_link] if request.GET.get(DuplicateFilter.parameter_name) else []
        return list(dict.fromkeys(["shown_name", *chosen_columns(request, self.list_display), *compared]))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        by_phone = ["phone"] if request.GET.get(DuplicateFilter.parameter_name) == "phone" else []
        return [*by_phone, "sort_key", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        days = Participant.days.through.objects.filter(participant=OuterRef("pk")).order_by().values("participant")
        count = Subquery(days.annotate(n=Count("*")).values("n"))  # type: ignore[misc] # the stubs know no annotations here
        known = super().get_queryset(request).filter(anonymised_at=None)
        people = known.annotate(days_count=count).select_related("workshop", "quota__province", "group")
        return people.prefetch_related("choices__track") if "listed_tracks" in chosen_columns(request, self.list_display) else people

    def found(self, rows: QuerySet[Participant], text: str) -> Found:
        return found_people(rows, text)

    def has_change_permission(self, request: HttpRequest, obj: Participant | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Participant | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return commands.may_decide(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.export_participant")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.delete_participant")

    # The columns of the list and the lines of the page

    @admin.display(description=gettext_lazy("name"), ordering="sort_key")
    def shown_name(self, person: Participant) -> str:
        return person.full_name

    @admin.display(description=gettext_lazy("province"), ordering="quota__province__sort_key")
    def province(self, person: Participant) -> str:
        return person.quota.name

    @admin.display(description=gettext_lazy("stakeholder group"), ordering="group__code")
    def shown_group(self, person: Participant) -> SafeString:
        return format_html('<span title="{}">{}</span>', person.group, person.group)

    @admin.display(description=gettext_lazy("days"), ordering="days_count")
    def days_count(self, person: Participant) -> int:
        return person.days_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("registered at"), ordering="registered_at")
    def registered(self, person: Participant) -> str:
        return moment_short(person.registered_at)

    @admin.display(description=gettext_lazy("phone"))
    def shown_phone(self, person: Participant) -> str:
        return phones.readable(person.phone, person.phone_extension)

    @admin.display(description=gettext_lazy("tracks"))
    def listed_tracks(self, person: Participant) -> str:
        return ", ".join(str(choice.track.number) for choice in person.choices.all()) or "–"

    # Taking people along

    def get_urls(self) -> list[URLPattern]:
        own: list[type[AdminPage]] = [FindPage, ByHandPage, ColumnsPage, ComparePage, *person_pages]
        pages = [
            *own,
            *qr_codes.PAGES,
            *zoom.PAGES,
            *zoom_webinars.PAGES,
            *clock.PAGES,
            *anonymisation.PAGES,
            *rehearsal.PAGES,
            *workshops.PAGES,
        ]
        return [*addresses(self, pages), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        workshop = workshop_of_list(request)
        list_filters = urlencode(request.GET.dict() | {"workshop": workshop.slug}) if workshop else ""
        chosen = chosen_columns(request, self.list_display)
        context = {
            "workshop": workshop,
            "filters": list_filters,
            "may_export": self.has_export_permission(request),
            "columns": [(name, words, name in chosen) for name, words in COLUMNS.items()],
        }
        return super().changelist_view(request, {**(extra_context or {}), **context})

    @admin.action(description=gettext_lazy("Export selected"), permissions=["export"])
    def export_attendees(self, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        """Leads to the page of exports, with the list as it is or with the ticked people.

        They must be of one workshop, because each has columns of its own.
        """
        workshops = list(Workshop.objects.filter(participants__in=queryset.order_by()).distinct()[:2])
        if len(workshops) != 1:
            self.message_user(request, _("Choose people of one workshop: each workshop has its own days and tracks."), messages.ERROR)
            return None
        chosen = request.GET.dict()
        if request.POST.get("select_across") != "1":
            chosen = {filters.TICKED: ",".join(request.POST.getlist(ACTION_CHECKBOX_NAME))}
        address = urlencode(chosen | {"workshop": workshops[0].slug})
        return redirect(f"{reverse('admin:registration_export_add')}?{address}")
