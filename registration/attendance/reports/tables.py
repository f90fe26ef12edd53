"""Which tables stand in a report, and who is in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registration.attendance.reports.cells import Rows
from registration.attendance.reports.headings import Columns, ReportColumn, columns_of, is_of_meeting, is_of_people
from registration.attendance.reports.moments import is_moment, seconds
from registration.attendance.reports.report import Role, Stay

_BLANK = {"", "--", "-", "n/a"}
_TITLE = re.compile(r"^(host|panelist|attendee|participant)s? details$|^other attended$|^\d+\.\s*\S", re.I)
_SURE_NO = {"no", "ไม่", "ไม่ใช่"}
_HOSTS = {"organizer", "organiser", "host", "ผู้จัด", "ผู้จัดงาน", "ผู้จัดการประชุม"}
_PANEL = {"presenter", "panelist", "speaker", "ผู้นำเสนอ", "วิทยากร"}


@dataclass(slots=True)
class ReportTable:
    """Rows about people below one row of headings, and the title above it (`Panelist Details`, `2. Participants`)."""

    title: str
    columns: Columns
    headings: list[str]
    rows: Rows = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    of_people: list[ReportTable] = field(default_factory=list)
    meeting: dict[ReportColumn, str] = field(default_factory=dict)
    #: Every row of headings that was understood in part, for who is told what is missing.
    seen: list[list[str]] = field(default_factory=list)


def tables_of(rows: Rows) -> Tables:
    found, title, meeting, table = Tables(), "", Columns(), None
    for row in rows:
        filled = [cell for cell in row if cell]
        columns = columns_of(row)
        if not filled:
            continue
        if is_of_people(columns):
            table, meeting = ReportTable(title, columns, row), {}
            found.of_people.append(table)
            title = ""
        elif is_of_meeting(columns):
            meeting, table = columns, None
        elif _TITLE.match(row[0]) and (table is None or len(filled) == 1 or row[0][:1].isdigit()) and not _tells_a_moment(row):
            title, table = row[0], None
        elif meeting:
            found.meeting |= {column: _cell(row, index) for column, index in meeting.items()}
            meeting = {}
        elif table:
            table.rows.append(row)
        if len(columns) > 1:
            found.seen.append(row)
    return found


def is_no_show(table: ReportTable, row: list[str]) -> bool:
    return ReportColumn.ATTENDED in table.columns and _cell(row, table.columns[ReportColumn.ATTENDED]).lower() in _SURE_NO


def left_out(table: ReportTable, role: Role) -> int:
    named = [row for row in table.rows if not is_no_show(table, row) and _is_named(table, row)]
    return len(named) - sum(1 for _stay in stays(table, role))


def _is_named(table: ReportTable, row: list[str]) -> bool:
    return any(
        _cell(row, table.columns[column])
        for column in (ReportColumn.NAME, ReportColumn.FIRST, ReportColumn.EMAIL)
        if column in table.columns
    )


def stays(table: ReportTable, role: Role) -> Iterator[Stay]:
    """Those of `table` who were there, as `role` where no column says more."""
    is_sum = ReportColumn.JOINED not in table.columns or ReportColumn.LEFT not in table.columns or ReportColumn.TOTAL in table.columns
    for row in table.rows:
        if is_no_show(table, row):
            continue
        stay = _stay(table, row, role, is_sum)
        if (stay.name or stay.email) and (stay.joined or stay.seconds is not None):
            yield stay


def _stay(table: ReportTable, row: list[str], role: Role, is_sum: bool) -> Stay:
    def cell(column: ReportColumn) -> str:
        return _cell(row, table.columns[column]) if column in table.columns else ""

    joined, left = cell(ReportColumn.JOINED), cell(ReportColumn.LEFT)
    duration = cell(ReportColumn.TOTAL) or cell(ReportColumn.DURATION)
    if ReportColumn.JOINED in table.columns and not is_moment(joined) and not is_sum:
        joined, left, duration = _shifted(row) or (joined, left, duration)
    registered_as = f"{cell(ReportColumn.FIRST)} {cell(ReportColumn.LAST)}".strip()
    return Stay(
        name=cell(ReportColumn.NAME) or registered_as,
        email=_address(cell(ReportColumn.REGISTRATION_EMAIL) or cell(ReportColumn.EMAIL)),
        role=_role(cell(ReportColumn.ROLE)) or role,
        joined=joined,
        left=left,
        seconds=seconds(duration),
        is_sum=is_sum,
        registered_as=registered_as,
        registrant=cell(ReportColumn.REGISTRANT),
    )


def _shifted(row: list[str]) -> tuple[str, str, str] | None:
    """Join time, leave time and duration of a row that lacks columns in front of them, as rows of who rejoins do."""
    for index in range(len(row) - 1):
        if is_moment(row[index]) and is_moment(row[index + 1]):
            return row[index], row[index + 1], row[index + 2] if index + 2 < len(row) else ""
    return None


def _cell(row: list[str], index: int) -> str:
    text = row[index] if index < len(row) else ""
    return "" if text.lower() in _BLANK else text


def _address(text: str) -> str:
    return text.lower() if "@" in text else ""


def _role(text: str) -> Role | None:
    word = text.casefold()
    return Role.HOST if word in _HOSTS else Role.PANELIST if word in _PANEL else None


def _tells_a_moment(row: list[str]) -> bool:
    return any(is_moment(cell) for cell in row[1:])
