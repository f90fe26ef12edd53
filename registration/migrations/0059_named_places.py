import re

import django.db.models.deletion
from django.db import migrations, models

BEFORE = r"(?:\S*(?:จังหวัด|จ\.|อบจ\.?|ศาลากลาง|พมจ\.?|สนจ\.?|สำนักงาน|ห้องประชุม|hall|room))?"


def pattern_of(province):
    names = [name for name in (province.name_th, province.name_en, *province.aliases.split("|")) if name]
    return re.compile(rf"(?:^|[\s_,/|()\[\]-]){BEFORE}(?:{'|'.join(map(re.escape, names))})(?=$|[\s_,/|()\[\]0-9-])", re.IGNORECASE)


def note_places(apps, schema_editor):
    """Of connections that are there already."""
    named_place, quota, sighting = (apps.get_model("registration", name) for name in ("NamedPlace", "Quota", "Sighting"))
    for workshop in sighting.objects.order_by().values_list("day__workshop", flat=True).distinct():
        quotas = quota.objects.filter(workshop=workshop, province__isnull=False).select_related("province")
        patterns = {quota.pk: pattern_of(quota.province) for quota in quotas}
        seen = sighting.objects.filter(day__workshop=workshop).order_by("pk").values_list("pk", "name")
        rows = [named_place(sighting_id=pk, quota_id=key) for pk, name in seen for key, said in patterns.items() if said.search(name)]
        named_place.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0058_open_data_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "quota",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="named_places",
                        to="registration.quota",
                    ),
                ),
                (
                    "sighting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="named_places", to="registration.sighting"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("quota", "sighting"), name="one_name_a_place")],
            },
        ),
        migrations.RunPython(note_places, migrations.RunPython.noop),
    ]
