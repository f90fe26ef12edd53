"""A message goes to several provinces or groups, to coordinators, and at a time that is set."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_choices(apps, schema_editor):
    Mailing = apps.get_model("registration", "Mailing")
    for mailing in Mailing.objects.exclude(province=None, group=None):
        mailing.provinces.set(filter(None, [mailing.province_id]))
        mailing.groups.set(filter(None, [mailing.group_id]))


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0007_way_into_meetings"),
        ("registration", "0048_attendance_stop"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="mailing",
            name="groups",
            field=models.ManyToManyField(blank=True, related_name="mailings", to="agenda.stakeholdergroup", verbose_name="stakeholder groups"),
        ),
        migrations.AddField(
            model_name="mailing",
            name="provinces",
            field=models.ManyToManyField(blank=True, related_name="mailings", to="registration.province", verbose_name="provinces"),
        ),
        migrations.AddField(
            model_name="mailing",
            name="recipients",
            field=models.CharField(
                choices=[("participants", "participants"), ("coordinators", "coordinators of the desks")],
                db_default="participants",
                default="participants",
                max_length=12,
                verbose_name="who gets it",
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="scheduled_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="to be sent"),
        ),
        migrations.AddField(
            model_name="mailing",
            name="scheduled_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="mailing",
            name="was_missed",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.RunPython(keep_choices, migrations.RunPython.noop),
    ]
