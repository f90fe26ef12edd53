from django.db import migrations

from registration.people import search_index


class Migration(migrations.Migration):
    """Others go on writing meanwhile; where pg_trgm is missing nothing is made: see `manage.py index_search`."""

    atomic = False

    dependencies = [("registration", "0038_what_grows")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: search_index.provide(schema_editor.connection) and None,
            lambda apps, schema_editor: search_index.remove(schema_editor.connection),
        ),
    ]
