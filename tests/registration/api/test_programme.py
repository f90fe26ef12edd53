"""What everybody may read, how it is kept, and what is answered where something is wrong."""

import json

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registration.api.tokens import Scope
from registration.models import Participant
from registration.security import rate_limits
from sessions.models import Workshop
from tests.factories import make_participant, make_workshop, seats_of, tracks_of
from tests.registration.api.making import System, make_maker, make_token, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody() -> System:
    return System()


def test_workshops_are_told_to_anybody(anybody):
    workshop = make_workshop(slug="localisation", title_en="")
    answer = anybody.read("/workshops")
    (told,) = answer.json()["items"]
    assert told["slug"] == "localisation"
    assert told["title"] == {"th": "การประชุมตัวอย่าง", "en": "การประชุมตัวอย่าง"}
    assert (told["state"], told["takes_registrations"], told["is_published"]) == ("open", True, True)
    assert told["days"][0] == {
        "date": "2027-02-18", "title": {"th": "", "en": ""}, "starts_at": "09:00", "ends_at": "11:00", "is_cancelled": False,
    }  # fmt: skip
    assert [group["code"] for group in told["groups"]] == ["4.1.1", "4.2"]
    assert told["page"] == {"th": "http://localhost:8000/w/localisation/", "en": "http://localhost:8000/en/w/localisation/"}
    assert anybody.read(f"/workshops/{workshop.slug}").json() == told


def test_workshops_come_page_by_page_the_latest_first(anybody):
    made = [make_workshop().slug for _each in range(3)]
    make_workshop(is_published=False)
    first = anybody.read("/workshops?limit=2").json()
    second = anybody.read(f"/workshops?limit=2&cursor={first['next']}").json()
    assert [each["slug"] for each in first["items"]] == [made[2], made[1]]
    assert ([each["slug"] for each in second["items"]], second["next"]) == ([made[0]], None)
    assert [each["slug"] for each in anybody.read("/workshops").json()["items"]] == made[::-1], "no page is kept for another"
    for wrong in ("cursor=MTp4", "cursor=!", "limit=0", "limit=201"):
        assert problem(anybody.read(f"/workshops?{wrong}")) == (422, "invalid")


def test_a_workshop_is_full_when_no_place_has_a_seat_left(anybody):
    workshop = make_workshop()
    workshop.quotas.seats().update(capacity=0)
    assert anybody.read(f"/workshops/{workshop.slug}").json()["state"] == "full"


def test_the_programme_has_days_sessions_and_tracks_and_no_meeting_link(anybody):
    workshop = make_workshop()
    workshop.days.update(join_url="https://zoom.us/j/secret")
    track = tracks_of(workshop)[0]
    track.quota.capacity = 3
    track.quota.save()
    answer = anybody.read(f"/workshops/{workshop.slug}/programme")
    opening, block = answer.json()["days"][0]["sessions"]
    assert (opening["kind"], opening["starts_at"], opening["title"]["en"]) == ("opening", "09:00", "Opening")
    assert [(each["number"], each["title"]["en"], each["left"]) for each in block["tracks"]] == [(1, "Track 1", 3), (2, "Track 2", None)]
    assert b"zoom.us" not in answer.content


def test_places_say_how_many_are_left(anybody):
    workshop = make_workshop()
    seats_of(workshop, "55", capacity=1)
    make_participant(workshop, "55")
    make_participant(workshop, "55")
    items = anybody.read(f"/workshops/{workshop.slug}/places").json()["items"]
    assert len(items) == 78
    assert (items[0]["code"], items[0]["name"]["en"]) == ("central", "Central agencies")
    nan = next(place for place in items if place["code"] == "55")
    assert nan == {"code": "55", "name": {"th": "น่าน", "en": "Nan"}, "capacity": 1, "left": 0, "waiting": 1}


@pytest.mark.parametrize("rest", ["", "/programme", "/places"])
def test_what_is_not_published_is_there_for_who_may_read_it_alone(anybody, rest):
    workshop, other = make_workshop(is_published=False), make_workshop(is_published=False)
    path = f"/workshops/{workshop.slug}{rest}"
    assert problem(anybody.read(path)) == (404, "not_found")
    tokens = [
        make_token(Scope.READ_PROGRAMME, workshop=workshop), make_token(Scope.READ_PROGRAMME),
        make_token(Scope.READ_PEOPLE), make_token(Scope.READ_PROGRAMME, workshop=other),
        make_token(Scope.READ_PROGRAMME, maker=make_maker("narrow", rights=())),
    ]  # fmt: skip
    assert [System(in_full).read(path).status_code for _token, in_full in tokens] == [200, 200, 404, 404, 404]


@pytest.mark.parametrize("path", ["/workshops", "/workshops/{}", "/workshops/{}/programme", "/workshops/{}/places"])
def test_queries_do_not_grow(anybody, path):
    workshop, counts = make_workshop(slug="one", days=1), []
    for days in (1, 3):
        Workshop.objects.exclude(pk=workshop.pk).update(is_published=False)
        for _number in range(days):
            make_workshop(days=days)
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            assert anybody.read(path.format("one")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_answer_is_kept_and_then_asks_no_database(anybody, django_assert_num_queries):
    make_workshop(slug="kept")
    first = anybody.read("/workshops/kept")
    with django_assert_num_queries(0):
        again = anybody.read("/workshops/kept")
    assert again.content == first.content
    assert first.headers["Cache-Control"] == "public, max-age=5"


def test_what_has_not_changed_is_not_sent_again(anybody):
    workshop = make_workshop(slug="kept")
    etag = anybody.read("/workshops/kept").headers["ETag"]
    again = anybody.get("/api/v1/workshops/kept", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    _token, in_full = make_token(Scope.READ_PROGRAMME)
    workshop.title_en = "Another"
    workshop.save()
    changed = System(in_full).get("/api/v1/workshops/kept", headers={"if-none-match": etag})
    assert (changed.status_code, changed.headers["Cache-Control"]) == (200, "private, no-cache")


def test_head_is_get_without_a_body(anybody):
    make_workshop(slug="kept")
    whole, head = anybody.read("/workshops/kept"), anybody.head("/api/v1/workshops/kept")
    assert (head.status_code, head.content) == (200, b"")
    assert (head.headers["ETag"], head.headers["Content-Length"]) == (whole.headers["ETag"], str(len(whole.content)))


def test_no_cookie_opens_or_sets_anything(anybody):
    workshop, maker = make_workshop(is_published=False), make_maker()
    signed_in = Client()
    signed_in.force_login(maker)
    answer = signed_in.get(f"/api/v1/workshops/{workshop.slug}")
    assert (problem(answer), answer.cookies) == ((404, "not_found"), {})
    assert "Set-Cookie" not in anybody.read("/workshops").headers


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("get", "/api/v1/", (404, "not_found")),
        ("get", "/api/v1/nothing", (404, "not_found")),
        ("get", "/api/v1/workshops/", (404, "not_found")),
        ("get", "/api/v2/workshops", (404, "not_found")),
        ("get", "/api/v1/workshops/no-such", (404, "not_found")),
        ("get", "/api/v1/workshops/%00", (400, "bad_request")),
        ("get", "/api/v1/workshops/%E0%B8", (404, "not_found")),
        ("get", "/api/v1/workshops?x=%00", (400, "bad_request")),
        ("put", "/api/v1/workshops", (405, "method_not_allowed")),
        ("post", "/api/v1/workshops", (405, "method_not_allowed")),
        ("options", "/api/v1/workshops", (405, "method_not_allowed")),
    ],
)
def test_whatever_is_asked_is_answered_in_one_form(anybody, method, path, expected):
    assert problem(getattr(anybody, method)(path)) == expected


def test_what_is_too_large_is_not_read(anybody):
    assert problem(anybody.post("/api/v1/workshops", "x" * 100_001, content_type="application/json")) == (413, "too_large")


@pytest.mark.parametrize(
    ("language", "title"), [("th", "ไม่พบข้อมูลตามที่อยู่นี้"), ("en", "There is nothing at this address"), ("fr", "ไม่พบข้อมูลตามที่อยู่นี้")]
)
def test_a_problem_is_told_in_the_language_that_was_asked_for(language, title):
    for path in ("/workshops/none", "/nothing"):
        answer = System(language=language).read(path)
        assert (answer.json()["title"], answer.headers["Content-Language"]) == (title, "en" if language == "en" else "th")


@pytest.mark.parametrize(
    ("debug", "fault", "expected"),
    [
        (False, RuntimeError("secret"), (500, "internal")),
        (True, RuntimeError("secret"), (500, "internal")),
        (False, OperationalError("secret"), (503, "unavailable")),
    ],
)
def test_a_mistake_of_ours_tells_nothing_of_itself(settings, monkeypatch, debug, fault, expected):
    settings.DEBUG = debug

    def broken(*_args, **_options):
        raise fault

    monkeypatch.setattr("registration.api.endpoints.programme._to_be_seen", broken)
    answer = System(raise_request_exception=False).read("/workshops")
    assert problem(answer) == expected
    assert b"secret" not in answer.content
    assert ("Retry-After" in answer.headers) is (expected[0] == 503)


def test_every_answer_has_the_headers_of_all_pages(anybody):
    for path in ("/workshops", "/nothing"):
        headers = anybody.read(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=()" in headers["Permissions-Policy"]


def test_only_what_must_be_made_anew_is_counted(limits, monkeypatch):
    monkeypatch.setattr(rate_limits, "API_FROM_BLOCK", 2)
    make_workshop(slug="kept")
    anybody = System()
    assert [anybody.read("/workshops/kept").status_code for _again in range(4)] == [200] * 4
    assert problem(anybody.read("/workshops/none")) == (404, "not_found")
    answer = anybody.read("/workshops/neither")
    assert problem(answer) == (429, "too_often")
    assert 0 < int(answer.headers["Retry-After"]) <= 600


def test_a_system_is_counted_by_its_token_whoever_shares_its_address(limits, monkeypatch):
    monkeypatch.setattr(rate_limits, "API_READS", 2)
    (_one, first), (_other, second) = make_token(), make_token()
    assert [System(first).read("/workshops").status_code for _again in range(3)] == [200, 200, 429]
    assert System(second).read("/workshops").status_code == 200


def test_who_guesses_must_wait_and_who_knows_need_not(limits, monkeypatch):
    monkeypatch.setattr(rate_limits, "API_REFUSED_FROM_BLOCK", 2)
    _token, in_full = make_token()
    assert [System("sdgp_1_none").read("/workshops").status_code for _again in range(3)] == [401, 401, 429]
    assert System(in_full).read("/workshops").status_code == 200


def test_the_description_is_our_own_and_whole(anybody):
    answer = anybody.read("/openapi.json")
    told = json.loads(answer.content)
    assert (answer.status_code, told["openapi"], answer.headers["ETag"][0]) == (200, "3.1.0", '"')
    assert told["servers"] == [{"url": "http://localhost:8000"}]
    assert "Location" in told["paths"]["/api/v1/workshops/{slug}/registrations"]["post"]["responses"]["201"]["headers"]
    for operations in told["paths"].values():
        for operation in operations.values():
            assert {"200", "400", "401", "429", "500", "503"} <= operation["responses"].keys() | {"200"}
    assert "cdn" not in answer.content.decode()


def test_people_are_nowhere_in_what_everybody_reads(anybody):
    workshop = make_workshop()
    make_participant(workshop, first_name="สมมุติลับ", email="secret@example.org")
    assert Participant.objects.count() == 1
    for rest in ("", "/programme", "/places"):
        shown = anybody.read(f"/workshops/{workshop.slug}{rest}").content.decode()
        assert ("สมมุติลับ" in shown, "secret@example.org" in shown) == (False, False)
