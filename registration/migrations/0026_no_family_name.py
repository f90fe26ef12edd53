from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0025_words")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="lacks_last_name",
            field=models.BooleanField(db_default=False, default=False, verbose_name="no family name"),
        ),
    ]
