"""What 0049 has copied is known no more; apart from it, because PostgreSQL alters no table in which rows were just written.

The columns stay in the database, pointing nowhere, as 1.0.0 asks for them until the last of its processes is gone. The version after
this one takes them away: `ALTER TABLE registration_mailing DROP COLUMN IF EXISTS …`, as 1.1.0 was made without them for a while.
"""

from django.db import migrations, models


def _pointing_nowhere(name, to):
    field = models.ForeignKey(to, models.PROTECT, blank=True, null=True, db_constraint=False, db_index=False, related_name="+")
    return migrations.AlterField("mailing", name, field)


class Migration(migrations.Migration):
    dependencies = [("registration", "0049_wider_messages")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[_pointing_nowhere("group", "agenda.stakeholdergroup"), _pointing_nowhere("province", "registration.province")],
            state_operations=[migrations.RemoveField("mailing", "group"), migrations.RemoveField("mailing", "province")],
        ),
    ]
