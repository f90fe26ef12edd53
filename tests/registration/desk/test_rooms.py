"""A desk says who sat together behind one connection: only its own people, only connections that are its business."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.actor import Actor, ActorKind
from registration.attendance.actions import verdicts
from registration.attendance.places import says_place
from registration.attendance.rooms import PAGE, rooms_of
from registration.models import Attendance, AuditEvent, RoomSeat, Sighting
from sessions.models import AgendaItem
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of, work_off
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import Somebody
from tests.registration.attendance.test_report_actions import applied, minutes

pytestmark = pytest.mark.django_db
STAFF = Actor(ActorKind.STAFF)
HALL = Somebody("ห้องประชุมจังหวัดน่าน", "", [("09:00", "11:00")])
ELSEWHERE = Somebody("ห้องประชุมจังหวัดพะเยา", "", [("09:00", "11:30")])
STRANGER = Somebody("iPhone", "", [("09:00", "11:00")])


@pytest.fixture
def workshop():
    workshop = make_workshop(title_th=files.TOPIC, days=1)
    AgendaItem.objects.create(day=workshop.days.first(), starts_at=dt.time(11), ends_at=dt.time(12), kind="wrap_up", title_th="สรุป")
    return workshop


@pytest.fixture
def day(workshop):
    return workshop.days.first()


@pytest.fixture
def nan(workshop):
    return seats_of(workshop, "55")


@pytest.fixture
def people(workshop):
    """Three of Nan, the first with a connection of their own, and one of Phayao."""
    own = [make_participant(workshop, "55", email=email) for email in ("one@example.org", "sat1@example.org", "sat2@example.org")]
    return [*own, make_participant(workshop, "56", email="two@example.org", first_name="พะเยาคน")]


@pytest.fixture
def counted(workshop, people):
    return applied(workshop, files.webinar_rows(people=[*files.PEOPLE[:2], HALL, ELSEWHERE, STRANGER], other=False))


@pytest.fixture
def hall(counted):
    return Sighting.objects.get(name=HALL.name)


@pytest.fixture
def desk(client, workshop):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "th"
    client.force_login(make_coordinator(workshop, "55").user)
    return client


def address(workshop, sighting=None):
    return f"/desk/{workshop.slug}/55/attendance/rooms/" + (f"{sighting.pk}/" if sighting else "")


def text(answer):
    return answer.content.decode()


class TestWhatADeskSees:
    def test_its_own_people_and_what_bears_its_name_and_nothing_else(self, desk, workshop, counted, nan):
        assert {room.sighting.name for room in rooms_of(nan)} == {HALL.name, files.PEOPLE[0].name}
        page = text(desk.get(address(workshop)))
        assert HALL.name in page
        for other in (ELSEWHERE.name, STRANGER.name, files.PEOPLE[1].name, "two@example.org", "พะเยาคน"):
            assert other not in page

    def test_nothing_before_it_is_counted(self, desk, workshop, people):
        assert list(rooms_of(seats_of(workshop, "55"))) == []
        assert "ห้องประชุมจังหวัดน่าน" not in text(desk.get(address(workshop)))

    def test_the_connection_of_another_province_is_not_there(self, desk, workshop, hall):
        for name in (ELSEWHERE.name, STRANGER.name, files.PEOPLE[1].name):
            other = Sighting.objects.get(name=name)
            assert desk.get(address(workshop, other)).status_code == 404
            assert desk.post(address(workshop, other), {"signed": "on"}).status_code == 404

    def test_what_the_office_has_decided_is_no_question_to_the_desk(self, desk, workshop, hall):
        verdicts.ignore(sighting=hall, by=STAFF)
        assert desk.get(address(workshop, hall)).status_code == 404

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("น่าน", True), ("จังหวัดน่าน", True), ("ห้องประชุมจังหวัดน่าน", True), ("จ.น่าน พช.", True), ("น่าน_สนจ.", True),
            ("ศาลากลางจังหวัดน่าน ห้อง 2", True), ("อบจ.น่าน", True), ("Nan meeting room", True), ("NAN-2", True),
            ("น่านฟ้า สมมุติ", False), ("คุณน่านน้ำ", False), ("Nancy", False), ("สมมุติ", False), ("", False),
        ],
    )  # fmt: skip
    def test_a_name_says_the_province_only_as_a_word(self, name, says):
        assert says_place(name, ["น่าน", "Nan"]) is says

    def test_another_name_of_a_province_is_looked_for_by_a_worker(self, admin_client, workshop, counted, nan):
        page = f"/admin/registration/province/{nan.province.pk}/change/"
        admin_client.post(page, {"aliases": "iPhone", "initial-aliases": nan.province.aliases})
        assert STRANGER.name not in {room.sighting.name for room in rooms_of(nan)}
        work_off()
        assert STRANGER.name in {room.sighting.name for room in rooms_of(seats_of(workshop, "55"))}
        assert HALL.name in {room.sighting.name for room in rooms_of(nan)}

    def test_many_rooms_are_read_page_by_page(self, desk, workshop, nan):
        halls = [Somebody(f"ห้องประชุมจังหวัดน่าน {n}", "", [("09:00", "11:00")]) for n in range(PAGE + 1)]
        applied(workshop, files.webinar_rows(people=halls, other=False))
        assert [len(rooms_of(nan, page)) for page in (1, 2)] == [PAGE, 1]
        page = text(desk.get(f"{address(workshop)}?page=2"))
        assert (page.count('class="card room"'), "หน้า ๒ จาก ๒" in " ".join(page.split())) == (1, True)

    def test_queries_do_not_grow_with_connections(self, workshop, counted, nan):
        def queries():
            with CaptureQueriesContext(connection) as found:
                rooms_of(nan)
            return len(found)

        queries()  # what the objects at hand keep
        before = queries()
        more = [Somebody(f"ห้องประชุมจังหวัดน่าน {n}", "", [("09:00", "11:00")]) for n in range(5)]
        applied(workshop, files.webinar_rows(people=more, other=False), "more.csv")
        assert queries() == before


class TestSeating:
    def test_each_who_is_ticked_gets_the_rooms_minutes_marked_so(self, desk, workshop, day, people, hall):
        desk.post(address(workshop, hall), {"people": [people[1].code, people[2].code], "signed": "on"})
        rows = Attendance.objects.filter(day=day, participant__in=people[1:3])
        assert [(row.minutes, row.source) for row in rows] == [(120, "room")] * 2
        page = text(desk.get(f"/desk/{workshop.slug}/55/attendance/"))
        assert page.count("ในห้องประชุม</span>") == 2
        assert AuditEvent.objects.filter(what="attendance room", count=2).count() == 1

    def test_who_also_came_alone_gets_no_minute_twice(self, desk, workshop, day, people, hall):
        desk.post(address(workshop, hall), {"people": [people[0].code], "signed": "on"})
        row = Attendance.objects.get(day=day, participant=people[0])
        assert (row.minutes, row.source) == (150, "report"), "09:00 to 11:30 in all"

    def test_without_the_tick_of_the_signed_sheet_nothing_happens(self, desk, workshop, hall, people):
        answer = desk.post(address(workshop, hall), {"people": [people[1].code]})
        assert answer.status_code == 200 and RoomSeat.objects.count() == 0
        assert "checked" in text(answer), "what was ticked stays"

    def test_nobody_of_another_province_can_be_seated(self, desk, workshop, hall, people):
        answer = desk.post(address(workshop, hall), {"people": [people[1].code, people[3].code], "signed": "on"})
        assert answer.status_code == 200 and RoomSeat.objects.count() == 0

    def test_who_is_not_ticked_any_more_loses_the_minutes(self, desk, workshop, day, hall, people):
        desk.post(address(workshop, hall), {"people": [people[1].code, people[2].code], "signed": "on"})
        desk.post(address(workshop, hall), {"people": [people[1].code], "signed": "on"})
        assert set(minutes(day)) == {"one@example.org", "sat1@example.org", "two@example.org"}

    def test_without_anybody_the_connection_is_what_the_files_say(self, desk, workshop, day, people, counted):
        own = Sighting.objects.get(key="one@example.org")
        before = minutes(day)
        desk.post(address(workshop, own), {"people": [people[1].code], "signed": "on"})
        assert minutes(day) == {"sat1@example.org": 115, "two@example.org": 180}
        desk.post(address(workshop, own), {"signed": "on"})
        own.refresh_from_db()
        assert (minutes(day), own.verdict, own.participant) == (before, "address", people[0])

    def test_whom_the_office_seated_of_another_province_stays(self, desk, workshop, day, people, hall):
        verdicts.seat(sighting=hall, participants=[people[3], people[1]], by=STAFF)
        page = text(desk.get(address(workshop, hall)))
        assert "พะเยาคน" not in page
        desk.post(address(workshop, hall), {"people": [people[2].code], "signed": "on"})
        assert set(RoomSeat.objects.values_list("participant", flat=True)) == {people[3].pk, people[2].pk}
        assert set(minutes(day)) >= {"two@example.org", "sat2@example.org"} and "sat1@example.org" not in minutes(day)

    def test_where_the_office_said_something_else_meanwhile_nothing_is_changed(self, workshop, hall, people, nan):
        verdicts.keep_as_guest(sighting=hall, by=STAFF)
        assert not verdicts.seat_of_place(sighting=hall, quota=nan, participants=people[:1], by=STAFF)
        assert RoomSeat.objects.count() == 0

    def test_what_the_desk_said_stands_whatever_a_later_file_says(self, desk, workshop, day, people, hall):
        desk.post(address(workshop, hall), {"people": [people[1].code], "signed": "on"})
        applied(workshop, files.webinar_rows(people=[HALL], other=False, phone=True), "later.csv")
        hall.refresh_from_db()
        assert (hall.verdict, minutes(day)["sat1@example.org"]) == ("room", 120)
