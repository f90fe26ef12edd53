"""What the groups may do about webhooks: who keeps an eye on the portal sees them, an administrator alone sends data elsewhere."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

ROLES = {
    "อ่านอย่างเดียว": ["view_webhookendpoint"],
    "ผู้ดูแลระบบ": ["view_webhookendpoint", "add_webhookendpoint", "change_webhookendpoint"],
}


def give(apps, schema_editor):
    app = apps.get_app_config("registration")
    app.models_module = True  # Django makes permissions only after all migrations, and only for apps that have a module of models
    create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in ROLES.items():
        if group := Group.objects.filter(name=name).first():
            group.permissions.add(*Permission.objects.filter(content_type__app_label="registration", codename__in=codenames))


class Migration(migrations.Migration):

    dependencies = [("registration", "0073_webhooks")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
