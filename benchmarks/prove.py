"""`make prove`: the long proofs, through real HTTP against gunicorn. Each line says what was seen.

All take about three hours; `.venv/bin/python -m benchmarks.prove rush` is one of them. The others are called `crash`, `cluster`,
`oversell`, `enumerate`, `inputs`, `files`, `mail`, `growth`, `exports`, `erasing`, `racing` and `upgrade`.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import cluster, enumerating, overselling, prove_cluster, prove_crash, prove_mail
from benchmarks.database import postgres
from benchmarks.load import all_of
from benchmarks.registering import prepare
from benchmarks.servers import ROOT, SLUG, environment, gunicorn, manage
from benchmarks.visitor import register

PATH = f"/w/{SLUG}/register/"
Answers = list[tuple[str, str]]
#: Proofs that are modules of their own.
APART = {
    "files": ["hostile_files"],
    "growth": ["desk", "growth", "office"],
    "exports": ["exports", "report"],
    "erasing": ["erasing"],
    "racing": ["racing"],
    "upgrade": ["upgrade"],
}


def say(promise: str, kept: bool, seen: object) -> None:
    """Prints one proof and stops everything if it failed."""
    print(f"{'kept ' if kept else 'BROKEN'}  {promise}: {seen}", flush=True)
    if not kept:
        sys.exit(1)


def outcome(port: int, answers: Answers, number: int) -> str:
    """What visitor `number` was told: their state, "full" where the form came back to say so, or the HTTP status."""
    answer = register(port, PATH, answers)
    if answer.state:
        return answer.state
    return "full" if answer.status < 500 and "เต็ม" in answer.page else f"HTTP {answer.status}"


def without(answers: Answers, *names: str) -> Answers:
    return [(name, value) for name, value in answers if name not in names]


def rush(port: int, answers: Answers) -> None:
    """300 at once on the 25 seats of one province: those who would wait, and those who would not."""
    told = all_of(partial(outcome, port, answers), range(300), at_once=300)
    say("300 at once on 25 seats", told == {"confirmed": 25, "waitlisted": 275}, dict(told))
    elsewhere = [*without(answers, "province", "waitlist_ok"), ("province", "50")]
    told = all_of(partial(outcome, port, elsewhere), range(300), at_once=300)
    say("the same, nobody willing to wait", told == {"confirmed": 25, "full": 275}, dict(told))


def rush_on_a_track(port: int, env: dict[str, str], answers: Answers) -> None:
    """300 at once from two provinces on one track with 30 places: two quotas in each transaction."""
    limit = "from registration.models import Quota; Quota.objects.filter(track__number=1).update(capacity=F('taken') + 30)"
    manage(env, "shell", "-v0", "-c", f"from django.db.models import F; {limit}")
    by_province = [[*without(answers, "province", "waitlist_ok"), ("province", code)] for code in ("40", "41")]
    told = all_of(lambda number: outcome(port, by_province[number % 2], number), range(300), at_once=300)
    say("300 at once on a province and a track", told == {"confirmed": 30, "full": 270}, dict(told))


def whole_rush(port: int, answers: Answers) -> None:
    """Three people for each of the 1,975 seats."""
    with (ROOT / "registration/data/provinces.csv").open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    seats = [(code, "4.1.1") for code in codes for _i in range(75)] + [("central", "4.2")] * 150
    random.Random(2565).shuffle(seats)

    def one(number: int) -> str:
        code, group = seats[number]
        return outcome(port, [*without(answers, "province", "group"), ("province", code), ("group", group)], number)

    told = all_of(one, range(len(seats)), at_once=60)
    say(f"{len(seats)} people for 1,975 seats", told == {"confirmed": 1975, "waitlisted": len(seats) - 1975}, dict(told))


@contextmanager
def portal(url: str, folder: Path) -> Iterator[tuple[int, dict[str, str], Answers]]:
    env = environment(url, folder)
    answers = prepare(env, places=25)
    manage(env, "shell", "-v0", "-c", "from registration.models import Quota; Quota.objects.filter(kind='track').update(capacity=None)")
    manage(env, "shell", "-v0", "-c", "from registration.models import Quota; Quota.objects.filter(kind='central').update(capacity=50)")
    with gunicorn("sdgworkshop.wsgi", env) as port:
        yield port, env, answers


def counted(env: dict[str, str]) -> None:
    printed = manage(env, "check_quotas").strip()
    say("a recount finds what the counters say", True, printed)  # the command fails where it does not


def mail(url_of: dict[str, str], folder: Path) -> None:
    """Each kind of trouble on a database of its own."""
    troubles: list[tuple[str, dict[str, Any]]] = [
        ("a worker killed twenty times", {"mode": "good", "kills": 20}),
        ("a server that refuses one in eight", {"mode": "refusing", "kills": 5}),
        ("a server that hangs", {"mode": "hanging", "kills": 5}),
        ("a server that takes mail and does not say so", {"mode": "silent", "kills": 5}),
        ("a server that dies ten times", {"mode": "good", "kills": 5, "server_kills": 10}),
    ]
    for number, (trouble, options) in enumerate(troubles):
        for kind in ("PostgreSQL", "SQLite"):
            own = folder / f"mail-{kind}-{number}"
            url = url_of[f"mail{number}"] if kind == "PostgreSQL" else f"sqlite:///{own}/portal.sqlite3"
            own.mkdir()
            kept, seen = prove_mail.run(url, own, **options)
            say(f"{prove_mail.MAILS} mails, four workers, {trouble} ({kind})", kept, seen)


def rushes(urls: dict[str, str], folder: Path) -> None:
    for kind, url in [("PostgreSQL", urls["rush"]), ("SQLite", f"sqlite:///{folder}/rush.sqlite3")]:
        print(f"\n{kind}")
        with portal(url, folder / kind) as (port, env, answers):
            rush(port, answers)
            rush_on_a_track(port, env, answers)
            counted(env)
    print("\nThe whole rush, PostgreSQL")
    with portal(urls["whole"], folder / "whole") as (port, env, answers):
        whole_rush(port, answers)
        counted(env)


def oversell(urls: dict[str, str], folder: Path) -> None:
    """On both databases with the guard, which must hold, and without it, which must not."""
    for kind in ("PostgreSQL", "SQLite"):
        for guarded in (True, False):
            name = f"oversell-{'guarded' if guarded else 'control'}"
            own = folder / f"{name}-{kind}"
            own.mkdir()
            url = urls[name] if kind == "PostgreSQL" else f"sqlite:///{own}/portal.sqlite3"
            promise = f"{overselling.POSTS} posts, {overselling.AT_ONCE} at once, on {overselling.SEATS} seats ({kind})"
            promise += "" if guarded else ", control without the guard: it oversells"
            rounds = overselling.ROUNDS if guarded else 1
            for as_should_be, told, held in overselling.run(url, own, guarded=guarded, rounds=rounds):
                say(promise, as_should_be, f"{dict(told)}, {held} hold a seat")


def enumerate_addresses(urls: dict[str, str], folder: Path) -> None:
    for name, is_same, seen in enumerating.run(urls["enumerate"], folder / "enumerate"):
        say(f"known and unknown addresses look the same ({name})", is_same, seen)


def inputs() -> None:
    """In the tests' own database, on two processes."""
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "tests/test_awkward_inputs.py"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"AWKWARD": "all"}, capture_output=True, text=True)
    say("400 strings in every field of every form, as four kinds of people", done.returncode == 0, done.stdout[-3000:].strip())


def crash(folder: Path, *, kills: int = 100) -> None:
    for kind in ("PostgreSQL", "SQLite"):
        kept, seen = prove_crash.run(kind, folder / f"crash-{kind}", kills=kills)
        say(f"{kills} times SIGKILL in the middle of a rush ({kind})", kept, seen)


def several_hosts(folder: Path) -> None:
    """Stops with one line where nginx and the others cannot be had."""
    cluster.install()
    kept, seen = prove_cluster.dying(folder / "dying")
    say("a web host and a worker killed and others added during a rush", kept, seen)
    one, two = prove_cluster.one_and_two(folder / "rates")
    print(f"seen  {one:.1f} registrations a second with one web host, {two:.1f} with two: {two / one:.2f} times, on {os.cpu_count()} cores")


DATABASES = ["rush", "whole", "oversell-guarded", "oversell-control", "enumerate", *(f"mail{n}" for n in range(5))]


def main() -> None:
    chosen = sys.argv[1:] or ["rush", "crash", "cluster", "oversell", "enumerate", "inputs", "mail", *APART]
    with tempfile.TemporaryDirectory(prefix="portal-proof-") as name, postgres(DATABASES) as urls:
        if "rush" in chosen:
            rushes(urls, Path(name))
        if "oversell" in chosen:
            oversell(urls, Path(name))
        if "enumerate" in chosen:
            enumerate_addresses(urls, Path(name))
        if "mail" in chosen:
            mail(urls, Path(name))
        if "crash" in chosen:
            crash(Path(name))
        if "cluster" in chosen:
            several_hosts(Path(name))
    if "inputs" in chosen:
        inputs()
    # Each in a process of its own: Django keeps to the database with which it began.
    for proof, modules in APART.items():
        for module in modules if proof in chosen else ():
            if subprocess.run([sys.executable, "-m", f"benchmarks.{module}"], cwd=ROOT).returncode:
                sys.exit(1)


if __name__ == "__main__":
    main()
