"""Can anybody find out by the clock whose address is registered? `python -m benchmarks.prove enumerate`.

One visitor asks for links, for addresses that are known and for such as are not, in random order, and compares how long the answers took.
0.5 is what a coin would tell them; the limits are on, as they are for everybody.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.registering import prepare
from benchmarks.servers import SLUG, environment, gunicorn, manage
from benchmarks.visitor import Visitor, hidden_fields

ADDRESSES = 250
MIN_SECONDS, MOST = 0.4, 0.6

FILL = f"""
from uuid import uuid4
from registration.coordinators.actions import Appointee, appoint
from registration.people.actions.registrations import register
from registration.people.applications import Application, Choices, Entry, Notice, Person
from registration.actor import PARTICIPANT, SYSTEM
from registration.seats.quotas import seat_quota
from sessions.models import Workshop
workshop = Workshop.objects.get()
quota = seat_quota(workshop, "55")
for number in range({ADDRESSES}):
    person = Person("นาย", "สมมุติ", "ทดสอบดี", "", "พช.", "", f"known{{number:04}}@example.org", "+66812345678")
    register(application=Application(workshop=workshop, person=person, entry=Entry(submission=uuid4(), language="th"),
             choices=Choices(quota=quota, group=workshop.groups.get(code="4.1.1"), days=(), waitlist_ok=True),
             notice=Notice(version="1")), by=PARTICIPANT)
    appoint(quota=quota, appointee=Appointee("สมมุติ ทดสอบดี", f"known{{number:04}}@example.org"), by=SYSTEM)
"""


def auc(these: Sequence[float], those: Sequence[float]) -> float:
    """How often one of `these` took longer than one of `those`, ties by half: 0.5 where nothing tells them apart."""
    longer = sum((a > b) + (a == b) / 2 for a in these for b in those)
    return longer / (len(these) * len(those))


def run(url: str, folder: Path) -> list[tuple[str, bool, str]]:
    """For each page: its name, whether known and unknown addresses look the same, and what was seen."""
    env = environment(url, folder) | {"ABUSE_LIMITS": "on"}
    prepare(env, places=ADDRESSES)
    manage(env, "shell", "-v0", "-c", FILL)
    with gunicorn("sdgworkshop.wsgi", env, workers=1) as port:
        return [_compare(port, name, path) for name, path in [("my link", f"/w/{SLUG}/my-link/"), ("sign-in link", "/desk/sign-in/")]]


def _compare(port: int, name: str, path: str) -> tuple[str, bool, str]:
    visitor = Visitor(port)
    hidden = hidden_fields(visitor.request("GET", path)[2])
    addresses = [(f"{kind}{number:04}@example.org", kind) for number in range(ADDRESSES) for kind in ("known", "other")]
    random.Random(2565).shuffle(addresses)
    times: dict[str, list[float]] = {"known": [], "other": []}
    answers = set()
    for number, (address, kind) in enumerate(addresses):
        started = time.perf_counter()
        status, location, page = visitor.request("POST", path, [*hidden, ("email", address)])
        if number >= 20:  # the first ones warm the server up
            times[kind].append(time.perf_counter() - started)
        answers.add((status, location, page))
    visitor.close()
    area = auc(times["known"], times["other"])
    is_same = len(answers) == 1 and next(iter(answers))[0] == 302 and MIN_SECONDS <= area <= MOST
    return name, is_same, f"{len(answers)} kind of answer, AUC {area:.2f} over {len(addresses)} requests"
