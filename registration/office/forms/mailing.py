"""What staff write to many: checked here, word for word, before it can be sent."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.forms.mailing import MailingTextForm
from registration.models import Mailing, Province
from sessions.admin.seen import MomentInput, SeenForm
from sessions.formats import date_long
from sessions.models import StakeholderGroup, Track, Workshop, WorkshopDay

MAX_AHEAD = dt.timedelta(days=366)


class DayField(forms.ModelChoiceField):
    def label_from_instance(self, day: WorkshopDay) -> str:
        return date_long(day.date)


class MailingForm(SeenForm, MailingTextForm):
    """The text of a message and whom it goes to, within one workshop."""

    workshop: Workshop

    day = DayField(WorkshopDay.objects.none(), label=gettext_lazy("day"), required=False, empty_label=gettext_lazy("all"))
    track = forms.ModelChoiceField(Track.objects.none(), label=gettext_lazy("track"), required=False, empty_label=gettext_lazy("all"))
    provinces = forms.ModelMultipleChoiceField(
        Province.objects.all(), label=gettext_lazy("provinces"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("If you tick none, it goes to all."),
    )  # fmt: skip
    groups = forms.ModelMultipleChoiceField(
        StakeholderGroup.objects.none(), label=gettext_lazy("stakeholder groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("If you tick none, it goes to all."),
    )  # fmt: skip

    class Meta:
        model = Mailing
        fields = (
            *("recipients", "subject_th", "body_th", "subject_en", "body_en"),
            *("day", "turnout", "track", "state", "region", "provinces", "groups"),
        )
        widgets = {
            "recipients": forms.RadioSelect,
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
        fields["recipients"].required = False
        fields["day"].queryset = self.workshop.days.all()
        fields["track"].queryset = Track.objects.filter(item__day__workshop=self.workshop)
        fields["groups"].queryset = self.workshop.groups.all()
        fields["turnout"].choices = [
            ("", _("whoever is registered for it")),
            *(choice for choice in fields["turnout"].choices if choice[0]),
        ]
        for name, everything in (("state", _("all that are not declined or cancelled")), ("region", _("all"))):
            fields[name].choices = [("", everything), *(choice for choice in fields[name].choices if choice[0])]

    def clean_recipients(self) -> str:
        """Participants, where a form of before that question is sent."""
        return self.cleaned_data["recipients"] or Mailing.Recipients.PARTICIPANTS

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_day(data)
        region = data.get("region")
        if region and (others := [str(province) for province in data.get("provinces") or [] if province.region != region]):
            words = _("Not in this region: %(provinces)s.") % {"provinces": ", ".join(others)}
            self.add_error("provinces", words)
        if data.get("recipients") == Mailing.Recipients.COORDINATORS:
            self._check_for_coordinators(data)
        return data

    def _check_day(self, data: dict[str, Any]) -> None:
        day, track = data.get("day"), data.get("track")
        if day and track and track.item.day_id != day.pk:
            self.add_error("track", _("This track is on another day."))
        if data.get("turnout") and day is None:
            self.add_error("turnout", _("Choose the day first."))
        elif data.get("turnout") and day and not day.attendances.exists():
            self.add_error("turnout", _("Nobody's attendance on this day is counted yet."))

    def _check_for_coordinators(self, data: dict[str, Any]) -> None:
        """What is about participants alone is refused, not left out unseen."""
        for name in ("day", "track", "groups"):
            if data.get(name):
                self.add_error(name, _("Coordinators are chosen by region and province alone."))
        for name in ("subject_th", "body_th", "subject_en", "body_en"):
            if found := [word for word in ("{zoom_name}", "{code}") if word in (data.get(name) or "")]:
                self.add_error(name, _("Coordinators have no %(words)s.") % {"words": " ".join(found)})


class ScheduleForm(forms.Form):
    """When a message is to be sent by itself."""

    moment = forms.DateTimeField(label=gettext_lazy("Send at"), widget=MomentInput)

    def clean_moment(self) -> dt.datetime:
        moment: dt.datetime = self.cleaned_data["moment"]
        now = timezone.now()
        if moment <= now:
            raise forms.ValidationError(_("This moment is over."))
        if moment > now + MAX_AHEAD:
            raise forms.ValidationError(_("At most a year ahead. Is the year of the Christian era (2027, not 2570)?"))
        return moment
