"""Answering an invitation."""

from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.attendance import AttendanceForm
from registration.forms.faults import WithSummary
from registration.forms.guardian import GuardianForm
from registration.forms.person import OwnPersonForm, PersonForm
from registration.models import Invitation
from registration.people.addresses import masked_address
from registration.people.applications import Application, Entry
from registration.people.phones import readable
from registration.people.registration_options import RegistrationOptions
from registration.seats.groups import groups_of
from sessions.models import StakeholderGroup


class AnswerForm(OwnPersonForm, AttendanceForm, GuardianForm, WithSummary):
    """What is asked of somebody who accepts `invitation`: filled in with what is known.

    The address is typed, and must be the one that the link was mailed to: whoever got the link from somebody else writes their own,
    and is led to the way in which a seat passes to them.
    """

    group = forms.CharField(required=False, label=gettext_lazy("Group"))

    def __init__(self, *args: Any, invitation: Invitation, options: RegistrationOptions, **kwargs: Any) -> None:
        known = {name: getattr(invitation, name) for name in PersonForm.base_fields if name not in ("email", "phone", "no_last_name")}
        known["no_last_name"] = invitation.lacks_last_name
        known["phone"] = readable(invitation.phone, invitation.phone_extension) if invitation.phone else ""
        known["group"] = invitation.group.code if invitation.group else ""
        super().__init__(*args, options=options, initial=known, **kwargs)
        self.invitation = invitation
        self.fields["email"].help_text = _("The address to which this link was sent: %(address)s") % {
            "address": masked_address(invitation.email)
        }
        #: Whether another address was typed than the link was mailed to.
        self.is_for_another = False
        self.province_name = invitation.quota.province.name_th if invitation.quota.province else ""
        options.groups = groups_of(invitation.quota)
        tracks = [name for name in self.fields if name.startswith("track_")]
        person = [name for name in PersonForm.base_fields if name != "position"]
        self.order_fields([*person, "group", *GuardianForm.base_fields, "days", *tracks, "position"])

    @cached_property
    def submission(self) -> UUID:
        try:
            return UUID(self.data.get("submission", ""))
        except ValueError:
            return uuid4()

    def clean_group(self) -> StakeholderGroup:
        groups = self.options.groups
        code = self.cleaned_data["group"] or (groups[0].code if len(groups) == 1 else "")
        chosen = next((group for group in groups if group.code == code), None)
        if chosen is None:
            raise ValidationError(_("Choose the group to which you belong."))
        return chosen

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email != self.invitation.email:
            self.is_for_another = True
            raise ValidationError(_("This link was sent to another address, and registers its owner only."))
        return email

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("group"):
            self.check_guardian(data["group"])
        return data

    def application(self, *, language: str, notice_version: str) -> Application:
        group = self.cleaned_data["group"]
        return Application(
            workshop=self.invitation.workshop,
            person=self.person(),
            choices=self.chosen(self.invitation.quota, group),
            entry=Entry(submission=self.submission, language=language, invitation=self.invitation),
            notice=self.notice(group, version=notice_version),
        )
