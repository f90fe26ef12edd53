"""Which notices a coordinator wants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registration.choices import DeskNotice
from registration.models import Coordinator


class NoticesForm(forms.Form):
    """A tick for each notice; what is not ticked is switched off."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Notices by e-mail"), choices=DeskNotice.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, own: Coordinator, **kwargs: Any) -> None:
        kwargs["initial"] = {"wanted": [notice for notice in DeskNotice if getattr(own, notice.field)]}
        super().__init__(*args, **kwargs)

    def notices(self) -> set[DeskNotice]:
        return {DeskNotice(value) for value in self.cleaned_data["wanted"]}
