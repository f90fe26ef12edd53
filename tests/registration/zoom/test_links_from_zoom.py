"""The link that Zoom gave somebody alone: on their page, in their reminder and calendar, and nowhere else."""

import datetime as dt

import pytest
from django.utils import timezone

from registration.actor import SYSTEM
from registration.links import signed
from registration.links.meetings import visible_links
from registration.mail.actions.meeting_links import send_meeting_link, untold
from registration.mail.compose import compose
from registration.models import Delivery, Participant, ZoomRegistrant
from registration.participant.next_steps import next_steps
from registration.people.calendars import personal_calendar
from registration.zoom.actions.webinars import say_webinar
from registration.zoom.meetings import meetings_of
from sessions.models import WorkshopDay
from tests.factories import make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

JOINT = "https://zoom.example.org/j/joint"


@pytest.fixture(autouse=True)
def connected(settings):
    settings.ZOOM_CLIENT_ID = "client"


@pytest.fixture(autouse=True)
def morning(monkeypatch):
    """It is eight o'clock: while a topic is on, the page leads into it and no longer into the day's meeting."""
    now = timezone.localtime().replace(hour=8, minute=0)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture(params=["zoom", "portal"])
def workshop(request):
    return make_workshop(links_by=request.param, days=1)


@pytest.fixture
def people(workshop):
    """Two, each with a link of their own into the day, and the first into their topic. The day is today, whose joint link is open."""
    track = tracks_of(workshop)[0]
    people = [make_participant(workshop, tracks=[track]) for _number in range(2)]
    workshop.days.update(date=timezone.localdate(), join_url=JOINT, join_opens_at=timezone.now() - dt.timedelta(days=9))
    meetings = meetings_of(workshop)
    webinars = [say_webinar(meeting=meeting, number=f"98765432{n}", by=SYSTEM) for n, meeting in enumerate(meetings)]
    for n, person in enumerate(people):
        register(webinars[0], person, f"https://zoom.example.org/w/own-{n}")
    register(webinars[1], people[0], "https://zoom.example.org/w/own-topic")
    return [Participant.objects.with_choices().get(pk=person.pk) for person in people]


def register(webinar, person, url):
    ZoomRegistrant.objects.create(
        webinar=webinar, participant=person, email=person.email, registrant_id=url[-12:], join_url=url, at=timezone.now()
    )


def urls(person):
    return [link.url for link in visible_links(person)]


def test_each_sees_their_own_in_place_of_the_joint_one(people):
    assert urls(people[0]) == ["https://zoom.example.org/w/own-0", "https://zoom.example.org/w/own-topic"]
    assert urls(people[1]) == ["https://zoom.example.org/w/own-1"]


def test_who_has_none_has_what_there_was_before(workshop, people):
    ZoomRegistrant.objects.filter(participant=people[1]).delete()
    assert urls(people[1]) == ([] if workshop.zoom_mails_links else [JOINT])


def test_without_a_connection_everything_is_as_it_was(workshop, people, settings):
    settings.ZOOM_CLIENT_ID = ""
    assert urls(people[0]) == ([] if workshop.zoom_mails_links else [JOINT])


def test_the_page_has_the_button_and_leads_into_the_meeting(people, client):
    page = client.get(signed.personal_url(people[0]), follow=True)
    words = page.content.decode()
    assert "https://zoom.example.org/w/own-0" in words and JOINT not in words and "own-1" not in words
    day = people[0].days.first().pk
    assert client.get(f"/p/{people[0].code}/join/day-{day}/").url == "https://zoom.example.org/w/own-0"
    assert client.get(f"/p/{people[1].code}/join/day-{day}/").status_code == 404


def test_the_reminder_has_it_and_nobody_elses(people):
    delivery = Delivery(message="reminder", participant=people[0], email=people[0].email, details={"day": people[0].days.first().pk})
    mail = compose(delivery, at=timezone.now())
    for text in (mail.body, str(mail.alternatives[0][0])):
        assert "w/own-0" in text and "own-1" not in text and JOINT not in text


def test_the_calendar_in_the_hand_has_it_and_the_one_on_others_servers_has_not(people):
    def flat(**kwargs):
        return personal_calendar(people[0], **kwargs).replace(b"\r\n ", b"")

    assert b"w/own-0" in flat() and JOINT.encode() not in flat()
    assert b"zoom.example.org" not in flat(is_feed=True)


def test_what_comes_next_no_longer_speaks_of_zooms_mail(people, workshop):
    words = " ".join(step.what for step in next_steps(people[0], links=visible_links(people[0])))
    assert "Zoom จะส่งลิงก์" not in words


def test_staff_send_each_their_own_in_one_group_and_again_to_nobody(workshop, people, django_assert_num_queries):
    if workshop.zoom_mails_links:
        pytest.skip("there the portal sends none")
    day = WorkshopDay.objects.select_related("workshop").get()
    WorkshopDay.objects.update(join_url="")
    day.refresh_from_db(fields=["join_url"])
    assert sorted(len(group) for group in untold(day, timezone.now()).values()) == [1, 1], "the first has a topic's link too"
    assert send_meeting_link(day=day, by=SYSTEM) == 2
    assert send_meeting_link(day=day, by=SYSTEM) == 0
    ZoomRegistrant.objects.filter(participant=people[1]).update(at=timezone.now() + dt.timedelta(seconds=1))
    assert send_meeting_link(day=day, by=SYSTEM) == 1, "whom Zoom has registered anew has another link"
    assert not any("own" in str(details) for details in Delivery.objects.filter(message="meeting_link").values_list("details", flat=True))


def test_the_page_asks_zooms_links_once_however_many_there_are(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        visible_links(people[0])
    with django_assert_num_queries(1):
        visible_links(people[1])
