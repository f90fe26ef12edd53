"""How quickly Zoom is answered when a burst of its messages comes, beside 2,000 people: Zoom waits 3 seconds.

`python -m benchmarks.zoom_events [DATABASE_URL]`, SQLite by default. 500 people join within one moment, 50 messages at once; half of them
come twice, as after a lost answer. A worker goes through them afterwards.
"""

import http.client
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

PEOPLE, EVENTS, AT_ONCE, ZOOM_WAITS = 2000, 500, 50, 3.0
SECRET, NUMBER = "zoom-events", "98765432101"


def main(database_url: str = "") -> int:
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{folder}/zoom.sqlite3"
        told = {"VAR_DIR": folder, "DATABASE_URL": url, "ZOOM_WEBHOOK_SECRET": SECRET, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ |= told
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks.servers import environment, gunicorn

        call_command("migrate", verbosity=0)
        _people()
        env = environment(url, Path(folder)) | {"ZOOM_WEBHOOK_SECRET": SECRET}
        with gunicorn("sdgworkshop.wsgi:application", env) as port:
            _burst(port, 0, 20)  # the workers have loaded everything
            answers = _burst(port, 20, EVENTS)
        return _told(answers)


def _people() -> None:
    from django.utils import timezone

    from registration.actor import SYSTEM
    from registration.models import Participant, ZoomRegistrant
    from registration.zoom.actions.webinars import say_webinar
    from registration.zoom.meetings import meetings_of
    from tests.factories import make_participant, make_workshop

    workshop = make_workshop(links_by="zoom", days=1, tracks=0)
    template = make_participant(workshop)
    made = []
    for number in range(1, PEOPLE):
        one = Participant.objects.get(pk=template.pk)
        one.pk, one.code, one.submission = None, uuid4().hex[:7].upper(), uuid4()
        one.email, one.first_name = f"p{number}@example.org", f"สมมุติ{number}"
        made.append(one)
    Participant.objects.bulk_create(made)
    webinar = say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)
    people, at = Participant.objects.order_by("pk"), timezone.now()
    ZoomRegistrant.objects.bulk_create(
        ZoomRegistrant(webinar=webinar, participant=one, email=one.email, registrant_id=f"key-{place}", at=at)
        for place, one in enumerate(people)
    )
    workshop.days.update(date=timezone.localdate())


def _burst(port: int, start: int, count: int) -> list[tuple[int, float]]:
    """The status of each answer, and how many seconds it took."""
    from benchmarks.zoom_stand_in import signed_headers

    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def message(number: int) -> tuple[bytes, dict[str, str]]:
        person = {"user_name": "สมมุติ", "email": "x@example.org", "user_id": f"u{number}", "registrant_id": f"key-{number}"}
        told = {"id": NUMBER, "uuid": "u==", "topic": "T", "participant": person | {"join_time": moment}}
        body = json.dumps({"event": "webinar.participant_joined", "payload": {"object": told}}).encode()
        return body, signed_headers(SECRET, body, int(time.time()))

    def send(said: tuple[bytes, dict[str, str]]) -> tuple[int, float]:
        body, headers = said
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/zoom/events/", body, headers | {"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, time.perf_counter() - began

    messages = [message(number) for number in range(start, start + count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*pool.map(send, messages + messages[: count // 2])]


def _told(answers: list[tuple[int, float]]) -> int:
    from django.utils import timezone

    from registration.models import ZoomEvent
    from registration.zoom.actions.events import work_through
    from registration.zoom.presence import in_now
    from sessions.models import WorkshopDay

    seconds = sorted(seconds for _status, seconds in answers)
    statuses = Counter(status for status, _seconds in answers)
    noted, began = ZoomEvent.objects.count(), time.perf_counter()
    work_through(at=timezone.now())
    worked = time.perf_counter() - began
    people = in_now(WorkshopDay.objects.get()).people
    kept = seconds[-1] < ZOOM_WAITS and noted == people == EVENTS + 20 and statuses[204] == EVENTS
    print(f"{'kept' if kept else 'NOT KEPT'}   {len(answers)} messages, {AT_ONCE} at once, beside {PEOPLE} people: {dict(statuses)}")
    middle, slow = statistics.median(seconds), seconds[len(seconds) * 99 // 100]
    print(f"       answered after {middle * 1000:.0f} ms (median), {slow * 1000:.0f} ms (99 %), {seconds[-1] * 1000:.0f} ms (slowest)")
    print(f"       {noted} noted, gone through by a worker in {worked:.1f} s, {people} people on the board")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
