"""Mail that arrives once: four workers killed again and again, and a mail server that misbehaves."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from benchmarks.servers import ROOT, environment, free_port, manage

MAILS = 2000
WORKERS = 4
KILLS = 20

#: Registers one person and queues them MAILS messages, as two thousand reminders would be queued.
FILL = f"""
from tests.factories import make_participant, make_workshop, NOON
from registration.models import Delivery
from django.utils import timezone
p = make_participant(make_workshop())
now = timezone.now()
Delivery.objects.all().delete()
Delivery.objects.bulk_create(
    Delivery(key=f"confirmed:{{n}}", message="confirmed", participant=p, email=p.email, created_at=now, due_at=now)
    for n in range({MAILS})
)
"""
#: What the clock would do when every lease has run out, and then the state of everything.
COUNT = """
import datetime as dt, json
from django.utils import timezone
from registration.mail import outbox
from registration.models import Delivery
outbox.reap(timezone.now() + dt.timedelta(hours=1))
print(json.dumps(list(Delivery.objects.values_list("pk", "state"))))
"""


class Process:
    """One process of ours that can be killed and started again."""

    def __init__(self, env: dict[str, str], *command: str) -> None:
        self.env, self.command = env, command
        self.start()

    def start(self) -> None:
        # Only the worker's own complaint about our killing would be printed.
        self.popen = subprocess.Popen(
            [sys.executable, *self.command], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def kill(self) -> None:
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()


def run(url: str, folder: Path, *, mode: str, kills: int, server_kills: int = 0) -> tuple[bool, dict[str, int]]:
    """Sends MAILS mails while workers (and the mail server) are killed. Returns whether the promise was kept, and the counts."""
    port, log = free_port(), folder / "accepted.txt"
    env = environment(url, folder) | {
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EMAIL_TIMEOUT": "3",
        "MAILS_PER_MINUTE": "1000000",
        "MAIL_SENDERS": str(WORKERS),
        "LOG_LEVEL": "CRITICAL",
    }
    manage(env, "migrate", "-v0")
    manage(env, "shell", "-v0", "-c", FILL)
    server = Process(env, "-m", "benchmarks.mail_server", str(port), str(log), mode)
    assert server.popen.stdout
    server.popen.stdout.readline()
    workers = [Process(env, "manage.py", "db_worker", "--queue-name=*", "--interval=0.2", "--no-startup-delay") for _i in range(WORKERS)]
    clock = Process(env, "manage.py", "tick", "--every=0.5")
    try:
        _disturb(workers, server, log, kills, server_kills)
        _wait_until_quiet(log)
    finally:
        for process in [*workers, clock, server]:
            process.kill()
    return _judge(env, log)


def _disturb(workers: list[Process], server: Process, log: Path, kills: int, server_kills: int) -> None:
    """Kills while mails go out: each time some dozens more were accepted, or after some seconds."""
    for number in range(max(kills, server_kills)):
        goal, end = _accepted(log) + random.randrange(20, 80), time.monotonic() + random.uniform(5, 15)
        while _accepted(log) < goal and time.monotonic() < end:
            time.sleep(0.01)
        if number < kills:
            worker = random.choice(workers)
            worker.kill()
            worker.start()
        if number < server_kills:
            server.kill()
            time.sleep(0.3)
            server.start()


def _accepted(log: Path) -> int:
    return len(log.read_bytes().splitlines()) if log.exists() else 0


def _wait_until_quiet(log: Path) -> None:
    """Until nothing was accepted for longer than the clock needs to start new senders: what is left waits for a lease or a pause."""
    count, still, end = -1, 0, time.monotonic() + 400
    while still < 75 and time.monotonic() < end:
        time.sleep(1)
        now = _accepted(log)
        still = still + 1 if now == count else 0
        count = now
        if count >= MAILS:
            return


def _judge(env: dict[str, str], log: Path) -> tuple[bool, dict[str, int]]:
    accepted = Counter(log.read_text().split())
    states = dict(json.loads(manage(env, "shell", "-v0", "-c", COUNT)))
    took = {pk: accepted[f"<delivery-{pk}@localhost>"] for pk in states}
    counts = Counter(states.values())
    seen = {
        **counts,
        "accepted by the server": sum(accepted.values()),
        "sent twice": sum(times > 1 for times in accepted.values()),
        "lost": sum(state == "sent" and took[pk] == 0 for pk, state in states.items()),
        "taken but shown as not sent": sum(state in ("queued", "failed") and took[pk] > 0 for pk, state in states.items()),
    }
    kept = len(states) == MAILS and not (seen["sent twice"] or seen["lost"] or seen["taken but shown as not sent"] or counts["sending"])
    return kept and counts["sent"] > 0, dict(seen)
