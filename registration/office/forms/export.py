"""What staff choose about a file: three forms on one page, of which one is sent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registration.exports.attendees import ALL, PROVINCES, SUMMARY
from registration.exports.audience import SignInMeeting, meetings_of
from registration.exports.columns import NAMES
from registration.models import Export, ExportProfile
from sessions.formats import date_long
from sessions.models import Workshop


class ListForm(forms.Form):
    """The list of attendees."""

    kind = forms.ChoiceField(
        label=_("Format"),
        choices=[(Export.Kind.WORKBOOK.value, _("Excel (xlsx)")), (Export.Kind.CSV.value, _("CSV, for other programs"))],
        widget=forms.RadioSelect,
        initial=Export.Kind.WORKBOOK.value,
    )
    sheets = forms.MultipleChoiceField(
        label=_("Sheets of the Excel file"),
        choices=[
            (SUMMARY, _("How many of which group come from each province")),
            (ALL, _("Everybody on one sheet")),
            (PROVINCES, _("A sheet for each province")),
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=[SUMMARY, ALL],
        required=False,
    )
    profile = forms.ModelChoiceField(
        label=_("Columns"), queryset=ExportProfile.objects.all(), required=False, empty_label=_("Every column")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Export.Kind.WORKBOOK and not cleaned.get("sheets"):
            self.add_error("sheets", ValidationError(_("Choose at least one sheet.")))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """As `actions.exports.ask` takes it."""
        kind, profile = self.cleaned_data["kind"], self.cleaned_data["profile"]
        options = {"sheets": self.cleaned_data["sheets"]} if kind == Export.Kind.WORKBOOK else {}
        return {"kind": kind, "columns": profile.columns if profile else [], "options": options}


class SignInForm(forms.Form):
    """The sheets to sign at a meeting."""

    meeting = forms.ChoiceField(label=_("Meeting"))
    by_place = forms.BooleanField(label=_("Each province begins on a page of its own"), initial=True, required=False)

    def __init__(self, *args: Any, workshop: Workshop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting: Any = self.fields["meeting"]
        meeting.choices = [(key, _meeting_in_words(meeting)) for key, meeting in meetings_of(workshop).items()]

    def wanted(self) -> dict[str, Any]:
        return {"kind": Export.Kind.SIGN_IN, "options": {name: self.cleaned_data[name] for name in ("meeting", "by_place")}}


class CodesForm(forms.Form):
    """The reference codes of people as QR codes."""

    kind = forms.ChoiceField(
        label=_("Form of the codes"),
        choices=[
            (Export.Kind.LABELS.value, _("Labels to print, 24 on A4, 70 × 37 mm (PDF)")),
            (Export.Kind.CODES.value, _("A picture of each, in a folder for each province (zip)")),
        ],
        widget=forms.RadioSelect,
        initial=Export.Kind.LABELS.value,
    )

    def wanted(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"]}


class CertificatesForm(forms.Form):
    """Every sheet that is given out, as it is."""

    def wanted(self) -> dict[str, Any]:
        return {"kind": Export.Kind.CERTIFICATES}


class ExportProfileForm(forms.ModelForm):
    """A name, and which columns; they stand in the file in their usual order."""

    columns = forms.MultipleChoiceField(label=_("Columns"), choices=NAMES.items, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ExportProfile
        fields = ["name", "columns"]


def _meeting_in_words(meeting: SignInMeeting) -> str:
    day = date_long(meeting.day.date)
    return f"{day} – {meeting.track}" if meeting.track else day
