"""A province's desk with 2,000 and with 200,000 participants in the database, 500 of them its own: `python -m benchmarks.desk`.

One process, no network: what is measured is the portal and PostgreSQL. Both databases take turns, so that a busy
machine slows both. Nothing may grow with the people of other provinces.
"""

import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any
from uuid import uuid4

from benchmarks.database import postgres

FEW, MANY, OWN = 2_000, 200_000, 500
ROUNDS = 40
MAX_RATIO = 1.2
#: Tables that grow with the people of all provinces.
GROWING = ("participant", "participant_days", "trackchoice", "event", "delivery")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, postgres(["few", "many"]) as urls:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "sdgworkshop.settings", "VAR_DIR": folder, "LOG_LEVEL": "ERROR"}
        os.environ["DATABASE_URL"] = urls["few"]
        import django

        django.setup()
        for url, people in ((urls["few"], FEW), (urls["many"], MANY)):
            use(url)
            _fill(people)
        _measure(urls)


_opened: dict[str, Any] = {}


def use(url: str) -> None:
    """Makes the database at `url` the portal's. Its connection stays open, as the portal's do."""
    from django.db import connections

    if url not in _opened:
        _opened[url] = connections.create_connection("default")
        _opened[url].settings_dict = {**_opened[url].settings_dict, "NAME": url.rpartition("/")[2]}
    connections["default"] = _opened[url]


def _fill(people: int) -> None:
    """The brief's workshop with `people`, OWN of them in Nan, each with days, a track and a history."""
    from django.core.management import call_command
    from django.db import connection

    from registration.actor import SYSTEM
    from registration.coordinators.actions import Appointee, appoint
    from registration.models import Quota
    from registration.seats import quotas
    from sessions.models import Workshop

    started = time.monotonic()
    call_command("migrate", verbosity=0)
    call_command("load_workshop", demonstration=True, verbosity=0)
    Quota.objects.update(capacity=None)
    workshop = Workshop.objects.get()
    provinces = workshop.quotas.seats().filter(kind=Quota.Kind.PROVINCE)
    nan = provinces.select_related("province").get(province__code="55")
    appoint(quota=nan, appointee=Appointee("นางสาวสมหญิง สมมุติ", "nan@example.org"), by=SYSTEM)
    elsewhere = itertools.cycle(provinces.exclude(pk=nan.pk))
    every = people // OWN
    for first in range(0, people, 5_000):
        write(workshop, [nan if number % every == 0 else next(elsewhere) for number in range(first, min(first + 5_000, people))], first)
    for quota, counted in quotas.mismatches():
        Quota.objects.filter(pk=quota.pk).update(taken=counted, capacity=counted if quota.province_id else None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # what the filling left to write is not written while it is measured
    print(f"{people:>7,} participants written in {time.monotonic() - started:.0f} s", flush=True)


def write(workshop: Any, seats: list[Any], first: int) -> None:
    """One participant for each of the quotas in `seats`: every tenth waits, every tenth was declined."""
    from django.utils import timezone

    from registration.choices import State
    from registration.models import Delivery, Event, Participant, TrackChoice
    from registration.people.names import match_key
    from sessions.models import Track
    from sessions.thai import sort_key

    now = timezone.now()
    groups, days = list(workshop.groups.filter(scope="province")), list(workshop.days.all())
    tracks = list(Track.objects.filter(item__day__workshop=workshop))
    states = [State.CONFIRMED] * 8 + [State.WAITLISTED, State.DECLINED]
    people = Participant.objects.bulk_create(
        Participant(
            workshop=workshop, quota=quota, group=groups[number % len(groups)], code=f"N{number:06}", state=states[number // 7 % 10],
            ticket=number, title="นาย", first_name=f"สมมุติ{number}", last_name="ทดสอบดี", sort_key=sort_key(f"สมมุติ{number} ทดสอบดี"),
            name_key=match_key(f"สมมุติ{number}", "ทดสอบดี"),
            position="นักวิเคราะห์นโยบายและแผน", organisation="สำนักงานพัฒนาชุมชนจังหวัด", organisation_short="พช.",
            email=f"n{number}@example.org", phone=f"+668{number:08}", submission=uuid4(), consent_version="1",
            consented_at=now, registered_at=now, state_changed_at=now,
        )
        for number, quota in enumerate(seats, start=first)
    )  # fmt: skip
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=person, workshopday=day) for person in people for day in days[:2])
    TrackChoice.objects.bulk_create(
        TrackChoice(participant=person, item_id=track.item_id, track=track) for person, track in zip(people, itertools.cycle(tracks))
    )
    Event.objects.bulk_create(Event(participant=person, at=now, verb="registered", actor_kind="participant") for person in people)
    Delivery.objects.bulk_create(
        Delivery(key=f"confirmed:{p.pk}:", message="confirmed", participant=p, email=p.email, state="sent", created_at=now, due_at=now)
        for p in people
    )


def _measure(urls: dict[str, str]) -> None:
    """Times the pages of a desk over both databases in turn, and looks how PostgreSQL finds their rows."""
    times: dict[tuple[str, str], list[float]] = {}
    for _round in range(ROUNDS):
        for size, url in urls.items():
            use(url)
            _pages()[0][1]()  # what the other one left in the processor's caches is not the portal's doing
            for name, ask in _pages():
                started = time.perf_counter()
                ask()
                times.setdefault((name, size), []).append(time.perf_counter() - started)
    worst = 0.0
    for name, _ask in _pages():
        few, many = (median(times[name, size]) * 1000 for size in ("few", "many"))
        worst = max(worst, many / few)
        print(f"{name:<22} {few:6.1f} ms with {FEW:,}  {many:6.1f} ms with {MANY:,}  ratio {many / few:.2f}")
    whole = sorted(set(read_whole(_pages())))
    print(f"tables read from end to end for it: {', '.join(whole) or 'none that grows'}")
    met = worst <= MAX_RATIO and not whole
    print(f"largest ratio {worst:.2f}, at most {MAX_RATIO} is wanted: {'met' if met else 'NOT MET'}")
    sys.exit(not met)


def _pages() -> list[tuple[str, Callable[[], object]]]:
    """The requests of a coordinator of Nan, each as a call that makes it."""
    from django.contrib.auth.models import User
    from django.test import Client

    from registration.models import Participant
    from sessions.models import Workshop

    client = _client(Client)
    client.force_login(User.objects.get(username="nan@example.org"))
    desk = f"/desk/{Workshop.objects.get().slug}/55/"
    script = {"HX-Request": "true", "HX-Target": "people"}
    person = Participant.objects.filter(quota__province__code="55").order_by("pk")[7]

    def get(path: str, **headers: str) -> object:
        response = client.get(path, headers=headers)
        assert response.status_code == 200, path
        return response

    def decide(**fields: str) -> None:
        response = client.post(f"{desk}decide/", fields, headers=script)
        assert response.status_code == 200

    def decline_and_put_back() -> None:
        decide(verb="decline", people=f"{person.code}:{person.state}", reason="twice")
        decide(verb="put_back", people=f"{person.code}:declined")

    return [
        ("the desk", lambda: get(desk)),
        ("its last page", lambda: get(f"{desk}?page=10")),
        ("a search", lambda: get(f"{desk}?q=สมมุติ1", **script)),
        ("the waiting list", lambda: get(f"{desk}?state=waitlisted", **script)),
        ("one person", lambda: get(f"{desk}people/{person.code}/")),
        ("a decision, and undone", decline_and_put_back),
    ]


_clients: dict[str, Any] = {}


def _client(make: Callable[..., Any]) -> Any:
    """The one client: making it sets up the middleware."""
    return _clients.setdefault("client", make(headers={"accept-language": "th", "host": "localhost"}))


def read_whole(pages: list[tuple[str, Callable[[], object]]]) -> Iterator[str]:
    """The growing tables that PostgreSQL reads from end to end for `pages`, by its own plan."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name, ask in pages:
        with CaptureQueriesContext(connection) as asked:
            ask()
        for query in asked.captured_queries:
            if not query["sql"].startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                plan = cursor.fetchone()[0]
            yield from (f"{table} ({name})" for table in _scanned(plan[0]["Plan"]) if table.removeprefix("registration_") in GROWING)


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that `plan` reads from end to end."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _scanned(part)


if __name__ == "__main__":
    main()
