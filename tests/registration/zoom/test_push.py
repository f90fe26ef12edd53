"""Zoom by its API: whatever Zoom and the worker do, in the end exactly those are registered who should be, once."""

import datetime as dt
import json
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from benchmarks.zoom_stand_in import StandIn, served
from registration.actor import PARTICIPANT, SYSTEM, Actor, ActorKind
from registration.models import AuditEvent, Participant, ZoomHandover, ZoomRegistrant, ZoomStanding, ZoomWebinar
from registration.operations.clock import go_on_with_webinars
from registration.privacy.actions.anonymisation import anonymise
from registration.privacy.actions.erasure import erase
from registration.seats.actions.moves import cancel
from registration.zoom.actions import work as zoom_work
from registration.zoom.actions.lists import mark_done, take_list
from registration.zoom.actions.webinars import (
    NumberTaken,
    StillRegistered,
    ask_for_push,
    ask_where_zoom_differs,
    say_webinar,
    stop_keeping_in_step,
)
from registration.zoom.client import NewRegistrant, ZoomAccount, ZoomClient, ZoomRefused, ZoomRests, ZoomUnclear
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import ledgers_of, meetings_of
from registration.zoom.reading import whole_list
from tests.factories import make_participant, make_workshop, seats_of
from tests.registration.zoom.simulated import Killed, Office

Trouble = ZoomWebinar.Trouble
NUMBER = "98765432101"
FIELDS = json.loads((Path(__file__).parent / "zoom_fields.json").read_text())


@pytest.fixture
def office():
    office = Office(timezone.now())
    office.zoom.hold(NUMBER)
    return office


@pytest.fixture
def workshop(db):
    return make_workshop(links_by="zoom", days=1, tracks=0)


@pytest.fixture
def webinar(workshop, office):
    """With thirty-three people to come."""
    seats_of(workshop, capacity=100)
    for _number in range(3):
        make_participant(workshop)
    template = Participant.objects.filter(workshop=workshop).first()
    copies(template, 30)
    return say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)


def copies(template, count):
    """As many more like `template`, written past the form: there are enough tests of that."""
    days = list(template.days.all())
    start = Participant.objects.count()
    rows = []
    for number in range(start, start + count):
        row = Participant.objects.get(pk=template.pk)
        row.pk, row.code, row.email = None, f"Z{number:06d}", f"copy{number}@example.org"
        row.first_name, row.submission = f"สมมุติเลข{number}", uuid4()
        rows.append(row)
    Participant.objects.bulk_create(rows)
    made = Participant.objects.filter(email__in=[row.email for row in rows])
    through = Participant.days.through
    through.objects.bulk_create([through(participant=one, workshopday=day) for one in made for day in days])


def push(office, webinar, **kwargs):
    ask_for_push(webinar=webinar, by=SYSTEM, count=0, at=office.time.now())
    tasks = office.work_off(**kwargs)
    webinar.refresh_from_db()
    return tasks


def expected(webinar):
    people = Participant.objects.confirmed().known().filter(workshop=webinar.day.workshop, days=webinar.day)
    return sorted(people.values_list("email", flat=True))


def exactly_who_should(office, webinar):
    assert office.zoom.webinars[NUMBER].addresses() == expected(webinar)
    told = {one["id"]: (one["email"], one["join_url"]) for one in office.zoom.webinars[NUMBER].approved()}
    kept = {row.registrant_id: (row.email, row.join_url) for row in ZoomRegistrant.objects.filter(webinar=webinar)}
    assert kept == told
    assert (webinar.trouble, webinar.push_asked_at) == ("", None)


class TestInStep:
    def test_everybody_is_registered_once_in_batches_of_thirty(self, office, webinar):
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert sum(path.endswith("batch_registrants") for _method, path in office.zoom.calls) == 2
        assert ZoomHandover.objects.count() == 33
        (ledger,) = ledgers_of(webinar.day.workshop)
        assert (ledger.expected, ledger.known, ledger.left.count, ledger.is_read) == (33, 33, 0, True)

    def test_pushing_again_sends_nobody(self, office, webinar):
        push(office, webinar)
        office.zoom.calls.clear()
        push(office, webinar)
        assert {method for method, path in office.zoom.calls if path != "/oauth/token"} == {"GET"}

    def test_who_cancelled_goes_who_came_is_added_and_who_is_called_otherwise_is_registered_anew(self, office, webinar):
        push(office, webinar)
        gone, renamed = Participant.objects.order_by("pk")[:2]
        cancel(participant=gone, by=PARTICIPANT)
        Participant.objects.filter(pk=renamed.pk).update(first_name="สมมุติใหม่")
        make_participant(webinar.day.workshop)
        push(office, webinar)
        exactly_who_should(office, webinar)
        (told,) = [one for one in office.zoom.webinars[NUMBER].approved() if one["email"] == renamed.email]
        assert "สมมุติใหม่" in told["last_name"]

    def test_whom_a_file_brought_and_whom_the_office_registered_by_hand_stay_as_they_are(self, office, webinar):
        file = take_list(meeting=meetings_of(webinar.day.workshop)[0], kind=DeedKind.ADD, by=SYSTEM)
        mark_done(file=file, by=SYSTEM)
        with office.client() as client:
            for line in file.lines.all():
                client.register(NUMBER, [NewRegistrant(line.email.upper(), line.first_name, line.last_name)])
            client.register(NUMBER, [NewRegistrant("speaker@example.org", "วิทยากร", "สมมุติ")])
        office.zoom.calls.clear()
        push(office, webinar)
        assert {method for method, path in office.zoom.calls if path != "/oauth/token"} == {"GET"}
        assert (webinar.strangers, webinar.registrants.count()) == (1, 33)

    def test_who_was_erased_leaves_nothing_but_the_key_by_which_they_are_removed_in_zoom(self, office, webinar):
        push(office, webinar)
        person = Participant.objects.get(email=expected(webinar)[0])
        key = person.zoom_registrants.get().registrant_id
        erase(participant=person, by=SYSTEM)
        (left,) = ZoomRegistrant.objects.forgotten()
        assert (left.registrant_id, left.email, left.first_name, left.last_name, left.join_url) == (key, "", "", "", "")
        assert ledgers_of(webinar.day.workshop)[0].count == 1
        assert ask_where_zoom_differs(at=office.time.now()) == 1
        office.work_off()
        webinar.refresh_from_db()
        exactly_who_should(office, webinar)
        assert office.zoom.webinars[NUMBER].registrants[key]["status"] == "cancelled"

    def test_with_the_names_of_a_workshop_goes_what_zoom_told_of_them(self, office, webinar):
        push(office, webinar)
        anonymise(workshop=webinar.day.workshop, by=SYSTEM)
        assert not ZoomRegistrant.objects.exists()


class TestWhomZoomDoesNotLetIn:
    """The office decides about them in Zoom; until it has, nobody is sent again."""

    def turned(self, office, webinar, status, count=1):
        push(office, webinar)
        rows = sorted(office.zoom.webinars[NUMBER].approved(), key=lambda one: one["email"])[:count]
        for row in rows:
            row["status"] = status
        return rows

    def sent(self, office):
        return sum(path.endswith("batch_registrants") for _method, path in office.zoom.calls)

    @pytest.mark.parametrize("status", ["pending", "denied"])
    def test_they_are_not_sent_again_and_staff_read_who_they_are(self, office, webinar, status):
        (row,) = self.turned(office, webinar, status)
        office.zoom.calls.clear()
        for _again in range(3):
            push(office, webinar)
        assert (self.sent(office), len(office.zoom.webinars[NUMBER].registrants)) == (0, 33)
        (ledger,) = ledgers_of(webinar.day.workshop)
        assert [one.email for one in ledger.left.held] == [row["email"]]
        assert (ledger.standings, ledger.left.count, ledger.known) == ({row["email"]: status}, 0, 32)
        assert not ZoomRegistrant.objects.filter(email=row["email"]).exists(), "their link leads nowhere"

    def test_the_others_are_sent_all_the_same(self, office, webinar):
        self.turned(office, webinar, "denied", count=2)
        newcomer = make_participant(webinar.day.workshop)
        push(office, webinar)
        assert newcomer.email in office.zoom.webinars[NUMBER].addresses()
        assert (ledgers_of(webinar.day.workshop)[0].known, len(office.zoom.webinars[NUMBER].registrants)) == (32, 34)

    def test_who_is_approved_is_in_again_with_their_link_without_a_press(self, office, webinar):
        (row,) = self.turned(office, webinar, "pending")
        push(office, webinar)
        row["status"] = "approved"
        assert ask_where_zoom_differs(at=office.time.now() + dt.timedelta(minutes=10)) == 1
        office.work_off()
        webinar.refresh_from_db()
        exactly_who_should(office, webinar)
        assert not ledgers_of(webinar.day.workshop)[0].left.held

    def test_whom_the_office_cancels_there_is_registered_anew(self, office, webinar):
        (row,) = self.turned(office, webinar, "denied")
        push(office, webinar)
        row["status"] = "cancelled"
        push(office, webinar)
        exactly_who_should(office, webinar)

    def test_who_was_cancelled_by_us_and_comes_again_is_sent_even_if_zoom_lists_them_as_denied(self, office, webinar):
        person = Participant.objects.order_by("pk").first()
        push(office, webinar)
        Participant.objects.filter(pk=person.pk).update(state="cancelled")
        push(office, webinar)
        (row,) = [one for one in office.zoom.webinars[NUMBER].registrants.values() if one["email"] == person.email]
        row["status"] = "denied"
        Participant.objects.filter(pk=person.pk).update(state="confirmed")
        push(office, webinar)
        exactly_who_should(office, webinar)

    def test_a_webinar_that_approves_nobody_by_itself_is_filled_once(self, office, webinar):
        office.zoom.hold(NUMBER, approves=False)
        push(office, webinar)
        push(office, webinar)
        assert (self.sent(office), len(office.zoom.webinars[NUMBER].registrants)) == (2, 33)
        assert (len(ledgers_of(webinar.day.workshop)[0].left.held), webinar.trouble) == (33, "")

    def test_who_is_erased_leaves_nothing_of_it(self, office, webinar):
        (row,) = self.turned(office, webinar, "denied")
        push(office, webinar)
        erase(participant=Participant.objects.get(email=row["email"]), by=SYSTEM)
        assert not ZoomStanding.objects.exists()


class TestBadDays:
    def test_zoom_dies_after_row_17_of_30(self, office, webinar):
        office.zoom.moods.dies_after_rows = 17
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert len(office.zoom.webinars[NUMBER].registrants) == 33, "nobody was registered twice and removed again"

    def test_zoom_does_it_and_answers_too_late(self, office, webinar):
        office.zoom.moods.slow_calls = 3
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert len(office.zoom.webinars[NUMBER].registrants) == 33

    def test_zoom_does_it_only_after_we_stopped_waiting(self, office, webinar):
        office.zoom.moods.late_batches = 1
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert len(office.zoom.webinars[NUMBER].registrants) == 33

    def test_whom_zoom_has_twice_all_the_same_is_left_once(self, office, webinar):
        push(office, webinar)
        with office.client() as client:
            client.register(NUMBER, [NewRegistrant(expected(webinar)[0], "น่าน", "นายสมมุติ")])
        push(office, webinar)
        exactly_who_should(office, webinar)

    @pytest.mark.parametrize("retry_after", ["", "7", "1200"])
    def test_zoom_is_asked_too_often(self, office, webinar, retry_after):
        office.zoom.moods.busy_calls, office.zoom.moods.retry_after = 9, retry_after
        push(office, webinar)
        exactly_who_should(office, webinar)

    def test_as_long_a_pause_is_made_as_zoom_asks_for_without_holding_a_worker(self, office, webinar):
        office.zoom.moods.busy_calls, office.zoom.moods.retry_after = 1, "1200"
        ask_for_push(webinar=webinar, by=SYSTEM, count=0)
        before = office.time.passed
        assert not office.work(webinar)
        assert office.time.passed - before < 1
        webinar.refresh_from_db()
        assert 1199 < (webinar.rests_until - office.time.now()).total_seconds() <= 1200
        assert zoom_work.left_by_workers(office.time.now()) == []

    @pytest.mark.parametrize("tells_total", [True, False])
    def test_pages_have_no_order(self, office, webinar, monkeypatch, tells_total):
        monkeypatch.setattr("registration.zoom.client.MAX_PAGE", 10)
        office.zoom.moods.forgets_order, office.zoom.moods.tells_total = True, tells_total
        office.zoom.moods.dies_after_rows = 17
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert len(office.zoom.webinars[NUMBER].registrants) == 33

    @pytest.mark.parametrize("call", range(1, 6))
    def test_the_worker_is_killed_after_any_call(self, office, webinar, call):
        office.dies_at = call
        ask_for_push(webinar=webinar, by=SYSTEM, count=0)
        with pytest.raises(Killed):
            office.work(webinar)
        assert not office.work(webinar), "it is still leased"
        ZoomWebinar.objects.update(leased_until=office.time.now())
        office.dies_at = None
        office.work_off()
        webinar.refresh_from_db()
        exactly_who_should(office, webinar)
        assert len(office.zoom.webinars[NUMBER].registrants) == 33

    def test_time_that_is_short_is_used_and_another_task_goes_on(self, office, webinar):
        assert push(office, webinar, seconds=1.5) > 1
        exactly_who_should(office, webinar)


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "trouble"),
        [
            ({"kind": 9}, Trouble.NO_REGISTRATION),
            ({"is_over": True}, Trouble.OVER),
            ({"capacity": 5}, Trouble.FULL),
        ],
    )
    def test_zoom_says_why_and_staff_read_it(self, office, webinar, change, trouble):
        office.zoom.hold(NUMBER, **change)
        push(office, webinar)
        assert (webinar.trouble, webinar.push_asked_at) == (trouble, None)

    def test_a_number_that_zoom_does_not_know(self, office, webinar):
        office.zoom.webinars.clear()
        push(office, webinar)
        assert webinar.trouble == Trouble.NOT_FOUND

    def test_another_secret(self, office, webinar):
        office.zoom.secret = "another"
        push(office, webinar)
        assert webinar.trouble == Trouble.CREDENTIALS

    def test_a_token_that_is_over_is_renewed(self, office):
        with office.client() as client:
            client.webinar(NUMBER)
            office.time.sleep(4000)
            assert client.webinar(NUMBER)["topic"] == "Webinar"

    def test_nothing_goes_to_an_address_without_tls(self, office):
        office.zoom.address = "http://api.zoom.test"
        with office.client() as client, pytest.raises(ZoomRefused):
            client.webinar(NUMBER)

    def test_many_are_removed_only_where_somebody_pressed_for_it(self, office, webinar):
        push(office, webinar)
        Participant.objects.update(state="cancelled")
        later = office.time.now() + dt.timedelta(hours=1)
        assert ask_where_zoom_differs(at=later) == 1
        office.work_off()
        webinar.refresh_from_db()
        assert (webinar.trouble, len(office.zoom.webinars[NUMBER].addresses())) == (Trouble.MANY_REMOVED, 33)
        push(office, webinar)
        exactly_who_should(office, webinar)
        assert office.zoom.webinars[NUMBER].addresses() == []


class TestAsking:
    def test_the_clock_looks_every_ten_minutes_and_asks_where_something_differs(self, office, webinar):
        push(office, webinar)
        at = office.time.now()
        assert ask_where_zoom_differs(at=at) == 0
        make_participant(webinar.day.workshop)
        assert ask_where_zoom_differs(at=at + dt.timedelta(minutes=9)) == 0
        assert ask_where_zoom_differs(at=at + dt.timedelta(minutes=10)) == 1
        assert go_on_with_webinars(at + dt.timedelta(minutes=10)) == 1
        assert go_on_with_webinars(at + dt.timedelta(minutes=10)) == 0

    def test_what_is_not_kept_in_step_is_left_alone(self, office, webinar):
        push(office, webinar)
        assert stop_keeping_in_step(webinar=webinar, by=SYSTEM) and not stop_keeping_in_step(webinar=webinar, by=SYSTEM)
        make_participant(webinar.day.workshop)
        assert ask_where_zoom_differs(at=office.time.now() + dt.timedelta(hours=1)) == 0

    def test_what_staff_do_stands_in_the_trail_without_a_name(self, webinar, django_user_model):
        by = Actor(ActorKind.STAFF, django_user_model.objects.create_user("staff"))
        ask_for_push(webinar=webinar, by=by, count=33)
        stop_keeping_in_step(webinar=webinar, by=by)
        assert list(AuditEvent.objects.order_by("pk").values_list("what", "count")) == [("zoom by api", 33), ("zoom stopped", 1)]

    def test_a_webinar_is_of_one_meeting(self, webinar):
        other = meetings_of(make_workshop(links_by="zoom", days=1, tracks=0))[0]
        with pytest.raises(NumberTaken):
            say_webinar(meeting=other, number=NUMBER, by=SYSTEM)
        assert say_webinar(meeting=other, number="", by=SYSTEM) is None

    def test_a_webinar_with_people_is_given_up_only_by_who_says_so(self, office, webinar):
        push(office, webinar)
        meeting = meetings_of(webinar.day.workshop)[0]
        with pytest.raises(StillRegistered):
            say_webinar(meeting=meeting, number="111", by=SYSTEM)
        say_webinar(meeting=meeting, number="111", by=SYSTEM, is_former_given_up=True)
        assert list(ZoomWebinar.objects.values_list("number", flat=True)) == ["111"]
        assert ledgers_of(webinar.day.workshop)[0].left.count == 33

    def test_without_settings_nobody_is_called(self, webinar):
        ask_for_push(webinar=webinar, by=SYSTEM, count=33)
        assert not ZoomAccount.of_settings().is_set
        assert zoom_work.work(webinar_id=webinar.pk, seconds=1)
        webinar.refresh_from_db()
        assert webinar.trouble == Trouble.NOT_SET


class TestStandIn:
    """The stand-in answers with exactly the fields of the fixture, over a real socket, to the real client."""

    @pytest.fixture
    def zoom(self):
        zoom = StandIn()
        server = served(zoom)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield zoom
        server.shutdown()
        server.server_close()

    def client(self, zoom, **kwargs):
        return ZoomClient(ZoomAccount("account", "client", "secret", zoom.address), sleep=lambda seconds: None, **kwargs)

    def test_the_fields_are_those_of_the_fixture(self, zoom):
        seen = {}

        class Looking(ZoomClient):
            def _answered(self, method, url, **sent):
                answer = super()._answered(method, url, **sent)
                path = url.removeprefix(zoom.address).removeprefix("/v2").replace(NUMBER, "{id}")
                seen[f"{method} {path}"] = answer.json() if answer.content else None
                return answer

        webinar = zoom.hold(NUMBER)
        with Looking(ZoomAccount("account", "client", "secret", zoom.address), sleep=lambda seconds: None) as client:
            client.webinar(NUMBER)
            (told,) = client.register(NUMBER, [NewRegistrant("a@example.org", "น่าน", "นายสมมุติ")])
            assert [row.registrant_id for row in whole_list(client, NUMBER).seen.values()] == [told.registrant_id]
            zoom.attend(webinar, told.registrant_id, "2027-02-18T02:00:00Z", "2027-02-18T03:00:00Z")
            webinar.is_over = True
            assert [row["registrant_id"] for row in client.participants(NUMBER)] == [told.registrant_id]
            client.cancel(NUMBER, [(told.registrant_id, told.email)])
            assert whole_list(client, NUMBER).seen == {}
            zoom.webinars.clear()
            with pytest.raises(ZoomRefused):
                client.cancel(NUMBER, [(told.registrant_id, told.email)])
        fields = {call: sorted(said) for call, said in seen.items() if said}
        assert fields.pop("PUT /webinars/{id}/registrants/status") == FIELDS["fault"]
        assert fields == {call: named for call, named in FIELDS.items() if " " in call}
        assert sorted(seen["POST /webinars/{id}/batch_registrants"]["registrants"][0]) == FIELDS["batch_registrants[]"]
        assert sorted(seen["GET /report/webinars/{id}/participants"]["participants"][0]) == FIELDS["participants[]"]
        assert sorted(webinar.registrants[told.registrant_id]) == FIELDS["registrants[]"]

    def test_a_connection_that_ends_is_no_answer(self, zoom):
        zoom.hold(NUMBER)
        zoom.moods.dies_after_rows = 0
        with self.client(zoom) as client, pytest.raises(ZoomUnclear):
            client.register(NUMBER, [NewRegistrant("a@example.org", "น่าน", "นายสมมุติ")])

    def test_nobody_answers(self):
        account = ZoomAccount("account", "client", "secret", "http://127.0.0.1:9")
        with ZoomClient(account, sleep=lambda seconds: None) as client, pytest.raises(ZoomRests) as rests:
            client.webinar(NUMBER)
        assert rests.value.trouble == Trouble.UNREACHABLE
