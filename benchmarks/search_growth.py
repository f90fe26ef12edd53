"""Finding people and mails beside 2,000 and beside very many: `PEOPLE=2000000 python -m benchmarks.search_growth [sqlite|postgresql]`.

Each search is what a list of the admin asks: how many there are, as far as it counts, and the first page. The two databases take turns.
PostgreSQL is Debian's own, which has pg_trgm (`python -m benchmarks.cluster install`).
"""

import itertools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import desk
from benchmarks.cluster import programs
from benchmarks.database import Postgres
from benchmarks.servers import free_port

FEW, MANY, ROUNDS = 2_000, int(os.environ.get("PEOPLE", "200000")), 11
MAX_RATIO = 1.5
#: A copy of somebody, number {n} of them: what must be theirs alone, and what they are found by.
COPIED = {
    "code": "'C' || {n} || 'P' || id",
    "email": "'n' || id || 'c' || {n} || '@example.org'",
    "first_name": "'สมมุติ' || id || 'ก' || {n}",
}
COPIED |= {"name_key": "'สมมุติ' || id || 'ก' || {n}", "phone": "'+668' || (10000000 + {n} * 10000 + id)"}
UNIQUE = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


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

    from registration.models import Quota
    from sessions.models import Workshop

    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    Quota.objects.update(capacity=None)
    workshop = Workshop.objects.get()
    seats = itertools.cycle(workshop.quotas.seats().filter(kind=Quota.Kind.PROVINCE))
    desk.write(workshop, list(itertools.islice(seats, FEW)), 0)


def multiply(people: int) -> None:
    from django.db import connection

    from registration.models import Delivery, Participant

    mail = {"key": "'k' || id || 'c' || {n}", "email": "'n' || id || 'c' || {n} || '@example.org'"}
    for number in range(1, people // FEW):
        with connection.cursor() as cursor:
            for model, changed in ((Participant, COPIED | {"submission": UNIQUE[connection.vendor]}), (Delivery, mail)):
                columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
                table, own = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
                values = ", ".join(changed[column].format(n=number) if column in changed else f'"{column}"' for column in columns)
                cursor.execute(f"INSERT INTO {table} ({own}) SELECT {values} FROM {table} WHERE id <= {FEW}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def questions() -> dict[str, Callable[[], object]]:
    from registration.models import Delivery, Participant
    from registration.office.paging import EstimatingPaginator
    from registration.people.alike import alike
    from registration.people.search import search, search_mails

    def listed(rows: Any) -> object:
        pages = EstimatingPaginator(rows, 50)
        return pages.count, list(pages.page(1).object_list)

    people = Participant.objects.known().order_by("sort_key", "pk")
    one = Participant.objects.get(email="n777@example.org")
    return {
        "a part of a Thai name": lambda: listed(search(people, "มมุติ777 ทดสอบ")),
        "a part of an address": lambda: listed(search(people, "n777@exa")),
        "a part of a phone number": lambda: listed(search(people, "8000007")),
        "nobody": lambda: listed(search(people, "ไม่มีผู้นี้")),
        "what everybody has": lambda: listed(search(people, "ทดสอบดี")),
        "namesakes of one person": lambda: list(alike(Participant.objects.filter(workshop=one.workshop_id).live(), one)),
        "a mail by a part of its address": lambda: listed(search_mails(Delivery.objects.order_by("-pk"), "n777@ex")),
        "the list of people": lambda: listed(people),
        "the list of mails": lambda: listed(Delivery.objects.order_by("-pk")),
    }


def main() -> None:
    vendor = "sqlite" if "sqlite" in sys.argv else "postgresql"
    with tempfile.TemporaryDirectory(prefix="portal-growth-") as folder, databases(vendor, folder) as urls:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "LOG_LEVEL": "ERROR", "DATABASE_URL": urls[FEW]}
        import django

        django.setup()
        from django.db import connection

        use(urls[FEW])
        fill_few()
        connection.close()
        copy(urls[FEW], urls[MANY])
        for size in (FEW, MANY):
            use(urls[size])
            started = time.monotonic()
            multiply(size)
            print(f"{vendor}: {size:,} people, {time.monotonic() - started:.0f} s", flush=True)
        times: dict[tuple[str, int], list[float]] = {}
        for _round in range(ROUNDS):
            for size in (FEW, MANY):
                use(urls[size])
                for name, ask in questions().items():
                    ask()
                    started = time.perf_counter()
                    ask()
                    times.setdefault((name, size), []).append(time.perf_counter() - started)
        for name in questions():
            few, many = (median(times[name, size]) * 1000 for size in (FEW, MANY))
            met = "kept  " if many <= MAX_RATIO * few else "BROKEN"
            print(f"{met} {name:<34}{few:7.1f} ms with {FEW:,} {many:9.1f} ms with {MANY:,}   ratio {many / few:.2f}", flush=True)


if __name__ == "__main__":
    main()
