"""Making many coordinators at once: the file, and its rows to be looked at and corrected."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.coordinators.rosters import CoordinatorRoster, RosterEntry, quota_named, roster_in, thai_name
from registration.forms.appointee import AppointeeForm
from registration.models import Quota
from registration.spreadsheets import uploads
from registration.spreadsheets.tables import SpreadsheetFault
from sessions.admin.filters import WorkshopChoiceField

MAX_ROWS = 300
#: Of what a row says beside who is meant.
MAX_WORDS = 4_000


class RosterForm(forms.Form):
    """Workshop and file; `entries` are its rows once the form is valid."""

    workshop = WorkshopChoiceField()
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet (.xlsx or .csv)"),
        help_text=gettext_lazy("Columns: province, name, e-mail, phone. Their order and wording do not matter."),
    )
    roster: CoordinatorRoster

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            self.roster = roster_in(uploads.read(file, by=self.user))
        except SpreadsheetFault as fault:
            raise forms.ValidationError(str(fault)) from fault
        if len(self.roster.entries) > MAX_ROWS:
            raise forms.ValidationError(_("The file has more than %(count)s rows. Split it into several files.") % {"count": MAX_ROWS})
        return file


class RosterRowForm(AppointeeForm):
    """One row: where, who, and whether it is left out. `named` are the places of the workshop."""

    place = forms.CharField(label=gettext_lazy("Province"), max_length=60)
    leave_out = forms.BooleanField(label=gettext_lazy("Leave out"), required=False)
    line = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    #: What the file says about the person, line by line; who looked at it ticks `is_right`.
    doubts = forms.CharField(required=False, max_length=MAX_WORDS, widget=forms.HiddenInput)
    remark = forms.CharField(required=False, max_length=MAX_WORDS, widget=forms.HiddenInput)
    is_right = forms.BooleanField(label=gettext_lazy("Appoint this person"), required=False)

    field_order = ("place", "name", "email", "phone", "leave_out", "line", "doubts", "remark", "is_right")

    def __init__(self, *args: Any, named: dict[str, Quota], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = named

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.data.get(self.add_prefix("leave_out")):
            self.errors.clear()
            self.cleaned_data = {}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("doubts") and not data.get("is_right"):
            self.add_error("is_right", _("The file raises a doubt. Tick this if the person is to be appointed, or leave the row out."))
        return data

    @property
    def said(self) -> list[str]:
        return str(self["doubts"].value() or "").splitlines()

    def clean_place(self) -> Quota:
        quota = quota_named(self.cleaned_data["place"], self.named)
        if quota is None:
            raise forms.ValidationError(_("There is no province of this name. Write it like น่าน, or ส่วนกลาง."))
        return quota


class RosterRowSet(forms.BaseFormSet):
    """All rows of a list."""

    @property
    def ready(self) -> list[RosterRowForm]:
        return [form for form in self.forms if form.is_valid() and "place" in form.cleaned_data]

    @property
    def faulty(self) -> list[RosterRowForm]:
        return [form for form in self.forms if not form.is_valid()]


_RowSet = forms.formset_factory(RosterRowForm, formset=RosterRowSet, extra=0, max_num=MAX_ROWS, absolute_max=MAX_ROWS, validate_max=True)


def roster_rows(data: Mapping[str, str], named: dict[str, Quota]) -> RosterRowSet:
    """The rows that `data` (what a browser sends) says, for the workshop whose places are `named`."""
    rows = _RowSet(data, form_kwargs={"named": named})
    assert isinstance(rows, RosterRowSet)
    return rows


def rows_of(entries: list[RosterEntry], named: dict[str, Quota]) -> list[dict[str, str]]:
    """`entries` as the data of `RosterRows`: the place by its official name where it is known."""
    rows = []
    for entry in entries:
        quota = quota_named(entry.place, named)
        line = f"{entry.sheet} {entry.line}".strip()
        place = thai_name(quota) if quota else entry.place
        row = {"place": place, "name": entry.name, "email": entry.email, "phone": entry.phone, "line": line}
        row |= {"doubts": "\n".join(entry.doubts)[:MAX_WORDS], "remark": entry.remark[:MAX_WORDS]}
        row |= {"kept": f"name|{entry.name}"}  # what the file leaves open about it stands in the doubts
        rows.append(row | ({"leave_out": "on"} if entry.is_left_out else {}))
    return rows


def as_post(rows: list[dict[str, str]]) -> dict[str, str]:
    """`rows` as a browser would send them, so that their faults are seen before anything is written."""
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        data |= {f"form-{index}-{name}": value for name, value in row.items()}
    return data
