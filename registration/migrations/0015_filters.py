"""The columns keep their names, so that processes of the version before go on reading and writing them during an upgrade."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0014_participant_came")]

    operations = [
        migrations.AlterField("auditevent", "narrowed", models.JSONField(db_column="narrowed", default=dict, verbose_name="filter")),
        migrations.RenameField("auditevent", "narrowed", "filters"),
        migrations.AlterField("export", "narrowing", models.JSONField(db_column="narrowing", default=dict)),
        migrations.RenameField("export", "narrowing", "filters"),
    ]
