"""What finds people and mails by a part of a word without reading everybody: PostgreSQL's pg_trgm, SQLite's FTS5 with the same trigrams.

On PostgreSQL the expressions are those that `search` and the list of mails ask by, letter for letter, else it would not know them
again. SQLite's index is a table of its own, which holds no words, only where each three letters are; triggers keep it. A later
migration that makes one of the tables anew drops them there: `keys_of_parts` sees that, and `provide` makes them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

#: All of a person that is searched for parts, in one text: no word has a space in it, so none is found across two of them.
PARTS = ("title", "first_name", " ", "last_name", " ", "email", " ", "organisation", " ", "organisation_short", " ", "code")

_JOINED = " || ".join("' '" if part == " " else f'"{part}"' for part in PARTS)
#: PostgreSQL's, each by name: of which table, and of what.
INDEXES = {
    "participant_parts": ("registration_participant", f"upper(({_JOINED})::text)"),
    "participant_phone_parts": ("registration_participant", "phone"),
    "delivery_email_parts": ("registration_delivery", "upper(email::text)"),
    "delivery_error_parts": ("registration_delivery", "upper(error::text)"),
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
        return [f"{self.name}_{event}" for event in ("insert", "update", "delete")]

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

    def _contents(self, row: str = "") -> str:
        """What the columns hold of `row` ("new.", "old." or nothing), as SQL."""
        made = (" || ".join("' '" if part == " " else f'{row}"{part}"' for part in parts) for parts in self.holds.values())
        return ", ".join(made)


PEOPLE = TrigramTable("participant_search", "registration_participant", {"parts": PARTS, "phone": ("phone",)})
MAILS = TrigramTable("delivery_search", "registration_delivery", {"email": ("email",), "error": ("error",)})
TRIGRAM_TABLES = (PEOPLE, MAILS)


def provide(connection: BaseDatabaseWrapper) -> bool:
    """Makes the indexes that are not there. On PostgreSQL others go on writing meanwhile, and it must be within no transaction.

    False where there can be none: PostgreSQL without pg_trgm (package postgresql-contrib) or that does not let us take it, SQLite
    without FTS5 or its trigrams.
    """
    return _provide_tables(connection) if connection.vendor == "sqlite" else _provide_indexes(connection)


def _provide_tables(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        for table in TRIGRAM_TABLES:
            if _is_kept(cursor, table):
                continue
            try:
                with transaction.atomic():
                    for statement in [*table.statements(), f"INSERT INTO {table.name} ({table.name}) VALUES ('optimize')"]:
                        cursor.execute(statement)
            except DatabaseError:
                return False
    return True


def _provide_indexes(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return False
        for name, (table, expression) in INDEXES.items():
            drop_half_made(cursor, name)
            cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} USING gin (({expression}) gin_trgm_ops)")
    return True


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
            for table in TRIGRAM_TABLES:
                for statement in table.statements()[:4]:
                    cursor.execute(statement)
            return
        for name in INDEXES:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def tidy(cursor: CursorWrapper) -> None:
    """Has SQLite's index keep nothing of rows that are gone; until then it marks them as deleted."""
    for table in TRIGRAM_TABLES:
        if _is_kept(cursor, table):
            cursor.execute(f"INSERT INTO {table.name} ({table.name}) VALUES ('optimize')")


def any_of(*texts: str, column: str = "") -> str:
    """What is asked of a TrigramTable: one of `texts`, within `column` where that is named."""
    quoted = " OR ".join('"{}"'.format(text.replace('"', '""')) for text in dict.fromkeys(texts))
    return f"{column} : ({quoted})" if column else f"({quoted})"


def keys_of_parts(table: TrigramTable, asked: Sequence[str]) -> list[int] | None:
    """The rows of which everything `asked` may hold, found by SQLite's index: two short queries.

    None where it says nothing: another database, no index or one that nothing keeps, nothing asked, or very many rows.
    """
    keys = newest_keys(table, asked, MAX_KEYS + 1)
    return keys if keys is None or len(keys) <= MAX_KEYS else None


def newest_keys(table: TrigramTable, asked: Sequence[str], most: int) -> list[int] | None:
    """The same, but `most` of the newest where they are more."""
    if connection.vendor != "sqlite" or not asked:
        return None
    with connection.cursor() as cursor:
        if not _is_kept(cursor, table):
            return None
        newest = f"SELECT rowid FROM {table.name} WHERE {table.name} MATCH %s ORDER BY rowid DESC LIMIT %s"
        cursor.execute(newest, [" AND ".join(asked), most])
        return [row[0] for row in cursor.fetchall()]


def _is_kept(cursor: CursorWrapper, table: TrigramTable) -> bool:
    marks = ", ".join(["%s"] * len(table.triggers))
    cursor.execute(f"SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", table.triggers)
    return bool(cursor.fetchone()[0] == len(table.triggers))
