"""Who somebody is: asked in the same words wherever a person is written down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from registration.forms.fields import EmailField, LastNameField, NameField, PhoneField, TextField, TitleField
from registration.forms.questions import AskingForm
from registration.forms.widgets import TitleChoice
from registration.people import agencies
from registration.people.applications import Person
from registration.people.names import is_monks_title, means_no_last_name

#: What people are addressed by; anything else may be typed as well.
TITLES = (
    "นาย", "นาง", "นางสาว", "ดร.", "ผศ.", "ผศ.ดร.", "รศ.", "รศ.ดร.", "ศ.", "ศ.ดร.", "ว่าที่ร้อยตรี", "ว่าที่ร้อยตรีหญิง",
    "หม่อมหลวง", "พระ", "เด็กชาย", "เด็กหญิง", "Mr.", "Mrs.", "Ms.", "Dr.", "Prof.",
)  # fmt: skip


def suggestions(values: list[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}" label="{}">', values)


class NameForm(AskingForm):
    """Title, first and last name; that there is no last one is a choice."""

    title = TitleField(
        label=_("Title"), max_length=60, missing=_("Choose the title, or enter one like Dr."),
        attrs={"list": "titles", "autocomplete": "honorific-prefix", "enterkeyhint": "next"},
    )  # fmt: skip
    first_name = NameField(
        label=_("First name"), max_length=100, missing=_("Enter the first name."),
        attrs={"autocomplete": "given-name", "enterkeyhint": "next"},
    )  # fmt: skip
    last_name = LastNameField(
        label=_("Last name"), max_length=100, missing=_("Enter the last name, or tick “No family name”."),
        attrs={"autocomplete": "family-name", "enterkeyhint": "next"},
    )  # fmt: skip
    no_last_name = forms.BooleanField(label=_("No family name"), required=False)

    def clean(self) -> dict[str, Any]:
        lacks_last_name = self._settle_last_name(self.cleaned_data)
        data = super().clean()
        if lacks_last_name and not self.name_question:
            self.add_error("last_name", ValidationError(self.fields["last_name"].error_messages["required"], code="required"))
        return data

    def _settle_last_name(self, data: dict[str, Any]) -> bool:
        """Takes a last name that says that there is none as that. True: none is there where there should be one.

        People in religion are known without one (พระครู…); of anybody else it must be said.
        """
        if means_no_last_name(data.get("last_name", "")):
            data |= {"last_name": "", "no_last_name": True}
        elif data.get("last_name") and data.get("no_last_name"):
            self.add_error("no_last_name", _("A family name is entered above. Remove it, or untick this box."))
        elif self.has_error("last_name", "required"):
            del self.errors["last_name"]
            data["last_name"] = ""
            return not data.get("no_last_name") and not is_monks_title(data.get("title", ""))
        return False


class PersonForm(NameForm):
    """Title, name, position, organisation and how to reach a person.

    `province_name` is the Thai name of the province from which they come ("" for a central agency); a subclass
    that asks for it sets it before `clean` ends.
    """

    required_css_class = "required"
    province_name = ""

    # Not type=email: browsers rewrite Thai digits and letters in such a field before we could understand them.
    email = EmailField(
        label=_("E-mail"), max_length=254, missing=_("Enter the e-mail address for the meeting link."),
        help_text=_("We send the meeting link here. One address for one person."),
        attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none", "spellcheck": "false", "enterkeyhint": "next"},
    )  # fmt: skip
    phone = PhoneField(
        label=_("Phone"), max_length=60, missing=_("Enter a phone number, like 08x xxx xxxx."),
        help_text=_("Like 08x xxx xxxx or 02 xxx xxxx ext. 123"),
        attrs={"type": "tel", "autocomplete": "tel", "enterkeyhint": "next"},
    )  # fmt: skip
    organisation = TextField(
        label=_("Organisation"), max_length=200, missing=_("Enter the organisation you represent."),
        help_text=_("In full, like Nan Provincial Office, UN Women"),
        attrs={"list": "agencies", "autocomplete": "organization", "enterkeyhint": "next"},
    )  # fmt: skip
    organisation_short = TextField(
        label=_("Abbreviation of the organisation"), max_length=40, required=False,
        help_text=_("It becomes part of your name in Zoom, like UNDP. Leave it empty if there is none."),
        attrs={"autocomplete": "off", "autocapitalize": "none", "enterkeyhint": "next"},
    )  # fmt: skip
    position = TextField(
        label=_("Position"), max_length=200, required=False,
        attrs={"autocomplete": "organization-title", "enterkeyhint": "done"},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("organisation") and not data.get("organisation_short") and not self.errors:
            data["organisation_short"] = agencies.abbreviation_of(data["organisation"], self.province_name)
        return data

    def person(self) -> Person:
        phone = self.cleaned_data["phone"]
        names = ("title", "first_name", "last_name", "position", "organisation", "organisation_short", "email")
        return Person(**{name: self.cleaned_data[name] for name in names}, phone=phone.number, phone_extension=phone.extension)

    def titles(self) -> SafeString:
        return suggestions([(title, "") for title in TITLES])

    def agencies(self) -> SafeString:
        return suggestions(agencies.suggested())


class OwnPersonForm(PersonForm):
    """The same, asked of the person themselves: the title is one press on a phone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["title"].widget = TitleChoice()
