"""Two at one person at the same moment, each through a page of the portal: one decides, the other is told."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from registration.choices import State
from registration.models import Delivery, Participant
from registration.seats import quotas
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of
from tests.visitors import Browser

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6
HTMX = {"HX-Request": "true", "HX-Target": "people"}


def at_once(*calls):
    """Runs `calls` together, each in a thread with a connection of its own; returns what each gave."""
    start = threading.Barrier(len(calls))

    def run(call):
        close_old_connections()
        start.wait()
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def signed_in(coordinator):
    client = Client(headers={"accept-language": "th"})
    client.force_login(coordinator.user)
    return client


def told(response):
    """What the desk says came of a decision, and the words. (Contexts of answers made at the same time are mixed up.)"""
    said = re.search(r'id="result" class="notice desk-result notice-(\w+)"[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL)
    return {"success": "done", "warning": "refused"}[said[1]], said[2]


def decide(client, workshop, verb, person, **fields):
    data = {"verb": verb, "people": f"{person.code}:{person.state}", **fields}
    return client.post(f"/desk/{workshop.slug}/55/decide/", data, headers=HTMX)


@pytest.mark.parametrize(
    ("first", "second"),
    [(("decline", "twice"), ("decline", "outside")), (("approve", ""), ("decline", "twice")), (("approve", ""), ("approve", ""))],
    ids=["both decline", "one approves, one declines", "both approve"],
)
def test_of_two_coordinators_one_decides_and_the_other_is_told(first, second):
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=1)
    clients = [signed_in(make_coordinator(workshop, name=f"นายคนที่ {number}")) for number in (1, 2)]
    make_participant(workshop)
    for _round in range(ROUNDS):
        person = Participant.objects.get(state=State.PENDING)
        make_participant(workshop)  # the next in line
        at_first, at_second = (
            partial(decide, client, workshop, verb, person, reason=reason)
            for client, (verb, reason) in zip(clients, (first, second), strict=True)
        )
        answers = at_once(at_first, at_second)
        (done, _words), (refused, words) = sorted(told(answer) for answer in answers)
        assert (done, refused) == ("done", "refused")
        assert re.search(r"เพราะมีการเปลี่ยนแปลงก่อนหน้า – .+ \(นายคนที่ [12] ", words)
        person.refresh_from_db()
        mails = Delivery.objects.filter(participant=person, message__in=["declined", "confirmed"])
        assert list(mails.values_list("message", flat=True)) == [person.state]
        assert quotas.mismatches() == []
        if person.state == State.CONFIRMED:
            decide(clients[0], workshop, "decline", person, reason="twice")


def test_approving_races_with_the_persons_own_cancelling():
    """Whoever is first, the person ends as cancelled, their seat goes to the next in line, and the seats are right."""
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=1)
    client, visitor = signed_in(make_coordinator(workshop)), Browser(headers={"accept-language": "th"})
    make_participant(workshop)
    for _round in range(ROUNDS):
        person, following = Participant.objects.get(state=State.PENDING), make_participant(workshop)
        page = f"/p/{person.code}/cancel/"
        visitor.open_page_of(person)
        answer, left = at_once(partial(decide, client, workshop, "approve", person), partial(visitor.post, page))
        assert left.status_code == 302
        states = dict(Participant.objects.filter(pk__in=[person.pk, following.pk]).values_list("pk", "state"))
        assert states == {person.pk: State.CANCELLED, following.pk: State.PENDING}
        approved = Delivery.objects.filter(participant=person, message="confirmed").exists()
        assert (told(answer)[0] == "done") is approved
        assert quotas.mismatches() == []
