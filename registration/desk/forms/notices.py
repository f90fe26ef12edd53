"""Which notices a coordinator wants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registration.choices import Notice
from registration.models import Coordinator


class NoticesForm(forms.Form):
    """A tick for each notice; what is not ticked is switched off."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Notices by e-mail"), choices=Notice.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, own: Coordinator, **kwargs: Any) -> None:
        kwargs["initial"] = {"wanted": [notice for notice in Notice if getattr(own, notice.field)]}
        super().__init__(*args, **kwargs)

    def notices(self) -> set[Notice]:
        return {Notice(value) for value in self.cleaned_data["wanted"]}
