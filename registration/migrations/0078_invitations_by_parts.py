from django.db import migrations, models

from registration.operations.indexes import AddIndexMeanwhile
from registration.people import search_index


def provide(apps, schema_editor):
    search_index.provide(schema_editor.connection)


class Migration(migrations.Migration):
    """Others go on writing meanwhile; it may be broken off and begun again."""

    atomic = False

    dependencies = [("registration", "0077_zoom_events")]

    operations = [
        AddIndexMeanwhile("invitation", models.Index(fields=["created_at", "id"], name="invitation_came")),
        AddIndexMeanwhile("invitation", models.Index(fields=["workshop", "created_at", "id"], name="invitation_listed")),
        migrations.RunPython(provide, migrations.RunPython.noop),
    ]
