"""What staff write to many: checked here, word for word, before it can be sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.mailing import MailingTextForm
from registration.models import Mailing, Province
from sessions.formats import date_long
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay


class DayField(forms.ModelChoiceField):
    def label_from_instance(self, day: WorkshopDay) -> str:
        return date_long(day.date)


class MailingForm(MailingTextForm):
    """The text of a message and whom it goes to, within one workshop."""

    workshop: Workshop

    day = DayField(WorkshopDay.objects.none(), label=gettext_lazy("day"), required=False, empty_label=gettext_lazy("all"))
    track = forms.ModelChoiceField(Track.objects.none(), label=gettext_lazy("track"), required=False, empty_label=gettext_lazy("all"))
    province = forms.ModelChoiceField(
        Province.objects.all(), label=gettext_lazy("province"), required=False, empty_label=gettext_lazy("all")
    )
    group = forms.ModelChoiceField(
        StakeholderGroup.objects.none(), label=gettext_lazy("group"), required=False, empty_label=gettext_lazy("all")
    )

    class Meta:
        model = Mailing
        fields = ("subject_th", "body_th", "subject_en", "body_en", "day", "turnout", "track", "state", "region", "province", "group")
        widgets = {
            "subject_th": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "subject_en": forms.TextInput(attrs={"class": "vLargeTextField"}),
            "body_th": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
            "body_en": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.workshop = self.workshop
        if "state" not in self.fields:  # shown to somebody who may only read it
            return
        fields: dict[str, Any] = self.fields
        fields["day"].queryset = self.workshop.days.all()
        fields["track"].queryset = Track.objects.filter(item__day__workshop=self.workshop)
        fields["group"].queryset = self.workshop.groups.all()
        fields["turnout"].choices = [
            ("", _("whoever is registered for it")),
            *(choice for choice in fields["turnout"].choices if choice[0]),
        ]
        for name, everything in (("state", _("all that are not declined or cancelled")), ("region", _("all"))):
            fields[name].choices = [("", everything), *(choice for choice in fields[name].choices if choice[0])]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        day, track = data.get("day"), data.get("track")
        if day and track and track.item.day_id != day.pk:
            self.add_error("track", _("This track is on another day."))
        if data.get("turnout") and day is None:
            self.add_error("turnout", _("Choose the day first."))
        elif data.get("turnout") and day and not day.attendances.exists():
            self.add_error("turnout", _("Nobody's attendance on this day is counted yet."))
        province, region = data.get("province"), data.get("region")
        if province and region and province.region != region:
            self.add_error("province", _("This province is in another region."))
        return data
