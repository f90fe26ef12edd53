"""What a participant may change later: everything but their province, and the address only with its owner's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.attendance import AttendanceForm
from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField
from registration.forms.guardian import GuardianForm
from registration.forms.person import OwnPersonForm, PersonForm
from registration.models import Participant, Quota
from registration.people.applications import Notice, Person
from registration.people.phones import readable
from registration.people.registration_options import RegistrationOptions
from registration.seats.places import place_in_sentence, place_label
from sessions.models import StakeholderGroup


class DetailsForm(OwnPersonForm, AttendanceForm, WithSummary):
    """The registration's own fields about the person and the days, filled in with what `participant` told."""

    email = None  # type: ignore[assignment]

    def __init__(self, *args: Any, participant: Participant, options: RegistrationOptions, **kwargs: Any) -> None:
        choices = list(participant.choices.all())
        held = frozenset(choice.track_id for choice in choices) if participant.holds_seat else frozenset()
        initial = {name: getattr(participant, name) for name in PersonForm.base_fields if name not in ("email", "phone", "no_last_name")}
        initial |= {"no_last_name": not participant.last_name}
        initial |= {"phone": readable(participant.phone, participant.phone_extension)}
        initial |= {"days": [str(day.pk) for day in participant.days.all()]}
        initial |= {f"track_{choice.item_id}": str(choice.track_id) for choice in choices}
        super().__init__(*args, options=options, held=held, initial=initial, **kwargs)
        self.order_fields(PersonForm.base_fields)
        self.participant = participant
        self.province_name = participant.province.name_th if participant.province else ""

    def person(self) -> Person:
        self.cleaned_data["email"] = self.participant.email
        return super().person()


class OwnGroupForm(GuardianForm, WithSummary):
    """To which group somebody belongs; where it asks for a guardian and none has agreed yet, who agrees."""

    group = forms.ChoiceField(
        label=gettext_lazy("Your group"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose your group.")}
    )

    def __init__(self, *args: Any, participant: Participant, options: RegistrationOptions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"group": participant.group.code}})
        self.participant = participant
        self.options, self.groups = options, options.groups
        self.asks_for_guardians = options.asks_for_guardians and not participant.guardian_name
        if not self.asks_for_guardians:
            for name in GuardianForm.base_fields:
                del self.fields[name]
        self.order_fields(["province", "group", *GuardianForm.base_fields])
        choices = [(group.code, group.short_name) for group in self.groups if group.scope == participant.group.scope]
        self.fields["group"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("group"):
            self.check_agreement()
        return data

    def check_agreement(self) -> None:
        if self.asks_for_guardians and self.chosen_group().pk == self.participant.group_id:
            self.forget_guardian()
        elif self.asks_for_guardians:
            self.check_guardian(self.chosen_group())

    @property
    def asking(self) -> set[str]:
        """The codes of the groups with which the page asks who agrees."""
        own = self.participant.group_id
        return {group.code for group in self.groups if group.needs_guardian and group.pk != own} if self.asks_for_guardians else set()

    def own_email(self) -> str:
        return self.participant.email

    def agreement(self, *, notice_version: str) -> Notice | None:
        """Who agreed to the group that was chosen, and to which notice; nothing where that was not asked."""
        asked = self.asks_for_guardians and self.chosen_group().needs_guardian
        if not asked or self.chosen_group().pk == self.participant.group_id:
            return None
        return self.notice(self.chosen_group(), version=notice_version)

    def chosen_group(self) -> StakeholderGroup:
        return next(group for group in self.groups if group.code == self.cleaned_data["group"])


class PlaceForm(OwnGroupForm):
    """Where somebody comes from after all: a place with a free seat, and a group that fits there."""

    province = forms.ChoiceField(
        label=gettext_lazy("Province or central agency"), widget=forms.Select(attrs={"class": "form-select"}),
        help_text=gettext_lazy("Only places where a seat is free are listed."),
        error_messages={"required": gettext_lazy("Choose your province, or “Central agencies”.")},
    )  # fmt: skip

    def __init__(self, *args: Any, participant: Participant, options: RegistrationOptions, **kwargs: Any) -> None:
        super().__init__(*args, participant=participant, options=options, **kwargs)
        self.places = [quota for quota in options.seats if quota.pk != participant.quota_id and not quota.is_full]
        first = ("", _("Choose your province or “Central agencies”"))
        self.fields["province"].choices = [first, *((quota.code, place_label(quota)) for quota in self.places)]  # type: ignore[attr-defined]
        self.fields["group"].choices = [(group.code, group.short_name) for group in self.groups]  # type: ignore[attr-defined]
        self.fields["group"].required = False

    def check_agreement(self) -> None:
        """Only once the group is known to fit."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "province" not in data:
            return data
        fitting = [group for group in self.groups if group.scope == self.place.group_scope]
        if len(fitting) == 1:
            data["group"] = fitting[0].code
        elif data.get("group") not in [group.code for group in fitting]:
            self.add_error("group", _("This group does not belong to the place you chose. Choose another one."))
        if data.get("group"):
            super().check_agreement()
        return data

    @property
    def place(self) -> Quota:
        return next(quota for quota in self.places if quota.code == self.cleaned_data["province"])

    def say_full(self, quota: Quota) -> None:
        words = _("All seats of %(place)s are taken now. Your registration stays as it was.")
        self.add_error("province", words % {"place": place_in_sentence(quota)})


class AddressForm(WithSummary):
    """The address to which somebody wants their link sent again."""

    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        missing=gettext_lazy("Enter the e-mail address with which you registered."),
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
