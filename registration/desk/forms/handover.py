"""Whom a coordinator asks to follow them, or to work beside them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.coordinators.actions import Appointee
from registration.forms.fields import EmailField, NameField, PhoneField
from registration.forms.questions import AskingForm
from registration.models import Coordinator
from registration.people import phones

#: Django's own limit of a user's name, which is the address.
MAX_EMAIL = 150


class AppointeeForm(AskingForm):
    """Name, e-mail and phone of somebody who is to coordinate, cleaned and asked about as a participant's."""

    name = NameField(
        label=gettext_lazy("Title, first and last name"),
        max_length=150,
        missing=gettext_lazy("Write title, first and last name."),
        attrs={"autocomplete": "off"},
    )
    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=MAX_EMAIL,
        missing=gettext_lazy("Write the e-mail address."),
        attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    phone = PhoneField(label=gettext_lazy("Phone"), max_length=60, required=False, attrs={"type": "tel", "autocomplete": "off"})

    def appointee(self) -> Appointee:
        given = self.cleaned_data
        phone = given["phone"] or phones.Phone("")
        return Appointee(given["name"], given["email"], phone.number, phone.extension)


class HandoverForm(AppointeeForm):
    """The successor of `own`, or a colleague, who must be somebody else. The address is typed twice: who has it gets the people's data."""

    email_again = EmailField(
        label=gettext_lazy("E-mail once more"),
        max_length=MAX_EMAIL,
        missing=gettext_lazy("Write the e-mail address once more."),
        attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )

    def __init__(self, *args: Any, own: Coordinator | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own
        self.order_fields(["name", "email", "email_again", "phone"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.own and email in (self.own.user.email.lower(), self.own.user.get_username()):
            raise forms.ValidationError(_("This is your own address. Write your successor's."))
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("email") and data.get("email_again") and data["email"] != data["email_again"]:
            self.add_error("email_again", _("The two addresses differ."))
        return data
