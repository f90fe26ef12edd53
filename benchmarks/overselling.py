"""2,000 posts, 60 at once, on the 25 seats of a province: `python -m benchmarks.prove oversell`.

Ten times on each database, and each proof has one control run against `benchmarks.unguarded`, which must oversell: what cannot be seen to
fail is no proof.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

from benchmarks.load import all_of
from benchmarks.registering import prepare
from benchmarks.servers import SLUG, environment, gunicorn, manage
from benchmarks.visitor import Visitor

ROUNDS, POSTS, AT_ONCE, SEATS = 10, 2_000, 60, 25
#: A province a round.
PROVINCES = ("50", "51", "52", "53", "54", "55", "56", "57", "58", "60")
PATH = f"/w/{SLUG}/register/"

Answers = list[tuple[str, str]]

REMOVE_LAST_LINE = """
from django.db import connection
from registration.models import Quota
constraint = next(one for one in Quota._meta.constraints if one.name == "quota_not_oversold")
Quota._meta.constraints.remove(constraint)  # SQLite writes the table anew, with those that the model names
with connection.schema_editor() as editor:
    editor.remove_constraint(Quota, constraint)
"""


def post(port: int, answers: Answers, _number: int) -> str:
    """Sends one form of its own, without opening it first: "seat", "full", or the HTTP status."""
    visitor = Visitor(port)
    token, mark = secrets.token_hex(16), secrets.token_hex(8)
    visitor.cookies["csrftoken"] = token
    own = [("csrfmiddlewaretoken", token), ("submission", str(uuid4())), ("first_name", "สมมุติ"), ("email", f"o{mark}@example.org")]
    try:
        status, location, page = visitor.request("POST", PATH, [*own, *answers])
    finally:
        visitor.close()
    if status == 302 and "/p/" in location:
        return "seat"
    return "full" if status == 200 and "เต็มแล้ว" in page else f"HTTP {status}"


def run(url: str, folder: Path, *, guarded: bool, rounds: int) -> Iterator[tuple[bool, "Counter[str]", int]]:
    """For each round whether it was as it should be, what the posts were told, and how many people hold a seat afterwards.

    Without the guard more people than seats is what should be.
    """
    env = environment(url, folder)
    answers = [(name, value) for name, value in prepare(env, places=SEATS) if name not in ("province", "waitlist_ok")]
    manage(env, "shell", "-v0", "-c", "from registration.models import Quota; Quota.objects.filter(kind='track').update(capacity=None)")
    if not guarded:
        manage(env, "shell", "-v0", "-c", REMOVE_LAST_LINE)
    with gunicorn("sdgworkshop.wsgi" if guarded else "benchmarks.unguarded:application", env) as port:
        for code in PROVINCES[:rounds]:
            told = all_of(partial(post, port, [*answers, ("province", code)]), range(POSTS), at_once=AT_ONCE)
            held = int(manage(env, "shell", "-v0", "-c", COUNT.format(code=code)))
            if guarded:
                yield told == {"seat": SEATS, "full": POSTS - SEATS} and held == SEATS, told, held
            else:
                yield held > SEATS, told, held


COUNT = """
from registration.models import Participant
print(Participant.objects.holding_seats().filter(quota__province__code="{code}").count())
"""
