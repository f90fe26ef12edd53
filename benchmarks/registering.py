"""Whole registrations a second: the portal, the thinnest Django, and the bare transaction."""

import csv
import os
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.database import connect
from benchmarks.load import rate
from benchmarks.servers import ROOT, SLUG, environment, gunicorn, manage
from benchmarks.transaction import Replay
from benchmarks.visitor import register

SECONDS = 8
AT_ONCE = (1, 8, 32)

#: Where people come from: the 77 provinces and the central agencies.
PLACES = [*(row["code"] for row in csv.DictReader((ROOT / "registration" / "data" / "provinces.csv").open(encoding="utf-8"))), "central"]
#: What every visitor answers, unless they come from elsewhere; days and tracks are read from the database.
ANSWERS = [
    ("province", "55"),
    ("group", "4.1.1"),
    ("title", "นาย"),
    ("last_name", "ทดสอบดี"),
    ("position", "นักวิเคราะห์"),
    ("organisation", "สำนักงานพัฒนาชุมชนจังหวัด"),
    ("organisation_short", "พช."),
    ("phone", "081 234 5678"),
    ("waitlist_ok", "on"),
]
SLUGS = "from sessions.models import Workshop; print(*Workshop.objects.values_list('slug', flat=True))"
CHOICES = """
from sessions.models import *
import json
w = Workshop.objects.get(slug="SLUG")
days = [["days", str(d.pk)] for d in w.days.all()]
tracks = [[f"track_{t.item_id}", str(t.pk)] for t in Track.objects.filter(number=1, item__day__workshop=w)]
print(json.dumps(days + tracks))
"""


def prepare(env: dict[str, str], *, places: int) -> list[tuple[str, str]]:
    """A database with a round of the brief's workshop and `places` in every quota; returns the answers of a visitor."""
    import json

    manage(env, "migrate", "-v0")
    if SLUG not in manage(env, "shell", "-v0", "-c", SLUGS):
        manage(env, "load_workshop", "--demonstration")
    manage(env, "shell", "-v0", "-c", f"from registration.models import Quota; Quota.objects.update(capacity={places})")
    choices = json.loads(manage(env, "shell", "-v0", "-c", CHOICES.replace("SLUG", SLUG)))
    return [*ANSWERS, *((name, value) for name, value in choices)]


def visit(port: int, path: str, answers: list[tuple[str, str]]) -> bool:
    """Somebody from anywhere: a cache that is keyed by place would always hit if all came from one."""
    place = random.choice(PLACES)
    from_there = {"province": place, "group": "4.2" if place == "central" else "4.1.1"}
    return register(port, path, [(name, from_there.get(name, value)) for name, value in answers]).state == "confirmed"


def bare(url: str, file: Path) -> float:
    """The transaction alone, over as many connections as the gunicorns have workers."""
    replay, connections = Replay(file), {}

    def once() -> bool:
        import threading

        key = (os.getpid(), threading.get_ident())
        if key not in connections:
            connections[key] = connect(url)
        with connections[key] as connection, connection.cursor() as cursor:
            replay.run(cursor)
        return True

    return rate(once, at_once=3, seconds=SECONDS)


def run(urls: dict[str, str], folder: Path) -> None:
    """Prints the table. `urls` has two PostgreSQL databases, "portal" and "thin"."""
    file = folder / "transaction.json"
    envs = {name: environment(url, folder / name) | {"TRANSACTION_FILE": str(file)} for name, url in urls.items()}
    answers = {name: prepare(env, places=1_000_000) for name, env in envs.items()}
    settings = {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings"}
    subprocess.run([sys.executable, "-m", "benchmarks.transaction"], cwd=ROOT, env=envs["thin"] | settings, check=True)
    path = f"/w/{SLUG}/register/"
    print("Whole registrations a second (open the form, send it, see that it is done), PostgreSQL, 3 workers")
    print(f"{'at once':>8} {'portal':>8} {'thin':>8} {'portal/thin':>12}")
    with gunicorn("sdgworkshop.wsgi", envs["portal"]) as portal, gunicorn("benchmarks.thin:application", envs["thin"]) as thin:
        for at_once in AT_ONCE:
            ours = rate(partial(visit, portal, path, answers["portal"]), at_once=at_once, seconds=SECONDS)
            theirs = rate(partial(visit, thin, "/form/", answers["thin"]), at_once=at_once, seconds=SECONDS)
            print(f"{at_once:>8} {ours:>8.1f} {theirs:>8.1f} {ours / theirs:>12.2f}", flush=True)
    alone = bare(urls["thin"], file)
    print(f"The bare transaction: {alone:.0f} a second; the portal at 32 at once does {ours / alone:.3f} of it")
    print(manage(envs["portal"], "check_quotas").strip())
