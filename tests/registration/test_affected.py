import datetime as dt
from io import BytesIO

import pytest
from django.contrib.auth.models import User
from openpyxl import load_workbook

from registration import audit
from registration.actor import Actor
from registration.exports.affected import Breach, write_affected
from registration.models import AuditEvent
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

PAGE = "/admin/registration/auditevent/affected/"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def workshop():
    return make_workshop(slug="w")


def sheets(breach):
    file = BytesIO()
    count = write_affected(file, breach)
    people, trail = ([list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in load_workbook(file).worksheets)
    return count, people, trail


def breach(workshop, **more):
    return Breach(**{"workshop": workshop, "since": NOON, "until": NOON + HOUR} | more)


def test_everybody_known_by_then_is_in_it_with_how_to_reach_him(workshop):
    make_participant(workshop, email="in@example.org", phone="+66812345678", at=NOON)
    make_participant(workshop, at=NOON + HOUR)
    make_participant(make_workshop(), at=NOON)
    count, people, _trail = sheets(breach(workshop))
    assert (count, [row[2:4] for row in people]) == (1, [["in@example.org", "081 234 5678"]])


def test_a_province_narrows_it_down(workshop):
    make_participant(workshop, "55", email="nan@example.org")
    make_participant(workshop, "56")
    _count, people, _trail = sheets(breach(workshop, quota=seats_of(workshop)))
    assert [row[2] for row in people] == ["nan@example.org"]


def test_beside_each_stands_how_many_lines_may_have_shown_him(workshop):
    nan, other = make_participant(workshop, "55"), make_participant(workshop, "56")
    by = Actor("staff", User.objects.create_user("thief"))
    audit.record_view(by=by, what="participant list", count=2, workshop=workshop, at=NOON)
    audit.record_view(by=by, what="desk", count=1, quota=nan.quota, at=NOON)
    audit.record_view(by=by, what="participant", count=1, participant=nan, at=NOON)
    audit.record_view(by=by, what="participant", count=1, participant=other, at=NOON - HOUR)
    _count, people, trail = sheets(breach(workshop))
    assert {row[2]: row[8] for row in people} == {nan.email: 3, other.email: 1}
    assert [row[4] for row in trail] == ["participant list", "desk", "participant"]


def test_an_account_narrows_the_lines_down(workshop):
    make_participant(workshop)
    thief, honest = User.objects.create_user("thief"), User.objects.create_user("honest")
    for user in (thief, honest):
        audit.record_view(by=Actor("staff", user), what="participant list", count=1, workshop=workshop, at=NOON)
    _count, people, trail = sheets(breach(workshop, account=thief))
    assert (people[0][8], [row[1] for row in trail]) == (1, ["thief"])


def test_the_file_is_given_and_written_down(workshop, admin_client):
    make_participant(workshop)
    sent = {"workshop": workshop.pk, "code": "55", "since": "2020-01-01T00:00", "until": "2040-01-01T00:00", "account": ""}
    response = admin_client.post(PAGE, sent)
    assert response["Content-Disposition"].startswith('attachment; filename="affected-w-')
    line = AuditEvent.objects.get()
    assert (line.verb, line.what, line.count, line.workshop, line.quota) == ("taken", "affected", 1, workshop, seats_of(workshop))
    assert line.narrowed["since"].startswith("2020-01-01")


def test_an_end_before_the_beginning_is_refused(workshop, admin_client):
    sent = {"workshop": workshop.pk, "code": "", "since": "2040-01-01T00:00", "until": "2020-01-01T00:00", "account": ""}
    assert set(admin_client.post(PAGE, sent).context["form"].errors) == {"until"}


def test_who_may_not_read_the_trail_gets_no_file(client, workshop):
    client.force_login(User.objects.create_user("bare", is_staff=True))
    assert client.get(PAGE).status_code == 403
