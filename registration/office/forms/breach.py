"""What is known of a breach."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from registration.exports.affected import Breach
from registration.models import AuditEvent, Quota
from sessions.admin.filters import WorkshopChoiceField
from sessions.models import christian_era

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"})


class BreachForm(forms.Form):
    workshop = WorkshopChoiceField()
    code = forms.ChoiceField(label=gettext_lazy("Province"), required=False)
    since = forms.DateTimeField(label=pgettext_lazy("time", "From"), widget=MOMENT, validators=[christian_era])
    until = forms.DateTimeField(label=pgettext_lazy("time", "Until"), widget=MOMENT, validators=[christian_era])
    account = forms.ModelChoiceField(
        label=gettext_lazy("Account"), queryset=User.objects.none(), required=False, empty_label=gettext_lazy("All accounts")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        seats = Quota.objects.seats().select_related("province").in_thai_order()
        places = {quota.code: quota.name for quota in seats}
        self.fields["code"].choices = [("", _("All provinces")), *places.items()]  # type: ignore[attr-defined]
        acting = AuditEvent.objects.order_by().values("actor").distinct()
        self.fields["account"].queryset = User.objects.filter(pk__in=acting).order_by("username")  # type: ignore[attr-defined]

    @classmethod
    def of_last_days(cls, at: dt.datetime) -> "BreachForm":
        """Empty, for the three days before `at`: so long there is to tell of a breach."""
        local = timezone.localtime(at)
        day = "%Y-%m-%dT%H:%M"
        return cls(initial={"since": (local - dt.timedelta(hours=72)).strftime(day), "until": local.strftime(day)})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] >= data["until"]:
            self.add_error("until", _("The end must be after the beginning."))
        return data

    def breach(self) -> Breach | None:
        """What the valid form says; None where the workshop has no such place."""
        data = self.cleaned_data
        quota = None
        if data["code"]:
            quota = next((each for each in data["workshop"].quotas.seats().select_related("province") if each.code == data["code"]), None)
            if quota is None:
                return None
        return Breach(data["workshop"], data["since"], data["until"], quota, data["account"].pk if data["account"] else None)
