"""Reads a workshop's file (docs/workshop-file.md): TOML in, checked entries out, nothing of the database.

A key is a field of the model and is checked as that field is; what the models cannot know of themselves
(no such key, missing, twice, overlapping) is checked here. All that is wrong is told at once.
"""

import datetime as dt
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sessions import emblems, schedule
from sessions.models import AgendaItem, Contact, Emblem, StakeholderGroup, Track, Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: `days[2].items[0].starts`."""

    key: str
    reason: str


class Refused(Exception):
    """The file cannot be loaded; `problems` says why, each with its key."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.key}: {problem.reason}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Shape:
    """What an entry may say: the columns of `model`, and the lists under it.

    `identity` is the field by which an entry is told from its neighbours; `counted` means that its place in
    the list is that field. `keys` gives columns another name in the file.
    """

    model: type[models.Model]
    identity: str
    lists: Mapping[str, "Shape"] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    counted: bool = False

    def columns(self) -> dict[str, "models.Field[Any, Any]"]:
        return {
            self.keys.get(column.name, column.name): column
            for column in self.model._meta.concrete_fields
            if (_is_plain(column) or column.related_model is Emblem) and not (self.counted and column.name == self.identity)
        }


def _is_plain(column: "models.Field[Any, Any]") -> bool:
    return column.editable and not column.primary_key and not column.is_relation


TRACK = Shape(Track, "number")
ITEM = Shape(AgendaItem, "starts_at", {"tracks": TRACK}, {"starts_at": "starts", "ends_at": "ends"})
DAY = Shape(WorkshopDay, "date", {"items": ITEM})
GROUP = Shape(StakeholderGroup, "code")
CONTACT = Shape(Contact, "position", counted=True)
WORKSHOP = Shape(Workshop, "slug", {"days": DAY, "groups": GROUP, "contacts": CONTACT})


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One table of the file: where it stands, its columns, the lists under it. What the file does not name is not in here."""

    shape: Shape
    key: str
    columns: dict[str, Any]
    lists: dict[str, list["FileEntry"]]

    @property
    def identity(self) -> Any:
        return self.columns[self.shape.identity]

    @property
    def starts_at(self) -> dt.time:
        return self.columns["starts_at"]

    @property
    def ends_at(self) -> dt.time:
        return self.columns["ends_at"]


def read(data: bytes) -> FileEntry:
    """The workshop that the bytes of a file describe. Raises Refused with everything that is wrong."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused([Problem(_("line %(line)s") % {"line": line}, _("The file must be saved as UTF-8."))]) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = _("line %(line)s") % {"line": place[1]} if place else _("end of the file")
        raise Refused([Problem(where, _("This is not TOML: %(error)s") % {"error": error})]) from error
    problems: list[Problem] = []
    entry = _entry(WORKSHOP, table, "", problems)
    if not problems:
        problems.extend(_inconsistencies(entry))
    if problems:
        raise Refused(problems)
    return entry


def _entry(shape: Shape, table: dict[str, Any], key: str, problems: list[Problem]) -> FileEntry:
    known = shape.columns()
    columns: dict[str, Any] = {}
    lists: dict[str, list[FileEntry]] = {}
    for name, value in table.items():
        where = f"{key}.{name}" if key else name
        if name in shape.lists:
            lists[name] = _list(shape.lists[name], value, where, problems)
        elif name in known:
            try:
                columns[known[name].name] = _value(known[name], value)
            except ValidationError as error:
                problems += [Problem(where, message) for message in error.messages]
        else:
            problems.append(Problem(where, _unknown(name, [*known, *shape.lists])))
    for name, column in known.items():
        if name not in table and not column.has_default() and not column.blank and not column.null:
            problems.append(Problem(f"{key}.{name}" if key else name, _("This is missing.")))
    return FileEntry(shape, key, columns, lists)


def _list(shape: Shape, value: object, key: str, problems: list[Problem]) -> list[FileEntry]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        problems.append(Problem(key, _("Write it as a list of tables: [[%(key)s]].") % {"key": re.sub(r"\[\d+\]", "", key)}))
        return []
    entries = [_entry(shape, table, f"{key}[{place}]", problems) for place, table in enumerate(value)]
    if shape.counted:
        for place, entry in enumerate(entries, 1):
            entry.columns[shape.identity] = place
    return entries


def _unknown(name: str, known: list[str]) -> str:
    if close := difflib.get_close_matches(name, known, n=1):
        return _("There is no such key. Is %(key)s meant?") % {"key": close[0]}
    return _("There is no such key.")


def _value(column: "models.Field[Any, Any]", value: object) -> Any:
    """`value` as the column holds it. Raises ValidationError."""
    if column.related_model is Emblem and isinstance(value, str):
        return emblems.from_text(value)
    return column.clean(_typed(column, value), None)


def _typed(column: "models.Field[Any, Any]", value: object) -> object:
    match column, value:
        case models.BooleanField(), bool():
            return value
        case models.BooleanField(), _other:
            raise ValidationError(_("Write true or false."))
        case models.IntegerField(), int() if not isinstance(value, bool):
            return value
        case models.IntegerField(), _other:
            raise ValidationError(_("Write a whole number, without quotes."))
        case models.TimeField(), str() if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return dt.time.fromisoformat(value)
        case models.TimeField(), _other:
            raise ValidationError(_('Write a time like "09:30", with quotes.'))
        case models.DateTimeField(), dt.datetime():
            return value if value.tzinfo else value.replace(tzinfo=schedule.BANGKOK)
        case models.DateTimeField(), _other:
            raise ValidationError(_("Write a date and time like 2022-02-18T09:30:00, without quotes."))
        case models.DateField(), dt.date() if not isinstance(value, dt.datetime):
            return value
        case models.DateField(), _other:
            raise ValidationError(_("Write a date like 2022-02-18, without quotes."))
        case _column, str():
            return _clean(value.strip(), many_lines=isinstance(column, models.TextField))
        case _:
            raise ValidationError(_("Write a text, in quotes."))


def _clean(text: str, *, many_lines: bool) -> str:
    if any(unicodedata.category(c) == "Cc" and not (many_lines and c == "\n") for c in text):
        raise ValidationError(_("The text holds a line break or an invisible character that cannot stand here."))
    return text


def _inconsistencies(workshop: FileEntry) -> Iterator[Problem]:
    yield from _twice(workshop)
    opens, closes = (workshop.columns.get(f"registration_{verb}_at") for verb in ("opens", "closes"))
    if opens and closes and opens >= closes:
        yield Problem("registration_closes_at", _("Registration must open before it closes."))
    for day in workshop.lists.get("days", []):
        items = day.lists.get("items", [])
        wrong = schedule.backwards(items)
        for item in wrong:
            yield Problem(f"{item.key}.ends", _("The start must be before the end."))
        for earlier, later in schedule.overlaps(item for item in items if item not in wrong):
            yield Problem(
                f"{later.key}.starts",
                _("It starts at %(start)s, while %(other)s is still running (%(from)s–%(until)s).")
                % {
                    "start": f"{later.starts_at:%H:%M}",
                    "other": earlier.key,
                    "from": f"{earlier.starts_at:%H:%M}",
                    "until": f"{earlier.ends_at:%H:%M}",
                },
            )
        for item in items:
            if item.lists.get("tracks") and item.columns.get("kind") != AgendaItem.Kind.PARALLEL:
                yield Problem(f"{item.key}.tracks", _('Only an item of the kind "parallel" has tracks.'))


def _twice(entry: FileEntry) -> Iterator[Problem]:
    for entries in entry.lists.values():
        first: dict[Any, FileEntry] = {}
        for each in entries:
            # Two items that start together overlap, which is told in other words.
            if each.shape is not ITEM and each.identity in first:
                key = each.shape.identity
                yield Problem(f"{each.key}.{key}", _("The same as %(other)s.") % {"other": f"{first[each.identity].key}.{key}"})
            first.setdefault(each.identity, each)
            yield from _twice(each)
