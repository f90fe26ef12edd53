"""The report that Zoom's API gives: the same pipeline as files, and who is who by Zoom's own key."""

import datetime as dt

import pytest

from registration.actor import SYSTEM, Actor, ActorKind
from registration.attendance.actions import reports
from registration.models import Attendance, AttendanceReport, AuditEvent, Sighting, ZoomWebinar
from registration.zoom.actions.attended import ask_for_report, ask_for_reports
from registration.zoom.actions.webinars import ask_for_push, say_webinar
from registration.zoom.meetings import meetings_of
from registration.zoom.report import report_file
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.zoom.simulated import Office

pytestmark = pytest.mark.django_db
NUMBER = "98765432101"
#: The day is 18 February 2027, 9 to 10 o'clock in Bangkok.
EVENING = dt.datetime(2027, 2, 18, 9, 0, tzinfo=dt.UTC)


def at(clock):
    """Zoom tells UTC."""
    return f"2027-02-18T{clock}:00Z"


@pytest.fixture
def workshop():
    return make_workshop(links_by="zoom", days=1, tracks=0)


@pytest.fixture
def office():
    office = Office(EVENING)
    office.zoom.hold(NUMBER)
    return office


@pytest.fixture
def webinar(workshop, office):
    """With three people whom Zoom has registered, who attended; the report knows the second by no address and no name of ours."""
    people = [make_participant(workshop, at=NOON) for _number in range(3)]
    webinar = say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)
    ask_for_push(webinar=webinar, by=SYSTEM, count=3)
    office.work_off()
    held = office.zoom.webinars[NUMBER]
    keys = {one["email"]: key for key, one in held.registrants.items()}
    first, second, third = (keys[person.email] for person in people)
    held.is_over = True
    office.zoom.attend(held, first, at("02:00"), at("02:30"))
    office.zoom.attend(held, first, at("02:40"), at("03:00"))
    office.zoom.attend(held, second, at("02:00"), at("03:00"), name="iPhone", email="private@example.net")
    office.zoom.attend(held, third, at("02:00"), at("02:10"), email=people[0].email)
    office.zoom.attend(held, "", at("02:00"), at("02:20"), name="ผู้ช่วยสมมุติ")
    webinar.refresh_from_db()
    webinar.people = people
    return webinar


def fetched(office, webinar):
    ask_for_report(webinar=webinar, by=SYSTEM, at=office.time.now())
    office.work_off()
    webinar.refresh_from_db()
    for report in AttendanceReport.objects.unfinished():
        reports.work(report_id=report.pk)


def counted():
    report = AttendanceReport.objects.get()
    assert (report.state, report.questions) == (AttendanceReport.State.READ, [])
    reports.apply(report=report, by=SYSTEM)
    reports.work(report_id=report.pk)


def test_everybody_is_known_by_their_registration_whatever_address_and_name_they_came_with(office, webinar):
    fetched(office, webinar)
    counted()
    minutes = dict(Attendance.objects.values_list("participant", "minutes"))
    assert minutes == dict(zip([person.pk for person in webinar.people], [50, 60, 10], strict=True))
    verdicts = sorted(Sighting.objects.values_list("verdict", flat=True))
    assert verdicts == ["open", "registrant", "registrant", "registrant"]


def test_the_same_report_again_changes_nothing(office, webinar):
    fetched(office, webinar)
    fetched(office, webinar)
    assert AttendanceReport.objects.count() == 1
    assert webinar.report_at is not None


def test_pages_are_read_to_the_end(office, webinar, monkeypatch):
    monkeypatch.setattr("registration.zoom.client.MAX_PAGE", 2)
    fetched(office, webinar)
    assert AttendanceReport.objects.get().people == 4


def test_before_zoom_has_it_staff_are_told_so(office, webinar):
    office.zoom.webinars[NUMBER].is_over = False
    fetched(office, webinar)
    assert (webinar.trouble, webinar.report_at, AttendanceReport.objects.count()) == ("no_report", None, 0)


def test_a_report_in_which_nobody_stands_is_none(office, webinar):
    office.zoom.webinars[NUMBER].attended.clear()
    fetched(office, webinar)
    assert (webinar.trouble, AttendanceReport.objects.count()) == ("no_report", 0)


def test_the_clock_asks_an_hour_after_the_day_and_again_until_it_is_there(office, webinar):
    day_ends = webinar.day.ends_at()
    assert ask_for_reports(at=day_ends + dt.timedelta(minutes=59)) == 0
    assert ask_for_reports(at=day_ends + dt.timedelta(hours=1)) == 1
    ZoomWebinar.objects.update(report_asked_at=None, report_tried_at=day_ends + dt.timedelta(hours=1))
    assert ask_for_reports(at=day_ends + dt.timedelta(minutes=89)) == 0
    assert ask_for_reports(at=day_ends + dt.timedelta(minutes=90)) == 1
    ZoomWebinar.objects.update(report_asked_at=None, report_at=day_ends)
    assert ask_for_reports(at=day_ends + dt.timedelta(hours=3)) == 0


def test_who_asks_for_it_stands_in_the_trail(office, webinar, django_user_model):
    by = Actor(ActorKind.STAFF, django_user_model.objects.create_user("staff"))
    assert ask_for_report(webinar=webinar, by=by, at=EVENING) and not ask_for_report(webinar=webinar, by=by, at=EVENING)
    assert AuditEvent.objects.get(what="zoom report").actor_id == by.user.pk


def test_the_same_stays_in_another_order_are_the_same_file():
    rows = [{"name": "ก", "join_time": at("02:00"), "leave_time": at("02:30"), "duration": 1800, "registrant_id": "k"}, {"name": "ข"}]
    assert report_file("T", NUMBER, rows) == report_file("T", NUMBER, reversed(rows))
    assert "2027-02-18 09:00:00,2027-02-18 09:30:00,30,k" in report_file("T", NUMBER, rows).decode()
    assert report_file("T", NUMBER, [{"name": "ก", "status": "in_waiting_room"}]) == b""
