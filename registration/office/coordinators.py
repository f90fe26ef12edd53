"""Coordinators: named one by one or all at once from a spreadsheet, invited, switched off and on."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.coordinators.actions import Appointee, appoint, invite, move, set_phone, switch_off, switch_on, take_away
from registration.coordinators.rosters import CoordinatorRoster, quotas_by_name
from registration.errors import AccountClosed, AlreadyAppointed, AppointmentUsed
from registration.forms.appointee import AppointeeForm
from registration.forms.fields import PhoneField
from registration.models import Coordinator, Quota
from registration.office.audited import AuditedAdmin
from registration.office.forms.roster import RosterForm, RosterRowForm, RosterRowSet, as_post, roster_rows, rows_of
from registration.people import phones
from registration.people.phones import phone_of
from sessions.admin.filters import OfWorkshopListFilter, titles
from sessions.admin.page import AdminPage, addresses
from sessions.formats import local_digits, moment_short
from sessions.models import Workshop


class SeatChoiceIterator(forms.models.ModelChoiceIterator):
    """Places under the workshop that they are of."""

    def __iter__(self) -> Iterator[Any]:
        names = {workshop.pk: title for workshop, title in titles()}
        order = {pk: number for number, pk in enumerate(names)}
        seats = sorted(self.queryset, key=lambda quota: order.get(quota.workshop_id, 0))
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for workshop, group in groupby(seats, key=lambda quota: quota.workshop_id):
            yield names.get(workshop, ""), [self.choice(quota) for quota in group]


def _seats_to_choose() -> QuerySet[Quota]:
    return Quota.objects.seats().select_related("province", "workshop").order_by("kind", "province__sort_key")


class SeatChoiceField(forms.ModelChoiceField):
    iterator = SeatChoiceIterator


class AppointmentForm(AppointeeForm, forms.ModelForm):
    """Where, who, and whether they are told at once."""

    invites = forms.BooleanField(label=gettext_lazy("Invite by e-mail at once"), required=False, initial=True)

    class Meta:
        model = Coordinator
        fields = ("quota",)
        field_classes = {"quota": SeatChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"].queryset = _seats_to_choose()  # type: ignore[attr-defined]


class CallingForm(forms.ModelForm):
    """By which number a coordinator is called: all that is changed here of one who is appointed.

    No field is the model's: what is typed is left for the action that writes it.
    """

    phone = PhoneField(label=gettext_lazy("Phone"), max_length=60, required=False, attrs={"class": "vTextField", "autocomplete": "off"})

    class Meta:
        model = Coordinator
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["phone"] = phone_of(self.instance)


class MovingForm(CallingForm):
    """Of an appointment that nobody has used yet also the place."""

    quota = SeatChoiceField(Quota.objects.none(), label=gettext_lazy("province"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"].queryset = _seats_to_choose()  # type: ignore[attr-defined]
        self.initial["quota"] = self.instance.quota_id

    def clean_quota(self) -> Quota:
        quota: Quota = self.cleaned_data["quota"]
        if Coordinator.objects.filter(user=self.instance.user_id, quota=quota).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This user already is a coordinator there."))
        return quota


@admin.register(Coordinator)
class CoordinatorAdmin(AuditedAdmin):
    """Who decides where. Nobody is deleted: a coordinator is switched off, and their history stays."""

    list_display = ["name", "email", "shown_phone", "place", "workshop", "is_active", "seen"]
    list_filter = [("quota__workshop", OfWorkshopListFilter), "is_active"]
    list_select_related = ["user", "quota__province", "quota__workshop"]
    list_per_page = 100
    search_fields = ["user__first_name", "user__email", "quota__province__name_th", "quota__province__name_en"]
    ordering = ["quota__workshop", "quota__kind", "quota__province__sort_key", "pk"]
    actions = ["invite_them", "switch_them_off", "switch_them_on"]
    fields = ("name", "email", "shown_phone", "place", "workshop", "is_active", "since", "seen")
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: Coordinator | None = None) -> bool:
        return obj is not None and obj.last_seen_at is None and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Coordinator) -> None:
        try:
            take_away(coordinator=obj, by=_staff(request))
        except AppointmentUsed:
            raise PermissionDenied(_("Meanwhile the coordinator has opened the desk: switch them off instead.")) from None

    def log_deletion(self, request: HttpRequest, obj: Any, *args: Any) -> Any:
        """The action has written it down."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """As above."""

    @admin.display(description=gettext_lazy("workshop"), ordering="quota__workshop")
    def workshop(self, coordinator: Coordinator) -> str:
        workshop = coordinator.quota.workshop
        return f"{workshop.title} · {workshop.slug}"

    @admin.display(description=gettext_lazy("name"), ordering="user__first_name")
    def name(self, coordinator: Coordinator) -> str:
        return coordinator.name

    @admin.display(description=gettext_lazy("e-mail"), ordering="user__email")
    def email(self, coordinator: Coordinator) -> str:
        return coordinator.user.email

    @admin.display(description=gettext_lazy("phone"), empty_value="–")
    def shown_phone(self, coordinator: Coordinator) -> str:
        return phone_of(coordinator)

    @admin.display(description=gettext_lazy("desk"), ordering="quota__province__sort_key")
    def place(self, coordinator: Coordinator) -> str:
        quota = coordinator.quota
        return format_html('<a href="{}">{}</a>', reverse("desk", args=[quota.workshop.slug, quota.code]), quota.name)

    @admin.display(description=gettext_lazy("last seen"), ordering="last_seen_at")
    def seen(self, coordinator: Coordinator) -> str:
        return moment_short(coordinator.last_seen_at) if coordinator.last_seen_at else "–"

    @admin.display(description=gettext_lazy("since"))
    def since(self, coordinator: Coordinator) -> str:
        return moment_short(coordinator.created_at)

    # One by one

    def get_form(self, request: HttpRequest, obj: Coordinator | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj and self.has_change_permission(request, obj):
            return CallingForm if obj.last_seen_at else MovingForm
        return super().get_form(request, obj, change, **kwargs) if obj else AppointmentForm

    def get_fields(self, request: HttpRequest, obj: Coordinator | None = None) -> Any:
        if obj and self.has_change_permission(request, obj):
            edited = {"shown_phone": "phone"} | ({} if obj.last_seen_at else {"place": "quota"})
            return tuple(edited.get(name, name) for name in self.fields)
        return self.fields if obj else ("quota", "name", "email", "phone", "invites")

    def get_readonly_fields(self, request: HttpRequest, obj: Coordinator | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Coordinator, form: Any, change: bool) -> None:
        if change:
            if "quota" in form.changed_data:
                try:
                    move(coordinator=obj, to=form.cleaned_data["quota"], by=_staff(request))
                except (AppointmentUsed, AlreadyAppointed):
                    raise PermissionDenied(_("Meanwhile the coordinator has opened the desk or is there already.")) from None
            if "phone" in form.changed_data:
                phone = form.cleaned_data["phone"] or phones.Phone("")
                set_phone(coordinator=obj, phone=phone.number, phone_extension=phone.extension, by=_staff(request))
            return
        try:
            coordinator, _new = appoint(quota=obj.quota, appointee=form.appointee(), by=_staff(request))
        except AccountClosed:
            raise PermissionDenied(_("The account of this address is switched off. Switch the user on first.")) from None
        _tell_kept_name(request, coordinator, form.appointee())
        obj.pk, obj.user, obj.created_at = coordinator.pk, coordinator.user, coordinator.created_at
        if form.cleaned_data["invites"]:
            invite(coordinator=coordinator)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The action has written it down."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """As above."""

    # Some of them

    def has_appoint_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.add_coordinator")

    @admin.action(description=gettext_lazy("Invite by e-mail"), permissions=["change"])
    def invite_them(self, request: HttpRequest, queryset: QuerySet[Coordinator]) -> None:
        invited = list(queryset.filter(is_active=True, user__is_active=True).select_related("user"))
        for coordinator in invited:
            invite(coordinator=coordinator)
        self.message_user(request, _invited(len(invited)), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_them_off(self, request: HttpRequest, queryset: QuerySet[Coordinator]) -> None:
        for coordinator in queryset:
            switch_off(coordinator=coordinator, by=_staff(request))

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_them_on(self, request: HttpRequest, queryset: QuerySet[Coordinator]) -> None:
        for coordinator in queryset:
            switch_on(coordinator=coordinator, by=_staff(request))

    # All at once

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self, PAGES), *super().get_urls()]


class RosterPage(AdminPage):
    """Coordinators from a file: nothing is written before its rows were looked at."""

    permission = "registration.add_coordinator"

    def rows_page(
        self, workshop: Workshop, rows: RosterRowSet, shown: list[RosterRowForm], roster: CoordinatorRoster | None = None
    ) -> HttpResponse:
        """The rows in `shown`, each with its faults; of those without one, who is a coordinator already is marked.

        `roster` once, when the file has just been read: what of it is not used is named.
        """
        there = set(Coordinator.objects.active().filter(quota__workshop=workshop).values_list("user__email", "quota"))
        marked = [(row, row.is_valid() and (row.cleaned_data.get("email"), _quota_of(row)) in there) for row in shown]
        context = {"workshop": workshop, "rows": rows, "marked": marked, "faults": len(rows.faulty), "roster": roster}
        return self.render(_("Look at the rows"), "admin/registration/coordinator/import_rows.html", **context)


class RosterFilePage(RosterPage):
    address, name = "import/", "registration_coordinator_import"
    template = "admin/registration/coordinator/import_file.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(RosterForm(user=self._user()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RosterForm(request.POST, request.FILES, user=self._user())
        if not form.is_valid():
            return self._page(form)
        workshop = form.cleaned_data["workshop"]
        named = quotas_by_name(workshop)
        rows = roster_rows(as_post(rows_of(form.roster.entries, named)), named)
        return self.rows_page(workshop, rows, rows.forms, roster=form.roster)

    def _page(self, form: RosterForm) -> HttpResponse:
        return self.render(_("Coordinators from a spreadsheet"), form=form)

    def _user(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user


class RosterRowsPage(RosterPage):
    address, name = "import/<slug:slug>/", "registration_coordinator_import_rows"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        get_object_or_404(Workshop, slug=slug)
        return redirect("admin:registration_coordinator_import")

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        rows = roster_rows(request.POST, quotas_by_name(workshop))
        rows.is_valid()
        self._appoint(rows)
        if rows.faulty:
            return self.rows_page(workshop, rows, rows.faulty)
        return redirect("admin:registration_coordinator_changelist")

    def _appoint(self, rows: RosterRowSet) -> None:
        made = 0
        for row in rows.ready:
            try:
                coordinator, new = appoint(quota=row.cleaned_data["place"], appointee=row.appointee(), by=_staff(self.request))
            except AccountClosed:
                row.add_error("email", _("The account of this address is switched off. Switch the user on first."))
                continue
            _tell_kept_name(self.request, coordinator, row.appointee())
            made += new
            if new and "invites" in self.request.POST:
                invite(coordinator=coordinator)
        words = ngettext("%(n)s coordinator was named.", "%(n)s coordinators were named.", made) % {"n": local_digits(made)}
        messages.success(self.request, words)


PAGES: list[type[AdminPage]] = [RosterFilePage, RosterRowsPage]


def _quota_of(row: RosterRowForm) -> int | None:
    quota = row.cleaned_data.get("place")
    return quota.pk if quota else None


def _staff(request: HttpRequest) -> Actor:
    return Actor(ActorKind.STAFF, request.user)


def _tell_kept_name(request: HttpRequest, coordinator: Coordinator, appointee: Appointee) -> None:
    """An address that is known keeps its name; another one that was typed is not dropped without a word."""
    if coordinator.name == appointee.name:
        return
    words = _("%(email)s is known as %(known)s already. The name %(typed)s was not used; you can correct it under Users.")
    said = {"email": coordinator.user.email, "known": coordinator.name, "typed": appointee.name}
    messages.warning(request, words % said)


def _invited(number: int) -> str:
    return ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", number) % {"n": local_digits(number)}
