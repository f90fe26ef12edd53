"""Brings the database to what a workshop's file says, and tells in words what that changes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions import changes, emblems, releases
from sessions.models import AgendaItem, Workshop
from sessions.workshop_file import ITEM, WORKSHOP, FileEntry, Problem, Refused, Shape

#: Longer texts are shown by the place where they differ.
SHOWN_WHOLE = 80

#: A row is the entry's that agrees with it in these columns, the first rule first. An item that was moved is found
#: by its title, one that was renamed by its time: its tracks, and who chose them, stay.
ITEM_RULES: Sequence[tuple[str, ...]] = (("starts_at", "title_th"), ("title_th",), ("starts_at",))


@dataclass(slots=True)
class LoadOutcome:
    """What loading did, or would do: each change in words, and each that cannot be made, with why."""

    workshop: Workshop
    is_new: bool = False
    changes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


def load(file: FileEntry, *, apply: bool) -> LoadOutcome:
    """Loads a new workshop; changes an existing one with `apply`, and without it only says what would change.

    All or nothing: with one refusal, nothing is written. Raises Refused where the file contradicts what it leaves alone.
    """
    with transaction.atomic():
        known = Workshop.objects.select_for_update().filter(slug=file.identity).first()
        before = known.emblem_id if known else None
        if emblem := file.columns.get("emblem"):
            emblems.keep(emblem)
        if known is None:
            outcome = LoadOutcome(_create(file), is_new=True)
        else:
            outcome = LoadOutcome(known)
            _update(known, file, [], outcome)
            if outcome.changes and releases.draft_of(known):
                outcome.refusals.append(
                    _("A draft of this agenda is open. Release it or discard it first: it would undo what the file changes.")
                )
        if outcome.is_new or outcome.changes:
            changes.after_change(outcome.workshop)
        if before and before != outcome.workshop.emblem_id:
            emblems.let_go(before)
        if outcome.refusals or not (apply or outcome.is_new):
            transaction.set_rollback(True)
    return outcome


def _create(entry: FileEntry, **parent: models.Model) -> Any:
    row = entry.shape.model._default_manager.create(**parent, **entry.columns)
    for name, entries in entry.lists.items():
        for each in entries:
            _create(each, **{_parent_name(row, name): row})
    return row


def _parent_name(row: models.Model, list_name: str) -> str:
    """By what name those in a list of `row` call it: the items of a day call it `day`."""
    return str(row._meta.get_field(list_name).remote_field.name)  # type: ignore[union-attr]


def _update(row: models.Model, entry: FileEntry, path: list[str], outcome: LoadOutcome) -> None:
    where = ", ".join([*path, _called(entry.shape, getattr(row, entry.shape.identity))])
    changed = {name: value for name, value in entry.columns.items() if getattr(row, name) != value}
    for name, value in changed.items():
        column = row._meta.get_field(name)
        assert isinstance(column, models.Field)
        outcome.changes.append(
            _("%(where)s: “%(field)s” changes from %(before)s to %(after)s.")
            % {"where": where, "field": column.verbose_name, **_shown(column, getattr(row, name), value)}
        )
        setattr(row, name, value)
    if changed:
        try:
            row.validate_constraints()
        except ValidationError as error:
            raise Refused([Problem(entry.key or "–", message) for message in error.messages]) from error
        row.save(update_fields=list(changed))
    below = [] if entry.shape is WORKSHOP else [where]
    for name, entries in _lists(entry, row).items():
        _update_list(row, name, entry.shape.lists[name], entries, below, outcome)


def _lists(entry: FileEntry, row: models.Model) -> dict[str, list[FileEntry]]:
    """The lists that the file names; an item that is no parallel block has no tracks, named or not."""
    if isinstance(row, AgendaItem) and row.kind != AgendaItem.Kind.PARALLEL:
        return {**entry.lists, "tracks": []}
    return entry.lists


def _update_list(parent: models.Model, name: str, shape: Shape, entries: list[FileEntry], path: list[str], outcome: LoadOutcome) -> None:
    pairs, added, removed = _pair(shape, entries, getattr(parent, name).all())
    for row in removed:
        words = {"what": ", ".join([*path, _called(shape, getattr(row, shape.identity))])}
        try:
            changes.remove(row)
        except changes.InUse as error:
            outcome.refusals.append(_("%(what)s cannot be removed.") % words + " " + error.words)
        else:
            outcome.changes.append(_("%(what)s is removed.") % words)
    for entry, row in pairs:
        _update(row, entry, path, outcome)
    for entry in added:
        _create(entry, **{_parent_name(parent, name): parent})
        outcome.changes += _additions(entry, path)


def _pair(
    shape: Shape, entries: list[FileEntry], rows: Iterable[models.Model]
) -> tuple[list[tuple[FileEntry, models.Model]], list[FileEntry], list[models.Model]]:
    found: dict[str, models.Model] = {}
    left = list(rows)
    for rule in ITEM_RULES if shape is ITEM else [(shape.identity,)]:
        for entry in entries:
            row = next((row for row in left if all(getattr(row, name) == entry.columns[name] for name in rule)), None)
            if row is not None and entry.key not in found:
                found[entry.key] = row
                left.remove(row)
    pairs = [(entry, found[entry.key]) for entry in entries if entry.key in found]
    return pairs, [entry for entry in entries if entry.key not in found], left


def _additions(entry: FileEntry, path: list[str]) -> list[str]:
    path = [*path, _called(entry.shape, entry.identity)]
    below = [words for entries in entry.lists.values() for each in entries for words in _additions(each, path)]
    return [_("%(what)s is added.") % {"what": ", ".join(path)}, *below]


def _called(shape: Shape, identity: object) -> str:
    """How people call one of this shape: "day 2022-02-18", "agenda item 09:30"."""
    return f"{shape.model._meta.verbose_name} {_plain(identity)}"


def _plain(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else str(value)


def _shown(column: "models.Field[Any, Any]", before: object, after: object) -> dict[str, str]:
    old, new = (_in_words(column, value) for value in (before, after))
    if max(len(old), len(new)) > SHOWN_WHOLE:
        shorter = min(len(old), len(new))
        alike = next((place for place in range(shorter) if old[place] != new[place]), shorter)
        start = max(alike - SHOWN_WHOLE // 4, 0)
        old, new = (_cut(text, start) for text in (old, new))
    if isinstance(column, models.CharField | models.TextField) and not column.choices:
        old, new = (f"“{text}”" if text else _("nothing") for text in (old, new))
    return {"before": old, "after": new}


def _cut(text: str, start: int) -> str:
    end = start + SHOWN_WHOLE
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def _in_words(column: "models.Field[Any, Any]", value: object) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if column.choices:
        return str(dict(column.flatchoices)[value])
    return _plain(value)
