"""What staff type about the programme, and what is refused of it in words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib.admin import widgets
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import schedule
from sessions.admin_seen import MomentInput, SeenForm, SeenFormSet, TimeOfDayInput
from sessions.formats import date_long, time_range
from sessions.models import AgendaItem

#: The browser's own fields for dates and times: they need no script, and show the year as the reader counts it.
NATIVE_FIELDS: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    models.TimeField: {"widget": TimeOfDayInput},
    models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MomentInput},
    models.URLField: {"assume_scheme": "https"},
}
WIDE_FIELDS = NATIVE_FIELDS | {
    models.CharField: {"widget": widgets.AdminTextInputWidget(attrs={"class": "vLargeTextField"})},
    models.TextField: {"widget": widgets.AdminTextareaWidget(attrs={"rows": 2})},
}
#: For rows of a table.
NARROW_FIELDS = NATIVE_FIELDS | {models.CharField: {"widget": widgets.AdminTextInputWidget(attrs={"class": "", "size": 24})}}


class ListFormSet(SeenFormSet):
    """Rows of one list, of which no two may have the same date or number."""

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """Django would name the columns."""
        own = [str(label_for_field(name, self.fk.model)) for name in unique_check if name != self.fk.name]
        return _("“%(field)s” is the same in two rows.") % {"field": ", ".join(own)}


class WorkshopForm(SeenForm):
    def clean_retain_until(self) -> dt.date | None:
        """People are not forgotten before they came, nor by a date that is over: what is over needs a page of its own."""
        until: dt.date | None = self.cleaned_data["retain_until"]
        if until is None or "retain_until" not in self.changed_data:
            return until
        last = self.instance.days.order_by("date").last() if self.instance.pk else None
        if last and until < last.date:
            text = _("The last day of the workshop is %(date)s. People’s data are kept at least until then.")
            raise ValidationError(text % {"date": date_long(last.date)})
        if until < timezone.localdate():
            raise ValidationError(_("This date is over. People’s data are kept at least until today."))
        return until


class DayForm(SeenForm):
    def clean_date(self) -> dt.date:
        """The workshop is not among the fields of a day that is there, so nobody else compares it with its neighbours."""
        date: dt.date = self.cleaned_data["date"]
        if self.instance.pk and self.instance.workshop.days.filter(date=date).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("The workshop already has a day on this date."))
        return date


class GroupForm(SeenForm):
    class Meta:
        widgets = {"code": forms.TextInput(attrs={"size": 6})}


class ContactForm(SeenForm):
    class Meta:
        widgets = {
            "phone": forms.TextInput(attrs={"size": 12}),
            "phone_extension": forms.TextInput(attrs={"size": 5}),
            "email": forms.EmailInput(attrs={"size": 24}),
        }


def spoken(item: AgendaItem) -> str:
    return f"{time_range(item)} {item.title}"


def in_words(pairs: Iterable[tuple[AgendaItem, AgendaItem]]) -> list[ValidationError]:
    text = _("These two overlap: %(first)s / %(second)s. Change the time of one of them.")
    return [ValidationError(text % {"first": spoken(first), "second": spoken(second)}) for first, second in pairs]


class ItemForm(SeenForm):
    class Meta:
        model = AgendaItem
        fields = ["starts_at", "ends_at", "kind", "title_th", "title_en", "speaker_th", "speaker_en", "speaker_confirmed"]

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind != AgendaItem.Kind.PARALLEL and self.instance.pk and self.instance.tracks.exists():
            raise ValidationError(_("This item has tracks. Remove them before you change its kind."))
        return kind


class ItemFormSet(SeenFormSet):
    """All items of a day together: only here can a morning be moved as a whole."""

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        timed = [
            form.instance
            for form in kept
            if not self._should_delete_form(form) and form.cleaned_data.get("starts_at") and form.cleaned_data.get("ends_at")  # type: ignore[attr-defined]
        ]
        wrong = schedule.backwards(timed)
        if found := schedule.overlaps(item for item in timed if item not in wrong):
            raise ValidationError(in_words(found))


class SingleItemForm(ItemForm):
    """One item among those that its day already has."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and start < end:
            item = AgendaItem(starts_at=start, ends_at=end, title_th=data.get("title_th", ""), title_en=data.get("title_en", ""))
            others = self.instance.day.items.exclude(pk=self.instance.pk)
            if found := [pair for pair in schedule.overlaps([item, *others]) if item in pair]:
                raise ValidationError(in_words(found))
        return data
