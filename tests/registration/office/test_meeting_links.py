import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.models import Delivery
from sessions.models import Track, Workshop, WorkshopDay
from tests.factories import NOON, make_participant, make_workshop, tracks_of, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", "staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="add_delivery"))
    client.force_login(user)
    return client


@pytest.fixture
def day():
    """A day whose first track has a link and whose second has none; each was chosen by one person."""
    workshop = make_workshop()
    for track in tracks_of(workshop):
        make_participant(workshop, first_name=track.title_th, tracks=[track])
    day = workshop.days.first()
    day.join_url, day.join_opens_at = "https://zoom.example.org/j/98765", NOON - dt.timedelta(days=4000)
    day.save()
    Track.objects.filter(number=1).update(join_url="https://zoom.example.org/j/11111")
    return day


def page_of(day, track=None):
    return f"/en/admin/registration/delivery/meeting-links/{day.pk}/" + (f"?track={track.pk}" if track else "")


def press(staff, day, track=None):
    """Presses the button, and lets the worker do what follows."""
    with CaptureQueriesContext(connection) as queries:
        assert staff.post(page_of(day, track)).status_code == 302
    assert not [query for query in queries if "INSERT" in query["sql"] and "registration_delivery" in query["sql"]]
    assert work_off() == ["send_meeting_link"]


def told():
    return sorted(Delivery.objects.filter(message="meeting_link").values_list("participant__first_name", flat=True))


def test_a_track_without_a_link_is_named(staff, day):
    context = staff.get(page_of(day)).context
    assert [(track.number, link) for track, link in context["tracks"]] == [(1, "zoom.example.org/…1111"), (2, "")]
    assert context["is_lacking"]
    Track.objects.update(join_url="https://zoom.example.org/j/22222")
    assert not staff.get(page_of(day)).context["is_lacking"]


def test_links_go_to_one_track_alone(staff, day):
    one, two = tracks_of(day.workshop)
    assert [person.first_name for person in staff.get(page_of(day, one)).context["people"]] == ["หัวข้อที่ 1"]
    press(staff, day, one)
    assert told() == ["หัวข้อที่ 1"]
    press(staff, day)
    assert told() == ["หัวข้อที่ 1", "หัวข้อที่ 2"]


def test_another_days_track_is_no_choice(staff, day):
    other = tracks_of(make_workshop())[0]
    assert (staff.get(page_of(day, other)).status_code, staff.post(page_of(day, other)).status_code) == (404, 404)
    assert told() == []


def test_a_changed_link_is_offered_to_those_who_had_the_old_one(staff, day):
    press(staff, day)
    assert staff.get(page_of(day)).context["people"] == []
    Track.objects.filter(number=1).update(join_url="https://zoom.example.org/j/33333")
    late = make_participant(day.workshop, first_name="มาทีหลัง")
    context = staff.get(page_of(day)).context
    assert sorted(person.first_name for person in context["people"]) == sorted(["หัวข้อที่ 1", late.first_name])
    assert context["outdated"] == 1
    press(staff, day)
    assert told() == sorted(["หัวข้อที่ 1", "หัวข้อที่ 1", "หัวข้อที่ 2", "มาทีหลัง"])


def test_where_zoom_mails_its_own_links_none_are_sent(staff, day):
    Workshop.objects.update(links_by="zoom")
    assert "Zoom e-mails each person their own link" in staff.get("/en/admin/registration/delivery/meeting-links/").content.decode()
    assert (staff.get(page_of(day)).status_code, staff.post(page_of(day)).status_code) == (302, 302)
    assert work_off() == [] and told() == []


def test_a_day_whose_link_is_not_shown_yet_has_no_button(staff, day):
    later = timezone.now() + dt.timedelta(days=1)
    WorkshopDay.objects.update(join_opens_at=later)
    assert page_of(day) not in staff.get("/en/admin/registration/delivery/meeting-links/").content.decode()
