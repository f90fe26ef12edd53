"""One report: which of the known shapes it has, and everybody who is in it.

Source: what was seen in files of 2020 to 2026; neither maker promises any of it. What nobody can be counted by is refused
with the reason, never read as a meeting to which nobody came.
"""

from registration.attendance.reports.cells import Rows, rows_of_text
from registration.attendance.reports.headings import Column, columns_of, unused
from registration.attendance.reports.report import Kind, Missing, Report, ReportRefused, Role
from registration.attendance.reports.tables import Table, Tables, is_no_show, stays, tables_of
from registration.attendance.reports.teams import by_position, of_events, of_sections

_ALWAYS = frozenset(set(Column) - {Column.REGISTERED, Column.SUBMITTED, Column.QUESTION, Column.ASKER, Column.WEBINAR_DATA})


def read_text(data: bytes) -> Report:
    """Raises ReportRefused, and NotText or TooLong of `cells`."""
    return read_rows(rows_of_text(data))


def read_rows(rows: Rows) -> Report:
    """The report that stands in `rows`. Raises ReportRefused where nobody can be counted by it."""
    tables = tables_of(rows)
    if not tables.of_people:
        tables.of_people = by_position(rows)
    kind = _kind(rows, tables)
    if not tables.of_people or kind is None:
        raise ReportRefused(_missing(kind), kind, tuple(cell for row in tables.seen[:1] for cell in row if cell))
    topic, number = tables.meeting.get(Column.TOPIC, ""), tables.meeting.get(Column.NUMBER, "")
    report = Report(kind, topic, number, tables.meeting.get(Column.STARTED, ""), is_utc=kind == Kind.TEAMS_LIVE)
    if kind in (Kind.TEAMS_EVENTS, Kind.TEAMS_LIVE):
        report.stays = [stay for table in tables.of_people for stay in of_events(table)]
    elif kind == Kind.TEAMS:
        report.topic = report.topic or _teams_topic(rows)
        report.stays = of_sections(tables.of_people)
    else:
        _read_zoom(report, tables)
    report.unused = list(dict.fromkeys(name for table in tables.of_people for name in unused(table.headings, table.columns, _ALWAYS)))
    if not report.stays:
        raise ReportRefused(Missing.NOBODY, kind)
    return report


def _read_zoom(report: Report, tables: Tables) -> None:
    for table, role in zip(tables.of_people, _roles(tables.of_people), strict=True):
        report.stays += stays(table, role)
        report.no_shows += sum(is_no_show(table, row) for row in table.rows) if role == Role.ATTENDEE else 0
        if Column.TOPIC in table.columns and table.rows and not report.topic:
            report.topic = table.rows[0][table.columns[Column.TOPIC]]
            index = table.columns.get(Column.NUMBER, -1)
            report.number = table.rows[0][index] if 0 <= index < len(table.rows[0]) else ""


def _roles(tables: list[Table]) -> list[Role]:
    """Whose table each is: by its title; without titles the hosts come first, then panelists, and last those who attend."""
    titled = [table.title.casefold() for table in tables]
    if any(titled):
        return [Role.HOST if "host" in title else Role.PANELIST if "panelist" in title else Role.ATTENDEE for title in titled]
    registered = [Column.REGISTERED in table.columns or Column.FIRST in table.columns for table in tables]
    before = registered.index(True) if any(registered) else min(len(tables) - 1, 2)
    return [Role.HOST if index == 0 and before else Role.PANELIST if index < before else Role.ATTENDEE for index in range(len(tables))]


def _kind(rows: Rows, tables: Tables) -> Kind | None:
    if tables.of_people:
        return _kind_of_people(rows, tables)
    for row in rows:
        columns = columns_of(row)
        if Column.SUBMITTED in columns:
            return Kind.ZOOM_POLL
        if Column.ASKER in columns:
            return Kind.ZOOM_QUESTIONS
    start = [cell.casefold() for row in rows[:12] for cell in row[:2]]
    if "launched polls" in start or "poll report" in start:
        return Kind.ZOOM_POLL
    return Kind.ZOOM_QUESTIONS if "question and answer report" in start else None


def _kind_of_people(rows: Rows, tables: Tables) -> Kind:
    first = tables.of_people[0]
    if Column.ACTION in first.columns:
        return Kind.TEAMS_LIVE if Column.PERSON_KEY in first.columns else Kind.TEAMS_EVENTS
    if any(table.title[:1].isdigit() for table in tables.of_people) or "participant id (upn)" in (
        cell.casefold() for cell in first.headings
    ):
        return Kind.TEAMS
    if any(Column.ATTENDED in table.columns for table in tables.of_people) or (rows and rows[0][:1] == ["Attendee Report"]):
        return Kind.ZOOM_WEBINAR
    if Column.TOPIC in first.columns:
        return Kind.ZOOM_LINES
    return Kind.ZOOM_MEETING if tables.meeting else Kind.ZOOM_FLAT


def _missing(kind: Kind | None) -> Missing:
    return {Kind.ZOOM_POLL: Missing.POLL, Kind.ZOOM_QUESTIONS: Missing.QUESTIONS}.get(kind, Missing.UNKNOWN) if kind else Missing.UNKNOWN


def _teams_topic(rows: Rows) -> str:
    """What stands beside `Meeting title`, or in the first line of the summary whatever its language."""
    for row in rows[:12]:
        if len(row) > 1 and row[0].casefold() in ("meeting title", "ชื่อการประชุม") and row[1]:
            return row[1]
    below = [row for row in rows[1:4] if len(row) > 1 and row[1]]
    return below[0][1] if rows and rows[0] and rows[0][0].startswith("1.") and below else ""
