"""What people wrote before Thai had one form here is stored in it, so that it is found; nothing that one can see changes."""

from django.db import migrations
from django.db.models import Model

from sessions.text import clean_text
from sessions.thai import sort_key

FIELDS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short")


def settle(apps, schema_editor):
    for name in ("Participant", "Invitation"):
        model: type[Model] = apps.get_model("registration", name)
        for row in model.objects.order_by("pk").values("pk", *FIELDS).iterator():
            changed = {field: clean_text(row[field]) for field in FIELDS if clean_text(row[field]) != row[field]}
            if changed and name == "Participant":
                words = row | changed
                changed["sort_key"] = sort_key(f"{words['first_name']} {words['last_name']}")
            if changed:
                model.objects.filter(pk=row["pk"]).update(**changed)


class Migration(migrations.Migration):
    dependencies = [("registration", "0022_any_list")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
