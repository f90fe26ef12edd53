"""Migrations while the version before still serves: nobody who waits for a seat is ended by them, nor waits for long.

A migration asks for all its tables before it changes one. It waits for the first with nothing in its hands, and for the others only
for a moment: where somebody holds one it lets everything go and comes again. PostgreSQL looks for circles of those who wait after a
second, so none that a migration is part of lives long enough to be found. SQLite has one lock, for which everybody waits in turn.
"""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

#: SQLSTATE of lock_not_available and deadlock_detected.
HELD_BY_OTHERS = {"55P03", "40P01"}
#: Milliseconds for which the first table is waited for, and each other one.
FIRST_WAIT, NEXT_WAIT = 400, 30
#: Seconds after which a table that others never let go of ends the upgrade, in words.
PATIENCE = 900
#: Seconds of rest, at most, before it is tried again.
REST = 0.3

_NAMED = re.compile(r'(REFERENCES )?"(\w+)"')


@dataclass(frozen=True, slots=True)
class Lock:
    table: str
    #: Whether people may read it meanwhile: others only point to it.
    is_shared: bool

    def statement(self) -> str:
        return f'LOCK TABLE "{self.table}" IN {"SHARE ROW EXCLUSIVE" if self.is_shared else "ACCESS EXCLUSIVE"} MODE'


class PatientExecutor(MigrationExecutor):
    """Applies each migration as a whole, as often as it takes. One that is no transaction must be one that can be done twice.

    `tell` is given a line about each: its name, how often it came, and for how long it held others up.
    """

    def __init__(self, connection: BaseDatabaseWrapper, tell: Callable[[str], None]) -> None:
        super().__init__(connection)
        self._tell = tell

    def apply_migration(self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False) -> ProjectState:
        wanted = self._locks_of(state, migration)
        attempts, first = 0, time.monotonic()
        while True:
            attempts, began = attempts + 1, time.monotonic()
            try:
                after = self._attempt(state.clone(), migration, wanted)
            except OperationalError as error:
                if getattr(error.__cause__, "pgcode", None) not in HELD_BY_OTHERS or began - first > PATIENCE:
                    raise
                time.sleep(random.uniform(0.05, REST))
                continue
            again = f", tried {attempts} times in {began - first:.1f} s before" if attempts > 1 else ""
            self._tell(f"{migration}: {time.monotonic() - began:.1f} s{again}")
            return after

    def _locks_of(self, state: ProjectState, migration: Migration) -> list[Lock]:
        """Which tables that are there its SQL names, by themselves or by an index of theirs."""
        if self.connection.vendor != "postgresql" or not migration.atomic:
            return []
        with self.connection.schema_editor(collect_sql=True, atomic=True) as editor:
            migration.apply(state.clone(), editor, collect_sql=True)
        named = _NAMED.findall("\n".join(editor.collected_sql))
        changed, pointed_to = ({name for reference, name in named if bool(reference) is is_pointed} for is_pointed in (False, True))
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT found.relname, owner.relname FROM pg_class AS found LEFT JOIN pg_index ON indexrelid = found.oid "
                "JOIN pg_class AS owner ON owner.oid = COALESCE(indrelid, found.oid) "
                "WHERE found.relname = ANY(%s) AND owner.relkind = 'r' AND pg_table_is_visible(owner.oid)",
                [sorted(changed | pointed_to)],
            )
            owners = dict(cursor.fetchall())
            # A key that goes is forgotten by the table that it points to, too.
            cursor.execute(
                "SELECT conname, relname FROM pg_constraint JOIN pg_class ON pg_class.oid = confrelid WHERE conname = ANY(%s)",
                [sorted(changed)],
            )
            owners |= dict(cursor.fetchall())
        whole = {owners[name] for name in changed & owners.keys()}
        shared = {owners[name] for name in pointed_to & owners.keys()} - whole
        return [*(Lock(name, is_shared=False) for name in sorted(whole)), *(Lock(name, is_shared=True) for name in sorted(shared))]

    def _attempt(self, state: ProjectState, migration: Migration, wanted: list[Lock]) -> ProjectState:
        if self.connection.vendor != "postgresql" or not migration.atomic:
            return super().apply_migration(state, migration)
        with transaction.atomic(using=self.connection.alias, durable=True):
            self._take(wanted)
            return super().apply_migration(state, migration)

    def _take(self, wanted: list[Lock]) -> None:
        """Raises OperationalError; whoever was in the way is waited for first the next time."""
        with self.connection.cursor() as cursor:
            for place, lock in enumerate(wanted):
                cursor.execute(f"SET LOCAL lock_timeout = {NEXT_WAIT if place else FIRST_WAIT}")
                try:
                    cursor.execute(lock.statement())
                except OperationalError:
                    wanted.insert(0, wanted.pop(place))
                    raise
            cursor.execute(f"SET LOCAL lock_timeout = {NEXT_WAIT}")


def migrate(connection: BaseDatabaseWrapper, *, tell: Callable[[str], None]) -> None:
    """Applies what is not applied yet. Rights and content types come with the usual `migrate` afterwards."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # an index of many people takes its time
    executor = PatientExecutor(connection, tell)
    executor.migrate(executor.loader.graph.leaf_nodes())
