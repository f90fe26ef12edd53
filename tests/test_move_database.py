"""From SQLite to PostgreSQL with people registering all the while: real processes, real databases."""

import shutil
import time
from uuid import uuid4

import psycopg2
import pytest
from django.db import connection

from benchmarks.crowd import Crowd
from benchmarks.database import connect
from benchmarks.registering import prepare
from benchmarks.servers import SLUG, environment, gunicorn, manage
from tests import migrated

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def new_database():
    """The address of an empty database on the server of the tests."""
    name = f"moved_{uuid4().hex[:8]}"
    folder = connection.settings_dict["HOST"]
    admin = psycopg2.connect(host=folder, user="postgres", dbname="postgres")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        yield f"postgres://postgres@/{folder}/{name}"
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    admin.close()


@pytest.fixture
def old(tmp_path) -> dict[str, str]:
    """The environment of a portal on SQLite, migrated."""
    shutil.copyfile(migrated.sqlite(), tmp_path / "portal.sqlite3")
    return environment(f"sqlite:///{tmp_path}/portal.sqlite3", tmp_path)


def addresses(url: str) -> list[str]:
    with connect(url) as new, new.cursor() as cursor:
        cursor.execute("SELECT email FROM registration_participant ORDER BY email")
        return [email for (email,) in cursor.fetchall()]


def until(condition) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_everybody_who_was_told_that_it_worked_is_in_the_new_database_and_nobody_else(old, new_database, tmp_path):
    answers = prepare(old, places=100_000)
    with gunicorn("sdgworkshop.wsgi", old, workers=2) as port:
        crowd = Crowd(port, f"/w/{SLUG}/register/", [answers], at_once=4)
        crowd.start()
        until(lambda: len(crowd.told) >= 10)
        printed = manage(old, "move_database", new_database)
        late = len(crowd.told)
        until(lambda: any("HTTP 503" in person.refusals for person in crowd.people if not person.told))
        crowd.stop()
    assert len(crowd.told) == late, "somebody was told that it worked when SQLite was closed"
    assert addresses(new_database) == sorted(person.email for person in crowd.told)
    assert {refusal for person in crowd.people for refusal in person.refusals} == {"HTTP 503"}
    assert "each compared with SQLite's. Every quota agrees with its participants." in printed
    moved = environment(new_database, tmp_path)
    assert manage(moved, "check_quotas") == "Every quota agrees with its participants.\n"
    with gunicorn("sdgworkshop.wsgi", moved, workers=1) as port:
        crowd = Crowd(port, f"/w/{SLUG}/register/", [answers], at_once=1)
        crowd.start()
        until(lambda: crowd.told)
        crowd.stop()


def test_a_database_with_something_in_it_is_left_alone_and_sqlite_goes_on(old, new_database):
    with connect(new_database) as there, there.cursor() as cursor:
        cursor.execute("CREATE TABLE somebody_elses (n int)")
    with pytest.raises(RuntimeError, match="The database to move to is not empty"):
        manage(old, "move_database", new_database)
    manage(old, "create_first_user")


def test_what_was_closed_can_be_opened_again(old, new_database):
    manage(old, "move_database", new_database)
    with pytest.raises(RuntimeError, match="the_portal_has_moved_to_another_database"):
        manage(old, "create_first_user")
    with pytest.raises(RuntimeError, match="The database to move to is not empty"):
        manage(old, "move_database", new_database)
    manage(old, "move_database", "--undo")
    assert "The first staff user is admin" in manage(old, "create_first_user")


@pytest.mark.parametrize("url", ["sqlite:////tmp/x.sqlite3", "mysql://a@b/c", "somewhere"])
def test_only_postgresql_is_moved_to(old, url):
    with pytest.raises(RuntimeError, match="This is no address of a PostgreSQL database"):
        manage(old, "move_database", url)


def test_the_one_difference_is_found(old, new_database):
    """A column that PostgreSQL changes on its way: the proof must see it, or it proves nothing."""
    corrupt = (
        "from registration.operations import database_move; copy = database_move._copy\n"
        "def corrupt(model):\n"
        "    n = copy(model)\n"
        "    if model.__name__ == 'Province': model.objects.using('backup').filter(code='55').update(name_en='Nann')\n"
        "    return n\n"
        "database_move._copy = corrupt\n"
        f"from django.core.management import call_command; call_command('move_database', {new_database!r})"
    )
    with pytest.raises(RuntimeError, match="is not the same in both databases"):
        manage(old, "shell", "-v0", "-c", corrupt)
    manage(old, "create_first_user")
