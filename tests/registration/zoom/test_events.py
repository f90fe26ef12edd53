"""What Zoom tells by itself: only Zoom, only once, only fresh; nothing of it in a log; the board of the day counts people once."""

import datetime as dt
import hmac
import json
import logging

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.zoom_stand_in import signed_headers
from registration.actor import SYSTEM
from registration.models import AttendanceStop, ZoomEvent, ZoomPresence, ZoomRegistrant
from registration.operations import tasks
from registration.zoom.actions.events import forget, work_through
from registration.zoom.actions.webinars import say_webinar
from registration.zoom.meetings import meetings_of
from registration.zoom.presence import in_now
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db
SECRET, NUMBER = "webhook-secret", "98765432101"
URL = "/zoom/events/"


@pytest.fixture(autouse=True)
def secret(settings):
    settings.ZOOM_WEBHOOK_SECRET = SECRET


def message(event="webinar.participant_joined", *, person=None, number=NUMBER, **told):
    inner = {"id": number, "uuid": "u==", "topic": "T"} | told
    if person is not None:
        inner["participant"] = {"user_name": "สมมุติ ลับมาก", "email": "secret@example.org"} | person
    return {"event": event, "event_ts": 1, "payload": {"account_id": "a", "object": inner}}


def send(client, said, *, moment=None, secret=SECRET, drop=(), **changed):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = signed_headers(secret, body, int(timezone.now().timestamp()) if moment is None else moment) | changed
    sent = {name: value for name, value in headers.items() if name.startswith("x-") and name not in drop}
    return client.post(URL, body, content_type="application/json", headers=sent)


def joined(key="k1", clock=0, connection="16778240", event="webinar.participant_joined"):
    moment = (timezone.now() + dt.timedelta(seconds=clock)).isoformat()
    return message(event, person={"user_id": connection, "registrant_id": key, "join_time": moment, "leave_time": moment})


class TestRefused:
    now = property(lambda self: int(timezone.now().timestamp()))

    @pytest.mark.parametrize(
        "how",
        [
            {"secret": "another"},
            {"drop": ["x-zm-signature"]},
            {"drop": ["x-zm-request-timestamp"]},
            {"drop": ["x-zm-signature", "x-zm-request-timestamp"]},
            {"x-zm-signature": ""},
            {"x-zm-signature": "v0="},
            {"x-zm-signature": "v0=ลายเซ็น".encode().decode("latin-1")},
            {"x-zm-request-timestamp": "abc"},
            {"x-zm-request-timestamp": "-1"},
            {"x-zm-request-timestamp": "9" * 400},
            {"x-zm-request-timestamp": "٣" * 10},
        ],
    )
    def test_what_is_not_signed_as_zoom_signs(self, client, how):
        assert send(client, joined(), **how).status_code == 401
        assert not ZoomEvent.objects.exists()

    @pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-290, 204), (290, 204), (310, 401)])
    def test_what_is_not_fresh(self, client, seconds, status):
        assert send(client, joined(), moment=self.now + seconds).status_code == status

    def test_what_came_before(self, client):
        said, moment = joined(), self.now
        assert [send(client, said, moment=moment).status_code for _again in range(3)] == [204, 409, 409]
        assert ZoomEvent.objects.count() == 1

    @pytest.mark.parametrize("body", [b"", b"no", b"[]", b"1", b"[" * 50_000, b'"\xff"'])
    def test_what_is_no_message(self, client, body):
        assert send(client, body).status_code == 400

    def test_what_is_too_long(self, client):
        assert send(client, b" " * 70_000).status_code == 413

    @pytest.mark.parametrize(
        "said",
        [
            {"event": "meeting.started"},
            {"event": ["x"], "payload": 3},
            message(person={}),
            message(person={"user_id": "\x00", "registrant_id": "ก" * 200}),
            message(number="not a number"),
            message(person={"user_id": "1", "join_time": "never"}, number={"a": 1}),
        ],
    )
    def test_what_tells_us_nothing_is_taken_and_forgotten(self, client, said):
        assert send(client, said).status_code == 204
        assert not ZoomEvent.objects.exists()

    def test_without_a_secret_there_is_no_such_address(self, client, settings):
        settings.ZOOM_WEBHOOK_SECRET = ""
        assert send(client, joined()).status_code == 404

    def test_nothing_of_it_stands_in_a_log_or_in_the_database(self, client, caplog):
        with caplog.at_level(logging.DEBUG):
            send(client, joined())
            send(client, joined(), secret="another")
        assert not any(word in caplog.text for word in ("ลับมาก", "secret@example.org"))
        assert not any(word in str(list(ZoomEvent.objects.values())) for word in ("ลับมาก", "secret@example.org"))


def test_zoom_is_told_that_the_address_is_ours(client):
    said = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    encrypted = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", "sha256").hexdigest()
    assert send(client, said).json() == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": encrypted}
    forged = {"event": "endpoint.url_validation", "payload": {"plainToken": "v0:1700000000:{}"}}
    assert send(client, forged).content == b"", "what signs messages is not signed for anybody"


class TestTheAnswer:
    """Zoom waits three seconds: a message is noted, and whose it is a worker finds out."""

    def asked(self, client, said):
        with CaptureQueriesContext(connection) as asked:
            assert send(client, said).status_code == 204
        return [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]

    @pytest.mark.parametrize("many", [1, 30])
    def test_one_row_is_written_and_nothing_read_however_many_people_and_messages(self, client, many):
        workshop = make_workshop(links_by="zoom", days=1, tracks=0)
        webinar = say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)
        template = make_participant(workshop)
        told = {"webinar": webinar, "participant": template, "at": timezone.now()}
        rows = [ZoomRegistrant(email=f"{n}@example.org", registrant_id=f"k{n}", **told) for n in range(many)]
        ZoomRegistrant.objects.bulk_create(rows)
        for number in range(many):
            send(client, joined(f"k{number}", 0, f"c{number}"))
        (insert,) = self.asked(client, joined("k0", 1, "new"))
        assert insert.startswith("INSERT INTO") and "zoomevent" in insert
        assert not ZoomPresence.objects.exists(), "that is the worker's"

    def test_what_is_refused_or_tells_nothing_asks_nothing(self, client):
        with CaptureQueriesContext(connection) as asked:
            send(client, joined(), secret="another")
        assert len(asked) == 0
        assert self.asked(client, {"event": "meeting.started"}) == []
        said = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
        with CaptureQueriesContext(connection) as asked:
            assert send(client, said).status_code == 200
        assert len(asked) == 0


class TestTheBoard:
    @pytest.fixture
    def day(self):
        workshop = make_workshop(links_by="zoom", days=1, tracks=0)
        people = [make_participant(workshop, code) for code in ("55", "55", "56")]
        webinar = say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)
        for place, person in enumerate(people, 1):
            told = {"email": person.email, "registrant_id": f"k{place}", "at": timezone.now()}
            ZoomRegistrant.objects.create(webinar=webinar, participant=person, **told)
        workshop.days.update(date=timezone.localdate())
        day = workshop.days.get()
        day.people = people
        return day

    def numbers(self, day):
        work_through(at=timezone.now())
        found = in_now(day)
        return found.people, found.others

    def test_people_come_and_go(self, client, day):
        send(client, joined("k1", 0, "1"))
        send(client, joined("k2", 0, "2"))
        send(client, joined("", 0, "3"))
        assert self.numbers(day) == (2, 1)
        send(client, joined("k1", 5, "1", "webinar.participant_left"))
        assert self.numbers(day) == (1, 1)

    def test_two_devices_are_one_person_who_stays_until_both_are_gone(self, client, day):
        send(client, joined("k1", 0, "1"))
        send(client, joined("k1", 1, "2"))
        send(client, joined("k1", 2, "1", "webinar.participant_left"))
        assert self.numbers(day) == (1, 0)

    def test_messages_may_come_in_any_order(self, client, day):
        send(client, joined("k1", 5, "1", "webinar.participant_left"))
        send(client, joined("k1", 0, "1"))
        assert self.numbers(day) == (0, 0)
        send(client, joined("k1", 9, "1"))
        assert self.numbers(day) == (1, 0)

    def test_at_the_end_nobody_is_in(self, client, day):
        send(client, joined("k1", 0, "1"))
        send(client, message("webinar.ended", end_time=(timezone.now() + dt.timedelta(seconds=9)).isoformat()))
        assert self.numbers(day) == (0, 0)

    def test_whose_attendance_is_not_used_is_not_known_there(self, client, day):
        AttendanceStop.objects.create(participant=day.people[0], at=timezone.now())
        send(client, joined("k1", 0, "1"))
        assert self.numbers(day) == (0, 1)

    def test_of_an_unknown_webinar_nothing_is_kept(self, client, day):
        send(client, joined() | {"payload": {"object": {"id": "123456789", "participant": {"user_id": "1"}}}})
        assert self.numbers(day) == (0, 0)

    def test_after_two_days_it_is_forgotten(self, client, day):
        send(client, joined("k1", 0, "1"))
        tasks.go_through_zoom_events.call()
        assert forget(at=timezone.now() + dt.timedelta(hours=47)) == 0
        forget(at=timezone.now() + dt.timedelta(hours=49))
        assert (ZoomEvent.objects.count(), ZoomPresence.objects.count()) == (0, 0)

    def test_staff_see_numbers_by_province_and_group(self, client, day, django_assert_num_queries):
        for place in (1, 2, 3):
            send(client, joined(f"k{place}", 0, str(place)))
        work_through(at=timezone.now())
        with django_assert_num_queries(4):
            found = in_now(day)
        assert sorted(found.by_quota.values()) == [1, 2] and list(found.by_group.values()) == [3]
        client.force_login(User.objects.create_superuser("boss"))
        words = client.get(f"/en/admin/registration/attendance/{day.workshop.slug}/live/").content.decode()
        assert "people are in Zoom just" in " ".join(words.split()) and day.people[0].first_name not in words
