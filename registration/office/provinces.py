from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.models import Province
from registration.operations import tasks
from sessions.admin.seen import SeenAdmin, SeenForm
from sessions.models import Workshop


class OtherNames(forms.CharField):
    """The names between bars of `Province.aliases`, shown and typed with commas."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(filter(None, value.split("|"))) if isinstance(value, str) and value.startswith("|") else value

    def clean(self, value: Any) -> str:
        names = [" ".join(name.split()).casefold() for name in super().clean(value).replace("|", ",").split(",")]
        names = list(dict.fromkeys(filter(None, names)))
        return f"|{'|'.join(names)}|" if names else ""


class ProvinceForm(SeenForm):
    aliases = OtherNames(
        label=gettext_lazy("Other names"),
        required=False,
        help_text=gettext_lazy("Other spellings in use, separated by commas."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    class Meta:
        model = Province
        fields = ["aliases", "is_pilot"]

    def clean_aliases(self) -> str:
        aliases: str = self.cleaned_data["aliases"]
        limit = Province._meta.get_field("aliases").max_length or 0
        if len(aliases) > limit:
            raise forms.ValidationError(_("That is too long: at most %(limit)s characters.") % {"limit": limit})
        for alias in filter(None, aliases.split("|")):
            if other := Province.objects.named(alias).exclude(pk=self.instance.pk).first():
                raise forms.ValidationError(_("“%(alias)s” already means %(province)s.") % {"alias": alias, "province": other})
        return aliases


@admin.register(Province)
class ProvinceAdmin(SeenAdmin):
    """The 77 are given; what people also call them and who is a pilot may be changed."""

    form = ProvinceForm
    list_display = ["name_th", "name_en", "code", "region", "is_pilot"]
    list_filter = ["region", "is_pilot"]
    search_fields = ["name_th", "name_en", "code", "aliases"]
    ordering = ["sort_key"]
    list_per_page = 100
    fields = ["name_th", "name_en", "code", "region", "province_group", "is_pilot", "aliases"]
    readonly_fields = ["name_th", "name_en", "code", "region", "province_group"]
    sortable_by = ["name_en", "code", "region"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "aliases" in form.changed_data:  # desks find the rooms of a hall by what their province is called
            for workshop in Workshop.objects.filter(attendance_reports__isnull=False).distinct():
                tasks.count_figures.enqueue(workshop.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Province | None = None) -> bool:
        return False
