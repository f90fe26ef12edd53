"""The page of a workshop that is over: its published numbers and their files, which anybody may fetch, search engines among them."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.models import Licence
from registration.open_data import actions
from registration.open_data.files import CONTENT_TYPES
from tests.factories import make_workshop
from tests.registration.open_data.making import AFTER, STAFF, come, make_draft, make_over, make_published
from tests.registration.participant.test_workshop_page import as_read

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    found = make_over()
    come(found, "55", "4.1.1", (30, 25))
    come(found, "56", "4.1.2", (20, 20))
    return found


def page(client, workshop, language=""):
    cache.clear()
    response = client.get(f"{language}/w/{workshop.slug}/")
    assert "X-Robots-Tag" not in response.headers
    return as_read(response)


def test_nothing_is_shown_before_it_is_published(client, workshop):
    make_draft(workshop)
    shown = page(client, workshop)
    assert "open-data" not in shown
    assert "numeral-long" not in shown


def test_published_numbers_stand_on_the_page(client, workshop):
    make_published(workshop, licence=Licence.CC_BY)
    shown = page(client, workshop)
    assert '<span class="numeral numeral-long">๕๐</span>' in shown
    assert "คน จาก ๒ จังหวัด" in shown
    english = page(client, workshop, "/en")
    assert "people from 2 provinces" in english
    assert "creativecommons.org/licenses/by/4.0" in english
    assert "participation.csv" in english


def test_files_are_what_they_say_and_gone_when_withdrawn(client, workshop):
    data_set = make_published(workshop)
    for file in data_set.files.all():
        path = f"/w/{workshop.slug}/data/1/{file.name}"
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == CONTENT_TYPES[file.name.rpartition(".")[2]]
        assert response.content == bytes(file.content)
        assert client.get(path, HTTP_IF_NONE_MATCH=response.headers["ETag"]).status_code == 304
    assert client.get(f"/w/{workshop.slug}/data/1/secret.csv").status_code == 404
    assert client.get(f"/w/{make_workshop().slug}/data/1/participation.csv").status_code == 404
    actions.withdraw(data_set=data_set, by=STAFF, at=AFTER)
    assert client.get(f"/w/{workshop.slug}/data/1/participation.csv").status_code == 404
    assert "open-data" not in page(client, workshop)


def test_a_draft_is_fetched_by_nobody(client, workshop):
    make_draft(workshop)
    assert client.get(f"/w/{workshop.slug}/data/1/participation.csv").status_code == 404


def test_the_page_of_a_workshop_that_is_over_leads_to_the_next(client, workshop):
    assert "upcoming" not in page(client, workshop)
    coming = make_workshop()
    assert f'href="/w/{coming.slug}/"' in page(client, workshop)


def test_the_page_asks_the_same_however_many_came(client, workshop):
    make_published(workshop)

    def queries():
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/w/{workshop.slug}/")
        return len(captured)

    few = queries()
    come(workshop, "57", "4.1.1", (40, 40))
    make_published(workshop)
    assert queries() == few
