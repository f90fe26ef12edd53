"""What a column means because of those beside it: parts of one name, a second person in the row, two of one meaning. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from registration.nominations.columns import NAMES, SINGLE, FileColumn, Why
from registration.nominations.contents import share
from registration.nominations.headings import Meaning
from registration.people.names import is_title

#: What a second person of a row has for themselves.
_OWN = frozenset({*NAMES, Meaning.POSITION, Meaning.EMAIL, Meaning.PHONE, Meaning.EXTENSION, Meaning.CONTACT})


def by_neighbours(columns: list[FileColumn], headings: Mapping[int, str], cells: Mapping[int, list[str]]) -> list[FileColumn]:
    """`columns` with what each means beside the others. `headings` and `cells` by column."""
    return _asked(_second_person(_as_one_name(_widened(columns, headings, cells))), cells)


def _widened(columns: list[FileColumn], headings: Mapping[int, str], cells: Mapping[int, list[str]]) -> list[FileColumn]:
    """Title, first and last name often stand in columns of their own beneath one word that reaches over them."""
    by_index = {column.index: column for column in columns}
    for column in columns:
        if column.meaning is not Meaning.FULL_NAME:
            continue
        beside = [column.index]
        while len(beside) < 3 and beside[-1] + 1 in by_index and not headings.get(beside[-1] + 1):
            beside.append(beside[-1] + 1)
        found: tuple[Meaning, ...] = ()
        if len(beside) == 3 and share(cells[beside[0]], is_title) >= 0.6:
            found = (Meaning.TITLE, Meaning.FIRST_NAME, Meaning.LAST_NAME)
        elif len(beside) >= 2 and share(cells[beside[0]], lambda cell: " " not in cell) >= 0.6 and share(cells[beside[1]], _is_word) >= 0.6:
            found = (Meaning.FIRST_NAME, Meaning.LAST_NAME)
        for index, held in zip(beside, found, strict=False):
            by_index[index] = FileColumn(index, headings.get(index, ""), held)
    return [by_index[column.index] for column in columns]


def _is_word(cell: str) -> bool:
    return len(cell) <= 40 and not any(c.isdigit() or c == "@" for c in cell)


def _as_one_name(columns: list[FileColumn]) -> list[FileColumn]:
    """Decides what "ชื่อ" and "ชื่อ-สกุล" mean from what stands beside them.

    "ชื่อสกุล" is a family name beside "ชื่อ", and the whole name alone; "ชื่อ" alone is the whole name too.
    A whole name beside its parts repeats them.
    """
    held = {column.meaning for column in columns}
    if not held & set(NAMES):  # a list of coordinators
        columns = [
            replace(column, meaning=Meaning.FULL_NAME) if column.meaning is Meaning.NOTE and "ประสาน" in column.heading else column
            for column in columns
        ]

    def changed(column: FileColumn) -> FileColumn:
        if column.why is not Why.HEADING:
            return column
        if column.meaning is Meaning.LAST_NAME and Meaning.FIRST_NAME not in held and "ชื่อ" in column.heading:
            return replace(column, meaning=Meaning.FULL_NAME)
        if column.meaning is Meaning.FIRST_NAME and Meaning.LAST_NAME not in held:
            is_beside = Meaning.FULL_NAME in held and any("สกุล" in other.heading for other in columns if other.meaning is Meaning.FULL_NAME)
            return column if is_beside else replace(column, meaning=Meaning.FULL_NAME)
        if column.meaning is Meaning.FULL_NAME and Meaning.FIRST_NAME in held:
            if Meaning.LAST_NAME not in held and "สกุล" in column.heading:
                return replace(column, meaning=Meaning.LAST_NAME)
            return replace(column, meaning=Meaning.UNUSED, why=Why.REPEATS)
        return column

    return [changed(column) for column in columns]


def _second_person(columns: list[FileColumn]) -> list[FileColumn]:
    """A second name after which an address or a number stands again is a second person of the row: ผู้แทนหลัก, ผู้แทนสำรอง."""
    names = [at for at, column in enumerate(columns) if column.meaning in (Meaning.FULL_NAME, Meaning.FIRST_NAME)]
    if len(names) < 2:
        return columns
    reached = (Meaning.EMAIL, Meaning.PHONE, Meaning.CONTACT)
    between = {column.meaning for column in columns[names[0] : names[1]]} & set(reached)
    behind = {column.meaning for column in columns[names[1] :]} & set(reached)
    if not between & behind:
        return columns
    shared = {column.meaning for column in columns[: names[1]]}
    return [
        replace(column, person=2)
        if at >= names[1] and (column.meaning in _OWN or (column.meaning in SINGLE and column.meaning in shared))
        else column
        for at, column in enumerate(columns)
    ]


def _asked(columns: list[FileColumn], cells: Mapping[int, list[str]]) -> list[FileColumn]:
    """Of two columns with one meaning the likelier one is proposed; the other is kept as a remark until somebody says so."""
    found = list(columns)
    for person in (1, 2):
        for single in SINGLE:
            rivals = [column for column in found if column.meaning is single and column.person == person]
            if len(rivals) > 1:
                best = max(rivals, key=lambda column: _likeliness(column, cells.get(column.index, [])))
                for column in rivals:
                    kept = replace(column, rival=single, meaning=single if column is best else Meaning.NOTE)
                    found[found.index(column)] = kept
    return found


def _likeliness(column: FileColumn, cells: list[str]) -> tuple[float, ...]:
    heading = column.heading.casefold()
    is_own = any(word in heading for word in ("ผู้เข้า", "ส่วนตัว", "ลิงก์", "ผู้แทน", "personal"))
    is_office = any(word in heading for word in ("หน่วยงาน", "สารบรรณ", "ราชการ", "สำนักงาน", "office"))
    if column.meaning is Meaning.EMAIL:
        return (len(set(cells)) / len(cells) if cells else 0, is_own - is_office, len(cells), -column.index)
    thai = sum(any("\u0e00" <= c <= "\u0e7f" for c in cell) for cell in cells)
    return (thai / len(cells) if cells else 0, is_own - is_office, len(cells), -column.index)
