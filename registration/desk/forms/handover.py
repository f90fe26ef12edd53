"""Whom a coordinator asks to follow them, or to work beside them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.appointee import MAX_EMAIL, AppointeeForm
from registration.forms.fields import EmailField
from registration.models import Coordinator


class HandoverForm(AppointeeForm):
    """The successor of `own`, or a colleague, who must be somebody else. The address is typed twice: who has it gets the people's data."""

    email_again = EmailField(
        label=gettext_lazy("E-mail (again)"),
        max_length=MAX_EMAIL,
        missing=gettext_lazy("Enter the e-mail address again."),
        attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, own: Coordinator | None, **kwargs: Any) -> None:
        super().__init__(data and _corrected_twice(data), *args, **kwargs)
        self.own = own
        self.order_fields(["name", "email", "email_again", "phone"])

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self.own and email in (self.own.user.email.lower(), self.own.user.get_username()):
            raise forms.ValidationError(_("This is your own address. Enter your successor’s."))
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("email") and data.get("email_again") and data["email"] != data["email_again"]:
            self.add_error("email_again", _("The two addresses differ."))
        return data


def _corrected_twice(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`data` in which the address that was proposed stands in the second field too, where the same stood in both."""
    if not data.get("use_email") or data.get("email") != data.get("email_again"):
        return data
    corrected = data.copy() if isinstance(data, QueryDict) else dict(data)
    corrected["email_again"] = data["use_email"]
    return corrected
