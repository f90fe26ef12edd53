"""Documents in the admin: pages of our own, no list of rows."""

from django.contrib import admin

from registration.models import Document
from registration.office.materials.pages import (
    AddPage,
    DescribePage,
    DocumentsPage,
    EndDocumentPage,
    OneDocumentPage,
    PublishPage,
    ReplacePage,
    ThanksPage,
    VersionPage,
)
from sessions.admin.own_pages import OwnPagesAdmin


@admin.register(Document)
class DocumentAdmin(OwnPagesAdmin):
    front = "registration_document_overview"
    pages = [
        DescribePage, ReplacePage, PublishPage, EndDocumentPage, VersionPage, OneDocumentPage,
        AddPage, ThanksPage, DocumentsPage,
    ]  # fmt: skip
