"""Not coming: a reason if somebody likes, or the address of who comes instead."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField, TextField
from registration.forms.questions import AskingForm

MAX_REASON = 300


class RefusalForm(WithSummary):
    """Why somebody who is invited cannot come; the province reads it."""

    reason = TextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The province reads this. For example: on duty elsewhere that day."),
        max_length=MAX_REASON,
        required=False,
        attrs={"autocomplete": "off"},
    )


class SubstituteForm(AskingForm, WithSummary):
    """The substitute's own address; `own` is the address of whoever names them."""

    email = EmailField(
        label=gettext_lazy("E-mail of the substitute"),
        help_text=gettext_lazy("The link to the form goes there. An address can be used for one person only."),
        max_length=254,
        missing=gettext_lazy("Enter the e-mail address of the substitute."),
        attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, own: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = own

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.own:
            raise forms.ValidationError(_("This is your own address. Enter the substitute's."))
        return email

    def say_taken(self) -> None:
        """Puts beside the address that it cannot take the seat, and no more: whether it is registered is its owner's business."""
        self.add_error("email", _("This address cannot take over your invitation. Name somebody else, or ask the coordinator."))
