"""Inviting one person, or many by their addresses."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField
from registration.forms.person import PersonForm
from registration.forms.questions import AskingForm, OpenQuestion
from registration.invitations.actions.invitations import Invited
from registration.models import Quota
from registration.people.addresses import addresses_in, likely_address
from registration.people.text import clean_text
from registration.seats.groups import groups_of
from sessions.formats import local_digits
from sessions.models import StakeholderGroup

#: Addresses that one page sends at once; more come by spreadsheet.
MAX_ADDRESSES = 100
MAX_TEXT = 40_000
#: The button that takes what is probably meant in place of what was typed.
USE_LIKELY = "use_addresses"


class InviteForm(PersonForm, WithSummary):
    """Whom a province invites. Only the address is needed; what else is known fills in their form."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False, widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose the group from the list.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the e-mail"), choices=[("th", "ไทย"), ("en", "English")], required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, *args: Any, quota: Quota, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = groups_of(quota)
        self.province_name = quota.province.name_th if quota.province else ""
        for name, field in self.fields.items():
            field.required = name == "email"
            field.help_text = ""
            field.widget.attrs.pop("autocomplete", None)
        self.fields["email"].error_messages["required"] = _("Enter the e-mail address to which the invitation is to be sent.")
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = [("", _("not known")), *((group.code, str(group)) for group in self.groups)]
        names = ["title", "first_name", "last_name", "no_last_name"]
        self.order_fields(["email", *names, "position", "organisation", "organisation_short", "phone"])

    def clean_group(self) -> StakeholderGroup | None:
        return next((group for group in self.groups if group.code == self.cleaned_data["group"]), None)

    def invited(self) -> Invited:
        phone = self.cleaned_data["phone"]
        lacks_last_name: bool = self.cleaned_data["no_last_name"]
        names = ("email", "title", "first_name", "last_name", "position", "organisation", "organisation_short")
        known = {name: self.cleaned_data[name] for name in names}
        return Invited(
            **known, phone=phone.number if phone else "", phone_extension=phone.extension if phone else "",
            lacks_last_name=lacks_last_name,
        )  # fmt: skip


class AddressesForm(AskingForm, WithSummary):
    """Several addresses at once, as they are pasted: one a line, or with commas between."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One address a line. Each gets an invitation of its own."),
        error_messages={"required": gettext_lazy("Enter at least one e-mail address.")},
        max_length=MAX_TEXT,
        widget=forms.Textarea(
            attrs={"class": "form-control", "rows": 6, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **options: Any) -> None:
        super().__init__(_with_likely(data) if data and data.get(USE_LIKELY) else data, *args, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        likely = {email: meant for email in data.get("addresses", []) if (meant := likely_address(email))}
        if likely:
            words = ngettext("Is another address meant?", "Are other addresses meant?", len(likely))
            question = OpenQuestion(
                "addresses", words, "\n".join(f"{email} → {meant}" for email, meant in likely.items()),
                _("Yes, use what is on the right"), _("No, keep them as I typed them"), USE_LIKELY, "1", "keep",
            )  # fmt: skip
            self._ask(question, list(likely))
        return data

    @property
    def addresses_question(self) -> OpenQuestion | None:
        return self.open_questions.get("addresses")

    def clean_addresses(self) -> list[str]:
        """The addresses, each once. Names beside them ("Somchai <a@example.org>") are no fault, since every line has its address."""
        pieces = [piece for line in self.cleaned_data["addresses"].splitlines() for piece in _pieces(clean_text(line))]
        if len(pieces) > MAX_ADDRESSES:
            words = ngettext("Enter %(n)s address at most.", "Enter %(n)s addresses at most.", MAX_ADDRESSES)
            raise ValidationError(words % {"n": local_digits(MAX_ADDRESSES)})
        field, found, faults = EmailField(max_length=254), [], []
        for piece in pieces:
            try:
                found.append(field.clean(piece))
            except ValidationError as fault:
                faults.append(f"{piece[:80]}: {' '.join(fault.messages)}")
        if faults:
            raise ValidationError(faults)
        return list(dict.fromkeys(found))


def _with_likely(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """`data` in whose addresses what is probably mistyped is put right, as if it had been typed so."""
    text = str(data.get("addresses") or "")
    found, _rest = addresses_in(clean_text(text[:MAX_TEXT]))
    for email in found:
        if likely := likely_address(email):
            text = re.sub(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", likely, text, flags=re.IGNORECASE)
    answered = data.copy() if isinstance(data, QueryDict) else dict(data)
    answered["addresses"] = text
    return answered


def _pieces(line: str) -> list[str]:
    """What stands for an address each: those in angle brackets with the name before them, else words between commas and spaces."""
    with_names = re.findall(r"[^<>;,]*<[^<>]*>", line)
    rest = re.sub(r"[^<>;,]*<[^<>]*>", " ", line)
    return [*(piece.strip() for piece in with_names), *(piece for piece in re.split(r"[\s,;]+", rest) if piece)]
