"""Who may check people in: those who look after registrations, and helpers at the door, who may do nothing else."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = ["งานลงทะเบียน", "ผู้ดูแลระบบ"]
HELPERS = "รับลงทะเบียนหน้างาน"


def give(apps, schema_editor):
    app = apps.get_app_config("registration")
    app.models_module = True  # Django makes permissions only after all migrations, and only for apps that have a module of models
    create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    may = Permission.objects.get(content_type__app_label="registration", codename="add_checkin")
    helpers, _new = Group.objects.get_or_create(name=HELPERS)
    for group in (helpers, *Group.objects.filter(name__in=ROLES)):
        group.permissions.add(may)


class Migration(migrations.Migration):

    dependencies = [("registration", "0071_check_ins")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
