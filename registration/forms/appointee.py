"""Somebody who is to coordinate, as a coordinator or the office names them."""

import json
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.coordinators.actions import Appointee
from registration.forms.fields import EmailField, NameField, PhoneField
from registration.forms.questions import AskingForm, OpenQuestion
from registration.people import phones
from registration.people.names import NameQuestion, in_one_field, split_full_name

#: Django's own limit of a user's name, which is the address.
MAX_EMAIL = 150
#: What is asked about a name in one field.
ASKED = {NameQuestion.TITLE_TWICE, NameQuestion.TITLES_DIFFER, NameQuestion.LAST_NAME_TWICE}


class AppointeeForm(AskingForm):
    """Name, e-mail and phone of somebody who is to coordinate, cleaned and asked about as a participant's."""

    name = NameField(
        label=gettext_lazy("Title, first and last name"),
        max_length=150,
        missing=gettext_lazy("Enter title, first and last name."),
        attrs={"autocomplete": "off"},
    )
    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=MAX_EMAIL,
        missing=gettext_lazy("Enter the e-mail address."),
        attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    phone = PhoneField(label=gettext_lazy("Phone"), max_length=60, required=False, attrs={"type": "tel", "autocomplete": "off"})

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if typed := data.get("name"):
            self._ask_about_whole_name(typed)
            data["name"] = in_one_field(typed)
        return data

    def _ask_about_whole_name(self, typed: str) -> None:
        found = split_full_name(typed)
        likely = " ".join(filter(None, (found.name.text(), found.degrees, found.rest)))
        if ASKED & set(found.questions):
            said = (_("Is this the name?"), likely, _("Yes, use this name"), _("No, keep it as I typed it"))
        elif NameQuestion.NO_LAST_NAME in found.questions:
            said = (_("Does %(name)s have no family name?") % {"name": typed}, "", _("That is right, no family name"), "")
            likely = typed
        else:
            return
        words, proposed, use, keep = said
        value = json.dumps(likely, ensure_ascii=False)
        self._ask(OpenQuestion("name", words, proposed, use, keep, self.add_prefix("use_name"), value, self.add_prefix("keep")), [typed])

    def appointee(self) -> Appointee:
        given = self.cleaned_data
        phone = given["phone"] or phones.Phone("")
        return Appointee(given["name"], given["email"], phone.number, phone.extension)
