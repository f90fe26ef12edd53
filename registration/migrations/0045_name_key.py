"""Each person's name as names are matched, kept and indexed: before, everybody of a workshop was read to find who is there twice.

It is filled by 0065: nobody waits for 200,000 names.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agenda", "0006_words"), ("registration", "0044_document_roles")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="name_key",
            field=models.CharField(max_length=1000, default="", db_default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(
                fields=["workshop", "name_key"],
                name="participant_name_key",
                condition=models.Q(state__in=["applied", "confirmed", "declined", "offered", "pending", "waitlisted"]),
            ),
        ),
    ]
