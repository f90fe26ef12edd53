"""A database to which the migrations were applied once; each process that tests begins with a copy of it."""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "migrated"
#: What the migrations are and what they read.
SOURCES = [
    "requirements.txt",
    "tests/migrated.py",
    "registration/people/search_index.py",
    "registration/operations/indexes.py",
    "sessions/**/*.py",
    "sessions/**/*.csv",
    "registration/m*/**/*.py",
]


@cache
def digest() -> str:
    content = hashlib.sha256(sys.version.encode())
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        content.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return content.hexdigest()[:16]


def sqlite() -> Path:
    """The file, made if it is not there yet; those of other migrations are thrown away."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = FOLDER / f"{digest()}.sqlite3"
        if not file.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            _migrate(f"sqlite:///{FOLDER / 'new.sqlite3'}")
            (FOLDER / "new.sqlite3").rename(file)
    return file


def postgres() -> str:
    """The name of a database on the server of the settings, made if it is not there yet."""
    import psycopg2

    name = f"migrated_{digest()}"
    known = settings.DATABASES["default"]
    address = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    with closing(psycopg2.connect(dbname="postgres", **{key: value for key, value in address.items() if value})) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(7)")  # two processes that begin at once; ends with the connection
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f"DROP DATABASE IF EXISTS {name}_new")
                cursor.execute(f"CREATE DATABASE {name}_new")
                _migrate(_beside(os.environ["DATABASE_URL"], f"{name}_new"))
                cursor.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    return name


def rows() -> dict[str, list[tuple]]:
    """What the migrations wrote, by table, as the database itself has it; asked of a database that is as they left it."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(sqlite())) as plain:
            found = {name: plain.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    else:
        found = {}
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f'SELECT * FROM "{name}"')
                found[name] = cursor.fetchall()
    return {name: rows for name, rows in found.items() if rows}


def write(rows: dict[str, list[tuple]]) -> None:
    """Writes `rows` into those tables that are empty; in whatever order, since keys are looked at when all of it is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name, those in rows.items():
            cursor.execute(f'SELECT 1 FROM "{name}" LIMIT 1')
            if cursor.fetchone():  # the test that would have emptied it was skipped
                continue
            row = f"({', '.join(['%s'] * len(those[0]))})"
            if connection.vendor == "sqlite":
                connection.connection.executemany(f'INSERT INTO "{name}" VALUES {row}'.replace("%s", "?"), those)
            else:
                values = b", ".join(cursor.mogrify(row, each) for each in those)
                cursor.execute(f'INSERT INTO "{name}" VALUES '.encode() + values)


def sql_emptying(operations: Any, style: object, tables: list[str], **_options: bool) -> list[str]:
    """PostgreSQL's `sql_flush` after a test of transactions: a TRUNCATE makes 500 files of indexes anew, and nearly all tables are empty.

    Foreign keys and the trail's trigger are not asked: whatever a row belongs to goes with it.
    """
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    with operations.connection.cursor() as cursor:
        cursor.execute(filled)
        emptied = [f'DELETE FROM "{name}"' for (name,) in cursor.fetchall()]
    return ["SET LOCAL session_replication_role = replica", *emptied]


def _beside(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


def _migrate(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], cwd=ROOT, env=environment, check=True)
