"""What a province says about the seats that it does not use."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.models import Quota


class KeepForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("We have names by"), widget=forms.DateInput(attrs={"type": "date", "class": "input"}), input_formats=["%Y-%m-%d"]
    )

    def __init__(self, *args: Any, last: dt.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until < timezone.localdate() or (self.last and until >= self.last):
            raise ValidationError(_("Choose a day from today on, before the first day of the workshop."))
        return until


class GiveUpForm(forms.Form):
    seats = forms.IntegerField(label=gettext_lazy("How many seats"), min_value=1, widget=forms.NumberInput(attrs={"class": "input"}))
    sure = forms.BooleanField(label=gettext_lazy("The province does not need these seats"))

    def __init__(self, *args: Any, quota: Quota, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.free = quota.left or 0

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        if seats > self.free:
            raise ValidationError(_("There are not that many free seats."))
        return seats
