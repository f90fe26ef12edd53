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
from django.utils.translation import ngettext

from sessions import former_addresses, relied_on, schedule
from sessions.admin.asking import ConfirmingForm
from sessions.admin.seen import MomentInput, SeenForm, SeenFormSet, TimeOfDayInput
from sessions.formats import date_long, local_digits, time_range
from sessions.models import AgendaItem, Workshop

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


class WorkshopForm(ConfirmingForm):
    def questions(self) -> list[str]:
        workshop = self.instance
        if not workshop.pk or not {"slug", "is_published", "links_by"} & set(self.changed_data):
            return []
        count, found = relied_on.people(workshop), []
        if "slug" in self.changed_data and self.initial.get("is_published"):
            text = _("The address changes. Links and QR codes that are out lead on from “%(old)s” to “%(new)s”.")
            found.append(text % {"old": self.initial["slug"], "new": self.cleaned_data.get("slug", "")})
        if "is_published" in self.changed_data and not self.cleaned_data.get("is_published") and count:
            found.append(_concerned(count, _("The workshop’s pages are gone for everybody, and no reminders go out.")))
        if "links_by" in self.changed_data and count:
            found.append(_concerned(count, _("People get into the meetings another way; pages and e-mails say so from now on.")))
        return found

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if former_addresses.is_left_by_another(slug, self.instance):
            raise ValidationError(_("Another workshop had this address, and links that are out lead on to it. Choose another one."))
        return slug

    def clean_retain_until(self) -> dt.date | None:
        """People are not forgotten before they came, nor by a date that is over: what is over needs a page of its own."""
        until: dt.date | None = self.cleaned_data["retain_until"]
        if until is None or "retain_until" not in self.changed_data:
            return until
        last = self.instance.days.order_by("date").last() if self.instance.pk else None
        if last and until < last.date:
            text = _("The last day of the workshop is %(date)s. People’s data is kept at least until then.")
            raise ValidationError(text % {"date": date_long(last.date)})
        if until < timezone.localdate():
            raise ValidationError(_("This date has passed. People’s data is kept at least until today."))
        return until


def _concerned(count: int, text: str) -> str:
    """`text`, and how many people it is about."""
    concerned = ngettext("It concerns %(n)s person.", "It concerns %(n)s people.", count) % {"n": local_digits(count)}
    return f"{text} {concerned}"


def correction(count: int) -> str:
    return _concerned(count, _("This corrects the day without a revision: nobody is told, pages and calendars follow."))


class DayForm(ConfirmingForm):
    def clean_workshop(self) -> Workshop:
        workshop: Workshop = self.cleaned_data["workshop"]
        if relied_on.is_relied_on(workshop):
            raise ValidationError(_("People have registered already: add the day in a draft of the agenda, and release it."))
        return workshop

    def clean_date(self) -> dt.date:
        """The workshop is not among the fields of a day that is there, so nobody else compares it with its neighbours."""
        date: dt.date = self.cleaned_data["date"]
        if self.instance.pk and self.instance.workshop.days.filter(date=date).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("The workshop already has a day on this date."))
        return date


class GroupForm(ConfirmingForm):
    class Meta:
        widgets = {"code": forms.TextInput(attrs={"size": 6})}

    def questions(self) -> list[str]:
        group = self.instance
        if not group.pk or "code" not in self.changed_data or not (count := relied_on.people(group.workshop, group=group)):
            return []
        text = _("Group %(old)s is called %(new)s from now on, in lists, exports and papers too.")
        return [_concerned(count, text % {"old": self.initial["code"], "new": self.cleaned_data.get("code", "")})]

    def clean_scope(self) -> str:
        """Seats are a province's or the central agencies': people cannot go over from one to the other with their group."""
        scope: str = self.cleaned_data["scope"]
        group = self.instance
        if group.pk and "scope" in self.changed_data and (count := relied_on.people(group.workshop, group=group)):
            text = ngettext(
                "%(n)s person of this group holds or awaits a seat by its scope, so it stays. Make a group of its own instead.",
                "%(n)s people of this group hold or await seats by its scope, so it stays. Make a group of its own instead.",
                count,
            )
            raise ValidationError(text % {"n": local_digits(count)})
        return scope


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


class ItemForm(ConfirmingForm):
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
