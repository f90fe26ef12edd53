import gzip

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from sessions.public_pages import public_page
from tests.factories import make_workshop


@pytest.fixture
def counted():
    """A public page that says how often it was made."""
    made = []

    @public_page
    def page(slug):
        if slug == "missing":
            raise Http404
        made.append(slug)
        return HttpResponse(f"{slug} {len(made)} {translation.get_language()}")

    return page


def get(page, slug="a", **headers):
    return page(RequestFactory().get("/", headers=headers), slug=slug)


def test_a_page_is_made_once_for_many_visitors(counted):
    assert [get(counted).content for _visitor in range(3)] == [b"a 1 th"] * 3


def test_every_address_and_language_has_a_page_of_its_own(counted):
    first, other = get(counted, "a"), get(counted, "b")
    with translation.override("en"):
        english = get(counted, "a")
    assert [first.content, other.content, english.content] == [b"a 1 th", b"b 2 th", b"a 3 en"]


def test_a_change_shows_when_the_time_is_over(counted, monkeypatch):
    monkeypatch.setattr("sessions.public_pages.KEPT_SECONDS", 0)
    assert [get(counted).content for _visitor in range(2)] == [b"a 1 th", b"a 2 th"]


def test_who_understands_gets_it_compressed(counted):
    plain, packed = get(counted), get(counted, accept_encoding="br, gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert [plain.get("Content-Encoding"), packed.get("Content-Encoding")] == [None, "gzip"]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_who_has_it_already_is_told_so(counted):
    tag = get(counted).headers["ETag"]
    again, other = get(counted, if_none_match=tag), get(counted, if_none_match='W/"other"')
    assert [(again.status_code, again.content), (other.status_code, other.content)] == [(304, b""), (200, b"a 1 th")]
    assert get(counted, if_none_match=tag, accept_encoding="gzip").status_code == 304


def test_what_is_not_there_is_not_kept(counted):
    for _visitor in range(2):
        with pytest.raises(Http404):
            get(counted, "missing")


def test_a_public_page_takes_nothing(counted):
    assert counted(RequestFactory().post("/", {"a": "b"}), slug="a").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/en/", "/w/{}/", "/w/{}/agenda/", "/en/w/{}/agenda/", "/w/{}/agenda.ics"])
def test_no_visitor_leaves_anything_for_the_next(client, admin_client, path):
    path = path.format(make_workshop().slug)
    for _first_or_later in range(2):
        for visitor in (admin_client, client):
            response = visitor.get(path)
            assert response.status_code == 200
            assert response.headers["Cache-Control"] == "public, max-age=5"
            assert list(response.cookies) == []
            assert "Cookie" not in response.headers["Vary"]
            assert b"csrf" not in response.content
