"""Places: what is taken, who waits, and changing how many there are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.errors import BelowTaken
from registration.models import Quota
from registration.models.quota import QuotaQuerySet
from registration.office import seat_pool
from registration.office.filters import WorkshopFilter
from registration.seats import quotas
from registration.seats.actions.capacities import set_capacity
from sessions.admin.history import HistoryAdmin
from sessions.admin.page import addresses
from sessions.formats import local_digits


def in_words(refusal: BelowTaken) -> str:
    taken = refusal.quota.taken
    return ngettext(
        "%(quota)s: %(taken)s place is already taken, so there cannot be fewer.",
        "%(quota)s: %(taken)s places are already taken, so there cannot be fewer.",
        taken,
    ) % {"quota": refusal.quota, "taken": local_digits(taken)}


class CapacityForm(forms.ModelForm):
    """The places of one quota. `refusal` is what the action answered to the number just typed."""

    refusal: BelowTaken | None = None

    class Meta:
        model = Quota
        fields = ["capacity"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "capacity" in self.fields and self.instance.kind != Quota.Kind.TRACK:
            self.fields["capacity"].required = True
            self.fields["capacity"].help_text = ""

    def clean_capacity(self) -> int | None:
        if self.refusal:
            raise forms.ValidationError(in_words(self.refusal))
        return self.cleaned_data["capacity"]


class PlacesForm(forms.Form):
    """How many places each of several quotas is to have."""

    capacity = forms.IntegerField(label=gettext_lazy("Places for each"), min_value=0, max_value=1_000_000, widget=AdminIntegerFieldWidget)


@admin.register(Quota)
class QuotaAdmin(HistoryAdmin):
    """Quotas come with the workshop, its provinces and its tracks; here their places are changed."""

    form = CapacityForm
    list_display = ["shown_name", "kind", "taken", "shown_capacity", "left", "waiting", "fullness"]
    list_filter = [WorkshopFilter, "kind"]
    ordering = ["kind", "province__sort_key", "track__item", "track__number", "pk"]
    list_per_page = 100
    search_fields = ["province__name_th", "province__name_en", "province__aliases", "track__title_th", "track__title_en"]
    fields = ["workshop", "shown_name", "kind", "taken", "waiting", "capacity"]
    readonly_fields = ["workshop", "shown_name", "kind", "taken", "waiting"]
    actions = ["set_places"]
    sortable_by = ["taken", "shown_capacity", "waiting"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuotaQuerySet:
        return Quota.objects.with_waiting().select_related("workshop", "province", "track")

    @admin.display(description=gettext_lazy("quota"))
    def shown_name(self, quota: Quota) -> str:
        return quota.name

    @admin.display(description=gettext_lazy("places"), ordering="capacity")
    def shown_capacity(self, quota: Quota) -> str:
        return _("no limit") if quota.capacity is None else str(quota.capacity)

    @admin.display(description=gettext_lazy("left"))
    def left(self, quota: Quota) -> str | int:
        if quota.left is None:
            return "–"
        return _("Full") if quota.is_full else quota.left

    @admin.display(description=gettext_lazy("waiting"), ordering="waiting")
    def waiting(self, quota: Quota) -> int:
        return quota.waiting  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("share"))
    def fullness(self, quota: Quota) -> str:
        if not quota.capacity:
            return ""
        label = f"{quota.taken} / {quota.capacity}"
        return format_html('<meter value="{}" max="{}" aria-label="{}"></meter>', quota.taken, quota.capacity, label)

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, seat_pool.PAGES), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Quota | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Quota | None = None, change: bool = False, **kwargs: Any) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "_refusal", None)  # type: ignore[attr-defined]
        return form

    def save_model(self, request: HttpRequest, obj: Quota, form: forms.ModelForm, change: bool) -> None:
        set_capacity(quota=obj, capacity=form.cleaned_data["capacity"], by=Actor(ActorKind.STAFF, request.user))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except BelowTaken as refusal:  # shown beside the field, with the number that was typed
            request._refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    @admin.action(description=gettext_lazy("Set the number of places…"), permissions=["change"])
    def set_places(self, request: HttpRequest, queryset: QuerySet[Quota]) -> HttpResponse | None:
        form = PlacesForm(request.POST if "places" in request.POST else None)
        if form.is_valid():
            refused = self._set_each(request, list(queryset), form.cleaned_data["capacity"])
            if not refused:
                return None
            queryset = self.get_queryset(request).filter(pk__in=refused).order_by(*self.ordering)
            form.add_error("capacity", _("The quotas below already have more people than that. They were left unchanged."))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Set the number of places"),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "chosen": list(queryset),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/registration/quota/set_places.html", context)

    def _set_each(self, request: HttpRequest, chosen: list[Quota], capacity: int) -> list[int]:
        """Returns the keys of those in which more people have a place."""
        refused = []
        for quota in quotas.in_order(chosen):
            try:
                set_capacity(quota=quota, capacity=capacity, by=Actor(ActorKind.STAFF, request.user))
            except BelowTaken:
                refused.append(quota.pk)
            else:
                self.log_change(request, quota, [{"changed": {"fields": ["capacity"]}}])
        changed = len(chosen) - len(refused)
        if changed:
            done = ngettext("%(count)s quota now has %(places)s places.", "%(count)s quotas now have %(places)s places each.", changed)
            self.message_user(request, done % {"count": local_digits(changed), "places": local_digits(capacity)}, messages.SUCCESS)
        return refused
