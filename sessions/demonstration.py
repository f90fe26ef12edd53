"""A demonstration round of a workshop's file: the same programme, groups and places on days that are still to come.

A newcomer can register in it at once, whatever the dates of the workshop that it repeats.
"""

import dataclasses
import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import override

from sessions.workshop_file import FileEntry

SLUG = "sdg-localisation-demo"
#: So far ahead, at least, its first day is: reminders, letters and changes can be tried before it.
AHEAD = dt.timedelta(weeks=3)
WEEK = dt.timedelta(weeks=1)
#: Moments that keep their distance from the first day.
MOVED = ("registration_opens_at", "registration_closes_at", "changes_close_at", "join_opens_at")


def round_of(file: FileEntry, *, today: dt.date) -> FileEntry:
    """What `file` says, on the same weekdays with the first three weeks after `today` or a little later, marked as a demonstration."""
    first = min((day.columns["date"] for day in file.lists.get("days", [])), default=today)
    weeks = -((first - today - AHEAD) // WEEK) if first < today + AHEAD else 0
    columns = _moved(file.columns, weeks * WEEK) | {"slug": SLUG}
    for language in ("th", "en"):
        with override(language):
            for name in (f"title_{language}", f"short_name_{language}"):
                if title := file.columns.get(name):
                    columns[name] = _("%(title)s (demonstration round)") % {"title": title}
    days = [dataclasses.replace(day, columns=_moved(day.columns, weeks * WEEK)) for day in file.lists.get("days", [])]
    return dataclasses.replace(file, columns=columns, lists={**file.lists, "days": days})


def _moved(columns: dict[str, object], by: dt.timedelta) -> dict[str, object]:
    moments = {name: value + by for name, value in columns.items() if name in ("date", *MOVED) and isinstance(value, dt.date)}
    return {**columns, **moments}
