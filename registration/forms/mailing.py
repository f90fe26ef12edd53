"""The text of a message to many: checked here, word for word, before it can be sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registration.mail import placeholders
from registration.models import Mailing


class MailingTextForm(forms.ModelForm):
    """Subject and text, in Thai and perhaps in English."""

    class Meta:
        model = Mailing
        fields: tuple[str, ...] = ("subject_th", "body_th", "subject_en", "body_en")

    def clean_subject_th(self) -> str:
        return self._checked("subject_th", with_link=False)

    def clean_subject_en(self) -> str:
        return self._checked("subject_en", with_link=False)

    def clean_body_th(self) -> str:
        return self._checked("body_th")

    def clean_body_en(self) -> str:
        return self._checked("body_en")

    def _checked(self, name: str, *, with_link: bool = True) -> str:
        text: str = self.cleaned_data[name]
        if found := placeholders.faults(text, with_link=with_link):
            raise ValidationError(found)
        return text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, other in (("subject_en", "body_en"), ("body_en", "subject_en")):
            if data.get(other) and name in data and not data[name]:
                self.add_error(name, _("Write both subject and text in English, or neither."))
        return data
