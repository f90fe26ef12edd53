"""The registration form of a workshop."""

from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.attendance import AttendanceForm
from registration.forms.faults import WithSummary
from registration.forms.guardian import GuardianForm
from registration.forms.person import OwnPersonForm, PersonForm
from registration.forms.widgets import PlaceSelect
from registration.models import Quota
from registration.people.applications import Application, Entry
from registration.people.registration_options import RegistrationOptions
from registration.seats.places import place_in_sentence, seats_in_words
from sessions.models import StakeholderGroup


class RegistrationForm(OwnPersonForm, AttendanceForm, GuardianForm, WithSummary):
    """Everything that is asked of somebody who registers. Valid, it has `seats` (a quota) and `chosen_group`."""

    province = forms.CharField(
        label=gettext_lazy("Province or central agency"),
        help_text=gettext_lazy("“Central agencies” means ministries, embassies, the UN and others that work for the whole country"),
        error_messages={"required": gettext_lazy("Choose your province, or “Central agencies”.")},
    )
    waitlist_ok = forms.BooleanField(label=gettext_lazy("Join the waiting list"), required=False)
    group = forms.CharField(label=gettext_lazy("Group"), required=False)

    def __init__(self, *args: Any, options: RegistrationOptions, **kwargs: Any) -> None:
        super().__init__(*args, options=options, **kwargs)
        live = {"hx-get": reverse("seats", args=[options.workshop.slug]), "hx-target": "#seats"}
        self.fields["province"].widget = PlaceSelect(options, attrs={"required": True} | live)
        tracks = [name for name in self.fields if name.startswith("track_")]
        person = [name for name in PersonForm.base_fields if name != "position"]
        self.order_fields(["province", "waitlist_ok", *person, "group", *GuardianForm.base_fields, "days", *tracks, "position"])
        if not options.asks_for_guardians:
            for name in GuardianForm.base_fields:
                del self.fields[name]
        self.seats: Quota | None = None
        self.chosen_group: StakeholderGroup | None = None

    @cached_property
    def submission(self) -> UUID:
        """Made with the empty form and sent with it: what is sent twice is known by it. A new one where none came."""
        try:
            return UUID(self.data.get("submission", ""))
        except ValueError:
            return uuid4()

    @property
    def faults_are_shared(self) -> bool:
        """Whether any fault is about what the workshop offers, and not about the person alone."""
        return bool(self.errors.keys() - PersonForm.base_fields.keys() - GuardianForm.base_fields.keys())

    def application(self, entry: Entry, *, notice_version: str, read_out: bool = False) -> Application:
        assert self.seats and self.chosen_group
        return Application(
            workshop=self.options.workshop,
            calendar=tuple(self.options.calendar),
            person=self.person(),
            choices=self.chosen(self.seats, self.chosen_group, waitlist_ok=self.cleaned_data["waitlist_ok"]),
            entry=entry,
            notice=self.notice(self.chosen_group, version=notice_version, read_out=read_out),
        )

    @cached_property
    def place(self) -> Quota | None:
        """The quota that is chosen at present, be the rest of the form right or wrong; with `waiting` where it is full."""
        code = str(self["province"].value() or "")
        read = self.options.seat(code)
        return read if read and not read.is_full else self.options.place_now(code)

    @cached_property
    def group_shown(self) -> str:
        """The code of the group that is chosen at present, where it is one of the workshop's."""
        code = str(self["group"].value() or "")
        return next((group.code for group in self.options.groups if group.code == code), "")

    @property
    def place_words(self) -> str:
        return seats_in_words(self.place) if self.place else ""

    def clean_province(self) -> str:
        code: str = self.cleaned_data["province"]
        self.seats = self.options.seat(code)
        if self.seats is None:
            raise forms.ValidationError(_("Choose your province, or “Central agencies”."))
        self.province_name = self.seats.province.name_th if self.seats.province else ""
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.seats:
            self._check_group(self.seats, data.get("group", ""))
            if self.seats.is_full and not data.get("waitlist_ok"):
                self.say_full(self.seats)
        elif not any(group.code == data.get("group") for group in self.options.groups):
            self.add_error("group", _("Choose the group to which you belong."))
        return data

    def _check_group(self, seats: Quota, code: str) -> None:
        fitting = [group for group in self.options.groups if group.scope == seats.group_scope]
        chosen = next((group for group in self.options.groups if group.code == code), None)
        if not code and len(fitting) == 1:
            chosen = fitting[0]
        if chosen and chosen in fitting:
            self.chosen_group = chosen
            self.check_guardian(chosen)
        elif chosen and seats.group_scope == StakeholderGroup.Scope.CENTRAL:
            self.add_error("group", _("You chose “Central agencies”. Choose the group for central agencies, or your province above."))
        elif chosen:
            self.add_error("group", _("You chose a province. Choose one of the groups for provinces, or “Central agencies” above."))
        else:
            self.add_error("group", _("Choose the group to which you belong."))

    def say_other_link(self) -> None:
        self.add_error("province", _("The link that you followed belongs to another province. Choose the province that gave it to you."))

    def say_full(self, quota: Quota) -> None:
        """Puts where it belongs that `quota`, of seats or of a track, has no place left."""
        if quota.kind == Quota.Kind.TRACK:
            return super().say_full(quota)
        words = _("All seats of %(place)s are taken. Tick this box if you want to wait for one.")
        self.add_error("waitlist_ok", words % {"place": place_in_sentence(quota)})
        return None
