"""What 0049 has copied goes; apart from it, because PostgreSQL alters no table in which rows were just written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("registration", "0049_wider_messages")]

    operations = [
        migrations.RemoveField(model_name="mailing", name="group"),
        migrations.RemoveField(model_name="mailing", name="province"),
    ]
