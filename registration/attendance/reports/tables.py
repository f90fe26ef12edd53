"""Which tables stand in a report, and who is in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registration.attendance.reports.cells import Rows
from registration.attendance.reports.headings import Column, Columns, columns_of, is_of_meeting, is_of_people
from registration.attendance.reports.moments import is_moment, seconds
from registration.attendance.reports.report import Role, Stay

_BLANK = {"", "--", "-", "n/a"}
_TITLE = re.compile(r"^(host|panelist|attendee|participant)s? details$|^other attended$|^\d+\.\s*\S", re.I)
_SURE_NO = {"no", "ไม่", "ไม่ใช่"}
_HOSTS = {"organizer", "organiser", "host", "ผู้จัด", "ผู้จัดงาน", "ผู้จัดการประชุม"}
_PANEL = {"presenter", "panelist", "speaker", "ผู้นำเสนอ", "วิทยากร"}


@dataclass(slots=True)
class Table:
    """Rows about people below one row of headings, and the title above it (`Panelist Details`, `2. Participants`)."""

    title: str
    columns: Columns
    headings: list[str]
    rows: Rows = field(default_factory=list)


@dataclass(slots=True)
class Tables:
    of_people: list[Table] = field(default_factory=list)
    meeting: dict[Column, str] = field(default_factory=dict)
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
            table, meeting = Table(title, columns, row), {}
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


def is_no_show(table: Table, row: list[str]) -> bool:
    return Column.ATTENDED in table.columns and _cell(row, table.columns[Column.ATTENDED]).lower() in _SURE_NO


def stays(table: Table, role: Role) -> Iterator[Stay]:
    """Those of `table` who were there, as `role` where no column says more."""
    is_sum = Column.JOINED not in table.columns or Column.LEFT not in table.columns or Column.TOTAL in table.columns
    for row in table.rows:
        if is_no_show(table, row):
            continue
        stay = _stay(table, row, role, is_sum)
        if (stay.name or stay.email) and (stay.joined or stay.seconds is not None):
            yield stay


def _stay(table: Table, row: list[str], role: Role, is_sum: bool) -> Stay:
    def cell(column: Column) -> str:
        return _cell(row, table.columns[column]) if column in table.columns else ""

    joined, left = cell(Column.JOINED), cell(Column.LEFT)
    duration = cell(Column.TOTAL) or cell(Column.DURATION)
    if Column.JOINED in table.columns and not is_moment(joined) and not is_sum:
        joined, left, duration = _shifted(row) or (joined, left, duration)
    registered_as = f"{cell(Column.FIRST)} {cell(Column.LAST)}".strip()
    return Stay(
        name=cell(Column.NAME) or registered_as,
        email=_address(cell(Column.REGISTRATION_EMAIL) or cell(Column.EMAIL)),
        role=_role(cell(Column.ROLE)) or role,
        joined=joined,
        left=left,
        seconds=seconds(duration),
        is_sum=is_sum,
        registered_as=registered_as,
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
