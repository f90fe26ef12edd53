"""What a database still holds of rows that were deleted: bytes in pages that are free, until something overwrites them."""

from django.apps import apps
from django.db import connection


def scrub() -> None:
    """Writes the database anew without what was deleted. Call it outside a transaction; a portal of our size waits a second.

    SQLite: VACUUM makes the file from the rows that are there, and the checkpoint empties the log beside it, unless a reader
    holds it open: then the next checkpoint does. PostgreSQL: VACUUM FULL of the tables that hold people, and of the statistics
    about them, which are samples of their values; its write-ahead log keeps older bytes until it is recycled, which is no
    part of a dump.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in tables():
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
        cursor.execute("VACUUM FULL pg_catalog.pg_statistic")


def tables() -> list[str]:
    """The tables in which something about people stands or stood: ours, the admin's log, sessions and tasks."""
    labels = ("registration", "admin", "sessions", "django_tasks_database")
    models = [model for label in labels for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return sorted({model._meta.db_table for model in models if model._meta.model_name not in ("province", "agency", "auditevent")})
