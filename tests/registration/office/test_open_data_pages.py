"""The office's page of open data: count, look, publish with a tick, withdraw."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registration.models import OpenDataSet
from registration.open_data.actions import make
from tests.registration.open_data.making import come, make_draft, make_over, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    found = make_over()
    come(found, "55", "4.1.1", (30, 25))
    come(found, "56", "4.1.2", (3, 3))
    come(found, "10", "4.1.2", (20, 20))
    return found


@pytest.fixture
def staff(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def at(workshop, deed=""):
    return f"/en/admin/registration/opendataset/{workshop.slug}/{deed}"


def test_from_counting_to_publishing_and_back(staff, workshop):
    staff.post(at(workshop, "count/"), {"licence": "dga"})
    draft = OpenDataSet.objects.get()
    assert draft.state in ("queued", "draft")
    make(set_id=draft.pk)
    page = staff.get(at(workshop)).content.decode()
    assert "DGA Open Government License" in page
    assert "not told" in page
    draft.refresh_from_db()
    seen = f"{draft.pk} {draft.counted_at.isoformat()}"
    staff.post(at(workshop, "publish/"), {"seen": seen})
    assert not OpenDataSet.objects.published().exists(), "nothing goes out without the tick"
    staff.post(at(workshop, "publish/"), {"seen": "1 another", "sure": "on"})
    assert not OpenDataSet.objects.published().exists(), "nor what was not looked at"
    staff.post(at(workshop, "publish/"), {"seen": seen, "sure": "on"})
    assert OpenDataSet.objects.published().get().number == 1
    staff.post(at(workshop, "withdraw/"), {"version": "1"})
    assert OpenDataSet.objects.published().exists()
    staff.post(at(workshop, "withdraw/"), {"version": "1", "sure": "on"})
    assert not OpenDataSet.objects.published().exists()
    assert "Withdrawn" in staff.get(at(workshop)).content.decode()


def test_a_draft_is_discarded(staff, workshop):
    draft = make_draft(workshop)
    staff.post(at(workshop, "publish/"), {"seen": f"{draft.pk} {draft.counted_at.isoformat()}", "discard": ""})
    assert not OpenDataSet.objects.exists()


def test_nothing_is_offered_that_would_be_refused(staff):
    empty = make_over()
    page = staff.get(at(empty)).content.decode()
    assert "Nobody knows yet who came" in page
    assert at(empty, "count/") not in page


@pytest.mark.parametrize("sent", [{}, {"licence": "x\x00"}, {"licence": "mit"}])
def test_an_unknown_licence_is_refused(staff, workshop, sent):
    assert staff.post(at(workshop, "count/"), sent).status_code in (302, 400, 404)
    assert not OpenDataSet.objects.filter(licence__in=["mit", "x"]).exists()


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "7"])
def test_nonsense_withdraws_nothing(staff, workshop, version):
    make_published(workshop)
    assert staff.post(at(workshop, "withdraw/"), {"version": version, "sure": "on"}).status_code == 404
    assert OpenDataSet.objects.published().exists()


def test_the_page_asks_the_same_however_many_came(staff, workshop):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            staff.get(at(workshop))
        return len(captured)

    make_draft(workshop)
    staff.get(at(workshop))
    few = queries()
    come(workshop, "57", "4.1.1", (40, 40))
    make_draft(workshop)
    assert queries() == few
