"""Fills what 0045 made; where it did so itself, in its first form, nothing is left to be done."""

from django.db import migrations

from registration.operations import taken_over
from registration.operations.rewriting import rewrite


def fill(apps, schema_editor):
    rewrite(apps.get_model("registration", "Participant"), (*taken_over.NAMES, "name_key"), taken_over.name_key)


class Migration(migrations.Migration):
    atomic = False  # people go on registering meanwhile; it may be done twice

    dependencies = [("registration", "0064_long_lists")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
