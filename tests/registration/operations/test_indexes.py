import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from registration.operations.indexes import AddIndexMeanwhile


def _attempt():
    """The first index of 0064, once more."""
    before, after = ("registration", "0063_open_doubts"), ("registration", "0064_long_lists")
    loader = MigrationLoader(connection)
    operation = loader.get_migration(*after).operations[0]
    assert isinstance(operation, AddIndexMeanwhile)
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("registration", editor, loader.project_state(before), loader.project_state(after))
    return operation.index.name


def _as_it_is(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid, indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
        return cursor.fetchone()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_broken_off_is_made_anew_and_a_whole_one_left():
    name = _attempt()
    number, _is_valid = _as_it_is(name)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s", [number])
    _attempt()
    anew, is_valid = _as_it_is(name)
    assert is_valid and anew != number
    _attempt()
    assert _as_it_is(name) == (anew, True)
