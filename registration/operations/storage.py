"""What a database still holds of rows that were deleted: bytes in pages that are free, until something overwrites them."""

import time

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper

from registration.people import search_index

#: How often a table that is in use is tried again at once, and the seconds between.
ATTEMPTS, PAUSE = 10, 0.2


def scrub() -> bool:
    """Writes the database anew without what was deleted. Call it outside a transaction; a portal of our size waits a second.

    SQLite: VACUUM makes the file from the rows that are there, and the checkpoint empties the log beside it, unless a reader
    holds it open: then the next checkpoint does. PostgreSQL: VACUUM FULL of the tables that hold people, and of the statistics
    about them, which are samples of their values; its write-ahead log keeps older bytes until it is recycled, which is no
    part of a dump. False where a table stayed in use (a dump is being made, say): it was left as it is, so call again later.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            search_index.tidy(cursor)
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return True
        # The statistics last: those of each table are taken anew before.
        return all(_is_written_anew(cursor, table) for table in [*tables(), "pg_catalog.pg_statistic"])


def _is_written_anew(cursor: CursorWrapper, table: str) -> bool:
    """Never waits for the table: whoever reads it after us would wait behind us. A setting of the session (`lock_timeout`)
    would not do, because a pooler may give each statement to another session."""
    before = _file_of(cursor, table)
    for _attempt in range(ATTEMPTS):
        cursor.execute(f"VACUUM (FULL, SKIP_LOCKED) {table}")
        if _file_of(cursor, table) != before:
            if not table.startswith("pg_catalog."):
                cursor.execute(f"ANALYZE {table}")
            return True
        time.sleep(PAUSE)
    return False


def _file_of(cursor: CursorWrapper, table: str) -> int:
    cursor.execute("SELECT pg_relation_filenode(%s::regclass)", [table])
    return int(cursor.fetchone()[0])


def tables() -> list[str]:
    """The tables in which something about people stands or stood: ours, the admin's log, sessions and tasks."""
    labels = ("registration", "admin", "sessions", "django_tasks_database")
    models = [model for label in labels for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return sorted({model._meta.db_table for model in models if model._meta.model_name not in ("province", "agency", "auditevent")})
