import django.db.models.deletion
import registration.models.export
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

#: Sets of columns to begin with; the office changes and adds what it likes.
PROFILES = {
    "รายชื่อสำหรับติดต่อ": [
        "number", "quota", "title", "first_name", "last_name", "position", "organisation", "group", "email", "phone", "state",
    ],
    "ชื่อในห้องประชุม": ["number", "quota", "title", "first_name", "last_name", "days", "tracks", "zoom_name", "code"],
}


def make_profiles(apps, schema_editor):
    for name, columns in PROFILES.items():
        apps.get_model("registration", "ExportProfile").objects.get_or_create(name=name, defaults={"columns": columns})


def let_administrators_oversee(apps, schema_editor):
    """Whoever administers may see what others took; an office that renamed the role gives the right itself."""
    app = apps.get_app_config("registration")
    app.models_module = True  # Django makes permissions only after all migrations, and only for apps with a module of models
    create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app.models_module = None
    role = apps.get_model("auth", "Group").objects.filter(name="ผู้ดูแลระบบ").first()
    if role:
        role.permissions.add(apps.get_model("auth", "Permission").objects.get(codename="oversee_exports"))


class Migration(migrations.Migration):

    dependencies = [
        ('agenda', '0001_initial'),
        ('registration', '0007_heartbeat'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('columns', models.JSONField(default=list, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'set of columns',
                'verbose_name_plural': 'sets of columns',
                'ordering': ['name'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('xlsx', 'Attendee list (Excel)'), ('csv', 'Attendee list (CSV)'), ('sign_in', 'Sign-in sheets (PDF)'), ('codes', 'QR codes of participants (zip)'), ('labels', 'QR codes of participants on labels (PDF)')], max_length=10, verbose_name='kind')),
                ('columns', models.JSONField(default=list)),
                ('options', models.JSONField(default=dict)),
                ('narrowing', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(verbose_name='asked for')),
                ('state', models.CharField(choices=[('queued', 'Waiting'), ('running', 'Being made'), ('done', 'Ready'), ('failed', 'Failed'), ('expired', 'Expired')], default='queued', max_length=10, verbose_name='state')),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField()),
                ('people', models.PositiveIntegerField(default=0, verbose_name='people')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('file', models.FileField(blank=True, max_length=60, storage=registration.models.export.exports_storage, upload_to='', verbose_name='file')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='expires')),
                ('downloads', models.PositiveIntegerField(default=0, verbose_name='downloads')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('workshop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='agenda.workshop', verbose_name='workshop')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-pk'],
                'permissions': [('oversee_exports', 'Can see and take the exports of everybody')],
                'default_permissions': (),
                'indexes': [models.Index(fields=['state', 'leased_until'], name='export_left')],
            },
        ),
        migrations.RunPython(make_profiles, migrations.RunPython.noop),
        migrations.RunPython(let_administrators_oversee, migrations.RunPython.noop),
    ]
