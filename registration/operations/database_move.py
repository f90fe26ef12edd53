"""The portal's way from SQLite to PostgreSQL, while it runs: everything is copied, compared row by row and recounted.

From the first moment nobody can write to the SQLite file any more: we hold its one lock for writing, and before we let go every
table refuses to be written to, for whatever process, for ever. People read on; who sends something is told "not saved, try again".
"""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql import InsertQuery

from registration.operations.backups import SCRATCH
from registration.seats import quotas

BATCH = 500
#: SQLite looks for a function when a statement is prepared: a trigger that calls none of this name lets no statement through.
MOVED = "the_portal_has_moved_to_another_database"


class MoveError(Exception):
    """Why the portal was not moved; in words for whoever runs it. SQLite is as it was."""


def move() -> dict[str, int]:
    """Copies the portal's SQLite into the database called SCRATCH, which has the tables alone, and closes SQLite for writing.

    Returns the rows of each table. Raises MoveError; then nothing has changed.
    """
    source, target = connections[DEFAULT_DB_ALIAS], connections[SCRATCH]
    if source.vendor != "sqlite":
        raise MoveError("The portal's database is not SQLite: there is nothing to move.")
    moved = _models()
    with transaction.atomic():  # BEGIN IMMEDIATE: from here on nobody else writes
        if is_closed(source):
            raise MoveError("This SQLite was moved away before, and is only kept to be read.")
        try:
            with transaction.atomic(using=SCRATCH):
                _empty(target, moved)
                counts = {model._meta.db_table: _copy(model) for model in moved}
                _set_sequences(target, moved)
        except DatabaseError as error:
            raise MoveError(f"PostgreSQL refused: {' '.join(str(error).split())}") from error
        _compare(moved)
        _close(source, moved)
    return counts


def is_closed(connection: BaseDatabaseWrapper) -> bool:
    return bool(_triggers(connection))


def open_again() -> int:
    """Lets SQLite be written to as before the move. Returns how many tables were closed."""
    connection = connections[DEFAULT_DB_ALIAS]
    with transaction.atomic(), connection.cursor() as cursor:
        closed = _triggers(connection)
        for name in closed:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
    return len(closed) // 3


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]


def _empty(target: BaseDatabaseWrapper, moved: list[type[models.Model]]) -> None:
    """What migrations have written into their own tables comes from SQLite like everything else."""
    tables = ", ".join(target.ops.quote_name(model._meta.db_table) for model in moved)
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def _copy(model: type[models.Model]) -> int:
    """Writes every row as it is: no default, no moment of saving, no signal changes anything."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    copied, batch = 0, list[models.Model]()
    for row in model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            copied += _insert(model, fields, batch)
            batch = []
    return copied + (_insert(model, fields, batch) if batch else 0)


def _insert(model: type[models.Model], fields: list[Any], rows: list[models.Model]) -> int:
    query = InsertQuery(model)
    query.insert_values(fields, rows, raw=True)
    query.get_compiler(using=SCRATCH).execute_sql()
    return len(rows)


def _set_sequences(target: BaseDatabaseWrapper, moved: list[type[models.Model]]) -> None:
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), moved):
            cursor.execute(statement)


def _compare(moved: list[type[models.Model]]) -> None:
    """Reads every row of both databases beside each other, and recounts the quotas. Raises MoveError at the first difference."""
    for model in moved:
        nothing = object()
        for number, (here, there) in enumerate(zip_longest(_rows(model, DEFAULT_DB_ALIAS), _rows(model, SCRATCH), fillvalue=nothing)):
            if here != there:
                raise MoveError(f"{model._meta.db_table}: row {number + 1} is not the same in both databases.")
    if wrong := quotas.mismatches(using=SCRATCH):
        raise MoveError(f"{len(wrong)} quotas do not agree with their participants; see manage.py check_quotas.")


def _rows(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    return model._base_manager.using(using).order_by("pk").values_list().iterator(BATCH)


def _close(source: BaseDatabaseWrapper, moved: list[type[models.Model]]) -> None:
    with source.cursor() as cursor:
        for model in moved:
            table = source.ops.quote_name(model._meta.db_table)
            for deed in ("INSERT", "UPDATE", "DELETE"):
                trigger = source.ops.quote_name(f"moved_{deed.lower()}_{model._meta.db_table}")
                cursor.execute(f"CREATE TRIGGER {trigger} BEFORE {deed} ON {table} BEGIN SELECT {MOVED}(); END")


def _triggers(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE %s", [f"%{MOVED}%"])
        return [name for (name,) in cursor.fetchall()]
