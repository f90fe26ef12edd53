"""The registration form as a coordinator fills it in for somebody of their own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from registration.forms.by_hand import ByHandForm
from registration.forms.guardian import GuardianForm
from registration.models import Quota
from registration.people.registration_options import RegistrationOptions
from registration.seats.groups import groups_of


class OfDeskForm(ByHandForm):
    """The place is the desk's; nobody is asked for it."""

    def __init__(self, *args: Any, quota: Quota, **kwargs: Any) -> None:
        super().__init__(*args, options=RegistrationOptions(quota.workshop, quota.code), **kwargs)
        self.fields["province"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=quota.code)
        self.code = quota.code
        self.fields["email"].help_text = _(
            "The meeting link goes there. For somebody without a mailbox give the address of a person who passes the link on, and tick "
            "that below."
        )
        fitting = groups_of(quota)
        self.fields["group"].widget = forms.Select(choices=[("", _("Choose …")), *((group.code, str(group)) for group in fitting)])
        for field in self.fields.values():
            if type(field.widget) is forms.Select:
                field.widget.attrs["class"] = "form-select"
            elif isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "form-check-input"

    def clean_province(self) -> str:
        self.cleaned_data["province"] = self.code
        return super().clean_province()

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [field for field in fields if field.name != "province"]) for title, fields in super().sections()]

    @property
    def asks_for_guardians(self) -> bool:
        return next(iter(GuardianForm.base_fields)) in self.fields
