"""What every test may ask for, and which tests are left out where something is missing."""

import gc
import os
import shutil
import subprocess
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import migrated

# The same examples in each run, and no look at the clock: what is found by chance is found by whoever looks for it, with
# --hypothesis-profile=chance, and not by a change that has nothing to do with it. No test names health checks of its own: it
# would look at the clock again.
UNCLOCKED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
hypothesis_settings.register_profile("portal", parent=hypothesis_settings.get_profile("ci"), **UNCLOCKED)
hypothesis_settings.register_profile("chance", parent=hypothesis_settings.get_profile("default"), **UNCLOCKED)
hypothesis_settings.load_profile("portal")


def _chromium() -> str | None:
    """The system's Chromium."""
    return subprocess.run([settings.BASE_DIR / "bin" / "chromium", "--found"], capture_output=True, text=True).stdout.strip() or None


CHROMIUM = _chromium()
#: Tests of half a minute and more: begun first, else one process waits for the other at the end.
LONG = {"test_awkward_inputs.py", "test_office_pages.py", "test_starting.py"}
NOTHING_MAY_BE_LEFT_OUT = os.environ.get("REQUIRE_BROWSER") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if item.path.parent.name == "browser":
            item.add_marker("browser")
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        database = item.get_closest_marker("django_db")
        if {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())) or (
            database and database.kwargs.get("transaction")
        ):
            # Such a test empties every table; the rows that migrations wrote must come back for the next one.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
    if on_postgres:
        left_out = {item for item in items if not _asks_a_database(item) or item.get_closest_marker("asked_before")}
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [item for item in items if item not in left_out]
    items.sort(key=lambda item: item.path.name not in LONG)


#: Whether a test emptied every table; what brings back what migrations wrote, once the database is there.
_emptied: dict[str, Any] = {"is": False, "bring_back": None}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Brings back what migrations wrote, where a test of transactions came before: processes take tests from each other."""
    if not _asks_a_database(item):
        return
    if _emptied["is"] and _emptied["bring_back"]:
        _emptied["bring_back"]()
        _emptied["is"] = False
    marked = item.get_closest_marker("django_db")
    if marked and marked.kwargs.get("transaction"):
        _emptied["is"] = True


def _asks_a_database(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked or {"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish() -> None:
    """What is there by now stays: nobody looks through it again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    report = yield
    needed = (item.get_closest_marker("browser") or item.get_closest_marker("postgres")) and not item.get_closest_marker("cluster")
    if report.skipped and needed and NOTHING_MAY_BE_LEFT_OUT:
        report.outcome = "failed"
        report.longrepr = f"left out, which REQUIRE_BROWSER=1 forbids: {call.excinfo and call.excinfo.value}"
    return report


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's is the copy of a file, in a folder that is thrown away."""
    return settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begins with a copy of a database that has been migrated already."""
    from django.db import connection

    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        shutil.copyfile(migrated.sqlite(), test["NAME"])
    else:
        test["TEMPLATE"] = migrated.postgres()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Lets tests that empty every table empty the audit trail too: SQLite has no TRUNCATE, which passes by the triggers.

    That the trail cannot be emptied otherwise is for `test_audit` to show, which puts the trigger back.
    """
    from django.db import connection, connections

    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS audit_trail_no_delete")
        rows = migrated.rows()
    if connection.vendor == "postgresql":
        type(connection.ops).sql_flush = migrated.sql_emptying

    def bring_back() -> None:
        with django_db_blocker.unblock():
            migrated.write(rows)

    # Django would write its own copy row by row before each such test, half a second of it: nothing is left in it.
    # Of the class too: Playwright's loop gives its thread other connections.
    for owner in (connections["default"], type(connections["default"])):
        owner._test_serialized_contents = "[]"
    _emptied["bring_back"] = bring_back


@pytest.fixture(scope="session", autouse=True)
def _each_code_drawn_once():
    """A QR code of the same text is the same picture: 77 of them take a second."""
    from registration.links import qr

    make = qr.qrcode.make

    @cache
    def drawn(text: str, **options: Any) -> SimpleNamespace:
        file = BytesIO()
        make(text, **options).save(file)
        return SimpleNamespace(save=lambda to: to.write(file.getvalue()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(qr, "qrcode", SimpleNamespace(make=drawn))
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Caches and the active language do not leak from one test into the next."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate("th")
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _words_in_one_piece(request, monkeypatch):
    """Sentences are read as they are written, without the elements that keep words whole; browsers and who tests those see them."""
    from sessions.templatetags import look

    if not request.node.get_closest_marker("browser") and request.node.path.name != "test_line_breaks.py":
        monkeypatch.setattr(look, "keep_together", str)


@pytest.fixture
def client() -> Client:
    """A visitor who reads Thai."""
    from tests.visitors import Browser

    return Browser(headers={"accept-language": "th"})


@pytest.fixture
def limits(settings, monkeypatch):
    """Limits are on, and the clock stands at the beginning of an hour: no stretch of time in which things are counted ends meanwhile."""
    settings.ABUSE_LIMITS = True
    real, now = timezone.now, timezone.now()
    ahead = now - now.replace(minute=1, second=0, microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: real() - ahead)
