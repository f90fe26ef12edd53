"""A row of a province's spreadsheet: what is wrong with it, and correcting it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.person import PersonForm
from registration.models import Nominee, Quota
from registration.nominations.matching import group_of, names_another_province
from registration.people.actions.registrations import asks_for_guardian
from registration.people.names import means_no_last_name
from registration.people.phones import Phone
from registration.people.text import clean_text
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email", "phone", "group")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a row is worth: its values by field, the cleaned person (empty where something is wrong), what is missing."""

    values: dict[str, str]
    person: dict[str, str]
    email: str
    missing: list[str]

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

    def __init__(self, *args: Any, groups: list[StakeholderGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["group"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("not chosen")), *((group.code, str(group)) for group in groups)]
        for name in self.fields:
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs |= {"autocomplete": "off"}

    @classmethod
    def of(cls, nominee: Nominee, groups: list[StakeholderGroup]) -> "NomineeForm":
        """The form with what stands in the row, and with what is wrong with that."""
        prefix = f"row{nominee.place}"
        return cls({f"{prefix}-{name}": nominee.values[name] for name in FIELDS}, groups=groups, prefix=prefix)

    def values(self) -> dict[str, str]:
        """What was typed, as `judge` takes it."""
        return {name: clean_text(str(self[name].value() or "")[:1000]) for name in FIELDS}


class Judge:
    """Judges rows for `quota`, as the registration form would; without a query for each."""

    def __init__(self, quota: Quota) -> None:
        self.groups = groups_of(quota)
        province = quota.province
        self.names = [province.name_th, province.name_en, *province.aliases.split("|")] if province else []

    def judge(self, values: dict[str, str]) -> Judgement:
        """What `values` (text by field, "group" and "province" as the file has them) are worth."""
        values = {name: values.get(name, "") for name in (*FIELDS, "province")}
        if group := group_of(values["group"], self.groups):
            values["group"] = group.code
        cleaned, missing, is_wrong = {}, [], self.is_of_another_province(values)
        for name in FIELDS[:-1]:
            try:
                cleaned[name] = NomineeForm.base_fields[name].clean(values[name])
            except ValidationError as error:
                is_wrong = is_wrong or name == "email" or getattr(error, "code", "") != "required"
                missing.append(name)
        if not group:
            missing.append("group")
            is_wrong = is_wrong or bool(values["group"])
        elif asks_for_guardian(group, of_age=False):  # whom only the invited can name
            missing.append("guardian_name")
        return Judgement(values, {} if is_wrong else _person(cleaned, group), cleaned.get("email", ""), missing)

    def is_of_another_province(self, values: dict[str, str]) -> bool:
        return bool(self.names) and names_another_province(values.get("province", ""), self.names)


def _person(cleaned: dict[str, Any], group: StakeholderGroup | None) -> dict[str, str]:
    phone: Phone | None = cleaned.pop("phone", None)
    person = {name: str(value) for name, value in cleaned.items()}
    if means_no_last_name(person.get("last_name", "")):
        person["last_name"] = ""
    return person | {
        "phone": phone.number if phone else "",
        "phone_extension": phone.extension if phone else "",
        "group": group.code if group else "",
    }


class UploadForm(forms.Form):
    """The spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Spreadsheet (.xlsx or .csv)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xlsm,.csv,.txt,.tsv"}),
        error_messages={
            "required": gettext_lazy("Choose the file first."),
            "empty": gettext_lazy("The file is empty. Write the names into it and upload it again."),
        },
    )
