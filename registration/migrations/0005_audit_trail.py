"""The audit trail. The database itself refuses to change or delete its rows, whoever asks.

SQLite drops a table's triggers when it makes the table anew: a later migration that alters this one calls `guard` again.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

ON_SQLITE = [
    f"""
    CREATE TRIGGER audit_trail_no_{verb} BEFORE {verb} ON registration_auditevent
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """
    for verb in ("update", "delete")
]
ON_POSTGRESQL = [
    """
    CREATE FUNCTION audit_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
    """,
    """
    CREATE TRIGGER audit_trail_no_change BEFORE UPDATE OR DELETE ON registration_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_trail_refuse()
    """,
]


def guard(apps, schema_editor):
    for statement in {"sqlite": ON_SQLITE, "postgresql": ON_POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION audit_trail_refuse() CASCADE")


def let_administrators_read(apps, schema_editor):
    app = apps.get_app_config("registration")
    app.models_module = True
    create_permissions(app, apps=apps, verbosity=0, using=schema_editor.connection.alias)
    app.models_module = None
    role = apps.get_model("auth", "Group").objects.filter(name="ผู้ดูแลระบบ").first()
    if role:
        role.permissions.add(apps.get_model("auth", "Permission").objects.get(codename="view_auditevent"))


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_initial"),
        ("registration", "0004_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                ("actor_kind", models.CharField(max_length=20, verbose_name="as")),
                (
                    "verb",
                    models.CharField(
                        choices=[("seen", "Looked at"), ("taken", "Took along"), ("decided", "Decided")], max_length=10, verbose_name="did"
                    ),
                ),
                ("what", models.CharField(max_length=60, verbose_name="what")),
                ("participant_key", models.BigIntegerField(null=True, verbose_name="number of the participant")),
                ("narrowed", models.JSONField(default=dict, verbose_name="filter")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="how many people")),
                ("request_id", models.CharField(blank=True, max_length=64, verbose_name="number of the request")),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "quota",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="registration.quota",
                        verbose_name="place",
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="agenda.workshop",
                        verbose_name="workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the audit trail",
                "verbose_name_plural": "audit trail",
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("participant_key__isnull", False)), fields=["participant_key"], name="audit_participant"
                    )
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
        migrations.RunPython(let_administrators_read, migrations.RunPython.noop),
    ]
