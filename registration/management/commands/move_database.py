import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

import environ
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from registration.operations import database_move
from registration.operations.backups import is_empty, scratch


class Command(BaseCommand):
    help = "Takes a running portal from SQLite to an empty PostgreSQL database, and proves that every row arrived."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", nargs="?", help="postgres://user:password@host:5432/name")
        parser.add_argument("--undo", action="store_true", help="let SQLite be written to again, and leave PostgreSQL alone")

    def handle(self, *args: Any, url: str | None, undo: bool, **options: Any) -> None:
        if undo:
            self.stdout.write(
                f"SQLite is open again: {database_move.open_again()} tables. What was written to PostgreSQL since stays there alone."
            )
            return
        if not url:
            raise CommandError("Where to? manage.py move_database postgres://user:password@host:5432/name")
        began = time.monotonic()
        try:
            with scratch(self._settings(url)) as target:
                if not is_empty(target):
                    raise database_move.MoveError(
                        "The database to move to is not empty. Make a new one: a portal is not mixed with another."
                    )
                self._make_tables(url)
                self.stdout.write("From now on nothing can be saved; the portal's pages say so, and can be read.")
                counts = database_move.move()
        except database_move.MoveError as error:
            raise CommandError(f"{error} Nothing was changed: the portal goes on with SQLite.") from error
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {' '.join(str(error).split())}") from error
        for table, rows in counts.items():
            self.stdout.write(f"{rows:>9}  {table}")
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{sum(counts.values())} rows in {len(counts)} tables are in PostgreSQL, each compared with SQLite's. "
            f"Every quota agrees with its participants. It took {seconds:.0f} seconds.\n"
            "SQLite stays closed for writing. Set DATABASE_URL and restart every process of the portal: then people can save again."
        )

    def _make_tables(self, url: str) -> None:
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "-v0"]
        done = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True)
        if done.returncode:
            raise CommandError(f"The tables could not be made: {done.stderr.strip()}")

    def _settings(self, url: str) -> dict[str, Any]:
        if not url.startswith(("postgres://", "postgresql://")):
            raise CommandError("This is no address of a PostgreSQL database: postgres://user:password@host:5432/name")
        config: dict[str, Any] = environ.Env.db_url_config(url)
        return {"OPTIONS": {}, "CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": True, **config}
