"""Filters beside the lists of the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sessions.models import Workshop


def titles() -> list[tuple[Workshop, str]]:
    """Every workshop with what tells it apart, the one that is open first. One query."""
    return [(workshop, workshop.to_tell_apart) for workshop in Workshop.objects.to_choose()]


class WorkshopChoiceField(forms.ModelChoiceField):
    """A choice of a workshop: as in the filters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Workshop.objects.none(), **{"label": _("Workshop"), "empty_label": None, **options})

    def __deepcopy__(self, memo: Any) -> Any:
        copy = super().__deepcopy__(memo)
        copy.queryset = Workshop.objects.to_choose()  # asked anew for each form: what is open changes with the clock
        return copy

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.to_tell_apart)


class OfWorkshopListFilter(admin.RelatedFieldListFilter):
    """What belongs to one workshop; for `("workshop", OfWorkshopListFilter)` in `list_filter`."""

    def field_choices(self, field: Field, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[Any]:
        return [(str(workshop.pk), title) for workshop, title in titles()]
