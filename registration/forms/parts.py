"""What office and desk correct of a person, each part with the form that takes its place meanwhile. All of it goes through actions."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.actor import Actor
from registration.errors import QuotaFull
from registration.forms.attendance import AttendanceForm
from registration.forms.fields import EmailField
from registration.forms.guardian import GuardianForm
from registration.forms.person import NameForm, PersonForm
from registration.forms.questions import AskingForm
from registration.models import Participant, Quota
from registration.people.actions.details import change_details, change_email
from registration.people.actions.transfers import transfer
from registration.people.applications import Person, asks_for_guardian
from registration.people.phones import readable
from registration.people.registration_options import RegistrationOptions
from sessions.models import StakeholderGroup


class PartForm(forms.Form):
    """One part of a person. `save` returns the names of what changed: none where it says what it said before.

    The office may let a change pass untold; whoever takes `tells` away always tells.
    """

    heading: ClassVar[Any] = ""

    tells = forms.BooleanField(label=gettext_lazy("Tell the participant by e-mail"), required=False, initial=True)

    def __init__(self, data: Any = None, *, participant: Participant, initial: dict[str, Any] | None = None, **options: Any) -> None:
        self.participant = participant
        super().__init__(data, initial=self.known() if initial is None else initial, **options)
        self.order_fields([name for name in self.fields if name != "tells"])

    def known(self) -> dict[str, Any]:
        return {name: getattr(self.participant, name, None) for name in self.base_fields if name != "tells"}

    def save(self, by: Actor) -> list[str]:
        raise NotImplementedError

    def change(self, by: Actor, **changes: Any) -> list[str]:
        """As `change_details`, with what is not among `changes` as it is."""
        person = self.participant
        names = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone", "phone_extension")
        known = Person(**{name: getattr(person, name) for name in names})
        options = {name: changes.pop(name) for name in ("group", "language", "days", "tracks") if name in changes}
        options.setdefault("days", list(person.days.all()))
        options.setdefault("tracks", [choice.track for choice in person.choices.select_related("track__quota")])
        tells = self.cleaned_data.get("tells", True)
        return change_details(participant=person, person=replace(known, **changes), tells=tells, by=by, **options)


class WordsForm(PartForm):
    """Words that are written down as they stand in the fields."""

    def save(self, by: Actor) -> list[str]:
        words = {name: value for name, value in self.cleaned_data.items() if name not in ("tells", "no_last_name")}
        return self.change(by, **words)


class NamePartForm(WordsForm, NameForm):
    heading = gettext_lazy("Name")

    def known(self) -> dict[str, Any]:
        return super().known() | {"no_last_name": not self.participant.last_name}


class PositionForm(WordsForm):
    heading = gettext_lazy("Position")
    position = PersonForm.base_fields["position"]


class OrganisationForm(WordsForm):
    heading = gettext_lazy("Organisation")
    organisation, organisation_short = (PersonForm.base_fields[name] for name in ("organisation", "organisation_short"))


class PhoneForm(PartForm):
    heading = gettext_lazy("Phone")
    phone = PersonForm.base_fields["phone"]

    def known(self) -> dict[str, Any]:
        return {"phone": readable(self.participant.phone, self.participant.phone_extension)}

    def save(self, by: Actor) -> list[str]:
        phone = self.cleaned_data["phone"]
        return self.change(by, phone=phone.number, phone_extension=phone.extension)


class LanguageForm(PartForm):
    heading = gettext_lazy("Language of the e-mails")
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[("th", "ไทย"), ("en", "English")])

    def save(self, by: Actor) -> list[str]:
        return self.change(by, language=self.cleaned_data["language"])


class WithGroup(PartForm):
    """A group that asks for a guardian is the participant's own to choose, where the guardian agrees; unless they are of age."""

    group = forms.ModelChoiceField(StakeholderGroup.objects.none(), label=gettext_lazy("Stakeholder group"), empty_label=None)
    of_age = forms.BooleanField(label=GuardianForm.base_fields["of_age"].label, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.participant.guardian_name or not self.participant.workshop.groups.filter(needs_guardian=True).exists():
            del self.fields["of_age"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        group = data.get("group")
        is_new = group and group.pk != self.participant.group_id and "of_age" in self.fields
        if group and is_new and asks_for_guardian(group, of_age=bool(data.get("of_age"))):
            text = _(
                "This group needs the consent of a parent or guardian. "
                "The participant chooses it on their personal page, where consent is given."
            )
            self.add_error("group", text)
        return data


class PersonGroupForm(WithGroup):
    heading = gettext_lazy("Stakeholder group")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"].queryset = _groups(self.participant.quota)  # type: ignore[attr-defined]

    def save(self, by: Actor) -> list[str]:
        return self.change(by, group=self.cleaned_data["group"])


class PersonProvinceForm(WithGroup):
    """Another province: a seat there for the seat here, and a group that fits where the place is central or no longer is."""

    heading = gettext_lazy("Province")
    quota = forms.ModelChoiceField(Quota.objects.none(), label=gettext_lazy("Province"), empty_label=None)
    field_order = ["quota", "group", "of_age"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seats = self.participant.workshop.quotas.seats().select_related("province").in_thai_order()
        self.fields["quota"].queryset = seats  # type: ignore[attr-defined]
        self.fields["quota"].label_from_instance = lambda quota: quota.name  # type: ignore[attr-defined]
        self.fields["group"].queryset = self.participant.workshop.groups.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        quota, group = data.get("quota"), data.get("group")
        if quota and group and not _groups(quota).filter(pk=group.pk).exists():
            self.add_error("group", _("This group does not belong to the place you chose. Choose another one."))
        return data

    def save(self, by: Actor) -> list[str]:
        chosen, person = self.cleaned_data, self.participant
        if chosen["quota"].pk == person.quota_id:
            return self.change(by, group=chosen["group"])
        transfer(participant=person, to=chosen["quota"], group=chosen["group"], tells=chosen["tells"], by=by)
        return ["province"]


class EmailForm(PartForm, AskingForm):
    """Another address: the former one is told, every link that went there is dead, and the new one gets the link."""

    heading = gettext_lazy("E-mail")
    tells = None  # type: ignore[assignment] # both addresses are told in any case
    email = EmailField(label=gettext_lazy("E-mail"), max_length=254, missing=gettext_lazy("Enter the new e-mail address."))

    def save(self, by: Actor) -> list[str]:
        if self.cleaned_data["email"] == self.participant.email:
            return []
        change_email(participant=self.participant, email=self.cleaned_data["email"], by=by)
        return ["email"]


class DaysForm(AttendanceForm, PartForm):
    heading = gettext_lazy("Days and topics")

    def __init__(self, data: Any = None, *, participant: Participant) -> None:
        choices = list(participant.choices.all())
        held = frozenset(choice.track_id for choice in choices) if participant.holds_seat else frozenset()
        options = RegistrationOptions(participant.workshop, participant.quota.code)
        initial = {"days": [str(day.pk) for day in participant.days.all()], "tells": True}
        initial |= {f"track_{choice.item_id}": str(choice.track_id) for choice in choices}
        super().__init__(data, participant=participant, initial=initial, options=options, held=held)

    def save(self, by: Actor) -> list[str]:
        try:
            return self.change(by, days=self.cleaned_data["days"], tracks=self.cleaned_data["tracks"])
        except QuotaFull as full:
            self.say_full(full.quota)
            return []


PARTS: dict[str, Callable[..., PartForm]] = {
    "name": NamePartForm,
    "position": PositionForm,
    "organisation": OrganisationForm,
    "province": PersonProvinceForm,
    "group": PersonGroupForm,
    "email": EmailForm,
    "phone": PhoneForm,
    "language": LanguageForm,
    "days": DaysForm,
}


def _groups(quota: Quota) -> Any:
    return quota.workshop.groups.filter(scope=quota.group_scope)
