from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0078_invitations_by_parts")]

    operations = [
        migrations.AlterField(
            model_name="keptfigures",
            name="subject",
            field=models.CharField(
                choices=[("attendance", "Attendance"), ("certificates", "Certificates"), ("board", "Board"), ("doubles", "Doubles")],
                max_length=12,
            ),
        ),
    ]
