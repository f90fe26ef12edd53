"""The office's side: Django admin, one module a concept."""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from registration.office.agencies import AgencyAdmin
from registration.office.api_tokens import ApiTokenAdmin
from registration.office.attendance.admin import AttendanceAdmin, AttendanceReportAdmin
from registration.office.audit_trail import AuditEventAdmin
from registration.office.certificates.admin import CertificateAdmin
from registration.office.closed_days import ClosedDayAdmin
from registration.office.coordinators import CoordinatorAdmin
from registration.office.deliveries import DeliveryAdmin
from registration.office.evaluation.admin import EvaluationAdmin
from registration.office.exports import ExportAdmin, ExportProfileAdmin
from registration.office.invitations import InvitationAdmin
from registration.office.mailings.admin import MailingAdmin
from registration.office.materials.admin import DocumentAdmin
from registration.office.objections import ObjectionAdmin
from registration.office.open_data.admin import OpenDataSetAdmin
from registration.office.participants.admin import ParticipantAdmin
from registration.office.provinces import ProvinceAdmin
from registration.office.quotas import QuotaAdmin
from registration.office.users import RoleAdmin, StaffAdmin
from registration.office.webhooks.admin import WebhookEndpointAdmin

__all__ = [
    "AgencyAdmin",
    "ApiTokenAdmin",
    "AttendanceAdmin",
    "AttendanceReportAdmin",
    "AuditEventAdmin",
    "CertificateAdmin",
    "ClosedDayAdmin",
    "CoordinatorAdmin",
    "DeliveryAdmin",
    "DocumentAdmin",
    "EvaluationAdmin",
    "ExportAdmin",
    "ExportProfileAdmin",
    "InvitationAdmin",
    "MailingAdmin",
    "ObjectionAdmin",
    "OpenDataSetAdmin",
    "ParticipantAdmin",
    "ProvinceAdmin",
    "QuotaAdmin",
    "RoleAdmin",
    "StaffAdmin",
    "WebhookEndpointAdmin",
]

admin.site.site_header = _("SDG Localisation – NESDC")
admin.site.site_title = _("SDG Localisation – NESDC")
admin.site.index_title = _("Manage the workshops")
apps.get_app_config(DBTaskResult._meta.app_label).verbose_name = _("Background tasks")  # its own name is English only
