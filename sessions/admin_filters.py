"""Filters beside the lists of the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest

from sessions.models import Workshop


def titles() -> list[tuple[Workshop, str]]:
    """Every workshop with what it is called, the newest first.

    Next year's, and a rehearsal, often bear this year's title: where there are several, their addresses tell them apart.
    """
    workshops = list(Workshop.objects.order_by("-pk"))
    return [(workshop, f"{workshop} · {workshop.slug}" if workshops[1:] else str(workshop)) for workshop in workshops]


class OfWorkshopListFilter(admin.RelatedFieldListFilter):
    """What belongs to one workshop; for `("workshop", OfWorkshopListFilter)` in `list_filter`."""

    def field_choices(self, field: Field, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        return [(str(workshop.pk), title) for workshop, title in titles()]
