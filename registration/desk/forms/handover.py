"""To whom a coordinator hands his work over."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.coordinators.actions import Appointee
from registration.models import Coordinator
from registration.people import phones
from registration.people.text import clean_text, fault_of

#: Django's own limit of a user's name, which is the address.
MAX_EMAIL = 150


class AppointeeForm(forms.Form):
    """Name, e-mail and phone of somebody who is to coordinate."""

    name = forms.CharField(
        label=gettext_lazy("Title, first and last name"),
        max_length=150,
        error_messages={"required": gettext_lazy("Write title, first and last name.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=MAX_EMAIL,
        error_messages={
            "required": gettext_lazy("Write the e-mail address."),
            "invalid": gettext_lazy("Write the address like name@agency.go.th."),
        },
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in (("name", "off"), ("email", "off"), ("phone", "off")):
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": autocomplete}

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        if fault := fault_of(name):
            raise forms.ValidationError(fault)
        return name

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_phone(self) -> phones.Phone | None:
        text = self.cleaned_data["phone"].strip()
        try:
            return phones.parse(text) if text else None
        except phones.PhoneFault as fault:
            raise forms.ValidationError(str(fault)) from fault

    def appointee(self) -> Appointee:
        given = self.cleaned_data
        phone = given["phone"] or phones.Phone("")
        return Appointee(given["name"], given["email"], phone.number, phone.extension)


class HandoverForm(AppointeeForm):
    """The successor of `own`, who must be somebody else."""

    def __init__(self, *args: Any, own: Coordinator | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def clean_email(self) -> str:
        email = super().clean_email()
        if self.own and email in (self.own.user.email.lower(), self.own.user.get_username()):
            raise forms.ValidationError(_("This is your own address. Write your successor's."))
        return email
