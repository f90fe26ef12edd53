"""What was changed on a page of the admin, as its history tells it: when, by whom, and each value before and after."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sessions.admin.search import SearchableAdmin
from sessions.formats import date_long, hour, moment_short
from sessions.masking import masked

#: Links that open a meeting: the history is read by more people than set them.
SECRET = frozenset({"join_url"})


class HistoryAdmin(SearchableAdmin):
    """Pages whose history tells old and new values of what really changed."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """As Django writes it, and beside it `values`: [name of the column, before, after] of each field that was changed."""
        message: Any = super().construct_change_message(request, form, formsets, add)
        rows = [form, *(row for formset in formsets or [] for row in _changed_rows(formset))]
        entries = [entry["changed"] for entry in message if "changed" in entry]
        for entry, row in zip(entries, [row for row in rows if row.changed_data], strict=False):
            entry["values"] = [_before_and_after(row, name) for name in row.changed_data if name in row.cleaned_data]
            if isinstance(row, forms.ModelForm):  # a form of a new password is of no model
                entry["model"] = row._meta.model._meta.label_lower
        return message

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        return super().log_change(request, obj, message) if message else None


@dataclass(frozen=True, slots=True)
class ChangedValue:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryDeed:
    text: str
    values: list[ChangedValue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """`about` is the row, where a history tells of several."""

    at: dt.datetime
    who: str
    deeds: list[HistoryDeed]
    about: str = ""


def line_of(entry: LogEntry, *, about: str = "") -> HistoryLine:
    """`entry` with its user and content type."""
    who = entry.user.get_full_name() or entry.user.get_username()
    return HistoryLine(entry.action_time, who, _deeds_of(entry), about)


def _deeds_of(entry: LogEntry) -> list[HistoryDeed]:
    try:
        message = json.loads(entry.change_message) if entry.change_message.startswith("[") else None
    except json.JSONDecodeError:
        message = None
    if not message:
        return [HistoryDeed(entry.get_change_message() or str(entry.get_action_flag_display()))]
    own = entry.content_type.model_class() if entry.content_type else None
    return [_deed(part, own) for part in message]


def _deed(part: dict[str, Any], own: type[models.Model] | None) -> HistoryDeed:
    """A part of what Django keeps of one saving; ours has the `values` too, and the `model` of a row below the page."""
    changed = part.get("changed", {})
    model = _model(changed["model"]) if "model" in changed else own
    if "values" not in changed or model is None:
        return HistoryDeed(LogEntry(change_message=json.dumps([part])).get_change_message())
    labels = dict(zip((name for name, *_rest in changed["values"]), changed.get("fields", []), strict=False))
    values = [_value(model, name, before, after, labels.get(name, name)) for name, before, after in changed["values"]]
    row = f"{capfirst(str(model._meta.verbose_name))} “{changed['object']}”" if "object" in changed else ""
    return HistoryDeed(row, values)


def _model(name: str) -> type[models.Model] | None:
    """None where it has another name by now: then the line says what Django says of it."""
    try:
        return apps.get_model(name)
    except (LookupError, ValueError):
        return None


def _value(model: type[models.Model], name: str, before: str, after: str, label: str) -> ChangedValue:
    try:
        column: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return ChangedValue(capfirst(_(label)), before, after)
    said = str(column.verbose_name)
    if name in SECRET:
        return ChangedValue(capfirst(said), masked(before), masked(after))
    return ChangedValue(capfirst(said), _shown(column, before), _shown(column, after))


#: How a text becomes a value again and then words, by kind of column; the first that fits.
_KINDS: list[tuple[type[models.Field], Callable[[str], Any], Callable[[Any], str]]] = [
    (models.DateTimeField, parse_datetime, moment_short),
    (models.DateField, parse_date, date_long),
    (models.TimeField, parse_time, hour),
]


def _shown(column: Any, text: str) -> str:
    if not text:
        return ""
    if isinstance(column, models.BooleanField):
        return _("Yes") if text == "True" else _("No")
    if getattr(column, "choices", None):
        return str(dict(column.flatchoices).get(text, text))
    if isinstance(column, models.ForeignKey) and text.isdecimal():
        return str(column.related_model._base_manager.filter(pk=text).first() or text)
    for kind, parsed, words in _KINDS:
        if isinstance(column, kind):
            return _moment(text, parsed, words)
    return text


def _moment(text: str, parsed: Callable[[str], Any], words: Callable[[Any], str]) -> str:
    try:
        value = parsed(text)
    except ValueError:
        return text
    return words(value) if value is not None else text


def _changed_rows(formset: Any) -> list[Any]:
    """As Django counts them: a row that was taken out is no changed one."""
    return [row for row in formset.initial_forms if row.has_changed() and row not in formset.deleted_forms]


def _before_and_after(form: Any, name: str) -> list[str]:
    """Keys as they are, moments in ISO; of several things (rights of a group) those that went and those that came."""

    def text(value: Any) -> str:
        return "" if value is None else str(getattr(value, "pk", value))

    field, before, after = form.fields[name], form.get_initial_for_field(form.fields[name], name), form.cleaned_data[name]
    if isinstance(field, forms.ModelMultipleChoiceField):
        gone, come = [one for one in before or [] if one not in after], [one for one in after if one not in (before or [])]
        return [name, *(", ".join(field.label_from_instance(one) for one in some) for some in (gone, come))]
    return [name, text(before), text(after)]
