"""Killed in the middle of a rush, over and over: nobody who was told that it worked is lost, and no seat is taken by nobody.

Web server, worker and database are killed by SIGKILL, with everything under them, while people register without a pause; who is not told
that it worked tries again. What is killed is started again at once, as systemd does. Each time it is measured how long it takes from
the kill until somebody who came afterwards is told that they are registered.
"""

import itertools
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.crowd import Crowd
from benchmarks.database import Postgres
from benchmarks.processes import Process, kill, spawn, wait_for_port
from benchmarks.registering import prepare
from benchmarks.servers import SLUG, environment, free_port, manage

AT_ONCE = 6
#: So many seats has each province; some fill up, so that selling too many would be seen.
PLACES = 40
MAX_SECONDS = 10
#: What is killed, in turn. SQLite has no server: its files are in the hands of web and worker.
VICTIMS = {"PostgreSQL": [["web"], ["worker"], ["database"], ["web", "database"]], "SQLite": [["web"], ["worker"], ["web", "worker"]]}

FOUND = """
import json
from django.db.models import F
from registration.models import Participant, Quota, Delivery
people = list(Participant.objects.values_list("email", "state"))
over = Quota.objects.filter(capacity__isnull=False, taken__gt=F("capacity")).count()
mails = list(Delivery.objects.filter(message__in=["confirmed", "waiting"]).values_list("email", flat=True))
print(json.dumps({"people": people, "over": over, "mails": mails}))
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a rush left behind, compared with what people were told."""

    told: int
    lost: int
    doubled: int
    over: int
    without_mail: int
    states: dict[str, int]

    @property
    def is_right(self) -> bool:
        return (self.lost, self.doubled, self.over, self.without_mail) == (0, 0, 0, 0)

    def __str__(self) -> str:
        states = ", ".join(f"{n} {state}" for state, n in sorted(self.states.items()))
        return (
            f"{self.told} told that it worked ({states} in the database), {self.lost} lost, {self.doubled} doubled, "
            f"{self.over} quotas oversold, {self.without_mail} without their mail in the queue"
        )


def look(env: dict[str, str], told: Iterable[str]) -> Found:
    """Reads the database and recounts every quota (raises RuntimeError where a seat is taken by nobody)."""
    manage(env, "check_quotas")
    found = json.loads(manage(env, "shell", "-v0", "-c", FOUND))
    by_address = Counter(email for email, _state in found["people"])
    told = list(told)
    return Found(
        told=len(told),
        lost=sum(email not in by_address for email in told),
        doubled=sum(n > 1 for n in by_address.values()),
        over=found["over"],
        without_mail=len(by_address.keys() - {*found["mails"]}),
        states=Counter(state for _email, state in found["people"]),
    )


class Portal:
    """A portal whose parts can be killed and started again."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self.database = Postgres(folder / "postgres", free_port(), log=folder / "postgres.log") if kind == "PostgreSQL" else None
        url = self.database.url if self.database else f"sqlite:///{folder}/portal.sqlite3"
        self.env = environment(url, folder) | {"PORT": str(self.port), "WEB_WORKERS": "2"}
        self.running: dict[str, Process] = {}

    def start(self, *names: str) -> None:
        """All at the same time. Does not wait for the web server: that is what is measured."""
        if "web" in names:
            self._spawn("web", "-m", "gunicorn", "sdgworkshop.wsgi")
        if "worker" in names:
            self._spawn("worker", "manage.py", "work")
        if "database" in names and self.database:
            self.running["database"] = self.database.start()

    def kill(self, *names: str) -> None:
        for name in names:
            kill(self.running.pop(name))

    def _spawn(self, name: str, *command: str) -> None:
        self.running[name] = spawn([sys.executable, *command], env=self.env, log=self.folder / f"{name}.log")


def run(kind: str, folder: Path, *, kills: int) -> tuple[bool, str]:
    """Kills `kills` times. Returns whether the promise was kept, and what was seen."""
    portal = Portal(kind, folder)
    try:
        portal.start("database")
        answers = rush_of(portal.env)
        portal.start("web", "worker")
        wait_for_port(portal.port, "the web server")
        crowd = Crowd(portal.port, f"/w/{SLUG}/register/", answers, at_once=AT_ONCE)
        crowd.start()
        crowd.wait_for_next(time.time(), seconds=60)
        pauses = {"+".join(names): list[float]() for names in VICTIMS[kind]}
        for names in itertools.islice(itertools.cycle(VICTIMS[kind]), kills):
            time.sleep(random.uniform(0, 1))  # anywhere in the middle of a rush
            killed = time.time()
            portal.kill(*names)
            portal.start(*names)
            pauses["+".join(names)].append(crowd.wait_for_next(killed, seconds=60))
        crowd.stop()
        found = look(portal.env, (person.email for person in crowd.told))
    finally:
        for name in ("web", "worker", "database"):
            if process := portal.running.get(name):
                kill(process)
    slowest = max(itertools.chain(*pauses.values()))
    times = ", ".join(f"{names} {max(seconds):.1f} s" for names, seconds in pauses.items() if seconds)
    return found.is_right and slowest < MAX_SECONDS, f"{found}; slowest back: {times}"


def rush_of(env: dict[str, str]) -> list[list[tuple[str, str]]]:
    """Makes the database and returns the answers of people from four provinces, whose seats run out on the way."""
    answers = prepare(env, places=PLACES)
    manage(env, "shell", "-v0", "-c", "from registration.models import Quota; Quota.objects.filter(kind='track').update(capacity=None)")
    rest = [(name, value) for name, value in answers if name != "province"]
    return [[*rest, ("province", code)] for code in ("55", "50", "57", "58")]
