"""The office's pages of documents, from a file over its publication to the mail of thanks."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.materials import actions
from registration.materials.actions import Upload
from registration.models import Delivery, Document
from tests.factories import make_participant, make_workshop, tracks_of
from tests.registration.evaluation.answering import attend
from tests.registration.materials.making import STAFF, make_document, sent

pytestmark = pytest.mark.django_db
FRONT = "/admin/registration/document"


@pytest.fixture(autouse=True)
def signed_in(client):
    client.force_login(User.objects.create_superuser("boss"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "th"


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_file_is_added_looked_at_published_and_withdrawn_by_pages_alone(client):
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    assert "25" in words_of(client.get(f"{FRONT}/{workshop.slug}/add/file/"))
    values = {"title_th": "สไลด์", "audience": "everybody", "belongs": f"track-{track.pk}", "file": sent()}
    response = client.post(f"{FRONT}/{workshop.slug}/add/file/", values)
    document = Document.objects.get()
    one = f"{FRONT}/one/{document.pk}/"
    assert (response["Location"], document.track, document.day, document.published_at) == (one, track, track.item.day, None)
    assert "ทุกคนบนอินเทอร์เน็ต" in words_of(client.get(f"{one}publish/"))
    client.post(f"{one}publish/", {"seen": "1 everybody"})
    assert "เผยแพร่แล้ว" in words_of(client.get(f"{FRONT}/{workshop.slug}/"))
    client.post(f"{one}replace/", {"file": sent(name="ใหม่.pdf")})
    assert client.get(f"{one}version/1/")["X-Content-Type-Options"] == "nosniff"
    client.post(f"{one}end/", {"discard": "", "sure": "on"})
    assert Document.objects.exists(), "what is published is withdrawn first"
    client.post(f"{one}end/", {"withdraw": ""})
    client.post(f"{one}end/", {"discard": ""})
    assert Document.objects.exists(), "a tick comes first"
    client.post(f"{one}end/", {"discard": "", "sure": "on"})
    assert not Document.objects.exists()


def test_what_somebody_replaced_meanwhile_is_neither_replaced_nor_deleted_unseen(client):
    document = make_document(make_workshop(), is_published=False, audience="confirmed")
    one = f"{FRONT}/one/{document.pk}/"
    seen = re.findall(r'name="seen" value="([^"]+)"', client.get(f"{one}replace/").content.decode() + client.get(one).content.decode())
    assert seen == ["1 confirmed"] * 2
    actions.replace(document=document, upload=Upload(file=sent(name="อื่น.pdf")), by=STAFF)
    for page, values in ((f"{one}replace/", {"file": sent()}), (f"{one}end/", {"discard": "", "sure": "on"})):
        assert "มีผู้แก้ไข" in words_of(client.post(page, values | {"seen": seen[0]}, follow=True))
    assert Document.objects.get().version == 2


def test_what_was_not_seen_is_not_published(client):
    document = make_document(make_workshop(), is_published=False, audience="confirmed")
    actions.replace(document=document, upload=Upload(file=sent()), by=STAFF)
    for seen in ("1 confirmed", "2 everybody", "", "x"):
        client.post(f"{FRONT}/one/{document.pk}/publish/", {"seen": seen})
    assert Document.objects.get().published_at is None


def test_for_those_who_attended_the_day_is_seen_too(client):
    workshop = make_workshop()
    first, last = workshop.days.first(), workshop.days.last()
    document = make_document(workshop, is_published=False, audience="attended", day=first)
    page = f"{FRONT}/one/{document.pk}/publish/"
    seen = re.search(r'name="seen" value="([^"]*)"', client.get(page).content.decode())[1]
    for day, is_published in ((last, False), (first, True)):
        Document.objects.update(day=day)
        client.post(page, {"seen": seen})
        assert bool(Document.objects.get().published_at) == is_published


@pytest.mark.parametrize(
    ("kind", "values"), [("file", {"file": sent(b"<script>", "a.pdf")}), ("recording", {"url": "https://evil.example.org/"})]
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client, kind, values):
    workshop = make_workshop()
    response = client.post(
        f"{FRONT}/{workshop.slug}/add/{kind}/", {"title_th": "ชื่อที่พิมพ์", "audience": "confirmed", "belongs": "workshop", **values}
    )
    assert (response.status_code, Document.objects.count()) == (200, 0)
    assert "errorlist" in response.content.decode() and "ชื่อที่พิมพ์" in response.content.decode()


def test_a_place_of_another_workshop_is_none(client):
    workshop, other = make_workshop(), make_workshop()
    values = {"title_th": "ก", "audience": "confirmed", "belongs": f"day-{other.days.first().pk}", "url": "https://youtu.be/a"}
    assert client.post(f"{FRONT}/{workshop.slug}/add/recording/", values).status_code == 200
    assert not Document.objects.exists()


def test_thanks_look_ahead_then_go(client):
    workshop = make_workshop(tracks=0)
    day = workshop.days.first()
    page = f"{FRONT}/{workshop.slug}/thanks/{day.pk}/"
    assert '<button class="button default"' not in client.get(page).content.decode()
    attend(make_participant(workshop), day)
    make_document(workshop, day=day, title_th="สไลด์วันแรก")
    assert "สไลด์วันแรก" in words_of(client.get(page))
    client.post(page)
    client.post(page)
    assert Delivery.objects.filter(message="thanks").count() == 1


def test_the_list_costs_the_same_for_one_and_for_three(client):
    workshop = make_workshop(tracks=0)
    counts = []
    for _n in range(3):
        make_document(workshop, day=workshop.days.first())
        client.get(f"{FRONT}/{workshop.slug}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{FRONT}/{workshop.slug}/")
        counts.append(len(asked))
    assert counts[0] == counts[1] == counts[2]
