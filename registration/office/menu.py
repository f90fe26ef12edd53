"""The side menu of the office: by job, the same on every page, and for each group of staff exactly the ways that they may go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sessions.models import Workshop

#: From a workshop to what stands behind the name of a page: the arguments of its address, and what follows the "?".
Where = Callable[[Workshop], tuple[list[Any], str]]


def _of_list(workshop: Workshop) -> tuple[list[Any], str]:
    return [], f"?workshop={workshop.slug}"


def _of_rows(parameter: str) -> Where:
    return lambda workshop: ([], f"?{parameter}={workshop.pk}")


def _by_key(workshop: Workshop) -> tuple[list[Any], str]:
    return [workshop.pk], ""


def _by_slug(workshop: Workshop) -> tuple[list[Any], str]:
    return [workshop.slug], ""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu. Without `where` its page is of no workshop, and is there even where none is."""

    label: Any
    page: str
    permission: str
    where: Where | None = None
    links_by: Workshop.LinksBy | None = None
    #: Rights that it asks for beside `permission`.
    also: tuple[str, ...] = ()
    #: Where the page is not one of Django's admin.
    is_outside: bool = False
    #: The setting without which there is no such page to go to.
    setting: str = ""

    def is_of(self, workshop: Workshop | None) -> bool:
        if self.setting and not getattr(settings, self.setting):
            return False
        return self.links_by is None or workshop is None or workshop.links_by == self.links_by


@dataclass(frozen=True, slots=True)
class MenuGroup:
    label: Any
    entries: tuple[MenuEntry, ...]


@dataclass(frozen=True, slots=True)
class MenuLine:
    label: str
    url: str
    is_current: bool


JOBS = (
    MenuGroup(
        _("Before the workshop"),
        (
            MenuEntry(_("Participants"), "registration_participant_changelist", "registration.view_participant", _of_list),
            MenuEntry(_("Register somebody by hand"), "registration_participant_add", "registration.add_participant", _of_list),
            MenuEntry(_("Provinces and seats"), "registration_quota_changelist", "registration.view_quota", _of_list),
            MenuEntry(_("Seats that nobody uses"), "registration_quota_pool", "registration.view_quota", _by_slug),
            MenuEntry(
                _("Coordinators"), "registration_coordinator_changelist", "registration.view_coordinator",
                _of_rows("quota__workshop__id__exact"),
            ),
            MenuEntry(_("Invitations"), "registration_invitation_changelist", "registration.view_invitation", _of_list),
            MenuEntry(_("Agenda"), "agenda_workshop_draft", "agenda.change_workshop", _by_key),
            MenuEntry(_("Messages to participants"), "registration_mailing_changelist", "registration.view_mailing"),
            MenuEntry(_("E-mails"), "registration_delivery_changelist", "registration.view_delivery"),
        ),
    ),
    MenuGroup(
        _("On the day"),
        (
            MenuEntry(
                _("Meeting links"), "registration_meeting_links", "registration.add_delivery", links_by=Workshop.LinksBy.PORTAL
            ),
            MenuEntry(
                _("Register people in Zoom"), "registration_participant_zoom", "registration.export_participant", _by_slug,
                links_by=Workshop.LinksBy.ZOOM,
            ),
            MenuEntry(
                _("Zoom by its API"), "registration_participant_webinars", "registration.export_participant", _by_slug,
                setting="ZOOM_CLIENT_ID",
            ),
            MenuEntry(_("Who is coming just now"), "registration_attendance_live", "registration.view_attendance", _by_slug),
            MenuEntry(_("Check-in at the door"), "desk_check_ins", "registration.add_checkin", is_outside=True),
            MenuEntry(_("QR codes"), "registration_participant_qr_codes", "registration.export_participant", _by_slug),
        ),
    ),
    MenuGroup(
        _("Afterwards"),
        (
            MenuEntry(_("Attendance reports"), "registration_attendancereport_reports", "registration.view_attendancereport", _by_slug),
            MenuEntry(_("Attendance"), "registration_attendance_board", "registration.view_attendance", _by_slug),
            MenuEntry(_("Certificates"), "registration_certificate_overview", "registration.view_certificate", _by_slug),
            MenuEntry(_("Evaluations"), "registration_evaluation_overview", "registration.view_evaluation", _by_slug),
            MenuEntry(_("Documents and recordings"), "registration_document_overview", "registration.view_document", _by_slug),
            MenuEntry(
                _("Report on the workshop"), "registration_export_report", "registration.export_participant", _by_slug,
                also=("registration.view_attendance", "registration.view_evaluation"),
            ),
            MenuEntry(_("Open data"), "registration_opendataset_overview", "registration.view_opendataset", _by_slug),
            MenuEntry(_("Export people"), "registration_export_add", "registration.export_participant", _of_list),
            MenuEntry(_("Past exports"), "registration_export_changelist", "registration.export_participant"),
            MenuEntry(_("Objections"), "registration_objection_changelist", "registration.view_objection"),
        ),
    ),
    MenuGroup(
        _("Setting up"),
        (
            MenuEntry(_("This workshop"), "agenda_workshop_change", "agenda.view_workshop", _by_key),
            MenuEntry(
                _("Days and their items"), "agenda_workshopday_changelist", "agenda.view_workshopday", _of_rows("workshop__id__exact")
            ),
            MenuEntry(_("All workshops"), "registration_participant_workshops", "agenda.view_workshop"),
            MenuEntry(_("Agencies"), "registration_agency_changelist", "registration.view_agency"),
            MenuEntry(_("Provinces"), "registration_province_changelist", "registration.view_province"),
            MenuEntry(_("Days on which offices are closed"), "registration_closedday_changelist", "registration.view_closedday"),
            MenuEntry(_("API tokens"), "registration_apitoken_changelist", "registration.view_apitoken"),
            MenuEntry(_("Webhooks"), "registration_webhookendpoint_changelist", "registration.view_webhookendpoint"),
            MenuEntry(_("Staff and their rights"), "auth_user_changelist", "auth.view_user"),
            MenuEntry(_("Who did what"), "registration_auditevent_changelist", "registration.view_auditevent"),
        ),
    ),
)  # fmt: skip


def menu(request: HttpRequest, workshop: Workshop | None) -> list[tuple[str, list[MenuLine]]]:
    found = []
    for job in JOBS:
        lines = [line for entry in job.entries if (line := _line(entry, request, workshop))]
        if lines:
            found.append((str(job.label), lines))
    return found


def _line(entry: MenuEntry, request: HttpRequest, workshop: Workshop | None) -> MenuLine | None:
    if not request.user.has_perms([entry.permission, *entry.also]) or (entry.where and workshop is None) or not entry.is_of(workshop):
        return None
    arguments, query = entry.where(workshop) if entry.where and workshop else ([], "")
    path = reverse(entry.page if entry.is_outside else f"admin:{entry.page}", args=arguments)
    return MenuLine(str(entry.label), path + query, request.path == path)
