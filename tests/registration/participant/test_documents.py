"""Who gets which document, by which address, and how it is handed out."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from registration.links import signed
from registration.materials import actions
from registration.models import Document, Participant
from registration.people.calendars import personal_calendar
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of
from tests.registration.evaluation.answering import attend
from tests.registration.materials.making import PDF, STAFF, make_document

pytestmark = pytest.mark.django_db
AUDIENCES = ("everybody", "confirmed", "attended")
RECORDING = "https://youtu.be/abc"


@pytest.fixture
def world():
    workshop = make_workshop(tracks=0)
    first, second = workshop.days.all()
    seats_of(workshop, "56", capacity=0)
    people = {
        "confirmed": make_participant(workshop),
        "attended": make_participant(workshop),
        "another day": make_participant(workshop),
        "waiting": make_participant(workshop, "56"),
    }
    attend(people["attended"], first)
    attend(people["another day"], second)
    documents = {audience: make_document(workshop, audience=audience, day=first) for audience in AUDIENCES}
    return SimpleNamespace(workshop=workshop, day=first, people=people, documents=documents)


def as_person(client, person) -> None:
    client.cookies.clear()
    client.cookies["personal-th"] = signed.page_token(person)


def own(person, document) -> str:
    return f"/p/{person.code}/documents/{document.pk}/"


@pytest.mark.parametrize(
    ("role", "opened"),
    [
        ("confirmed", ["everybody", "confirmed"]),
        ("attended", ["everybody", "confirmed", "attended"]),
        ("another day", ["everybody", "confirmed"]),
        ("waiting", ["everybody"]),
    ],
)
def test_each_opens_what_is_for_them(client, world, role, opened):
    person = world.people[role]
    as_person(client, person)
    statuses = {audience: client.get(own(person, document)).status_code for audience, document in world.documents.items()}
    assert statuses == {audience: 200 if audience in opened else 404 for audience in AUDIENCES}
    page = client.get(f"/p/{person.code}/").content.decode()
    shown = {audience for audience, document in world.documents.items() if f'href="{own(person, document)}"' in page}
    assert shown == set(opened)


@pytest.mark.parametrize("role", ["visitor", "coordinator", "boss", "link"])
def test_at_the_public_address_lies_what_is_for_everybody_alone(client, world, role):
    if role == "coordinator":
        client.force_login(make_coordinator(world.workshop).user)
    if role == "boss":
        client.force_login(User.objects.create_superuser("boss"))
    if role == "link":
        as_person(client, world.people["attended"])
    paths = {audience: f"/w/{world.workshop.slug}/documents/{document.pk}/" for audience, document in world.documents.items()}
    assert [client.get(path).status_code for path in paths.values()] == [200, 404, 404]


def test_a_link_that_was_forwarded_opens_nothing(client, world):
    path = own(world.people["attended"], world.documents["attended"])
    assert client.get(path).status_code == 404
    as_person(client, world.people["confirmed"])
    assert client.get(path).status_code == 404, "somebody else's page"


def test_a_draft_what_was_withdrawn_and_an_unpublished_workshop_open_to_nobody(client, world):
    person = world.people["attended"]
    draft = make_document(world.workshop, is_published=False)
    actions.withdraw(document=world.documents["everybody"], by=STAFF)
    as_person(client, person)
    for document in (draft, world.documents["everybody"]):
        assert client.get(own(person, document)).status_code == 404
        assert client.get(f"/w/{world.workshop.slug}/documents/{document.pk}/").status_code == 404
    public = make_document(world.workshop)
    type(world.workshop).objects.update(is_published=False)
    assert client.get(f"/w/{world.workshop.slug}/documents/{public.pk}/").status_code == 404


def test_a_document_of_another_workshop_is_not_there(client, world):
    other = make_document(make_workshop())
    person = world.people["attended"]
    as_person(client, person)
    assert client.get(own(person, other)).status_code == 404
    assert client.get(f"/w/{world.workshop.slug}/documents/{other.pk}/").status_code == 404


class TestHandingOut:
    def answer(self, client, world, method="get"):
        return getattr(client, method)(f"/w/{world.workshop.slug}/documents/{world.documents['everybody'].pk}/")

    def test_it_is_a_file_and_never_a_page_of_ours(self, client, world):
        response = self.answer(client, world)
        assert b"".join(response.streaming_content) == PDF
        names = ("Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Content-Disposition", "Referrer-Policy")
        assert [response[name] for name in names] == [
            "application/pdf",
            "default-src 'none'; sandbox",
            "nosniff",
            "attachment; filename*=utf-8''%E0%B8%AA%E0%B9%84%E0%B8%A5%E0%B8%94%E0%B9%8C.pdf",
            "no-referrer",
        ]

    def test_where_nginx_is_there_it_is_told_which(self, client, world, settings):
        settings.MATERIALS_ACCEL = "/materials/"
        response = self.answer(client, world)
        name = world.documents["everybody"].newest.file.name
        assert (response["X-Accel-Redirect"], response.content) == (f"/materials/{name}", b"")
        assert re.fullmatch(r"[0-9a-f]{40}\.pdf", name)

    def test_openings_are_counted_and_nobody_is_named(self, client, world):
        self.answer(client, world)
        self.answer(client, world, "head")
        as_person(client, world.people["attended"])
        client.get(own(world.people["attended"], world.documents["everybody"]))
        assert Document.objects.get(pk=world.documents["everybody"].pk).opened == 2

    def test_a_file_that_is_gone_is_not_found(self, client, world):
        version = world.documents["everybody"].newest
        version.file.storage.delete(version.file.name)
        assert self.answer(client, world).status_code == 404

    def test_a_recording_leads_to_where_it_lies(self, client, world):
        recording = make_document(world.workshop, url=RECORDING, audience="attended", day=world.day)
        person = world.people["attended"]
        as_person(client, person)
        response = client.get(own(person, recording))
        assert (response.status_code, response["Location"]) == (302, RECORDING)
        assert RECORDING not in client.get(f"/p/{person.code}/").content.decode(), "the page tells nobody the address itself"


def test_the_agenda_shows_what_is_public_where_it_belongs(client):
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    places = {
        "ของโครงการ": {}, "ของวัน": {"day": track.item.day}, "ของวาระ": {"day": track.item.day, "item": track.item},
        "ของหัวข้อ": {"day": track.item.day, "item": track.item, "track": track},
    }  # fmt: skip
    for title, place in places.items():
        make_document(workshop, title_th=title, **place)
    make_document(workshop, title_th="ลับเฉพาะ", audience="confirmed", day=track.item.day)
    page = client.get(f"/w/{workshop.slug}/agenda/").content.decode()
    titles = [page.index(title) for title in places]
    assert titles == sorted(titles) and "ลับเฉพาะ" not in page
    assert page.index("ของหัวข้อ") > page.index(track.title_th)
    front = client.get(f"/w/{workshop.slug}/").content.decode()
    assert all(title in front for title in places) and "ลับเฉพาะ" not in front
    english = client.get(f"/en/w/{workshop.slug}/").content.decode()
    assert "Sample document" in english and "PDF" in english


def test_calendars_say_where_documents_are(client, world):
    public = Calendar.from_ical(client.get(f"/w/{world.workshop.slug}/agenda.ics").content)
    told = [
        ("เอกสาร" in str(event["description"]), f"/w/{world.workshop.slug}/agenda/" in str(event["description"])) for event in public.events
    ]
    assert told == [(True, True), (False, False)]
    mine = Calendar.from_ical(personal_calendar(world.people["attended"], NOON))
    assert ["/p/" in str(event["description"]) for event in mine.events] == [True, False]
    actions.withdraw(document=world.documents["everybody"], by=STAFF)
    waiting = Calendar.from_ical(personal_calendar(Participant.objects.with_choices().get(pk=world.people["waiting"].pk), NOON))
    assert ["เอกสาร" in str(event["description"]) for event in waiting.events] == [False, False]


def test_pages_ask_as_often_for_one_document_as_for_three(client):
    workshop = make_workshop(tracks=0)
    person = make_participant(workshop)
    counts = []
    for _n in range(3):
        make_document(workshop, audience="confirmed", day=workshop.days.first())
        as_person(client, person)
        client.get(f"/p/{person.code}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/p/{person.code}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
