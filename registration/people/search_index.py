"""What finds people and mails by a part of a word without reading everybody: PostgreSQL's pg_trgm, SQLite's FTS5 with the same trigrams.

Each three digits stand in the numbers of a thousandth of everybody: those have indexes of their own, by more of their digits.

On PostgreSQL the expressions are those that `search` and the list of mails ask by, letter for letter, else it would not know them
again. SQLite's index is a table of its own, which holds no words, only where each three letters are; triggers keep it. A later
migration that makes one of the tables anew drops them there: `newest_keys` sees that, and `provide` makes them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

#: All of a person that is searched for parts, in one text: no word has a space in it, so none is found across two of them.
PARTS = ("title", "first_name", " ", "last_name", " ", "email", " ", "organisation", " ", "organisation_short", " ", "code")

#: The same of somebody who is invited.
INVITED = ("first_name", " ", "last_name", " ", "email", " ", "organisation")

_JOINED, _JOINED_INVITED = (" || ".join("' '" if part == " " else f'"{part}"' for part in parts) for parts in (PARTS, INVITED))
#: So many digits that follow one another few people share.
RARE_DIGITS = 6
_PLACES = ", ".join(f"left(right(%(expressions)s, {place}), {RARE_DIGITS})" for place in range(RARE_DIGITS, 16))
#: Each RARE_DIGITS that follow one another in a number of E.164, which has fifteen digits at most; of an expression.
RARE = f"ARRAY[{_PLACES}]"

_TRIGRAMS = "gin_trgm_ops"
#: PostgreSQL's, each by name: of which table, of what, and how that is divided.
INDEXES = {
    "participant_parts": ("registration_participant", f"upper(({_JOINED})::text)", _TRIGRAMS),
    "participant_phone_parts": ("registration_participant", "phone", _TRIGRAMS),
    "participant_phone_digits": ("registration_participant", RARE % {"expressions": "phone"}, "array_ops"),
    "invitation_parts": ("registration_invitation", f"upper(({_JOINED_INVITED})::text)", _TRIGRAMS),
    "delivery_email_parts": ("registration_delivery", "upper(email::text)", _TRIGRAMS),
    "delivery_error_parts": ("registration_delivery", "upper(error::text)", _TRIGRAMS),
}

#: A trigram has so many letters: what is shorter no index finds.
MIN_LETTERS = 3
#: More keys than these are no list that a database should be handed.
MAX_KEYS = 2_000


@dataclass(frozen=True, slots=True)
class TrigramTable:
    """SQLite's index of the table `of`: its columns, and of which columns of a row (or " ") each is made."""

    name: str
    of: str
    holds: dict[str, tuple[str, ...]]

    @property
    def triggers(self) -> list[str]:
        return _triggers(self.name)

    def statements(self) -> list[str]:
        columns = ", ".join(self.holds)
        write = f"INSERT INTO {self.name} (rowid, {columns}) VALUES (new.id, {self._contents('new.')});"
        forget = f"INSERT INTO {self.name} ({self.name}, rowid, {columns}) VALUES ('delete', old.id, {self._contents('old.')});"
        sources = [part for parts in self.holds.values() for part in parts if part != " "]
        changed = " OR ".join(f'old."{column}" IS NOT new."{column}"' for column in sources)
        named = ", ".join(f'"{column}"' for column in sources)
        on_insert, on_update, on_delete = self.triggers
        return [
            *(f"DROP TRIGGER IF EXISTS {trigger}" for trigger in self.triggers),
            f"DROP TABLE IF EXISTS {self.name}",
            f"CREATE VIRTUAL TABLE {self.name} USING fts5({columns}, content='', tokenize='trigram')",
            f"INSERT INTO {self.name} (rowid, {columns}) SELECT id, {self._contents()} FROM {self.of}",
            f"CREATE TRIGGER {on_insert} AFTER INSERT ON {self.of} BEGIN {write} END",
            f"CREATE TRIGGER {on_update} AFTER UPDATE OF {named} ON {self.of} WHEN {changed} BEGIN {forget} {write} END",
            f"CREATE TRIGGER {on_delete} AFTER DELETE ON {self.of} BEGIN {forget} END",
        ]

    @property
    def optimize(self) -> str:
        return f"INSERT INTO {self.name} ({self.name}) VALUES ('optimize')"

    def _contents(self, row: str = "") -> str:
        """What the columns hold of `row` ("new.", "old." or nothing), as SQL."""
        made = (" || ".join("' '" if part == " " else f'{row}"{part}"' for part in parts) for parts in self.holds.values())
        return ", ".join(made)


@dataclass(frozen=True, slots=True)
class EndingsTable:
    """SQLite's index of numbers: what each ends in, from MIN_LETTERS digits on. A part of a number is what one of its endings begins with.

    Of those there are few.
    """

    name: str
    of: str
    column: str
    length: int

    @property
    def triggers(self) -> list[str]:
        return _triggers(self.name)

    def statements(self) -> list[str]:
        on_insert, on_update, on_delete = self.triggers
        write = f"INSERT INTO {self.name} {self._endings('new.')};"
        forget = f"DELETE FROM {self.name} WHERE (ending, id) IN ({self._endings('old.')});"
        return [
            *(f"DROP TRIGGER IF EXISTS {trigger}" for trigger in self.triggers),
            f"DROP TABLE IF EXISTS {self.name}",
            f"CREATE TABLE {self.name} (ending TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (ending, id)) WITHOUT ROWID",
            f"INSERT INTO {self.name} {self._endings()} ORDER BY 1, 2",
            f"CREATE TRIGGER {on_insert} AFTER INSERT ON {self.of} BEGIN {write} END",
            f"CREATE TRIGGER {on_update} AFTER UPDATE OF {self.column} ON {self.of}"
            f" WHEN old.{self.column} IS NOT new.{self.column} BEGIN {forget} {write} END",
            f"CREATE TRIGGER {on_delete} AFTER DELETE ON {self.of} BEGIN {forget} END",
        ]

    def _endings(self, row: str = "") -> str:
        """Those of `row` ("new.", "old.") or of all rows, as a query; none begins with the + that stands before a number."""
        column = f'{row}"{self.column}"'
        places = ", ".join(f"({place})" for place in range(1, self.length + 2 - MIN_LETTERS))
        everything = "" if row else f"{self.of}, "
        return (
            f"SELECT substr({column}, column1), {row}id FROM {everything}(VALUES {places})"
            f" WHERE length({column}) - column1 >= {MIN_LETTERS - 1} AND substr({column}, column1, 1) <> '+'"
        )


def _triggers(table: str) -> list[str]:
    return [f"{table}_{event}" for event in ("insert", "update", "delete")]


#: The column `phone` is what the version before asks.
PEOPLE = TrigramTable("participant_search", "registration_participant", {"parts": PARTS, "phone": ("phone",)})
MAILS = TrigramTable("delivery_search", "registration_delivery", {"email": ("email",), "error": ("error",)})
INVITATIONS = TrigramTable("invitation_search", "registration_invitation", {"parts": INVITED})
PHONES = EndingsTable("participant_phone_ends", "registration_participant", "phone", 20)
TRIGRAM_TABLES = (PEOPLE, MAILS, INVITATIONS)
TABLES: tuple[TrigramTable | EndingsTable, ...] = (*TRIGRAM_TABLES, PHONES)


def provide(connection: BaseDatabaseWrapper) -> bool:
    """Makes the indexes that are not there. On PostgreSQL others go on writing meanwhile, and it must be within no transaction.

    False where there can be none: PostgreSQL without pg_trgm (package postgresql-contrib) or that does not let us take it, SQLite
    without FTS5 or its trigrams.
    """
    return _provide_tables(connection) if connection.vendor == "sqlite" else _provide_indexes(connection)


def _provide_tables(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        for table in TABLES:
            if _is_kept(cursor, table):
                continue
            try:
                with transaction.atomic():
                    for statement in table.statements():
                        cursor.execute(statement)
                    if isinstance(table, TrigramTable):
                        cursor.execute(table.optimize)
            except DatabaseError:
                return False
    return True


def _provide_indexes(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        has_trigrams = True
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            has_trigrams = False
        for name, (table, expression, divided) in INDEXES.items():
            if has_trigrams or divided != _TRIGRAMS:
                drop_half_made(cursor, name)
                cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} USING gin (({expression}) {divided})")
    return has_trigrams


def drop_half_made(cursor: CursorWrapper, name: str) -> None:
    """PostgreSQL's index that was broken off halfway: it is of no use, and in the way."""
    cursor.execute("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [name])
    if cursor.fetchone():
        cursor.execute(f"DROP INDEX CONCURRENTLY {name}")


def knows_thai(connection: BaseDatabaseWrapper) -> bool:
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('สมมุติ')) > 0")
        return bool(cursor.fetchone()[0])


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in TABLES:
                for statement in table.statements()[:4]:
                    cursor.execute(statement)
            return
        for name in INDEXES:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def tidy(cursor: CursorWrapper) -> None:
    """Has SQLite's index keep nothing of rows that are gone; until then it marks them as deleted."""
    for table in TRIGRAM_TABLES:
        if _is_kept(cursor, table):
            cursor.execute(table.optimize)


def any_of(*texts: str, column: str = "") -> str:
    """What is asked of a TrigramTable: one of `texts`, within `column` where that is named."""
    quoted = " OR ".join('"{}"'.format(text.replace('"', '""')) for text in dict.fromkeys(texts))
    return f"{column} : ({quoted})" if column else f"({quoted})"


def newest_keys(table: TrigramTable, asked: Sequence[str], most: int) -> list[int] | None:
    """The rows of which everything `asked` may hold, found by SQLite's index: `most` of the newest, by two short queries.

    None where it says nothing: another database, no index or one that nothing keeps, nothing asked.
    """
    newest = f"SELECT rowid FROM {table.name} WHERE {table.name} MATCH %s ORDER BY rowid DESC LIMIT %s"
    return _keys(table, newest, [" AND ".join(asked), most]) if asked else None


def keys_of_digits(digits: str, most: int) -> list[int] | None:
    """The people of whose number `digits`, MIN_LETTERS at least, are a part: `most` of them, as `newest_keys` does."""
    behind = digits[:-1] + chr(ord(digits[-1]) + 1)
    ending = f"SELECT DISTINCT id FROM {PHONES.name} WHERE ending >= %s AND ending < %s LIMIT %s"
    return _keys(PHONES, ending, [digits, behind, most])


def _keys(table: TrigramTable | EndingsTable, sql: str, parameters: Sequence[str | int]) -> list[int] | None:
    if connection.vendor != "sqlite":
        return None
    with connection.cursor() as cursor:
        if not _is_kept(cursor, table):
            return None
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _is_kept(cursor: CursorWrapper, table: TrigramTable | EndingsTable) -> bool:
    marks = ", ".join(["%s"] * len(table.triggers))
    cursor.execute(f"SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", table.triggers)
    return bool(cursor.fetchone()[0] == len(table.triggers))
