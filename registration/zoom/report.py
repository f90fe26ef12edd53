"""The report of who attended, which Zoom's API tells, as a file such as staff would upload; with Zoom's key of each registration."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from sessions.schedule import BANGKOK

#: As `attendance.reports.headings` reads them.
HEADER = (*("Topic", "Webinar ID", "Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Registrant ID"),)


def report_file(topic: str, number: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """UTF-8, one line a stay, in a fixed order: the same stays, the same bytes. Empty where nobody was there."""
    lines = sorted(line for row in rows if (line := _line(topic, number, row)))
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADER, *lines])
    return text.getvalue().encode() if lines else b""


def _line(topic: str, number: str, row: Mapping[str, Any]) -> tuple[str, ...] | None:
    """None for who waited outside."""
    if row.get("status") == "in_waiting_room":
        return None
    words = [str(row.get(name) or "") for name in ("name", "user_email")]
    times = [_in_bangkok(str(row.get(name) or "")) for name in ("join_time", "leave_time")]
    minutes = str(round(int(row.get("duration") or 0) / 60))
    return topic, number, *words, *times, minutes, str(row.get("registrant_id") or "")


def _in_bangkok(text: str) -> str:
    """What is no moment is left out, as a cell that Zoom leaves empty."""
    try:
        return dt.datetime.fromisoformat(text).astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return ""
