"""What a coordinator corrects of somebody of their own: the same parts as at the office, always told to the person."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy

from registration.actor import Actor
from registration.forms import parts
from registration.forms.fields import EmailField
from registration.forms.parts import PartForm
from registration.models import Participant
from registration.people.actions.details import ask_new_email


class NewAddressForm(PartForm):
    """Another address, which its owner confirms before anything about the person goes there."""

    heading = gettext_lazy("E-mail")
    email = EmailField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        missing=gettext_lazy("Enter the new e-mail address."),
        attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def known(self) -> dict[str, Any]:
        return {}

    def save(self, by: Actor) -> list[str]:
        email = self.cleaned_data["email"]
        if email == self.participant.email:
            return []
        ask_new_email(participant=self.participant, email=email, by=by)
        return ["email"]


PARTS: dict[str, Callable[..., PartForm]] = {
    name: form for name, form in parts.PARTS.items() if name not in ("province", "language", "email")
} | {"email": NewAddressForm}


def part_form(name: str, participant: Participant, data: Any = None) -> PartForm:
    """The form of the part `name`, one of PARTS."""
    form = PARTS[name](data, participant=participant)
    form.fields.pop("tells", None)
    return form
