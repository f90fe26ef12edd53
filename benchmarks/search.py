"""Finding people by parts of their names, a mail, who is there twice, and the board, beside 100,000: `python -m benchmarks.search`.

On Debian's own PostgreSQL, whose postgresql-contrib has pg_trgm (`python -m benchmarks.cluster install`). Before and after take turns in
one run: without its index each is tried within a transaction that drops it and is rolled back.
"""

import itertools
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import desk
from benchmarks.cluster import programs
from benchmarks.database import Postgres
from benchmarks.servers import free_port

PEOPLE, ROUNDS = int(os.environ.get("PEOPLE", "100000")), 9


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-search-") as folder:
        log = Path(folder) / "postgres.log"
        server = Postgres(Path(folder) / "data", free_port(), log=log, programs=Path(programs()["postgres"]).parent)
        server.start()
        try:
            _run(server.url, folder)
        finally:
            server.kill()


def _run(url: str, folder: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "LOG_LEVEL": "ERROR", "DATABASE_URL": url}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from registration.models import Quota
    from sessions.models import Workshop

    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    Quota.objects.update(capacity=None)
    workshop = Workshop.objects.get()
    seats = itertools.cycle(workshop.quotas.seats().filter(kind=Quota.Kind.PROVINCE))
    for first in range(0, PEOPLE, 5_000):
        desk.write(workshop, list(itertools.islice(seats, min(5_000, PEOPLE - first))), first)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    call_command("index_search")
    for name, index, ask in _questions(workshop):
        times: dict[bool, list[float]] = {True: [], False: []}
        for _round in range(ROUNDS):
            for has_index in (True, False):
                times[has_index].append(_seconds(ask, "" if has_index else index))
        before, after = median(times[False]) * 1000, median(times[True]) * 1000
        print(f"{name:<34} without {index:<26} {before:8.1f} ms   with it {after:7.1f} ms   ratio {before / after:.1f}", flush=True)


def _seconds(ask: Callable[[], object], without: str) -> float:
    from django.db import transaction

    with transaction.atomic():
        if without:
            with transaction.get_connection().cursor() as cursor:
                cursor.execute(f"DROP INDEX {without}")
        ask()
        started = time.perf_counter()
        ask()
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def _questions(workshop: Any) -> list[tuple[str, str, Callable[[], object]]]:
    from django.db.models import Count, Max

    from registration.models import Delivery, Participant
    from registration.people.alike import alike
    from registration.people.filters import filtered
    from registration.people.search import search, search_mails

    everybody, mails = Participant.objects.all(), Delivery.objects.all()
    twice, one = filtered(workshop, {"twice": "name"}), everybody[PEOPLE // 3]
    board = Participant.objects.filter(workshop=workshop).order_by().values_list("quota", "group", "state")
    return [
        ("a part of a Thai name", "participant_parts", lambda: list(search(everybody, f"มติ{PEOPLE // 3} ทดสอบ")[:50])),
        ("a part of an address", "participant_parts", lambda: list(search(everybody, f"n{PEOPLE // 3}@exa")[:50])),
        ("a part of a phone number", "participant_phone_parts", lambda: list(search(everybody, f"{PEOPLE // 3}")[:50])),
        ("nobody", "participant_parts", lambda: list(search(everybody, "ไม่มีผู้นี้")[:50])),
        (
            "a mail by a part of its address",
            "delivery_email_parts",
            lambda: list(search_mails(mails, f"n{PEOPLE // 3}@ex")[:50]),
        ),
        ("perhaps there twice, by name", "participant_names", lambda: list(twice[:50])),
        ("namesakes of one person", "participant_names", lambda: list(alike(everybody.filter(workshop=workshop).live(), one))),
        ("the board", "participant_board", lambda: list(board.annotate(n=Count("*"), last=Max("registered_at")))),
    ]


if __name__ == "__main__":
    main()
