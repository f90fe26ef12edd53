"""What people wrote before Thai had one form here is stored in it, so that it is found; nothing that one can see changes."""

from django.db import migrations

from registration.operations import taken_over
from registration.operations.rewriting import rewrite


def settle(apps, schema_editor):
    rewrite(apps.get_model("registration", "Participant"), taken_over.TEXTS, taken_over.person)
    rewrite(apps.get_model("registration", "Invitation"), taken_over.TEXTS, taken_over.texts)


class Migration(migrations.Migration):
    atomic = False  # people go on registering meanwhile; it may be done twice

    dependencies = [("registration", "0022_any_list")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
