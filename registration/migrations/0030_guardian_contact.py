from django.db import migrations, models

import sessions.fields


class Migration(migrations.Migration):
    dependencies = [("registration", "0029_answers_of_polls")]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="guardian_email",
            field=models.EmailField(
                blank=True, db_default="", default="", editable=False, max_length=254, verbose_name="guardian's e-mail"
            ),
        ),
        migrations.AddField(
            model_name="participant",
            name="guardian_phone",
            field=sessions.fields.LineField(
                blank=True, db_default="", default="", editable=False, max_length=20, verbose_name="guardian's phone"
            ),
        ),
    ]
