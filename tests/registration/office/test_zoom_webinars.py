"""The office's pages of Zoom by its API: what is missing is said in words, and no button does what it did not say."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from registration.actor import SYSTEM
from registration.models import AuditEvent, ZoomRegistrant, ZoomStanding, ZoomWebinar
from registration.office import zoom_webinars
from registration.zoom.actions.webinars import say_webinar
from registration.zoom.client import ZoomAccount, ZoomClient
from registration.zoom.meetings import meetings_of
from tests.factories import NOON, make_participant, make_workshop
from tests.registration.zoom.simulated import Office

pytestmark = pytest.mark.django_db
NUMBER = "98765432101"


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("boss"))
    client.get("/admin/", HTTP_ACCEPT_LANGUAGE="en")
    return client


@pytest.fixture
def workshop():
    workshop = make_workshop(links_by="zoom", days=1)
    make_participant(workshop)
    return workshop


@pytest.fixture
def connected(settings):
    settings.ZOOM_ACCOUNT_ID, settings.ZOOM_CLIENT_ID, settings.ZOOM_CLIENT_SECRET = "account", "client", "very-secret"


@pytest.fixture
def zoom(monkeypatch):
    office = Office(NOON)

    def hasty(account, is_hasty=False):
        return office.client()

    monkeypatch.setattr(zoom_webinars, "ZoomClient", hasty)
    return office.zoom


def page(workshop, rest=""):
    return f"/en/admin/registration/participant/zoom/{workshop.slug}/webinars/{rest}"


def post(staff, workshop, rest, **fields):
    answer = staff.post(page(workshop, rest), {"meeting": f"day-{workshop.days.get().pk}"} | fields, follow=True)
    return " ".join(str(message) for message in answer.context["messages"])


def numbered(workshop):
    return say_webinar(meeting=meetings_of(workshop)[0], number=NUMBER, by=SYSTEM)


class TestConnection:
    address = "/en/admin/registration/participant/zoom-connection/"

    def test_without_settings_the_page_names_those_that_are_missing(self, staff):
        words = staff.get(self.address).content.decode()
        assert words.count("is missing") == 4 and "is set<" not in words
        assert "The connection is not set up" in staff.post(self.address).content.decode()

    def test_no_secret_is_shown(self, staff, connected):
        words = staff.get(self.address).content.decode()
        assert words.count("is set<") == 3 and "very-secret" not in words

    def test_what_zoom_says_is_told(self, staff, connected, zoom, workshop):
        numbered(workshop)
        zoom.hold(NUMBER)
        words = staff.post(self.address).content.decode()
        assert all(part in words for part in ("Zoom lets the portal in", "No right is missing", f"Zoom knows webinar {NUMBER}"))

    def test_missing_rights_and_unknown_webinars_are_named(self, staff, connected, zoom, workshop):
        numbered(workshop)
        zoom.scopes = "webinar:read:webinar:admin"
        words = staff.post(self.address).content.decode()
        assert "These rights are missing: webinar:read:list_registrants:admin" in words
        assert "Zoom knows no webinar of this number" in words

    def test_wrong_credentials_are_told(self, staff, connected, zoom):
        zoom.secret = "another"
        assert "Zoom does not accept account, client or secret" in staff.post(self.address).content.decode()

    def test_a_request_waits_for_zoom_once_and_shortly(self):
        asleep = []
        account = ZoomAccount("account", "client", "secret", "http://127.0.0.1:9")
        with ZoomClient(account, is_hasty=True, sleep=asleep.append) as client, pytest.raises(Exception, match="20 s"):
            client.sign_in()
        assert asleep == []


class TestWebinars:
    def test_the_page_costs_the_same_for_one_and_for_three(self, staff, connected, workshop, django_assert_num_queries):
        numbered(workshop)
        staff.get(page(workshop))
        with django_assert_num_queries(19):
            staff.get(page(workshop))
        for _number in range(2):
            make_participant(workshop, tracks=[])
        for index, meeting in enumerate(meetings_of(workshop)[1:]):
            say_webinar(meeting=meeting, number=f"11122233{index}", by=SYSTEM)
        with django_assert_num_queries(19):
            staff.get(page(workshop))

    def test_whom_zoom_does_not_let_in_is_named_and_counted_and_not_to_be_sent(self, staff, connected, workshop):
        webinar, person = numbered(workshop), make_participant(workshop, tracks=[], first_name="สมมุติรออนุมัติ")
        told = {"participant": person, "email": person.email, "registrant_id": "k", "at": NOON}
        ZoomStanding.objects.create(webinar=webinar, kind=ZoomStanding.Kind.DENIED, **told)
        shown = staff.get(page(workshop)).content.decode()
        assert "Await approval in Zoom, or were denied there: 1" in shown
        key = meetings_of(workshop)[0].key
        ledger = staff.get(f"/en/admin/registration/participant/zoom/{workshop.slug}/?meeting={key}").content.decode()
        note = ledger.partition('id="held"')[2].partition("</section>")[0]
        assert all(words in note for words in ("(1)", "สมมุติรออนุมัติ", f"{person.email} · Denied in Zoom"))

    def test_a_number_is_read_as_zoom_writes_it(self, staff, workshop):
        assert "Nothing has changed in Zoom" in post(staff, workshop, "number/", number="987 6543 2101")
        assert ZoomWebinar.objects.get().number == NUMBER
        assert "9 to 12 digits" in post(staff, workshop, "number/", number="https://zoom.us/j/1")

    def test_a_number_of_two_meetings_is_refused(self, staff, workshop):
        say_webinar(meeting=meetings_of(workshop)[1], number=NUMBER, by=SYSTEM)
        assert "Another meeting" in post(staff, workshop, "number/", number=NUMBER)

    def test_people_of_the_former_webinar_are_given_up_only_by_a_tick(self, staff, workshop):
        ZoomRegistrant.objects.create(webinar=numbered(workshop), email="a@example.org", registrant_id="k", at=NOON)
        assert "Still registered in the former webinar: 1" in post(staff, workshop, "number/", number="111222333")
        post(staff, workshop, "number/", number="111222333", given_up="1")
        assert (ZoomWebinar.objects.get().number, ZoomRegistrant.objects.count()) == ("111222333", 0)

    def test_what_the_button_said_is_what_is_done(self, staff, connected, workshop):
        numbered(workshop)
        assert "In Zoom register 1, remove 0, change 0" in " ".join(staff.get(page(workshop)).content.decode().split())
        make_participant(workshop)
        assert "The numbers have changed" in post(staff, workshop, "push/", seen="1-0-0")
        assert ZoomWebinar.objects.get().push_asked_at is None
        assert "A worker does it now" in post(staff, workshop, "push/", seen="2-0-0")
        assert ZoomWebinar.objects.get().is_in_step
        assert "already" in post(staff, workshop, "push/", seen="2-0-0")
        assert AuditEvent.objects.get(what="zoom by api").count == 2
        assert "changes nothing" in post(staff, workshop, "stop/")
        assert "already" in post(staff, workshop, "stop/")

    def test_the_report_is_asked_for_once_the_day_has_begun(self, staff, connected, workshop):
        numbered(workshop)
        assert "Fetch the report" not in staff.get(page(workshop)).content.decode()
        workshop.days.update(date=dt.date(2026, 1, 1))
        assert "Fetch the report" in staff.get(page(workshop)).content.decode()
        assert "A worker fetches it now" in post(staff, workshop, "report/")
        assert ZoomWebinar.objects.get().report_asked_at is not None
        assert "already" in post(staff, workshop, "report/")

    def test_a_meeting_without_a_number_is_not_pushed(self, staff, workshop):
        assert staff.post(page(workshop, "push/"), {"meeting": f"day-{workshop.days.get().pk}", "seen": "1-0-0"}).status_code == 404

    def test_a_trouble_stands_there_with_what_is_to_be_done(self, staff, connected, workshop):
        webinar = numbered(workshop)
        ZoomWebinar.objects.filter(pk=webinar.pk).update(trouble="many_removed", trouble_at=NOON)
        words = staff.get(page(workshop)).content.decode()
        assert "Many people would be removed at once" in words and "Nobody was removed" in words

    def test_the_menu_leads_there_only_where_it_is_set(self, staff, workshop, settings):
        assert "Zoom by its API</a>" not in staff.get(f"/en/admin/registration/participant/?workshop={workshop.slug}").content.decode()
        settings.ZOOM_CLIENT_ID = "client"
        assert page(workshop) in staff.get(f"/en/admin/registration/participant/?workshop={workshop.slug}").content.decode()
