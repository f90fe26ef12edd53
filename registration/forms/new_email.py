"""Another e-mail address for a registration."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField
from registration.forms.questions import AskingForm
from registration.models import Participant


class NewEmailForm(AskingForm, WithSummary):
    """The address to which mails are to go from now on."""

    email = EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        missing=gettext_lazy("Enter the new e-mail address."),
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"},
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant = participant

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email == self.participant.email:
            raise forms.ValidationError(_("We already have this address."))
        return email
