from django.db import migrations

from registration.people import search_index


def provide(apps, schema_editor):
    search_index.provide(schema_editor.connection)


class Migration(migrations.Migration):
    """SQLite's index of what phone numbers end in; on PostgreSQL only what is missing. It may be broken off and begun again."""

    atomic = False

    dependencies = [("registration", "0067_say_words")]

    operations = [migrations.RunPython(provide, migrations.RunPython.noop)]
