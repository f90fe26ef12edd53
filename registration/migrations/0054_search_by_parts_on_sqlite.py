from django.db import migrations

from registration.people import search_index


def provide(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        search_index.provide(schema_editor.connection)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        search_index.remove(schema_editor.connection)


class Migration(migrations.Migration):
    """Some seconds for 100,000 people, and as many for their mails; nothing on PostgreSQL, whose indexes 0039 makes."""

    atomic = False

    dependencies = [("registration", "0053_not_selected")]

    operations = [migrations.RunPython(provide, remove)]
