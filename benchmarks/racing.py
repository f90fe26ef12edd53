"""Everything that moves a seat, at random and at once: `python -m benchmarks.racing [--minutes 20] [--threads 12]`, on PostgreSQL.

Few provinces, few seats and few addresses, so that actions meet. Refusals in words are answers; anything else is shown and fails, and so
do counters that do not agree afterwards, an address that holds two places, and waiting beside a free seat. `--control` runs the same with
what was ended by a deadlock left as it is: it must show some, else the run has proved nothing.
"""

import argparse
import datetime as dt
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from benchmarks.database import postgres
from benchmarks.servers import environment

PROVINCES = ("55", "50", "10", "central")
SEATS, ADDRESSES = 6, 60


def race(*, minutes: float, threads: int) -> tuple["Counter[str]", "Counter[str]"]:
    """What the actions came to, by action, and what nobody should ever have been shown."""
    from django.db import close_old_connections, connection, models
    from django.utils import timezone

    from registration.actor import PARTICIPANT, SYSTEM
    from registration.attendance.actions import check_ins, entries, objections
    from registration.choices import SEAT_HOLDING, DecisionName, State
    from registration.decisions import actions as decisions
    from registration.errors import RegistrationError
    from registration.invitations.actions.invitations import Invited, expire_invitations, invite, refuse, withdraw
    from registration.invitations.actions.substitutes import name_substitute, pass_on
    from registration.models import CheckIn, DelayedDecision, Invitation, NominationFile, Nominee, Participant, Quota, SeatPool
    from registration.nominations.actions import apply_rows, start
    from registration.people.actions.details import change_email
    from registration.people.actions.duplicates import merge
    from registration.people.actions.transfers import transfer
    from registration.privacy.actions.erasure import erase
    from registration.seats import deadlocks
    from registration.seats.actions import moves, pool, reserve
    from registration.seats.actions.capacities import set_capacity
    from registration.seats.actions.reserve_order import move_to
    from registration.selection.actions.announcements import announce
    from registration.selection.actions.drafts import selection_of
    from tests.factories import make_participant, make_person, make_workshop, register_invited, seats_of, tracks_of
    from tests.registration.api.making import System, make_token
    from tests.registration.api.test_registrations import person as person_of

    day = timezone.now()
    kinds: tuple[dict[str, Any], ...] = ({}, {"decision": "province_first"}, {"waiting_list": "offer"}, {"decision": "selection"})
    workshops = [make_workshop(**kind, invitation_days=3, decision_minutes=5) for kind in kinds]
    for workshop in workshops:
        for number, workshop_day in enumerate(workshop.days.all()):
            workshop.days.filter(pk=workshop_day.pk).update(date=timezone.localdate() + dt.timedelta(days=60 + 7 * number))
        for code in PROVINCES:
            seats_of(workshop, code, capacity=SEATS)
        for track in tracks_of(workshop):
            track.quota.capacity = 2 * SEATS
            track.quota.save()
        pool.set_up(workshop=workshop, is_on=True, releases_at=None, rule="most_waiting", by=SYSTEM)
    tracks = {workshop.pk: tracks_of(workshop) for workshop in workshops}

    def somebody(**such: Any) -> Participant:
        found = Participant.objects.filter(**such).select_related("workshop", "quota", "group").order_by("?").first()
        if found is None:
            raise RegistrationError("nobody such")
        return found

    def email() -> str:
        return f"racer{random.randrange(ADDRESSES)}@example.org"

    def register() -> object:
        workshop = random.choice(workshops)
        chosen = random.sample(tracks[workshop.pk], random.randrange(2))
        return make_participant(workshop, random.choice(PROVINCES), email=email(), tracks=chosen, at=timezone.now())

    def invited() -> Invitation:
        found = Invitation.objects.open().select_related("workshop", "quota").order_by("?").first()
        if found is None:
            raise RegistrationError("nobody such")
        return found

    def merged() -> object:
        one = somebody(state__in=["confirmed", "waitlisted", "pending"])
        into = somebody(workshop=one.workshop, state__in=["confirmed", "pending"])
        return merge(participant=one, into=into, reason="ซ้ำ", by=SYSTEM) if one != into else None

    def announced() -> object:
        quota = seats_of(workshops[3], random.choice(PROVINCES))
        return announce(quota=quota, version=selection_of(quota).version, at_once=True, by=SYSTEM)

    def resized() -> object:
        quota = seats_of(random.choice(workshops), random.choice(PROVINCES))
        return set_capacity(quota=quota, capacity=random.randint(SEATS - 1, SEATS + 1), by=SYSTEM)

    def released() -> tuple[SeatPool, Quota]:
        workshop = random.choice(workshops[:3])
        return SeatPool.objects.get(workshop=workshop), seats_of(workshop, random.choice(PROVINCES[:3]))

    def from_the_pool() -> object:
        common, quota = released()
        first = Participant.objects.waiting().filter(quota=quota).order_by("ticket", "pk").values_list("pk", flat=True)[:1]
        return pool.give(pool=common, gifts=[pool.Gift(quota, tuple(first))], by=SYSTEM)

    def given(deed: Callable[..., object]) -> object:
        common, quota = released()
        return deed(pool=common, quota=quota, seats=1, by=SYSTEM)

    def decided() -> object:
        return decisions.decide(command=random.choice([DecisionName.DECLINE, DecisionName.CANCEL]), participant=somebody(), by=SYSTEM)

    def swapped() -> object:
        leaver = somebody(state="confirmed")
        successor, leaves_to = somebody(state="waitlisted", quota=leaver.quota), random.choice([State.WAITLISTED, State.DECLINED])
        return decisions.decide(command=DecisionName.SWAP, participant=leaver, successor=successor, leaves_to=leaves_to, by=SYSTEM)

    def taken_back() -> object:
        waits = DelayedDecision.objects.open().select_related("quota__workshop", "participant").order_by("?").first()
        return decisions.take_back(decision=waits, by=SYSTEM) if waits else None

    def nominated() -> object:
        quota = seats_of(random.choice(workshops), random.choice(PROVINCES))
        file = NominationFile.objects.create(quota=quota, name="list.xlsx", created_at=timezone.now())
        for place in range(2):
            address = email()
            person = {name: value for name, value in asdict(make_person(email=address)).items() if name in known} | {"group": "4.1.1"}
            row = {"place": place, "line": place + 2, "values": {}, "person": person, "email": address, "is_complete": True}
            Nominee.objects.create(file=file, state=Nominee.State.READY, **row)
        start(file=file, mode=random.choice(list(NominationFile.Mode)), by=SYSTEM)
        return apply_rows(file_id=file.pk, seconds=30)

    def at_the_door() -> object:
        person = somebody(state="confirmed")
        day = person.days.with_hours().order_by("?")[0]
        return check_ins.check_in(day=day, code=person.code, people=Participant.objects.all(), by=SYSTEM, at=day.begins_at())

    def not_at_the_door() -> object:
        row = CheckIn.objects.standing().select_related("day", "participant").order_by("?").first()
        return check_ins.take_back(day=row.day, person=row.participant, by=SYSTEM) if row else None

    def by_hand() -> object:
        person = somebody(state="confirmed")
        return entries.enter_minutes(participant=person, day=person.days.order_by("?")[0], minutes=90, reason="ลงชื่อ", by=SYSTEM)

    def by_the_api() -> object:
        workshop = random.choice(workshops)
        said = {"place": random.choice(PROVINCES[:3]), "waits_if_full": True, "as_written": True}
        answer = system.write(f"/workshops/{workshop.slug}/registrations", person_of(workshop, email=email(), **said), key=f"{uuid4()}")
        if answer.status_code >= 500:
            raise RuntimeError(f"{answer.status_code} by the API")
        if answer.status_code != 201:
            raise RegistrationError(answer.content)
        return answer

    system = System(make_token()[1], SERVER_NAME="localhost", raise_request_exception=False)
    known = {field.name for field in fields(Invited)} & {field.name for field in fields(type(make_person()))}
    actions: dict[str, tuple[int, Callable[[], object]]] = {
        "register": (30, register),
        "cancel": (8, lambda: moves.cancel(participant=somebody(), by=PARTICIPANT)),
        "decline": (8, lambda: moves.decline(participant=somebody(), reason="เต็ม", by=SYSTEM)),
        "approve": (5, lambda: moves.approve(participant=somebody(state="pending"), by=SYSTEM)),
        "move up": (4, lambda: moves.move_up(participant=somebody(state="waitlisted"), by=SYSTEM)),
        "put back": (14, lambda: moves.put_back(participant=somebody(state__in=["declined", "cancelled"]), by=SYSTEM)),
        "take an offer": (5, lambda: reserve.accept_offer(participant=somebody(state="offered"), by=PARTICIPANT)),
        "invite": (
            10,
            lambda: invite(
                quota=seats_of(random.choice(workshops), random.choice(PROVINCES)), invited=Invited(email()), group=None, by=SYSTEM
            ),
        ),
        "accept": (8, lambda: register_invited(invited(), at=timezone.now())),
        "withdraw": (2, lambda: withdraw(invitation=invited(), by=SYSTEM)),
        "refuse": (2, lambda: refuse(invitation=invited(), by=PARTICIPANT)),
        "change the address": (5, lambda: change_email(participant=somebody(), email=email(), by=PARTICIPANT)),
        "transfer": (4, lambda: transfer(participant=(one := somebody()), to=seats_of(one.workshop, random.choice(PROVINCES)), by=SYSTEM)),
        "merge": (4, merged),
        "erase": (6, lambda: erase(participant=somebody(), by=PARTICIPANT)),
        "announce": (1, announced),
        "seats": (2, resized),
        "release a seat": (4, lambda: given(pool.give_up)),
        "take a released seat back": (2, lambda: given(pool.take_back)),
        "give a released seat": (5, from_the_pool),
        "decide for later": (8, decided),
        "swap for later": (4, swapped),
        "take a decision back": (3, taken_back),
        "place in line": (
            3,
            lambda: move_to(participant=somebody(state="waitlisted"), place=random.randint(1, 3), reason="ลำดับ", by=SYSTEM),
        ),
        "name a substitute": (4, lambda: name_substitute(participant=somebody(state="confirmed"), email=email(), by=PARTICIPANT)),
        "pass an invitation on": (3, lambda: pass_on(invitation=invited(), email=email(), by=PARTICIPANT)),
        "a list of nominees": (3, nominated),
        "check in": (6, at_the_door),
        "take a check-in back": (3, not_at_the_door),
        "minutes by hand": (3, by_hand),
        "attendance is not used": (2, lambda: objections.stop_using(participant=somebody(), by=SYSTEM)),
        "attendance is used": (2, lambda: objections.use_again(participant=somebody(), by=SYSTEM)),
        "register by the API": (6, by_the_api),
        "clock": (1, lambda: expire_invitations(at=timezone.now())),
        "clock of decisions": (1, lambda: decisions.decide_due(at=timezone.now() + dt.timedelta(minutes=3))),
    }
    names = list(actions)
    weights = [actions[name][0] for name in names]
    done: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    until = time.monotonic() + minutes * 60

    def racer(number: int) -> None:
        close_old_connections()
        while time.monotonic() < until:
            name = random.choices(names, weights)[0]
            try:
                actions[name][1]()
                done[f"{name}: done"] += 1
            except (RegistrationError, pool.PoolRefused, entries.AttendanceStopped):
                done[f"{name}: refused"] += 1
            except Exception as error:
                if deadlocks.points_nowhere(error):  # the page says so: 409
                    done[f"{name}: about somebody who was erased meanwhile"] += 1
                    continue
                shown[f"{name}: {type(error).__name__}: {str(error)[:100]!r}"] += 1
        connection.close()

    with ThreadPoolExecutor(threads) as racers:
        list(racers.map(racer, range(threads)))
    expire_invitations(at=day)
    decisions.decide_due(at=timezone.now() + dt.timedelta(hours=1))
    return done, shown + _broken(workshops, models, Participant, Invitation, SEAT_HOLDING, State)


def _broken(workshops: list[Any], models: Any, participants: Any, invitations: Any, holding: Any, states: Any) -> "Counter[str]":
    """What the database holds and never should, once all is quiet."""
    from registration.seats import pool, quotas

    broken: Counter[str] = Counter()
    broken["counters that do not agree"] = len(quotas.mismatches())
    broken["pools that do not agree with their book"] = len(pool.mismatches())
    seated = participants.objects.filter(workshop=models.OuterRef("workshop"), email=models.OuterRef("email")).live()
    broken["addresses with two places"] = invitations.objects.keeping_seats().filter(models.Exists(seated)).count()
    live = participants.objects.live().values("workshop", "email").annotate(n=models.Count("pk")).filter(n__gt=1)
    broken["addresses registered twice"] = live.count()
    places = [quota for workshop in workshops[:3] for quota in workshop.quotas.seats()]
    broken["free seats beside a line"] = sum(
        not quota.is_full and participants.objects.waiting().filter(quota=quota).exists() for quota in places
    )
    return +broken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--threads", type=int, default=12)
    parser.add_argument("--control", action="store_true")
    chosen = parser.parse_args()
    with postgres(["racing"], lasting=False) as urls, tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment(urls["racing"], Path(folder)) | {"LOG_LEVEL": "CRITICAL"})
        django.setup()
        logging.disable()  # the API tells of each refusal
        from django.core.management import call_command

        from registration.seats import deadlocks

        if chosen.control:
            deadlocks.IN_THE_WAY.clear()
        call_command("migrate", verbosity=0)
        done, shown = race(minutes=chosen.minutes, threads=chosen.threads)
    for name in sorted(done):
        print(f"{done[name]:7}  {name}")
    print(f"{done.total()} actions in {chosen.minutes:g} minutes, {chosen.threads} at once; {shown.total()} that should not be")
    for name, count in shown.most_common():
        print(f"BROKEN {count:4} × {name}")
    sys.exit(1 if bool(shown) != chosen.control else 0)


if __name__ == "__main__":
    main()
