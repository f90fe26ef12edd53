"""Each person's name as names are matched, kept and indexed: before, everybody of a workshop was read to find who is there twice."""

from django.db import migrations, models
from django.db.models import Model

from registration.people.names import match_key

PORTION = 1_000


def fill(apps, schema_editor):
    people: type[Model] = apps.get_model("registration", "Participant")
    last = 0
    while portion := list(people.objects.filter(pk__gt=last).only("pk", "first_name", "last_name").order_by("pk")[:PORTION]):
        for person in portion:
            person.name_key = match_key(person.first_name, person.last_name)
        people.objects.bulk_update(portion, ["name_key"], batch_size=400)
        last = portion[-1].pk


class Migration(migrations.Migration):
    dependencies = [("agenda", "0006_words"), ("registration", "0044_document_roles")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="name_key",
            field=models.CharField(max_length=1000, default="", db_default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(
                fields=["workshop", "name_key"],
                name="participant_name_key",
                condition=models.Q(state__in=["applied", "confirmed", "declined", "offered", "pending", "waitlisted"]),
            ),
        ),
    ]
