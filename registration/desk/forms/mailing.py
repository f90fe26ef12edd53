"""What a coordinator writes to their own people."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.mailing import MailingTextForm
from registration.models import Mailing, Participant


class WriteForm(MailingTextForm):
    """The text, and which of the `readers` it goes to; all of them until somebody is left out."""

    to = forms.MultipleChoiceField(
        label=gettext_lazy("To"), widget=forms.CheckboxSelectMultiple, error_messages={"required": gettext_lazy("Choose somebody.")}
    )

    class Meta(MailingTextForm.Meta):
        labels = {
            "subject_th": gettext_lazy("Subject"),
            "body_th": gettext_lazy("Text"),
            "subject_en": gettext_lazy("Subject in English"),
            "body_en": gettext_lazy("Text in English"),
        }
        widgets = {
            "subject_th": forms.TextInput(attrs={"class": "form-control"}),
            "subject_en": forms.TextInput(attrs={"class": "form-control"}),
            "body_th": forms.Textarea(attrs={"class": "form-control", "rows": 8}),
            "body_en": forms.Textarea(attrs={"class": "form-control", "rows": 8}),
        }

    def __init__(self, data: Any = None, *, readers: list[Participant]) -> None:
        super().__init__(data, instance=Mailing())
        self.readers = readers
        to = self.fields["to"]
        assert isinstance(to, forms.MultipleChoiceField)
        to.choices = [(person.code, person.full_name) for person in readers]
        to.initial = [person.code for person in readers]
        self.fields["body_th"].help_text = _(
            "The e-mail begins with a greeting by name and ends with your name, the code, the days, the button to the personal page and "
            "the contacts."
        )
        self.order_fields(["to", "subject_th", "body_th", "subject_en", "body_en"])

    def chosen(self) -> list[Participant]:
        codes = set(self.cleaned_data["to"])
        return [person for person in self.readers if person.code in codes]

    def text(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in MailingTextForm.Meta.fields}
