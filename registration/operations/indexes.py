"""Indexes of tables that are large, made and dropped while others go on writing: CONCURRENTLY on PostgreSQL, elsewhere as usual.

For migrations that are not atomic.
"""

from functools import partial
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddIndex, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from registration.people.search_index import drop_half_made


class _Meanwhile(Operation):
    usual: type[Operation]

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: ProjectState) -> None:
        usual: Any = partial(self.usual.database_forwards, self)
        (super().database_forwards if _is_postgresql(schema_editor) else usual)(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: ProjectState) -> None:
        usual: Any = partial(self.usual.database_backwards, self)
        (super().database_backwards if _is_postgresql(schema_editor) else usual)(app_label, schema_editor, *states)


class AddIndexMeanwhile(_Meanwhile, AddIndexConcurrently):
    """What an earlier attempt left half made is made anew."""

    usual = AddIndex

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: ProjectState) -> None:
        if _is_postgresql(schema_editor):
            with schema_editor.connection.cursor() as cursor:
                drop_half_made(cursor, self.index.name)
                cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self.index.name])
                if cursor.fetchone()[0]:
                    return
        super().database_forwards(app_label, schema_editor, *states)


class RemoveIndexMeanwhile(_Meanwhile, RemoveIndexConcurrently):
    usual = RemoveIndex


def _is_postgresql(schema_editor: BaseDatabaseSchemaEditor) -> bool:
    return schema_editor.connection.vendor == "postgresql"
