"""Two people with the same page open: what somebody saves is what they changed, and what changed meanwhile is noticed field by field.

The page carries what it showed (Django's hidden initial values). A field that was not touched is not written; one that was
touched and that somebody else changed since is refused once, with what it now says.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sessions.admin.history import HistoryAdmin


class SeenKeys(forms.HiddenInput):
    """What a choice of many rows showed, in one hidden field, so that none at all is told from a page that does not say."""

    def format_value(self, value: Any) -> str:
        return ",".join(sorted(str(key) for key in value or ()))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str] | None:
        return None if data.get(name) is None else [key for key in data[name].split(",") if key]


class SeenForm(forms.ModelForm):
    """A form of a row that is there already. A program that posts without the hidden values is compared with the row as it is."""

    #: Fields that are no columns, whose first values the form itself puts into `initial`.
    also_seen: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {*self._columns(), *self._many(), *self.also_seen} if self.instance.pk else set()
        for name, field in self.fields.items():
            if name in self._many():
                field.hidden_widget = SeenKeys
            if name in own and not field.disabled and not isinstance(field.widget, forms.MultiWidget):
                field.show_hidden_initial = not self.is_bound or self.add_initial_prefix(name) in self.data

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        seen = [name for name, field in self.fields.items() if field.show_hidden_initial and self.add_initial_prefix(name) in self.data]
        for name in [name for name in seen if name in self.cleaned_data]:
            if name not in self.changed_data:
                self.cleaned_data[name] = self._now(name)
            elif self._was_changed_meanwhile(name):
                self._refuse_once(name)
        return self.cleaned_data

    def _columns(self) -> set[str]:
        return {column.name for column in self._meta.model._meta.concrete_fields}

    def _many(self) -> set[str]:
        return {each.name for each in self._meta.model._meta.many_to_many} & self.fields.keys()

    def _now(self, name: str) -> Any:
        if name in self._many():
            return getattr(self.instance, name).all()
        return getattr(self.instance, name) if name in self._columns() else self.initial.get(name)

    def _was_changed_meanwhile(self, name: str) -> bool:
        field, seen = self.fields[name], self._seen(name)
        now = self.get_initial_for_field(field, name)
        if isinstance(now, str):
            return now.split() != seen.split()  # browsers write ends of lines their own way
        try:
            return field.has_changed(now, seen)
        except ValidationError:
            return True

    def _seen(self, name: str) -> Any:
        key = self.add_initial_prefix(name)
        return SeenKeys().value_from_datadict(self.data, None, key) if name in self._many() else self.data[key]

    def _refuse_once(self, name: str) -> None:
        now = self.get_initial_for_field(self.fields[name], name)
        shown = self.fields[name].prepare_value(now)
        data: Any = self.data
        data = data.copy()
        as_text = SeenKeys().format_value(shown) if name in self._many() else "" if shown is None else str(shown)
        data[self.add_initial_prefix(name)] = as_text
        self.data = data
        text = _("Meanwhile somebody else changed this to “%(now)s”. Save again to put what stands here in its place.")
        self.add_error(name, text % {"now": self._in_words(name, shown)})

    def _in_words(self, name: str, shown: Any) -> str:
        if isinstance(shown, bool):
            return _("Yes") if shown else _("No")
        choices = dict(getattr(self.fields[name], "choices", ()) or ())
        if isinstance(shown, list):
            return ", ".join(str(choices.get(each, each)) for each in shown) or "–"
        return str(choices.get(shown, "–" if shown in (None, "") else shown))


class SeenFormSet(forms.BaseInlineFormSet):
    def save_existing(self, form: Any, obj: models.Model, commit: bool = True) -> Any:
        row = form.save(commit=False)
        if commit:
            _save_changed(form)
            form.save_m2m()
        return row


class SeenAdmin(HistoryAdmin):
    """Pages on which two may work at once."""

    form = SeenForm

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Saving locks the row first, so that whoever comes second sees what the first one wrote.

        Pages that ask for it before their transaction begins only look: there PostgreSQL locks nothing.
        """
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return row
        self.model._base_manager.select_for_update().filter(pk=row.pk).first()
        return super().get_object(request, object_id, from_field)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        if change and isinstance(form, SeenForm):
            _save_changed(form)
        else:
            super().save_model(request, obj, form, change)


def _save_changed(form: Any) -> None:
    own = {column.name for column in form.instance._meta.concrete_fields}
    form.instance.save(update_fields=[name for name in form.changed_data if name in own])


class WithSeconds:
    """Browser's fields for times leave seconds out; where there are some, they are shown, so that they are not lost."""

    def format_value(self, value: Any) -> Any:
        seconds = ":%S" if getattr(value, "second", 0) else ""
        return value.strftime(f"{self.format}{seconds}") if hasattr(value, "strftime") else value  # type: ignore[attr-defined]


class MomentInput(WithSeconds, forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TimeOfDayInput(WithSeconds, forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")
