"""A row of a province's list: what it is worth, and correcting it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.person import PersonForm
from registration.models import Nominee, Quota
from registration.nominations.actions import NewNominee
from registration.nominations.matching import group_of, names_another_province
from registration.nominations.nominees import Doubt, Fate, ReadNominee
from registration.people.applications import asks_for_guardian
from registration.people.names import means_no_last_name
from registration.people.phones import Phone
from registration.people.text import clean_text
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone", "group")
#: Kept beside them: what the form does not ask.
KEPT = (*FIELDS, "province", "no_last_name", "days")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a row is worth: its values by field, the cleaned person (empty where something is wrong), what is missing, what is wrong."""

    values: dict[str, str]
    person: dict[str, str]
    email: str
    missing: list[str]
    faults: list[str]

    @property
    def state(self) -> Nominee.State:
        return Nominee.State.READY if self.person else Nominee.State.FAULTY

    @property
    def is_complete(self) -> bool:
        return bool(self.person) and not self.missing


class NomineeForm(PersonForm):
    """Everything about a nominee, with the values of the file; each row of a page has its own `prefix`."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"), widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={
            "required": gettext_lazy("Choose the group."),
            "invalid_choice": gettext_lazy("Choose the group from the list."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, groups: list[StakeholderGroup], only: Iterable[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("not chosen")), *((group.code, str(group)) for group in groups)]
        for name in [name for name in self.fields if only and name not in only]:
            del self.fields[name]
        for name in self.fields:
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs |= {"autocomplete": "off"}

    @classmethod
    def of(cls, nominee: Nominee, groups: list[StakeholderGroup], only: Iterable[str] = ()) -> "NomineeForm":
        """The form with what stands in the row and with what is wrong with that; `only` the fields that are named, else all."""
        prefix = f"row{nominee.place}"
        shown = [*FIELDS, *(["no_last_name"] if nominee.values.get("no_last_name") else [])]
        data = {f"{prefix}-{name}": nominee.values.get(name, "") for name in shown}
        return cls(data, groups=groups, prefix=prefix, only=only)


def typed(data: Any, nominee: Nominee) -> dict[str, str]:
    sent = {name: data.get(f"row{nominee.place}-{name}") for name in FIELDS}
    if sent["last_name"] is not None:
        sent["no_last_name"] = data.get(f"row{nominee.place}-no_last_name", "")
    return nominee.values | {name: clean_text(str(value)[:1000]) for name, value in sent.items() if value is not None}


class Judge:
    """Judges rows for `quota`, as the registration form would; without a query for each."""

    def __init__(self, quota: Quota) -> None:
        self.groups = groups_of(quota)
        province = quota.province
        self.names = [province.name_th, province.name_en, *province.aliases.split("|")] if province else []

    def judge(self, values: dict[str, str]) -> Judgement:
        """What `values` (text by field, "group" and "province" as the file has them) are worth.

        For an invitation the address will do: a number that cannot be called and a group that is not known are only missing.
        """
        values = {name: values.get(name, "") for name in KEPT}
        if group := group_of(values["group"], self.groups):
            values["group"] = group.code
        cleaned: dict[str, Any] = {}
        missing, faults = [], []
        for name in FIELDS[:-1]:
            try:
                cleaned[name] = NomineeForm.base_fields[name].clean(values[name])
            except ValidationError as error:
                is_needed = not (name == "last_name" and values["no_last_name"] and not values[name])
                if name == "email" or (getattr(error, "code", "") != "required" and name != "phone"):
                    faults.append(name)
                if is_needed:
                    missing.append(name)
                else:
                    cleaned[name] = ""
        if not group:
            missing.append("group")
        elif asks_for_guardian(group, of_age=False):  # whom only the invited can name
            missing.append("guardian_name")
        return Judgement(values, {} if faults else _person(cleaned, group), cleaned.get("email", ""), missing, faults)

    def row(self, read: ReadNominee) -> NewNominee:
        found = self.judge(read.values)
        doubts = list(read.doubts)
        if self.names and names_another_province(read.values.get("province", ""), self.names):
            doubts.append((Doubt.PROVINCE, read.values["province"]))
        state = found.state
        if read.is_left_out:
            state = Nominee.State.LEFT_OUT
        elif doubts and state == Nominee.State.READY:
            state = Nominee.State.DOUBTFUL
        fate = {Fate.USE: Nominee.Fate.USE, Fate.RESERVE: Nominee.Fate.RESERVE, Fate.LEAVE_OUT: Nominee.Fate.LEAVE_OUT}[read.fate]
        return NewNominee(
            read.sheet, read.line, found.values, found.person, found.email, state, found.is_complete,
            remark=read.remark, doubts=tuple((str(kind), said) for kind, said in doubts), fate=fate,
        )  # fmt: skip

    def corrected(self, nominee: Nominee, values: dict[str, str]) -> NewNominee:
        found = self.judge(values)
        return NewNominee(nominee.sheet, nominee.line, found.values, found.person, found.email, found.state, found.is_complete)


def _person(cleaned: dict[str, Any], group: StakeholderGroup | None) -> dict[str, str]:
    phone: Phone | None = cleaned.pop("phone", None)
    if means_no_last_name(cleaned.get("last_name", "")):
        cleaned["last_name"] = ""
    return {name: str(value) for name, value in cleaned.items()} | {
        "phone": phone.number if phone else "",
        "phone_extension": phone.extension if phone else "",
        "group": group.code if group else "",
    }


class UploadForm(forms.Form):
    """The list."""

    file = forms.FileField(
        label=gettext_lazy("List (Excel, Word, LibreOffice or text)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.csv,.tsv,.txt,.docx"}),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("The file is empty. Enter the names and upload it again."),
        },
    )


class SetForm(forms.Form):
    """One thing that is written into many rows."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False, widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    organisation = forms.CharField(
        label=gettext_lazy("Organisation"), required=False, max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "list": "agencies"}),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: list[StakeholderGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("not changed")), *((group.code, str(group)) for group in groups)]

    def values(self) -> dict[str, str]:
        return {name: value for name in ("group", "organisation") if (value := clean_text(self.cleaned_data[name]))}
