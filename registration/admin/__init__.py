"""The office's side: Django admin, one module a concept."""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from registration.admin.agencies import AgencyAdmin
from registration.admin.audit_trail import AuditEventAdmin
from registration.admin.coordinators import CoordinatorAdmin
from registration.admin.deliveries import DeliveryAdmin
from registration.admin.exports import ExportAdmin, ExportProfileAdmin
from registration.admin.mailings import MailingAdmin
from registration.admin.objections import ObjectionAdmin
from registration.admin.participants import ParticipantAdmin
from registration.admin.provinces import ProvinceAdmin
from registration.admin.quotas import QuotaAdmin
from registration.admin.users import RoleAdmin, StaffAdmin

__all__ = [
    "AgencyAdmin",
    "AuditEventAdmin",
    "CoordinatorAdmin",
    "DeliveryAdmin",
    "ExportAdmin",
    "ExportProfileAdmin",
    "MailingAdmin",
    "ObjectionAdmin",
    "ParticipantAdmin",
    "ProvinceAdmin",
    "QuotaAdmin",
    "RoleAdmin",
    "StaffAdmin",
]

admin.site.site_header = _("SDG Localisation – NESDC")
admin.site.site_title = _("SDG Localisation – NESDC")
admin.site.enable_nav_sidebar = False  # lists need the room
admin.site.index_title = _("Manage the workshops")
apps.get_app_config(DBTaskResult._meta.app_label).verbose_name = _("Background work")  # its own name is English only
