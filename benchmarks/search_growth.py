"""Finding people, mails and lines of the audit trail beside 2,000 and beside very many.

`PEOPLE=2000000 python -m benchmarks.search_growth [sqlite|postgresql]`

With FOLDER the databases are kept there, brought to this version and measured again where they are there.

Each search is what a list of the admin asks: how many there are, as far as it counts, and the first page. The two databases take turns.
PostgreSQL is Debian's own, which has pg_trgm (`python -m benchmarks.cluster install`).
"""

import datetime as dt
import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import desk
from benchmarks.cluster import programs
from benchmarks.database import Postgres
from benchmarks.servers import free_port

FEW, MANY, ROUNDS = 2_000, int(os.environ.get("PEOPLE", "200000")), 11
MAX_RATIO = 1.5
#: A copy of somebody, number n of them: what must be theirs alone, and what they are found by.
COPIED = {
    "code": "'C' || n || 'P' || id",
    "first_name": "'สมมุติ' || id || 'ก' || n",
    "sort_key": "sort_key || n",
    "name_key": "'สมมุติ' || id || 'ก' || n",
}
#: The number of an office, which every twentieth gives.
OFFICE = "+6622804085"
#: That, or a number in which each digit is as frequent as in real ones, most of them mobile.
PHONE = {
    vendor: f"CASE WHEN ({{0}}) % 20 = 0 THEN '{OFFICE}' ELSE '+66' || substr('6888899993', {kind}, 1) || {digits} END"
    for vendor, kind, digits in (
        ("sqlite", "({0}) / 7 % 10 + 1", "printf('%08d', ({0}) * 2654435761 % 100000000)"),
        ("postgresql", "(({0}) / 7 % 10 + 1)::int", "lpad((({0}) * 2654435761 % 100000000)::text, 8, '0')"),
    )
}
UNIQUE = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
#: Addresses as different as those of people are.
ADDRESS = {"sqlite": "lower(hex(randomblob(8))) || '@example.org'", "postgresql": "left(md5(random()::text), 16) || '@example.org'"}


@contextmanager
def databases(vendor: str, folder: str) -> Iterator[dict[int, str]]:
    if vendor == "sqlite":
        yield {size: f"sqlite:///{folder}/{size}.sqlite3" for size in (FEW, MANY)}
        return
    server = Postgres(Path(folder) / "data", free_port(), log=Path(folder) / "log", programs=Path(programs()["postgres"]).parent)
    server.start()
    try:
        yield {FEW: server.url, MANY: server.url.rpartition("/")[0] + "/many"}
    finally:
        server.kill()


def use(url: str) -> None:
    from django.db import connections

    desk.use(url)
    if url.startswith("sqlite"):
        connections["default"].settings_dict["NAME"] = url.removeprefix("sqlite:///")


def copy(source: str, target: str) -> None:
    if source.startswith("sqlite"):
        shutil.copy(source.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
        return
    import psycopg2

    server, _slash, name = target.rpartition("/")
    made = psycopg2.connect(f"{server}/template1")
    made.autocommit = True
    made.cursor().execute(f"CREATE DATABASE {name} TEMPLATE {source.rpartition('/')[2]}")
    made.close()


def fill_few() -> None:
    from django.core.management import call_command
    from django.db import connection

    from registration.models import Quota
    from sessions.models import Workshop

    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    Quota.objects.update(capacity=None)
    workshop = Workshop.objects.get()
    seats = itertools.cycle(workshop.quotas.seats().filter(kind=Quota.Kind.PROVINCE))
    desk.write(workshop, list(itertools.islice(seats, FEW)), 0)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE registration_participant SET phone = {PHONE[connection.vendor].format('id')}")


def multiply(people: int) -> None:
    """Copies everybody and their mails until there are so many; indexes are made when the rows are there, which is a tenth of the work."""
    from django.db import connection

    from registration.models import Delivery, Participant
    from registration.people import search_index

    email = ADDRESS[connection.vendor]
    phone = PHONE[connection.vendor].format(f"n * {FEW} + id")
    person = COPIED | {"submission": UNIQUE[connection.vendor], "email": email, "phone": phone}
    mail = {"key": "'k' || id || 'c' || n", "email": email, "participant_id": f"participant_id + n * {FEW}"}
    with connection.cursor() as cursor:
        made_anew = without_indexes(cursor)
        for model, changed in ((Participant, person), (Delivery, mail)):
            columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
            table, own = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
            values = ", ".join(changed.get(str(column), f'"{column}"') for column in columns)
            copies = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {people // FEW})"
            cursor.execute(f"INSERT INTO {table} ({own}) {copies} SELECT {values} FROM c, {table} WHERE id <= {FEW} AND {people} > {FEW}")
        for statement in made_anew:
            cursor.execute(statement)
    search_index.provide(connection)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")


def fill_trail(lines: int) -> None:
    """So many lines of the audit trail: forty users in turn, of whom one did two thirds of all; each sixth line is about one person.

    Of all kinds but one there are many, so that a page of them is full beside few too.
    """
    from django.contrib.auth.models import User
    from django.db import connection

    from registration.models import AuditEvent
    from sessions.models import Workshop

    if AuditEvent.objects.exists():
        return
    begin, workshop = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), Workshop.objects.get()
    users = User.objects.bulk_create(User(username=f"desk{n:02}", first_name=f"ผู้ใช้{n:02}") for n in range(40))
    kinds = [("seen", "participant list"), ("seen", "desk"), ("seen", "desk person"), ("taken", "attendees"), ("decided", "cancelled")]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=begin + dt.timedelta(seconds=n),
            actor=users[0 if n % 3 else n // 3 % 40],
            actor_kind="coordinator" if n % 4 else "staff",
            verb=kinds[n % 5][0],
            what=kinds[n % 5][1],
            workshop=workshop,
            count=n % 50,
            participant_key=None if n % 6 else n,
            request_id=f"r{n:07}",
        )
        for n in range(FEW)
    )
    columns = [field.column for field in AuditEvent._meta.concrete_fields if not field.primary_key]
    later = {"sqlite": "strftime('%Y-%m-%d %H:%M:%S', at, '+' || n || ' hours')", "postgresql": "at + n * interval '1 hour'"}
    changed = {"at": later[connection.vendor], "request_id": "'r' || n || '-' || id", "participant_key": f"participant_key + n * {FEW}"}
    own, values = ", ".join(f'"{column}"' for column in columns), ", ".join(changed.get(str(column), f'"{column}"') for column in columns)
    copies = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {lines // FEW})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registration_auditevent ({own}) {copies} SELECT {values} FROM c, registration_auditevent"
            f" WHERE id <= {FEW} AND {lines} > {FEW}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE registration_auditevent")


def keep_figures() -> None:
    """As the worker does, of the workshop and over all."""
    from registration.operations import tasks
    from sessions.models import Workshop

    for workshop in (Workshop.objects.get().pk, None):
        started = time.monotonic()
        tasks.count_figures.call(workshop)
        print(f"figures kept {'over all' if workshop is None else 'of the workshop'}: {time.monotonic() - started:.1f} s", flush=True)


def without_indexes(cursor: Any) -> list[str]:
    """Drops those of both tables that nothing depends on, and says how they are made again; the trigrams' by `provide`."""
    from django.db import connection

    tables = ("registration_participant", "registration_delivery")
    if connection.vendor == "sqlite":
        cursor.execute("DROP TRIGGER IF EXISTS participant_search_insert")
        cursor.execute("DROP TRIGGER IF EXISTS delivery_search_insert")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN (%s, %s) AND sql IS NOT NULL", tables)
    else:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid IN (%s::regclass, %s::regclass) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
            tables,
        )
    found = cursor.fetchall()
    for name, _statement in found:
        cursor.execute(f'DROP INDEX "{name}"' if connection.vendor == "sqlite" else f"DROP INDEX {name}")
    return [statement for _name, statement in found if "gin_trgm_ops" not in statement]


def questions() -> dict[str, Callable[[], int]]:
    from registration.audit.found import found_lines
    from registration.choices import LIVE
    from registration.models import AuditEvent, Delivery, KeptFigures, Participant
    from registration.office.dashboard import Dashboard
    from registration.office.paging import EstimatingPaginator
    from registration.office.participants.comparison import possible_duplicates
    from registration.people import board
    from registration.people.filters import twice
    from registration.people.found import Among, Found, found_among, found_mails, found_people

    def listed(rows: Any, number: int | None = None, *, page: int = 1) -> int:
        pages = EstimatingPaginator(rows, 50)
        pages.number = number
        list(pages.page(page or pages.num_pages).object_list)
        return pages.count

    def doubles(by: str, workshop: Any) -> int:
        rows = people.filter(workshop=workshop) if workshop else people
        if not board.is_long(workshop):
            return listed(rows.filter(twice(by, workshop)))
        keys = KeptFigures.objects.get(workshop=workshop, subject="doubles").figures[by][: board.MAX_DOUBLES]
        return searched(found_among(rows.filter(pk__in=keys, state__in=LIVE), Among(set(keys), is_all=False)))

    def trail(text: str, **filters: str) -> int:
        lines = AuditEvent.objects.filter(**{name.removesuffix("__exact"): value for name, value in filters.items()})
        return searched(found_lines(lines.select_related("actor", "workshop", "quota__province").order_by("-at", "-pk"), text, filters))

    def searched(found: Found) -> int:
        rows = found.rows if found.keys is None else found.rows.model._default_manager.filter(pk__in=found.keys)
        return listed(rows.order_by(*found.rows.query.order_by), None if found.keys is None else len(found.keys))

    people = Participant.objects.known().order_by("sort_key", "pk")
    one = Participant.objects.get(email="n777@example.org")
    return {
        "a part of a Thai name": lambda: searched(found_people(people, "มมุติ7 ทดสอบ")),
        "a part of an address": lambda: searched(found_people(people, "n777@exa")),
        "a whole phone number": lambda: searched(found_people(people, f"0{one.phone[3:]}")),
        "seven of its digits": lambda: searched(found_people(people, f"{one.phone[5:8]} {one.phone[8:]}")),
        "its last four digits": lambda: searched(found_people(people, one.phone[-4:])),
        "… without the page of those found": lambda: len(found_people(people, one.phone[-4:]).keys or ()),
        "digits that every twentieth has": lambda: searched(found_people(people, OFFICE[-4:])),
        "nobody": lambda: searched(found_people(people, "ไม่มีผู้นี้")),
        "what everybody has": lambda: searched(found_people(people, "ทดสอบดี")),
        "namesakes of one person": lambda: len(possible_duplicates(one)[:5]),
        "a mail by a part of its address": lambda: searched(found_mails(Delivery.objects.order_by("-pk"), "n777@ex")),
        "the list of people": lambda: listed(people),
        "the list of a workshop": lambda: listed(people.filter(workshop=one.workshop_id)),
        "the list of mails": lambda: listed(Delivery.objects.order_by("-pk")),
        "people, page 40": lambda: listed(people, page=40),
        "a workshop's people, page 40": lambda: listed(people.filter(workshop=one.workshop_id), page=40),
        "mails, page 40": lambda: listed(Delivery.objects.order_by("-pk"), page=40),
        "people, last page (40 and 200)": lambda: listed(people, page=0),
        "a workshop's people, last page": lambda: listed(people.filter(workshop=one.workshop_id), page=0),
        "mails, last page": lambda: listed(Delivery.objects.order_by("-pk"), page=0),
        "the board": lambda: Dashboard(one.workshop).everybody,
        "same name, in a workshop": lambda: doubles("name", one.workshop),
        "same phone, in a workshop": lambda: doubles("phone", one.workshop),
        "same name, anywhere": lambda: doubles("name", None),
        "same phone, anywhere": lambda: doubles("phone", None),
        "trail: the list": lambda: trail(""),
        "trail: who, with two thirds": lambda: trail("desk00"),
        "trail: who, by first name": lambda: trail("ผู้ใช้33"),
        "trail: what": lambda: trail("attendees"),
        "trail: several of both": lambda: trail("desk"),
        "trail: who and what": lambda: trail("desk00 attendees"),
        "trail: a participant": lambda: trail("1200"),
        "trail: a request": lambda: trail("r0000777"),
        "trail: nobody": lambda: trail("ไม่มีผู้นี้"),
        "trail: one filter": lambda: trail("", verb__exact="taken"),
        "trail: two filters": lambda: trail("", verb__exact="taken", actor_kind="staff"),
        "trail: two that leave nothing": lambda: trail("", verb__exact="erased", actor_kind="staff"),
        "trail: who and a filter": lambda: trail("desk00", verb__exact="decided"),
    }


def main() -> None:
    vendor = "sqlite" if "sqlite" in sys.argv else "postgresql"
    with kept_folder() as folder, databases(vendor, folder) as urls:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "LOG_LEVEL": "ERROR", "DATABASE_URL": urls[FEW]}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        if not (filled := Path(folder) / f"{vendor}.filled").exists():
            use(urls[FEW])
            fill_few()
            connection.close()
            copy(urls[FEW], urls[MANY])
            for size in (FEW, MANY):
                use(urls[size])
                started = time.monotonic()
                multiply(size)
                print(f"{vendor}: {size:,} people, {time.monotonic() - started:.0f} s", flush=True)
            filled.touch()
        for size in (FEW, MANY):
            use(urls[size])
            call_command("migrate", verbosity=0)
            fill_trail(size)
            keep_figures()
        measure(urls)


@contextmanager
def kept_folder() -> Iterator[str]:
    if folder := os.environ.get("FOLDER"):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="portal-growth-") as folder:
        yield folder


def measure(urls: dict[int, str]) -> None:
    """Says how long each question takes at its quickest beside few and beside many, the two in turn, how much is read for it, and how many
    are found. Where few finds less than a page of them, and many does, the time is that of the page."""
    from django.db import connection

    times: dict[tuple[str, int], list[float]] = {}
    read: dict[tuple[str, int], int] = {}
    found: dict[tuple[str, int], int] = {}
    for _round in range(ROUNDS):
        for size in (FEW, MANY):
            use(urls[size])
            for name, ask in questions().items():
                found[name, size] = ask()
                started = time.perf_counter()
                ask()
                times.setdefault((name, size), []).append(time.perf_counter() - started)
                if (name, size) not in read:
                    read[name, size] = steps(ask) if connection.vendor == "sqlite" else buffers(ask)
    unit = "steps" if connection.vendor == "sqlite" else "pages"
    for name in questions():
        few, many = (min(times[name, size]) * 1000 for size in (FEW, MANY))
        finds_more = found[name, FEW] < 50 <= found[name, MANY]
        met = "kept  " if many <= MAX_RATIO * few else "MORE  " if finds_more else "BROKEN"
        each = (f"{ms:6.1f} ms {read[name, size]:7,} {unit}, finds {found[name, size]:6,}" for ms, size in ((few, FEW), (many, MANY)))
        print(f"{met} {name:<32}{'   '.join(each)}   ratio {many / few:.2f}", flush=True)


def steps(ask: Callable[[], int]) -> int:
    """Of SQLite's machine, which are the same on every computer; what FTS5 does within is not among them."""
    from django.db import connection

    taken = 0

    def one() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.connection.set_progress_handler(one, 1)
    ask()
    connection.connection.set_progress_handler(None, 1)
    return taken


def buffers(ask: Callable[[], int]) -> int:
    """Pages of 8 kB that PostgreSQL looks at, wherever they are."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        ask()
    looked = 0
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            plan = cursor.fetchone()[0][0]["Plan"]
        looked += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return looked


if __name__ == "__main__":
    main()
