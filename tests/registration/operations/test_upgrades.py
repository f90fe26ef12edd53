"""The version before goes on while the database is migrated: nothing is taken from it, and nobody is ended by it."""

import threading
import uuid

import pytest
from django.db import OperationalError, connection, migrations, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from registration.models import Mailing, Participant, Province, Quota, ZoomHandover, ZoomLine
from registration.operations import rewriting
from registration.operations.rewriting import rewrite
from registration.operations.taken_over import NAMES, name_key, take_over
from registration.operations.upgrades import PatientExecutor
from registration.people.names import match_key
from tests.factories import NOON, make_participant, make_workshop, seats_of

#: The last of 1.0.0.
RELEASED = {"agenda": "0003_retention", "registration": "0014_participant_came"}


def newer():
    """Every operation on the database since 1.0.0, by the name of its migration."""
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if name > RELEASED.get(app, name):
            yield from ((f"{app}.{name}", operation) for operation in flat(migration.operations))


def flat(operations):
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def breaks(operation, made):
    """What the version before cannot go on with; in tables that were not `made` since."""
    if getattr(operation, "model_name", None) in made:
        return False
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return not (field.null or field.has_db_default() or isinstance(field, models.ManyToManyField))
    if isinstance(operation, migrations.RenameField):  # the field before has the name of its column written down
        return not renamed_in_name_alone(operation)
    return isinstance(operation, migrations.RemoveField | migrations.RenameModel | migrations.DeleteModel | migrations.AlterModelTable)


def renamed_in_name_alone(operation):
    named = {("auditevent", "narrowed"), ("export", "narrowing"), ("nominationfile", "worked_until")}
    return (operation.model_name, operation.old_name) in named


def test_nothing_is_taken_from_the_version_before_until_the_next_one():
    operations = list(newer())
    made = {operation.name_lower for _name, operation in operations if isinstance(operation, migrations.CreateModel)}
    assert len(operations) > 150
    assert [(name, operation.describe()) for name, operation in operations if breaks(operation, made)] == []
    assert breaks(migrations.RemoveField("participant", "phone"), made)
    assert breaks(migrations.AddField("participant", "shoe_size", models.IntegerField(default=40)), made)


def make_mailing(workshop):
    return Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ความ", created_at=NOON)


class Both(migrations.Migration):
    """Changes people, then places, and leaves both as they were."""

    operations = [
        migrations.RunSQL(
            [f'ALTER TABLE "{table}" ALTER {column} SET DEFAULT {value}', f'ALTER TABLE "{table}" ALTER {column} DROP DEFAULT']
        )
        for table, column, value in (("registration_participant", "code", "'-'"), ("registration_quota", "capacity", "0"))
    ]


def while_somebody_takes_a_place(executor):
    """They have the place and want their row; the migration comes from the other side. What went wrong for either."""
    workshop = make_workshop()
    quota, person = seats_of(workshop), make_participant(workshop)
    holds, wrong = threading.Event(), []
    migration = Both(f"9999_{uuid.uuid4().hex}", "registration")

    def somebody():
        try:
            with transaction.atomic():
                Quota.objects.filter(pk=quota.pk).update(taken=models.F("taken"))
                holds.set()
                while not is_waited_for():
                    pass
                Participant.objects.filter(pk=person.pk).update(code=models.F("code"))
        except OperationalError as error:
            wrong.append(error.__cause__.pgcode)
        finally:
            connection.close()

    thread = threading.Thread(target=somebody)
    thread.start()
    holds.wait(60)
    try:
        executor.apply_migration(executor.loader.project_state(), migration)
    except OperationalError as error:
        wrong.append(error.__cause__.pgcode)
    thread.join(60)
    executor.recorder.record_unapplied(migration.app_label, migration.name)
    return wrong


def is_waited_for():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND relation = 'registration_quota'::regclass)")
        return cursor.fetchone()[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_is_ended_by_a_migration_that_wants_what_they_hold():
    told = []
    assert while_somebody_takes_a_place(PatientExecutor(connection, told.append)) == []
    assert [line.split(":")[0].split("_")[0] for line in told] == ["registration.9999"]
    assert "tried" in told[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_usual_migrate_ends_one_of_the_two():
    assert while_somebody_takes_a_place(MigrationExecutor(connection)) == ["40P01"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rows_are_written_anew_around_those_that_somebody_holds(monkeypatch):
    workshop = make_workshop()
    held, free = (make_participant(workshop, first_name=first) for first in ("สมชาย", "สมหญิง"))
    Participant.objects.update(name_key="")
    holds, lets_go = threading.Event(), threading.Event()

    def somebody():
        with transaction.atomic():
            Participant.objects.select_for_update().get(pk=held.pk)
            holds.set()
            lets_go.wait(60)
        connection.close()

    thread = threading.Thread(target=somebody)
    thread.start()
    holds.wait(60)
    rounds = []

    def rest(seconds):
        rounds.append(set(Participant.objects.exclude(name_key="").values_list("pk", flat=True)))
        lets_go.set()
        thread.join(60)

    monkeypatch.setattr(rewriting.time, "sleep", rest)
    assert rewrite(Participant, (*NAMES, "name_key"), name_key) == 2
    assert rounds == [{free.pk}]
    assert not Participant.objects.filter(name_key="").exists()


@pytest.mark.django_db
def test_what_the_version_before_wrote_meanwhile_is_taken_over_once():
    workshop = make_workshop()
    person, mailing = make_participant(workshop), make_mailing(workshop)
    chosen = Mailing.objects.get(pk=make_mailing(workshop).pk)
    one, *others = Province.objects.order_by("pk")[:3]
    chosen.provinces.set(others)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registration_participant SET name_key = '', first_name = %s WHERE id = %s", ["สมช\u0e45ย", person.pk])
        cursor.execute("UPDATE registration_mailing SET province_id = %s", [one.pk])
    assert list(filter(None, take_over().values())) == [1, 1, 1]
    person.refresh_from_db()
    assert (person.first_name, person.name_key) == ("สมชาย", match_key("สมชาย", person.last_name))
    assert [list(each.provinces.all()) for each in (mailing, chosen)] == [[one], others]
    assert set(take_over().values()) == {0}


@pytest.mark.django_db
def test_whom_the_version_before_took_along_for_zoom_is_known_to_be_there():
    day = make_workshop().days.first()
    person = make_participant(day.workshop)
    ZoomHandover.objects.create(participant=person, email=person.email, day=day, at=NOON)
    assert take_over()["lists for Zoom"] == 1
    assert ZoomLine.objects.get(file__day=day, file__done_at=NOON).email == person.email
    assert take_over()["lists for Zoom"] == 0
