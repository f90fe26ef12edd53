"""What somebody says who makes a token for another system."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.api import tokens
from registration.api.tokens import Scope
from registration.forms.fields import TextField
from registration.models import ApiToken, Quota
from registration.security.access import AnyUser
from sessions.admin.filters import WorkshopChoiceField


class ApiTokenForm(forms.Form):
    """Offers no more than `user` may do themselves."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    name = TextField(
        label=gettext_lazy("name"), max_length=80, missing=gettext_lazy("Enter which system uses it."),
        help_text=gettext_lazy("Which system uses it, and what for."), attrs={"autocomplete": "off"},
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what the system may do.")},
    )  # fmt: skip
    workshop = WorkshopChoiceField(required=False, empty_label=gettext_lazy("All workshops"))
    place_code = forms.ChoiceField(label=gettext_lazy("Province"), required=False)
    days = forms.TypedChoiceField(
        label=gettext_lazy("Works for"), coerce=int, initial="90",
        choices=[("30", gettext_lazy("30 days")), ("90", gettext_lazy("90 days")), ("180", gettext_lazy("180 days")),
                 (str(tokens.MAX_DAYS), gettext_lazy("one year"))],
    )  # fmt: skip

    def __init__(self, *args: Any, user: AnyUser, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("submission", uuid4())
        offered = [
            (scope.value, format_html("{} <code>{}</code>", scope.label, scope.value)) for scope in Scope if tokens.may_give(user, scope)
        ]
        self.fields["scopes"].choices = offered  # type: ignore[attr-defined]
        self.fields["place_code"].choices = [("", _("All places")), *places().items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        chosen = set(data.get("scopes", ()))
        if Scope.READ_CONTACTS in chosen and Scope.READ_PEOPLE not in chosen:
            self.add_error("scopes", _("Addresses and phones are read with people: tick that, too."))
        return data


def places() -> dict[str, str]:
    """The places of all workshops by their codes, in Thai order."""
    return {quota.code: quota.name for quota in Quota.objects.seats().select_related("province").in_thai_order()}


def scopes_in_words(token: ApiToken) -> list[str]:
    return [str(scope.label) for scope in Scope if token.allows(scope)]
