"""What only reports of Teams do: tables told apart by numbers, and lines of who joined and who left."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registration.attendance.reports.cells import Rows
from registration.attendance.reports.headings import ReportColumn
from registration.attendance.reports.moments import is_moment, seconds
from registration.attendance.reports.report import Role, Stay
from registration.attendance.reports.tables import ReportTable, stays

_PARTICIPANTS, _ACTIVITIES = "2.", "3."
_SECTION = re.compile(r"^([123])\.\s*\S")
#: By position, for headings in a language that nobody has seen yet.
_OF_PARTICIPANTS = {
    ReportColumn.NAME: 0, ReportColumn.JOINED: 1, ReportColumn.LEFT: 2, ReportColumn.TOTAL: 3, ReportColumn.EMAIL: 4, ReportColumn.ROLE: 6,
}  # fmt: skip
_OF_ACTIVITIES = {
    ReportColumn.NAME: 0, ReportColumn.JOINED: 1, ReportColumn.LEFT: 2, ReportColumn.DURATION: 3, ReportColumn.EMAIL: 4,
    ReportColumn.ROLE: 5,
}  # fmt: skip
_JOINED, _LEFT = {"joined", "joined before", "join"}, {"left", "leave"}


def by_position(rows: Rows) -> list[ReportTable]:
    sections: dict[str, Rows] = {}
    current = ""
    for row in rows:
        if found := _SECTION.match(row[0] if row else ""):
            current = f"{found[1]}."
            sections[current] = []
        elif current and any(row):
            sections[current].append(row)
    tables = []
    for number, columns in ((_PARTICIPANTS, _OF_PARTICIPANTS), (_ACTIVITIES, _OF_ACTIVITIES)):
        below = sections.get(number, [])
        if len(below) > 1 and any(_is_row(row) for row in below[1:]):
            tables.append(ReportTable(number, dict(columns), below[0], below[1:]))
    return tables


def _is_row(row: list[str]) -> bool:
    return len(row) > 3 and is_moment(row[1]) and seconds(row[3]) is not None


def of_sections(tables: Iterable[ReportTable]) -> list[Stay]:
    """Each stay from the activities; who stands among the participants only, with the sum that stands there."""
    single, summed = list[Stay](), list[Stay]()
    registered: dict[str, str] = {}
    for table in tables:
        if ReportColumn.TOTAL in table.columns:
            found = list(stays(table, Role.ATTENDEE))
            summed += found
            # Activities know only the account's address, the participants that of the registration too.
            registered |= {_account(table, row): stay.email for row, stay in zip(table.rows, found, strict=False) if stay.email}
        else:
            single += stays(table, Role.ATTENDEE)
    single = [_with(stay, registered.get(stay.email or stay.name, stay.email)) for stay in single]
    known = {stay.email or stay.name for stay in single}
    return single + [stay for stay in summed if (stay.email or stay.name) not in known]


def _account(table: ReportTable, row: list[str]) -> str:
    index = table.columns.get(ReportColumn.EMAIL, -1)
    account = row[index].lower() if 0 <= index < len(row) and "@" in row[index] else ""
    return account or row[table.columns[ReportColumn.NAME]]


def _with(stay: Stay, email: str) -> Stay:
    return Stay(stay.name, email, stay.role, stay.joined, stay.left, stay.seconds, stay.is_sum, stay.registered_as)


@dataclass(slots=True)
class _Presence:
    name: str
    role: Role
    joined: str = ""


def of_events(table: ReportTable) -> Iterator[Stay]:
    """Stays from lines that say who joined and who left, in the file's order; who never left stays open."""
    here: dict[str, _Presence] = {}
    for row in table.rows:
        cells = {column: row[index] if index < len(row) else "" for column, index in table.columns.items()}
        name = cells.get(ReportColumn.NAME, "")
        key = cells.get(ReportColumn.PERSON_KEY) or name
        action, at = cells.get(ReportColumn.ACTION, "").casefold(), cells.get(ReportColumn.TIMESTAMP, "")
        if not key or not is_moment(at):
            continue
        person = here.setdefault(key, _Presence(name or key, _role_of(cells)))
        if action in _JOINED and not person.joined:
            person.joined = at
        elif action in _LEFT and person.joined:
            yield Stay(person.name, role=person.role, joined=person.joined, left=at)
            person.joined = ""
    yield from (Stay(person.name, role=person.role, joined=person.joined) for person in here.values() if person.joined)


def _role_of(cells: dict[ReportColumn, str]) -> Role:
    return {"organizer": Role.HOST, "producer": Role.HOST, "presenter": Role.PANELIST}.get(
        cells.get(ReportColumn.ROLE, "").casefold(), Role.ATTENDEE
    )
