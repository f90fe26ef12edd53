from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from registration.people import search_index


class Command(BaseCommand):
    help = "Makes the indexes by which people are found by a part of their name; on PostgreSQL also while the portal serves."

    def handle(self, *args: Any, **options: Any) -> None:
        if not search_index.provide(connection):
            raise CommandError(
                "There can be no such index: PostgreSQL has no pg_trgm (install postgresql-contrib, and as the server's administrator "
                "run: CREATE EXTENSION pg_trgm), or this Python's SQLite no FTS5 with trigrams (3.34 has)."
            )
        if not search_index.knows_thai(connection):
            raise CommandError(
                "The database knows no Thai letters, as it was made with LC_CTYPE=C. Make it anew with C.UTF-8: docs/deploy.md."
            )
        self.stdout.write("People are found by parts of their names.")
