"""Thai agencies and their customary abbreviations, from `registration/data/agencies.csv`. Staff add more in the admin."""

import csv
from pathlib import Path

from django.db import migrations

SOURCE = Path(__file__).resolve().parent.parent / "data" / "agencies.csv"


def load(apps, schema_editor):
    Agency = apps.get_model("registration", "Agency")
    with SOURCE.open(encoding="utf-8", newline="") as file:
        Agency.objects.bulk_create(Agency(**row) for row in csv.DictReader(file))


class Migration(migrations.Migration):
    dependencies = [("registration", "0002_provinces")]
    operations = [migrations.RunPython(load, lambda apps, schema_editor: None)]
