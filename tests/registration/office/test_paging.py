"""Lists that are longer than anybody turns say about how long they are, and are not counted to their end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.models import Participant
from registration.office import paging
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db

PATH = "/admin/registration/participant/"


@pytest.fixture
def three():
    workshop = make_workshop()
    return [make_participant(workshop) for _i in range(3)]


def foot(page):
    return " ".join(page.content.decode().partition('<p class="paginator">')[2].partition("</p>")[0].split())


def test_a_short_list_is_counted(admin_client, three):
    assert foot(admin_client.get(PATH)) == "๓ ผู้เข้าร่วม"


def test_a_long_one_says_so_and_offers_no_deed_on_all_of_it(admin_client, three, monkeypatch):
    monkeypatch.setattr(paging, "MAX_LISTED", 2)
    monkeypatch.setattr("registration.office.participants.admin.ParticipantAdmin.list_per_page", 1)
    page = admin_client.get(PATH)
    if connection.vendor == "sqlite":
        assert "มากกว่า ๒ รายการ (แสดง ๒ รายการแรก)" in foot(page)
    assert "รายการแรก)" in foot(page)
    assert (page.context["cl"].paginator.num_pages, "data-actions-icnt" in page.content.decode()) == (2, True)
    assert 'class="question hidden"' not in page.content.decode()
    assert admin_client.get(PATH, {"p": 2}).status_code == 200


@pytest.mark.parametrize("name", ["participant", "delivery", "auditevent", "invitation"])
def test_no_list_that_grows_is_counted_to_its_end(admin_client, three, name):
    with CaptureQueriesContext(connection) as queries:
        assert admin_client.get(f"/admin/registration/{name}/").status_code == 200
    counts = [
        query["sql"] for query in queries if query["sql"].startswith("SELECT COUNT(*)") and f'FROM "registration_{name}"' in query["sql"]
    ]
    assert [sql for sql in counts if f"LIMIT {paging.MAX_LISTED}" not in sql] == []


def test_postgresql_is_asked_what_it_reckons_with(three, monkeypatch):
    monkeypatch.setattr(paging, "MAX_LISTED", 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    pages = paging.EstimatingPaginator(Participant.objects.order_by("sort_key"), 1)
    assert (pages.count, pages.is_longer, pages.estimate) == (1, True, 3 if connection.vendor == "postgresql" else None)


def test_an_estimate_has_two_digits(monkeypatch):
    pages = paging.EstimatingPaginator(Participant.objects.order_by("pk"), 1)
    monkeypatch.setattr(paging.EstimatingPaginator, "is_longer", True)
    monkeypatch.setattr(paging, "connections", {"default": type("Server", (), {"vendor": "postgresql"})})
    monkeypatch.setattr("django.db.models.QuerySet.explain", lambda rows, **options: '[{"Plan": {"Plan Rows": 98431}}]')
    assert pages.estimate == 98_000
