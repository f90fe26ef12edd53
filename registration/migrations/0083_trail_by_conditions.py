from django.db import migrations, models

from registration.operations.indexes import AddIndexMeanwhile


class Migration(migrations.Migration):
    """Others go on writing meanwhile; it may be broken off and begun again."""

    atomic = False

    dependencies = [("registration", "0082_doubles_everywhere")]

    operations = [
        AddIndexMeanwhile("auditevent", models.Index(fields=["request_id"], name="audit_request")),
        AddIndexMeanwhile("auditevent", models.Index(fields=["actor", "at", "id"], name="audit_actor")),
        AddIndexMeanwhile("auditevent", models.Index(fields=["what", "at", "id"], name="audit_what")),
        AddIndexMeanwhile("auditevent", models.Index(fields=["verb", "at", "id"], name="audit_verb")),
        AddIndexMeanwhile("auditevent", models.Index(fields=["actor_kind", "at", "id"], name="audit_kind")),
        AddIndexMeanwhile("auditevent", models.Index(fields=["workshop", "at", "id"], name="audit_workshop")),
    ]
