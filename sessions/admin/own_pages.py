"""A model of a workshop in the admin without a list of rows: its pages are our own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern

from sessions.admin.page import AdminPage, addresses
from sessions.models import Workshop


class OwnPagesAdmin(admin.ModelAdmin):
    """A model whose list is a page of the workshop that one works on."""

    pages: list[type[AdminPage]] = []
    front: str

    def get_urls(self) -> list[URLPattern]:
        lists = [url for url in super().get_urls() if url.name and url.name.endswith("_changelist")]
        return [*lists, *addresses(self, self.pages)]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        workshop = Workshop.objects.current().first() or Workshop.objects.order_by("-pk").first()
        if workshop is None:
            raise Http404
        return redirect(f"admin:{self.front}", workshop.slug)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
