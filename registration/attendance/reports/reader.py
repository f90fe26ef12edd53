"""One report: which of the known shapes it has, and everybody who is in it.

Source: what was seen in files of 2020 to 2026; neither maker promises any of it. What nobody can be counted by is refused
with the reason, never read as a meeting to which nobody came.
"""

from registration.attendance.reports.cells import Rows, rows_of_text
from registration.attendance.reports.headings import ReportColumn, columns_of, unused
from registration.attendance.reports.report import Missing, Report, ReportKind, ReportRefused, Role
from registration.attendance.reports.tables import ReportTable, Tables, is_no_show, left_out, stays, tables_of
from registration.attendance.reports.teams import by_position, of_events, of_sections

_ALWAYS = frozenset(
    set(ReportColumn)
    - {
        ReportColumn.REGISTERED,
        ReportColumn.SUBMITTED,
        ReportColumn.QUESTION,
        ReportColumn.ASKER,
        ReportColumn.ANSWER,
        ReportColumn.WEBINAR_DATA,
    }
)


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
    topic, number = tables.meeting.get(ReportColumn.TOPIC, ""), tables.meeting.get(ReportColumn.NUMBER, "")
    report = Report(kind, topic, number, tables.meeting.get(ReportColumn.STARTED, ""), is_utc=kind == ReportKind.TEAMS_LIVE)
    if kind in (ReportKind.TEAMS_EVENTS, ReportKind.TEAMS_LIVE):
        report.stays = [stay for table in tables.of_people for stay in of_events(table)]
    elif kind == ReportKind.TEAMS:
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
        report.left_out += left_out(table, role)
        report.no_shows += sum(is_no_show(table, row) for row in table.rows) if role == Role.ATTENDEE else 0
        if ReportColumn.TOPIC in table.columns and table.rows and not report.topic:
            report.topic = table.rows[0][table.columns[ReportColumn.TOPIC]]
            index = table.columns.get(ReportColumn.NUMBER, -1)
            report.number = table.rows[0][index] if 0 <= index < len(table.rows[0]) else ""


def _roles(tables: list[ReportTable]) -> list[Role]:
    """Whose table each is: by its title; without titles the hosts come first, then panelists, and last those who attend."""
    titled = [table.title.casefold() for table in tables]
    if any(titled):
        return [Role.HOST if "host" in title else Role.PANELIST if "panelist" in title else Role.ATTENDEE for title in titled]
    registered = [ReportColumn.REGISTERED in table.columns or ReportColumn.FIRST in table.columns for table in tables]
    before = registered.index(True) if any(registered) else min(len(tables) - 1, 2)
    return [Role.HOST if index == 0 and before else Role.PANELIST if index < before else Role.ATTENDEE for index in range(len(tables))]


def _kind(rows: Rows, tables: Tables) -> ReportKind | None:
    if tables.of_people:
        return _kind_of_people(rows, tables)
    for row in rows:
        columns = columns_of(row)
        if ReportColumn.SUBMITTED in columns:
            return ReportKind.ZOOM_POLL
        if ReportColumn.ASKER in columns:
            return ReportKind.ZOOM_QUESTIONS
    start = [cell.casefold() for row in rows[:12] for cell in row[:2]]
    if "launched polls" in start or "poll report" in start:
        return ReportKind.ZOOM_POLL
    return ReportKind.ZOOM_QUESTIONS if "question and answer report" in start else None


def _kind_of_people(rows: Rows, tables: Tables) -> ReportKind:
    first = tables.of_people[0]
    if ReportColumn.ACTION in first.columns:
        return ReportKind.TEAMS_LIVE if ReportColumn.PERSON_KEY in first.columns else ReportKind.TEAMS_EVENTS
    if any(table.title[:1].isdigit() for table in tables.of_people) or "participant id (upn)" in (
        cell.casefold() for cell in first.headings
    ):
        return ReportKind.TEAMS
    if any(ReportColumn.ATTENDED in table.columns for table in tables.of_people) or (rows and rows[0][:1] == ["Attendee Report"]):
        return ReportKind.ZOOM_WEBINAR
    if ReportColumn.TOPIC in first.columns:
        return ReportKind.ZOOM_LINES
    return ReportKind.ZOOM_MEETING if tables.meeting else ReportKind.ZOOM_FLAT


def _missing(kind: ReportKind | None) -> Missing:
    return (
        {ReportKind.ZOOM_POLL: Missing.POLL, ReportKind.ZOOM_QUESTIONS: Missing.QUESTIONS}.get(kind, Missing.UNKNOWN)
        if kind
        else Missing.UNKNOWN
    )


def _teams_topic(rows: Rows) -> str:
    """What stands beside `Meeting title`, or in the first line of the summary whatever its language."""
    for row in rows[:12]:
        if len(row) > 1 and row[0].casefold() in ("meeting title", "ชื่อการประชุม") and row[1]:
            return row[1]
    below = [row for row in rows[1:4] if len(row) > 1 and row[1]]
    return below[0][1] if rows and rows[0] and rows[0][0].startswith("1.") and below else ""
