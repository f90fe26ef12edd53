import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "plainly-invented-and-of-more-than-fifty-characters-0123456789",
    "SITE_URL": "https://sdg.example.org",
    "ALLOWED_HOSTS": "sdg.example.org",
    "EMAIL_URL": "smtp+tls://portal:plainly-invented@mail.example.org:587",
    "DATABASE_URL": "",
}


def manage(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **environment}
    return subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_production_does_not_start_without(name, tmp_path):
    done = manage(tmp_path, "migrate", **(PRODUCTION | {name: ""}))
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{name} is not set. Set it to ")
    assert list(tmp_path.iterdir()) == []


def test_production_passes_djangos_own_deployment_check(tmp_path):
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_developer_needs_to_set_nothing_and_keeps_one_secret(tmp_path):
    nothing = dict.fromkeys(PRODUCTION, "")
    show = ["shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY, settings.DATABASES['default']['NAME'])"]
    first, second = (manage(tmp_path, *show, **nothing) for _i in range(2))
    assert first.stdout == second.stdout
    secret, database = first.stdout.split()
    assert secret == (tmp_path / "secret_key").read_text()
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    assert database == str(tmp_path / "portal.sqlite3")


def test_the_example_names_every_variable_that_is_read():
    files = ("sdgworkshop/settings.py", "bin/serve", "gunicorn.conf.py", ".env.example")
    settings, serve, gunicorn, example = ((ROOT / path).read_text() for path in files)
    read = {
        *re.findall(r'\b(?:env(?:\.\w+)?|required)\(\s*"([A-Z_]+)"', settings),
        *re.findall(r"environ\.get\([\"']([A-Z_]+)[\"']\)", serve + gunicorn),
    }
    assert {*re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)} == read


def test_the_readme_explains_the_same_variables_as_the_example():
    readme, example = ((ROOT / path).read_text() for path in ("README.md", ".env.example"))
    table = readme.partition("## Settings")[2]
    named = {name for cell in re.findall(r"^\|([^|]+)\|", table, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert named == {*re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE)}


REDIS = {"TASK_BACKEND": "sdgworkshop.redis_queue.RedisBackend"}
SHOW_QUEUES = ("shell", "-v0", "-c", "from django.conf import settings; print(settings.RQ_QUEUES['first']['URL'])")


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({"CACHE_URL": "redis://a/0"}, "redis://a/0"),
        ({"CACHE_URL": "redis://a/0", "TASK_URL": "redis://b/1"}, "redis://b/1"),
    ],
)
def test_tasks_wait_in_the_redis_of_the_cache_unless_another_is_named(tmp_path, environment, url):
    assert manage(tmp_path, *SHOW_QUEUES, **REDIS, **environment).stdout == f"{url}\n"


def test_tasks_in_redis_need_one(tmp_path):
    done = manage(tmp_path, "check", **REDIS, CACHE_URL="", TASK_URL="")
    assert done.stderr.splitlines()[-1].endswith(
        "TASK_URL is not set. Set it to the Redis that holds the tasks, like redis://localhost:6379/1."
    )


def test_a_cache_that_does_not_answer_is_an_empty_one(tmp_path):
    ask = "from django.core.cache import cache; cache.set('a', 1); cache.set_many({'b': 2}); print(cache.get('a'), cache.get_many(['b']))"
    assert manage(tmp_path, "shell", "-v0", "-c", ask, CACHE_URL="redis://127.0.0.1:1/0").stdout == "None {}\n"


def test_the_version_is_that_of_the_changelog(tmp_path):
    newest = re.search(r"^## (\d+\.\d+\.\d+) – \d{4}-\d{2}-\d{2}$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert manage(tmp_path, "version").stdout.strip() == newest[1]


@pytest.mark.parametrize(
    "url",
    ["nonsense", "postgres://", "foo://secret@x/y", "mysql://u:secret@h/d", "postgres://u:secret@h:port/x", "http://[secret"],
)
def test_a_nonsense_database_url_is_one_line_without_its_password(url, tmp_path):
    done = manage(tmp_path, "check", DATABASE_URL=url)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith("DATABASE_URL ")
    assert line.endswith("Write it like postgres://user:password@host:5432/portal or sqlite:////var/lib/portal/portal.sqlite3.")
    assert "secret" not in line


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_that_keeps_no_thai_is_one_line(tmp_path):
    """As `createdb` makes it where the machine has no language: before any table is there."""
    own = connection.settings_dict | {"NAME": "ascii_only"}
    admin = psycopg2.connect(host=own["HOST"], port=own["PORT"] or None, user=own["USER"], password=own["PASSWORD"], dbname="postgres")
    admin.autocommit = True
    try:
        with admin.cursor() as cursor:
            cursor.execute("CREATE DATABASE ascii_only TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
        env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DATABASE_URL": f"postgres://{own['USER']}@/{own['HOST']}/ascii_only"}
        done = subprocess.run([sys.executable, "bin/prepare"], cwd=ROOT, env=env, capture_output=True, text=True)
    finally:
        with admin.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS ascii_only")
        admin.close()
    (line,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith("The database was made with the encoding SQL_ASCII, which keeps no Thai. Make it anew.")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    done = manage(tmp_path / "file" / "var", "check")
    (line,) = done.stderr.splitlines()
    assert line.startswith("VAR_DIR cannot be made: ")


@pytest.mark.parametrize("name", ["EXPORTS_DIR", "ERASURES_DIR", "MATERIALS_DIR"])
def test_the_check_names_the_folder_that_cannot_be_written(name, tmp_path):
    (tmp_path / "file").touch()
    done = manage(tmp_path, "check", **{name: str(tmp_path / "file" / "folder")})
    assert done.returncode == 1
    assert f"(portal.E001) {name} ({tmp_path}/file/folder) cannot be written: Not a directory." in done.stderr
    assert manage(tmp_path, "check", **{name: str(tmp_path / "folder")}).returncode == 0
