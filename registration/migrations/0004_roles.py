"""What people of the office may do, as four groups. An administrator may change them; running this again only adds what is missing."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

#: Who makes the programme: workshops and their days, agenda, tracks, groups and contacts, and its revisions.
PROGRAMME = Q(content_type__app_label="agenda") | Q(codename__in=["view_province", "view_quota", "export_participant"])

#: Who looks after the people: decides, invites, writes to them and takes lists along. The programme he reads.
REGISTRATION = (
    Q(content_type__app_label="registration", codename__startswith="view_")
    | Q(content_type__app_label="agenda", codename__startswith="view_")
    | Q(
        content_type__app_label="registration",
        codename__in=[
            "add_participant", "change_participant", "export_participant", "change_quota",
            "add_coordinator", "change_coordinator",
            "add_agency", "change_agency", "delete_agency",
            "add_mailing", "change_mailing", "delete_mailing", "send_mailing",
            "add_delivery", "change_delivery", "change_mailflow",
            "add_zoomhandover", "change_zoomhandover",
        ],
    )
)

READ_ONLY = Q(content_type__app_label__in=["agenda", "registration"], codename__startswith="view_")

#: Who does all of this, and says who else may.
ADMINISTRATOR = Q(content_type__app_label__in=["agenda", "registration"]) | Q(
    content_type__app_label="auth", content_type__model__in=["user", "group"]
)

ROLES = {
    "กำหนดการ": PROGRAMME,
    "งานลงทะเบียน": REGISTRATION,
    "อ่านอย่างเดียว": READ_ONLY,
    "ผู้ดูแลระบบ": ADMINISTRATOR,
}


def make_roles(apps, schema_editor):
    for label in ("agenda", "registration", "auth"):
        # Django makes permissions only after all migrations, and only for apps that have a module of models.
        app = apps.get_app_config(label)
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
        app.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, condition in ROLES.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(condition))


class Migration(migrations.Migration):

    dependencies = [
        ("agenda", "0001_initial"),
        ("registration", "0003_agencies"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
