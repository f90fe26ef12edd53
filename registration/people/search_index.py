"""What finds people and mails by a part of a word without reading everybody: PostgreSQL's pg_trgm. SQLite reads everybody.

The expressions are those that `search` and the list of mails ask by, letter for letter, else PostgreSQL would not know them again.
"""

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

#: All of a person that is searched for parts, in one text: no word has a space in it, so none is found across two of them.
PARTS = ("title", "first_name", " ", "last_name", " ", "email", " ", "organisation", " ", "organisation_short", " ", "code")

_JOINED = " || ".join("' '" if part == " " else f'"{part}"' for part in PARTS)
#: Each index by name: of which table, and of what.
INDEXES = {
    "participant_parts": ("registration_participant", f"upper(({_JOINED})::text)"),
    "participant_phone_parts": ("registration_participant", "phone"),
    "delivery_email_parts": ("registration_delivery", "upper(email::text)"),
    "delivery_error_parts": ("registration_delivery", "upper(error::text)"),
}


def provide(connection: BaseDatabaseWrapper) -> bool:
    """Makes the indexes that are not there, while others write. Not within a transaction.

    False where there can be none: not PostgreSQL, or its server has no pg_trgm (package postgresql-contrib) or does not let us take it.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return False
        for name, (table, expression) in INDEXES.items():
            # One that was broken off halfway is of no use, and in the way.
            cursor.execute("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid", [name])
            if cursor.fetchone():
                cursor.execute(f"DROP INDEX CONCURRENTLY {name}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} USING gin (({expression}) gin_trgm_ops)")
    return True


def knows_thai(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(show_trgm('สมมุติ')) > 0")
        return bool(cursor.fetchone()[0])


def remove(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in INDEXES:
                cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
