"""Inviting somebody, and answering an invitation."""

import re
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actions.invitations import Invited
from registration.actions.registrations import Person
from registration.forms.attendance import AttendanceForm
from registration.forms.faults import WithSummary
from registration.forms.fields import EmailField
from registration.forms.guardian import GuardianForm
from registration.forms.person import PersonForm
from registration.models import Invitation, Quota
from registration.openings import Openings
from registration.phones import readable
from sessions.models import StakeholderGroup
from sessions.templatetags.agenda import local_digits

#: Addresses that one page sends at once; more come by spreadsheet.
MOST_ADDRESSES = 100


def fitting_groups(quota: Quota) -> list[StakeholderGroup]:
    """The groups of people who come from there."""
    scope = StakeholderGroup.Scope.PROVINCE if quota.province_id else StakeholderGroup.Scope.CENTRAL
    return [group for group in quota.workshop.groups.all() if group.scope == scope]


class AnswerForm(PersonForm, AttendanceForm, GuardianForm, WithSummary):
    """What is asked of somebody who accepts `invitation`: filled in with what is known; the address is the invited one."""

    email = None  # type: ignore[assignment]
    group = forms.CharField(required=False, label=gettext_lazy("Group"))
    consent = forms.BooleanField(
        label=gettext_lazy("I have read the privacy notice and know how my data are used."),
        error_messages={"required": gettext_lazy("Read the privacy notice, then tick this box.")},
    )

    def __init__(self, *args: Any, invitation: Invitation, openings: Openings, **options: Any) -> None:
        known = {name: getattr(invitation, name) for name in PersonForm.base_fields if name not in ("email", "phone")}
        known["phone"] = readable(invitation.phone, invitation.phone_extension) if invitation.phone else ""
        known["group"] = invitation.group.code if invitation.group else ""
        super().__init__(*args, openings=openings, initial=known, **options)
        self.invitation = invitation
        self.province_name = invitation.quota.province.name_th if invitation.quota.province else ""
        openings.groups = fitting_groups(invitation.quota)
        tracks = [name for name in self.fields if name.startswith("track_")]
        self.order_fields([*PersonForm.base_fields, "group", *GuardianForm.base_fields, "days", *tracks, "consent"])

    @cached_property
    def submission(self) -> UUID:
        """As on the registration form: what is sent twice is known by it."""
        try:
            return UUID(self.data.get("submission", ""))
        except ValueError:
            return uuid4()

    def clean_group(self) -> StakeholderGroup:
        groups = self.openings.groups
        code = self.cleaned_data["group"] or (groups[0].code if len(groups) == 1 else "")
        chosen = next((group for group in groups if group.code == code), None)
        if chosen is None:
            raise ValidationError(_("Choose the group to which you belong."))
        return chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("group"):
            self.check_guardian(data["group"])
        return data

    def person(self) -> Person:
        self.cleaned_data["email"] = self.invitation.email
        return super().person()


class InviteForm(PersonForm, WithSummary):
    """Whom a province invites. Only the address is needed; what else is known fills in his form."""

    group = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False, widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose the group from the list.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=[("th", "ไทย"), ("en", "English")], required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, *args: Any, quota: Quota, **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = fitting_groups(quota)
        self.province_name = quota.province.name_th if quota.province else ""
        for name, field in self.fields.items():
            field.required = name == "email"
            field.help_text = ""
            field.widget.attrs.pop("autocomplete", None)
        self.fields["email"].error_messages["required"] = _("Enter the e-mail address to which the invitation is to be sent.")
        group = self.fields["group"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = [("", _("not known")), *((group.code, str(group)) for group in self.groups)]
        self.order_fields(["email", "title", "first_name", "last_name", "position", "organisation", "organisation_short", "phone"])

    def clean_group(self) -> StakeholderGroup | None:
        return next((group for group in self.groups if group.code == self.cleaned_data["group"]), None)

    def invited(self) -> Invited:
        phone = self.cleaned_data["phone"]
        names = ("email", "title", "first_name", "last_name", "position", "organisation", "organisation_short")
        known = {name: self.cleaned_data[name] for name in names}
        return Invited(**known, phone=phone.number if phone else "", phone_extension=phone.extension if phone else "")


class AddressesForm(WithSummary):
    """Several addresses at once, as they are pasted: one a line, or with commas between."""

    addresses = forms.CharField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One address a line. Each gets an invitation of its own."),
        error_messages={"required": gettext_lazy("Enter at least one e-mail address.")},
        max_length=40_000,
        widget=forms.Textarea(
            attrs={"class": "form-control", "rows": 6, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def clean_addresses(self) -> list[str]:
        pieces = [piece for piece in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if piece]
        if len(pieces) > MOST_ADDRESSES:
            words = ngettext("Enter %(n)s address at most.", "Enter %(n)s addresses at most.", MOST_ADDRESSES)
            raise ValidationError(words % {"n": local_digits(MOST_ADDRESSES)})
        field, found, faults = EmailField(max_length=254), [], []
        for piece in pieces:
            try:
                found.append(field.clean(piece.strip("<>")))
            except ValidationError as fault:
                faults.append(f"{piece[:80]}: {' '.join(fault.messages)}")
        if faults:
            raise ValidationError(faults)
        return list(dict.fromkeys(found))
