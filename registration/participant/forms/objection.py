"""What a participant tells the office about the use of their data."""

from django import forms
from django.utils.translation import gettext_lazy

from registration.forms.faults import WithSummary
from registration.people.text import clean_text

MAX_LENGTH = 2000


class ObjectionForm(WithSummary):
    text = forms.CharField(
        label=gettext_lazy("What do you object to, and why?"),
        help_text=gettext_lazy("You can also ask us to limit the use of your data. A sentence in your own words is enough."),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
        error_messages={"required": gettext_lazy("Write what you object to.")},
    )

    def clean_text(self) -> str:
        text = "\n".join(clean_text(line) for line in self.cleaned_data["text"].splitlines()).strip()
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text
