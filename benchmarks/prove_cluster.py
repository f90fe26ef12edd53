"""Several hosts in the middle of a rush: one web host and one worker die, another web host is added; and what two hosts carry.

"No visitor sees more than a retry": whoever is not told that it worked sends the same form again, and is registered by then.
"""

import time
from collections import Counter
from functools import partial
from pathlib import Path

from benchmarks.cluster import Cluster, cluster
from benchmarks.crowd import Crowd
from benchmarks.load import rate
from benchmarks.processes import until
from benchmarks.prove_crash import look, rush_of
from benchmarks.registering import prepare, visit
from benchmarks.servers import SLUG, manage

PORT = 8140
AT_ONCE = 12
#: The mails of a rush are out after this time, or something holds them up: what a killed worker held waits five minutes.
MAIL_SECONDS = 420

PENDING = "from registration.models import Delivery; print(Delivery.objects.filter(state__in=['queued', 'sending']).count())"
STATES = (
    "from collections import Counter; from registration.models import Delivery; "
    "print(dict(Counter(Delivery.objects.values_list('state', flat=True))))"
)


def dying(folder: Path, *, seconds: float = 5) -> tuple[bool, str]:
    """Kills and adds while people register. Returns whether the promise was kept, and what was seen."""
    with cluster(folder, PORT) as hosts:
        env = hosts.environment() | {"DATABASE_URL": hosts.direct_url}
        answers = rush_of(env)
        crowd = Crowd(PORT, f"/w/{SLUG}/register/", answers, at_once=AT_ONCE)
        crowd.start()
        crowd.wait_for_next(time.time(), seconds=60)
        time.sleep(seconds)
        hosts.kill("web1")
        hosts.kill("worker1")
        hosts.kill("clock1")
        gap = crowd.wait_for_next(time.time(), seconds=60)
        time.sleep(seconds)
        hosts.start_web(3)
        hosts.share_among(2, 3)
        hosts.start_worker(3)
        time.sleep(seconds)
        crowd.stop()
        found = look(env, (person.email for person in crowd.told))
        retries = Counter(len(person.refusals) for person in crowd.told)
        said = Counter(refusal for person in crowd.people for refusal in person.refusals)
        until(lambda: int(manage(env, "shell", "-v0", "-c", PENDING)) == 0, "every mail", seconds=MAIL_SECONDS)
        mails = manage(env, "shell", "-v0", "-c", STATES).strip()
    kept = found.is_right and max(retries) <= 1
    seen = f"{found}; {retries[1]} had to try again (told {dict(said)}), nobody oftener than {max(retries)} times"
    return kept, f"{seen}; {gap:.1f} s from the kill to the next one registered; mails afterwards {mails}"


def one_and_two(folder: Path, *, seconds: float = 10) -> tuple[float, float]:
    """Registrations a second through nginx with one web host, and with two."""
    with cluster(folder, PORT) as hosts:
        answers = prepare(hosts.environment() | {"DATABASE_URL": hosts.direct_url}, places=1_000_000)
        return _rate(hosts, answers, seconds, 1), _rate(hosts, answers, seconds, 1, 2)


def _rate(hosts: Cluster, answers: list[tuple[str, str]], seconds: float, *numbers: int) -> float:
    hosts.share_among(*numbers)
    time.sleep(2)
    return rate(partial(visit, PORT, f"/w/{SLUG}/register/", answers), at_once=16, seconds=seconds)
