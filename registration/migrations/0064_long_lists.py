from django.db import migrations, models

from registration.operations.indexes import AddIndexMeanwhile, RemoveIndexMeanwhile


class Migration(migrations.Migration):
    """People register meanwhile; it may be broken off and begun again."""

    atomic = False

    dependencies = [("registration", "0063_open_doubts")]

    operations = [
        AddIndexMeanwhile("participant", models.Index(fields=["workshop", "name_key", "state"], name="participant_names")),
        RemoveIndexMeanwhile("participant", "participant_name_key"),
        AddIndexMeanwhile("participant", models.Index(fields=["id"], name="participant_known", condition=models.Q(anonymised_at=None))),
        AddIndexMeanwhile(
            "participant",
            models.Index(fields=["workshop", "sort_key", "id"], name="participant_listed", condition=models.Q(anonymised_at=None)),
        ),
        AddIndexMeanwhile("delivery", models.Index(fields=["state", "id"], name="delivery_state")),
    ]
