import gzip

import pytest
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import translation

from sdgworkshop.urls import urlpatterns as portal
from sessions.models import Workshop
from sessions.public_pages import public_page
from tests.factories import make_workshop

MADE: list[str] = []


@public_page
def page(slug: str) -> HttpResponse:
    """A public page that says how often one was made."""
    if slug == "missing":
        raise Http404
    MADE.append(slug)
    return HttpResponse(f"{slug} {len(MADE)} {translation.get_language()}", headers={"X-Of-The-Page": slug})


urlpatterns = [*portal, path("page/<slug:slug>/", page), path("en/page/<slug:slug>/", page)]


@pytest.fixture
def counted(settings):
    settings.ROOT_URLCONF = __name__
    MADE.clear()


@pytest.mark.usefixtures("counted")
class TestAnyPublicPage:
    def test_it_is_made_once_for_many_visitors(self, client):
        assert [client.get("/page/a/").content for _visitor in range(3)] == [b"a 1 th"] * 3

    def test_every_address_has_a_page_of_its_own(self, client):
        addresses = ["/page/a/", "/page/b/", "/page/a/"]
        assert [client.get(address).content for address in addresses] == [b"a 1 th", b"b 2 th", b"a 1 th"]

    def test_a_query_makes_no_difference(self, client):
        assert [client.get(f"/page/a/{query}").content for query in ("?x=1", "", "?x=2")] == [b"a 1 th"] * 3

    def test_a_change_shows_when_the_time_is_over(self, client, monkeypatch):
        monkeypatch.setattr("sessions.public_pages.KEPT_SECONDS", 0)
        assert [client.get("/page/a/").content for _visitor in range(2)] == [b"a 1 th", b"a 2 th"]

    def test_made_and_kept_pages_are_answered_alike(self, client):
        made, kept = client.get("/page/a/"), client.get("/page/a/")
        different = {name for name in {*made.headers, *kept.headers} if made.headers.get(name) != kept.headers.get(name)}
        assert different <= {"Vary", "X-Request-ID"}
        assert (kept.headers["X-Of-The-Page"], kept.headers["Content-Language"], kept.headers["Vary"]) == ("a", "th", "Accept-Encoding")

    def test_who_understands_gets_it_compressed(self, client):
        plain = client.get("/page/a/")
        packed = client.get("/page/a/", headers={"accept-encoding": "br, gzip"})
        assert gzip.decompress(packed.content) == plain.content
        assert [plain.get("Content-Encoding"), packed.get("Content-Encoding")] == [None, "gzip"]

    @pytest.mark.parametrize("encoding", ["", "gzip"])
    def test_who_has_it_already_is_told_so(self, client, encoding):
        tag = client.get("/page/a/").headers["ETag"]
        asked = [tag, f'W/"older", {tag}', 'W/"older"']
        answers = [client.get("/page/a/", headers={"if-none-match": tags, "accept-encoding": encoding}) for tags in asked]
        assert [answer.status_code for answer in answers] == [304, 304, 200]
        assert [answers[0].content, answers[0].headers["ETag"]] == [b"", tag]

    @pytest.mark.django_db
    def test_what_is_not_there_is_not_kept(self, client):
        assert [client.get("/page/missing/").status_code for _visitor in range(2)] == [404, 404]

    def test_it_takes_nothing(self, client):
        client.get("/page/a/")
        assert client.post("/page/a/", {"a": "b"}).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/en/", "/w/{}/", "/w/{}/agenda/", "/en/w/{}/agenda/", "/w/{}/agenda.ics"])
def test_no_visitor_leaves_anything_for_the_next(client, admin_client, address):
    address = address.format(make_workshop().slug)
    for visitor in (admin_client, client, admin_client, client):
        response = visitor.get(address)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "public, max-age=5"
        assert list(response.cookies) == []
        assert "Cookie" not in response.headers["Vary"]
        assert b"csrf" not in response.content


@pytest.mark.django_db
def test_kept_pages_are_as_safe_as_all_others(client):
    make_workshop()
    headers = ["Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"]
    made, kept = client.get("/"), client.get("/")
    assert [kept.headers[name] for name in headers[1:]] == ["DENY", "nosniff", "strict-origin-when-cross-origin"]
    for answer in (made, kept):
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"].split("; ")


@pytest.mark.django_db
def test_a_kept_page_asks_the_database_nothing(client, django_assert_num_queries):
    make_workshop()
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


@pytest.mark.django_db
def test_what_staff_change_shows_when_the_time_is_over(client, monkeypatch):
    monkeypatch.setattr("sessions.public_pages.KEPT_SECONDS", 0)
    workshop = make_workshop(title_th="เดิม")
    before = client.get(f"/w/{workshop.slug}/").content.decode()
    Workshop.objects.update(title_th="ใหม่")
    after = client.get(f"/w/{workshop.slug}/").content.decode()
    assert ['<h1 id="title">เดิม</h1>' in before, '<h1 id="title">ใหม่</h1>' in after] == [True, True]
