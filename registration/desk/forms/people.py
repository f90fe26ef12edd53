"""What of the list of a desk is asked for: who, in which order, with which columns."""

from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.attendance.figures import days_counted
from registration.choices import State
from registration.models import Quota
from registration.people.filters import CAME, MAILBOX, MISSED, UNOPENED
from registration.seats.groups import groups_of
from sessions.formats import date_short
from sessions.models import StakeholderGroup, WorkshopDay


class SortOrder(models.TextChoices):
    NAME = "name", _("Name")
    GROUP = "group", _("Group")
    ORGANISATION = "organisation", _("Organisation")
    DATE = "date", _("Registered, the latest first")
    STATE = "state", _("State")
    PLACE = "place", _("Place on the waiting list")


class ShownList(models.TextChoices):
    """What a column beside the name can show."""

    POSITION = "position", _("Position")
    ORGANISATION = "organisation", _("Organisation")
    GROUP = "group", _("Group")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    STATE = "state", _("State")
    DAYS = "days", _("Days")
    ATTENDANCE = "attendance", _("Attendance, in minutes")
    DATE = "date", _("Registered")
    CODE = "code", _("Code")


#: What a list shows until somebody chooses.
USUAL = (ShownList.POSITION, ShownList.ORGANISATION, ShownList.GROUP, ShownList.PHONE, ShownList.EMAIL, ShownList.STATE)


def _of_day(day: WorkshopDay) -> list[tuple[str, str]]:
    """As `people.filters` understands it."""
    date = date_short(day.date)
    came, missed = gettext("came on %(date)s") % {"date": date}, gettext("missed %(date)s") % {"date": date}
    return [(f"{CAME}-{day.date}", came), (f"{MISSED}-{day.date}", missed)]


class KnownChoicesField(forms.MultipleChoiceField):
    """Several of its choices; what is none of them is left out, and nothing means all."""

    def clean(self, value: Any) -> list[str]:
        return [one for one in dict.fromkeys(self.to_python(value)) if self.valid_value(one)]


class PeopleForm(forms.Form):
    """What of the list is asked for. What is not understood is left out of account."""

    q = forms.CharField(required=False, max_length=100)
    state = KnownChoicesField(
        required=False, choices=[*State.choices, (UNOPENED, _("link not opened yet")), (MAILBOX, _("several from one mailbox"))]
    )
    group = KnownChoicesField(required=False)
    sort = forms.ChoiceField(required=False, choices=[("", _("As usual: by name, the waiting list in its order")), *SortOrder.choices])
    attendance = forms.ChoiceField(required=False)
    columns = forms.MultipleChoiceField(required=False, choices=ShownList.choices)

    def __init__(self, data: QueryDict, quota: Quota) -> None:
        super().__init__(data)
        self.groups = groups_of(quota)
        self.fields["group"].choices = [(group.code, group) for group in self.groups]  # type: ignore[attr-defined]
        self.days = [day for day in days_counted(quota.workshop) if not day.is_cancelled]
        self.fields["attendance"].choices = [("", _("Everybody")), *(pair for day in self.days for pair in _of_day(day))]  # type: ignore[attr-defined]
        if not self.days:
            self.fields["columns"].choices = [pair for pair in ShownList.choices if pair[0] != ShownList.ATTENDANCE]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("q", "state", "group", "attendance") if self.cleaned_data.get(name)}

    @property
    def filters(self) -> dict[str, str]:
        """What is asked for, as the trail keeps it."""
        return {name: ",".join(given) if isinstance(given, list) else given for name, given in self.asked.items()}

    @property
    def chosen_groups(self) -> list[StakeholderGroup]:
        return [group for group in self.groups if group.code in self.cleaned_data["group"]]

    @property
    def order(self) -> SortOrder:
        """Who waits stands in the order of the reserve, everybody else by name, until another order is chosen."""
        if chosen := self.cleaned_data.get("sort"):
            return SortOrder(chosen)
        return SortOrder.PLACE if self.cleaned_data["state"] == [State.WAITLISTED] else SortOrder.NAME

    @property
    def shown(self) -> list[str]:
        chosen = self.cleaned_data.get("columns") or USUAL
        return [key for key in ShownList.values if key in chosen]

    @property
    def has_chosen_columns(self) -> bool:
        return bool(self.cleaned_data.get("columns"))

    def query(self, **changes: str) -> str:
        query = QueryDict(mutable=True)
        if text := self.data.get("q", ""):
            query["q"] = text
        for name in ("state", "group"):
            if chosen := self.cleaned_data[name]:
                query.setlist(name, chosen)
        given = {
            "attendance": self.cleaned_data.get("attendance") or "",
            "sort": self.cleaned_data.get("sort") or "",
            "page": self.data.get("page", ""),
        } | changes
        for name, value in given.items():
            if value:
                query[name] = value
        if self.has_chosen_columns:
            query.setlist("columns", self.shown)
        return query.urlencode()
