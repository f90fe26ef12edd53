"""Certificates in the admin: pages of our own, no list of rows."""

from django.contrib import admin

from registration.models import Certificate
from registration.office.certificates.pages import IssuePage, LayoutPage, OnePage, OverviewPage, PreviewPage, RulePage, SheetPage
from sessions.admin.own_pages import OwnPagesAdmin


@admin.register(Certificate)
class CertificateAdmin(OwnPagesAdmin):
    front = "registration_certificate_overview"
    pages = [OnePage, SheetPage, RulePage, LayoutPage, PreviewPage, IssuePage, OverviewPage]
