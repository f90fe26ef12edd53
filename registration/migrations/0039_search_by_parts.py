from django.db import migrations

from registration.people import search_index


def _provide(connection):
    """SQLite's come later (0054): what is done to these tables until then would drop them."""
    if connection.vendor == "postgresql":
        search_index.provide(connection)


class Migration(migrations.Migration):
    """Others go on writing meanwhile; where pg_trgm is missing nothing is made: see `manage.py index_search`."""

    atomic = False

    dependencies = [("registration", "0038_what_grows")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: _provide(schema_editor.connection),
            lambda apps, schema_editor: search_index.remove(schema_editor.connection),
        ),
    ]
