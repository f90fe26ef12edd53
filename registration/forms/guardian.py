"""What is asked for a child or youth besides: who of their parents or guardians agrees (PDPA section 20).

Stands in every form that registers; the page shows it with the group that asks for it, and what is sent for any other
group is left out of account.
"""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.fields import ContactField, TextField
from registration.people.applications import Notice, asks_for_guardian
from sessions.models import StakeholderGroup


class GuardianForm(forms.Form):
    of_age = forms.BooleanField(label=gettext_lazy("The participant is twenty or older."), required=False)
    guardian_name = TextField(
        label=gettext_lazy("Name of the parent or guardian"), required=False, max_length=200, attrs={"autocomplete": "off"},
    )  # fmt: skip
    guardian_contact = ContactField(
        label=gettext_lazy("Parent’s or guardian’s e-mail or phone"), required=False, max_length=254,
        help_text=gettext_lazy("If you give a phone number only, please tell them yourself."),
        attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
    guardian_agrees = forms.BooleanField(
        label=gettext_lazy("As parent or guardian I have read the privacy notice and consent to this registration and use of data."),
        required=False,
    )

    @property
    def is_of_age(self) -> bool:
        return bool(self.cleaned_data.get("of_age"))

    def check_guardian(self, group: StakeholderGroup) -> None:
        """Adds what is missing where `group` asks for a guardian; where it does not, nothing that was typed here is wrong."""
        if not asks_for_guardian(group, of_age=self.is_of_age):
            return self.forget_guardian()
        if not self.cleaned_data.get("guardian_name") and "guardian_name" not in self.errors:
            self.add_error("guardian_name", _("Enter the name of the parent or guardian, or tick that the participant is twenty or older."))
        self._check_contact()
        if not self.cleaned_data.get("guardian_agrees"):
            self.add_error("guardian_agrees", _("The parent or guardian must consent by ticking this box."))

    def forget_guardian(self) -> None:
        """Nothing that was typed about a guardian is wrong where nobody asks."""
        for name in GuardianForm.base_fields:
            self.errors.pop(name, None)

    def _check_contact(self) -> None:
        contact = self.cleaned_data.get("guardian_contact")
        if "guardian_contact" in self.errors:
            return
        if not contact:
            self.add_error("guardian_contact", _("Enter an e-mail address or a phone number of the parent or guardian."))
        elif contact == self.own_email():
            self.add_error(
                "guardian_contact",
                _("This is the participant’s own e-mail address. Enter the e-mail address or phone number of the parent or guardian."),
            )

    def own_email(self) -> str:
        return self.cleaned_data.get("email") or ""

    def notice(self, group: StakeholderGroup, *, version: str, read_out: bool = False) -> Notice:
        """What the valid form says of the privacy notice of this `version`, and of who agreed, where that was asked."""
        if not asks_for_guardian(group, of_age=self.is_of_age):
            return Notice(version=version, read_out=read_out, of_age=self.is_of_age)
        contact = self.cleaned_data["guardian_contact"]
        told = {"guardian_email": contact} if isinstance(contact, str) else {"guardian_phone": contact.number}
        return Notice(version=version, read_out=read_out, guardian=str(self.cleaned_data["guardian_name"]), **told)
