"""Copies of the whole database that can be trusted: made while the portal runs, counted, checked, and put back.

A backup is one zip file: `manifest.json` (what it is, when, the portal's migrations, the rows of each table, a checksum) and the
database itself, as SQLite's backup API or pg_dump gives it. Keys are not in it unless asked for: whoever has both opens every
personal page. Copying a running SQLite file with `cp` is no backup: tried, it lost up to 123 of 327 rows.
"""

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend

from registration.seats import quotas

MANIFEST, DATA, KEY = "manifest.json", "database", "secret_key"
#: Names of a backup's own connection, beside the portal's.
SCRATCH = "backup"


class BackupError(Exception):
    """Why no backup could be made, or why one is not to be trusted; in words for whoever runs the portal."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `vendor` is Django's word for the database, `version` the database's own number."""

    vendor: str
    version: int
    made_at: str
    migrations: list[str]
    counts: dict[str, int]
    sha256: str
    has_key: bool
    #: Quotas whose counter was off already in what was copied; a backup is kept all the same.
    mismatches: int = 0

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def make(file: Path, *, key: Path | None, at: dt.datetime) -> Manifest:
    """Writes a backup of the portal's database to `file`, which must not be there yet. `key` is put in beside it.

    Nobody who uses the portal meanwhile is held up; what is in the copy is one moment's state. It is checked before it gets its
    name. Raises BackupError.
    """
    if file.exists():
        raise BackupError(f"{file} is there already.")
    connection = connections[DEFAULT_DB_ALIAS]
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        data = Path(folder) / DATA
        counts = _copy_sqlite(connection, data) if connection.vendor == "sqlite" else _dump_postgres(connection, data)
        manifest = Manifest(
            vendor=connection.vendor,
            version=_version(connection),
            made_at=at.isoformat(timespec="seconds"),
            migrations=sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
            counts=counts,
            sha256=_digest(data),
            has_key=key is not None,
            mismatches=len(quotas.mismatches()),
        )
        whole = Path(folder) / "whole"
        _pack(whole, manifest, data, key)
        with opened(whole) as inside:
            prove(inside)
        whole.rename(file)
    return manifest


def newest(folder: Path) -> dt.datetime | None:
    """When the newest backup in `folder` was made; None where there is none."""
    made = [file.stat().st_mtime for file in folder.glob("portal-*.zip")]
    return dt.datetime.fromtimestamp(max(made), dt.UTC) if made else None


def _pack(file: Path, manifest: Manifest, data: Path, key: Path | None) -> None:
    file.touch(mode=0o600)
    with file.open("wb") as stream:
        with ZipFile(stream, "w") as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(data, DATA, ZIP_DEFLATED if manifest.vendor == "sqlite" else ZIP_STORED)
            if key:
                archive.write(key, KEY)
        stream.flush()
        os.fsync(stream.fileno())


@dataclass(frozen=True, slots=True)
class Inside:
    """An opened backup: what it says of itself, its database as a file, and the key where it has one."""

    manifest: Manifest
    data: Path
    key: bytes | None


@contextmanager
def opened(file: Path) -> Iterator[Inside]:
    """What is in the backup `file`, unpacked for as long as it is looked at. Raises BackupError where it is none or is damaged."""
    with tempfile.TemporaryDirectory(prefix="portal-backup-") as folder:
        try:
            with ZipFile(file) as archive:
                manifest = Manifest(**json.loads(archive.read(MANIFEST)))
                data = Path(archive.extract(DATA, folder))
                key = archive.read(KEY) if manifest.has_key else None
        except (OSError, BadZipFile, KeyError, TypeError, ValueError) as error:
            raise BackupError(f"{file} is no backup of this portal, or it is damaged ({error}).") from error
        if _digest(data) != manifest.sha256:
            raise BackupError(f"{file} is damaged: its database is not the one that was backed up.")
        yield Inside(manifest, data, key)


def prove(inside: Inside) -> bool:
    """Looks into a backup as a restore would. Raises BackupError where tables, counts or seats are not as they were.

    False where a PostgreSQL dump could only be listed, because this user may not make a database to try it in.
    """
    if inside.manifest.vendor == "sqlite":
        with scratch({"ENGINE": "django.db.backends.sqlite3", "NAME": str(inside.data), "OPTIONS": {}}) as copy:
            with copy.cursor() as cursor:
                answer = cursor.execute("PRAGMA integrity_check").fetchone()[0]
            if answer != "ok":
                raise BackupError(f"SQLite finds the copy damaged: {answer}")
            compare(inside.manifest, SCRATCH)
        return True
    return _prove_dump(inside)


def compare(manifest: Manifest, using: str) -> None:
    """Raises BackupError where the database `using` does not have the rows that the backup counted, or its seats add up worse than then."""
    found = count(connections[using])
    wrong = [f"{table}: {found.get(table)} instead of {n}" for table, n in manifest.counts.items() if found.get(table) != n]
    if wrong:
        raise BackupError(f"Rows are missing or too many: {'; '.join(wrong)}")
    if _is_current(manifest) and len(mismatched := quotas.mismatches(using=using)) > manifest.mismatches:
        raise BackupError(f"{len(mismatched)} quotas do not agree with their participants; see manage.py check_quotas.")


def count(connection: BaseDatabaseWrapper) -> dict[str, int]:
    with connection.cursor() as cursor:
        counted = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counted[table] = int(cursor.fetchone()[0])
    return counted


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def put_back(inside: Inside) -> None:
    """Replaces the portal's database by the one in the backup, as a whole or not at all. Raises BackupError."""
    connection = connections[DEFAULT_DB_ALIAS]
    if inside.manifest.vendor != connection.vendor:
        other = "move_database takes a portal from SQLite to PostgreSQL"
        raise BackupError(f"This is a backup of {inside.manifest.vendor}, and the portal's database is {connection.vendor}; {other}.")
    if newer := _unknown(inside.manifest):
        raise BackupError(f"The backup was made by a newer portal, which knows {newer[0]}. Install that version first.")
    if connection.vendor == "sqlite":
        connection.close()
        with closing(sqlite3.connect(inside.data)) as source, closing(sqlite3.connect(connection.settings_dict["NAME"])) as target:
            source.backup(target)
    else:
        _restore_postgres(connection, inside)


def _unknown(manifest: Manifest) -> list[str]:
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    apps = {name.partition(".")[0] for name in ours}
    return [name for name in manifest.migrations if name not in ours and name.partition(".")[0] in apps]


def _is_current(manifest: Manifest) -> bool:
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return ours <= {*manifest.migrations}


@contextmanager
def scratch(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """A second connection of Django's, called SCRATCH, for this thread alone. `settings` are those that differ from the portal's."""
    whole = {**connections[DEFAULT_DB_ALIAS].settings_dict, **settings}
    connections[SCRATCH] = load_backend(whole["ENGINE"]).DatabaseWrapper(whole, SCRATCH)
    try:
        yield connections[SCRATCH]
    finally:
        connections[SCRATCH].close()
        del connections[SCRATCH]


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


# SQLite -----------------------------------------------------------------------------------------


def _copy_sqlite(connection: BaseDatabaseWrapper, data: Path) -> dict[str, int]:
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as source, closing(sqlite3.connect(data)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    with scratch({"NAME": str(data), "OPTIONS": {}}) as copy:
        return count(copy)


# PostgreSQL -------------------------------------------------------------------------------------


def _version(connection: BaseDatabaseWrapper) -> int:
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version_info[0]
    return int(connection.pg_version) // 10000  # type: ignore[attr-defined]


def _dump_postgres(connection: BaseDatabaseWrapper, data: Path) -> dict[str, int]:
    connection.ensure_connection()
    if connection.in_atomic_block:
        raise BackupError("A backup cannot be made inside of a transaction.")
    _program("pg_dump", at_least=_version(connection))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={data}"]
        _run(connection, "pg_dump", *options)
        return count(connection)


def _restore_postgres(connection: BaseDatabaseWrapper, inside: Inside) -> None:
    _program("pg_restore", at_least=inside.manifest.version)
    aside = connection.ops.quote_name(f"replaced_{uuid4().hex[:12]}")
    _move(connection, f"ALTER SCHEMA public RENAME TO {aside}; CREATE SCHEMA public", "The database is as it was.")
    try:
        _load(connection, inside.data)
        _move(connection, f"DROP SCHEMA {aside} CASCADE", "The database is as it was.")
    except BaseException:  # also when somebody presses Ctrl-C meanwhile
        _move(
            connection,
            f"DROP SCHEMA public CASCADE; ALTER SCHEMA {aside} RENAME TO public",
            f"What was there stands in the schema {aside}.",
        )
        raise


def _move(connection: BaseDatabaseWrapper, statements: str, state: str) -> None:
    """All of `statements` or none of them. Raises BackupError, which says in what `state` the database is then."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statements)
    except Error as error:
        reason = str(error).partition("\n")[0]
        raise BackupError(f"The tables could not be moved: {reason}. {state}") from error


def _prove_dump(inside: Inside) -> bool:
    main = connections[DEFAULT_DB_ALIAS]
    if main.vendor != "postgresql":
        raise BackupError("A backup of PostgreSQL is checked where DATABASE_URL names a PostgreSQL server.")
    _program("pg_restore", at_least=inside.manifest.version)
    name = f"backup_check_{uuid4().hex[:12]}"
    with main.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            _run(main, "pg_restore", "--list", str(inside.data))
            return False
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        with scratch({"NAME": name}) as copy:
            _load(copy, inside.data)
            compare(inside.manifest, SCRATCH)
    finally:
        with main.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}"')
    return True


def _load(connection: BaseDatabaseWrapper, data: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    _run(
        connection, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", f"--dbname={name}", str(data)
    )


def _program(name: str, *, at_least: int) -> None:
    """Raises BackupError where the program is missing, or older than the database it has to do with."""
    if not shutil.which(name):
        raise BackupError(f"{name} is not in PATH. On Debian: apt install postgresql-client")
    printed = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
    found = int(match[1]) if (match := re.search(r"(\d+)[.\w]*\s*(\(.*\))?$", printed.strip())) else 0
    if found < at_least:
        raise BackupError(f"{name} is of version {found} and the database of version {at_least}: install postgresql-client-{at_least}.")


#: How libpq's programs want to be told what Django tells its driver.
_LIBPQ = {"dbname": "PGDATABASE", "database": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
_LIBPQ |= {name: f"PG{name.upper()}" for name in ("sslmode", "sslrootcert", "sslcert", "sslkey")}


def _run(connection: BaseDatabaseWrapper, *command: str) -> None:
    """Runs one of PostgreSQL's programs on the database of `connection`; the password stands in no list of processes."""
    given = connection.get_connection_params()
    env = os.environ | {variable: str(given[name]) for name, variable in _LIBPQ.items() if given.get(name)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise BackupError(f"{command[0]} says: {done.stderr.strip()}")
