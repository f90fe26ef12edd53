"""The list of a desk once days are counted: a column, a filter, and both in the file."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from registration.models import Attendance, AttendanceReport
from tests.factories import NOON, make_coordinator, make_participant, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def people(workshop):
    return [make_participant(workshop, first_name=name, email=f"p{n}@example.org") for n, name in enumerate(("มาครบ", "ขาดไป"))]


@pytest.fixture
def day(workshop, people):
    """Counted: the first came for ninety minutes."""
    day = workshop.days.first()
    AttendanceReport.objects.create(workshop=workshop, name="x.csv", digest="x", uploaded_at=NOON, state="applied", day=day)
    Attendance.objects.create(participant=people[0], day=day, minutes=90, source="report")
    return day


@pytest.fixture
def desk(client, workshop):
    client.force_login(make_coordinator(workshop).user)

    def get(query="", path=""):
        answer = client.get(f"/desk/{workshop.slug}/55/{path}{query}", headers={"accept-language": "th"})
        assert answer.status_code == 200
        return answer

    return get


def names(answer):
    return [row.person.first_name for row in answer.context["people"].rows]


def test_before_a_day_is_counted_there_is_neither(desk, workshop, people):
    page = desk("?columns=attendance&attendance=came-2027-02-18").content.decode()
    assert "id_attendance" not in page and "of-attendance" not in page


def test_the_column_shows_minutes_by_day(desk, workshop, people, day):
    answer = desk("?columns=attendance")
    assert [row.attended for row in answer.context["people"].rows] == [[(day, 0)], [(day, 90)]]
    assert "of-attendance" not in desk().content.decode(), "only where it was chosen"


@pytest.mark.parametrize(("word", "found"), [("came", ["มาครบ"]), ("missed", ["ขาดไป"])])
def test_the_filter_shows_who_came_and_who_missed(desk, people, day, word, found):
    assert names(desk(f"?attendance={word}-{day.date}")) == found


@pytest.mark.parametrize("value", ["came-2000-01-01", "came-", "x", "came-2027-02-30", "came-" + "9" * 300])
def test_what_is_not_understood_is_left_out_of_account(desk, people, day, value):
    assert len(names(desk(f"?attendance={value}"))) == 2


def test_the_file_holds_who_is_shown_with_their_minutes(desk, people, day):
    answer = desk(f"?attendance=came-{day.date}&columns=attendance", "people.xlsx")
    heading, *rows = load_workbook(BytesIO(b"".join(answer.streaming_content))).active.iter_rows(values_only=True)
    assert [dict(zip(heading, row, strict=True))["ชื่อ"] for row in rows] == ["มาครบ"]
    assert 90 in rows[0]


def test_a_link_to_the_next_page_keeps_the_filter(desk, people, day):
    assert f"attendance=missed-{day.date}" in desk(f"?attendance=missed-{day.date}").context["people"].query


def test_nobody_of_another_province_is_shown(desk, workshop, people, day):
    other = make_participant(workshop, "56", first_name="พะเยา", email="other@example.org")
    Attendance.objects.create(participant=other, day=day, minutes=90, source="report")
    assert names(desk(f"?attendance=came-{day.date}")) == ["มาครบ"]


def test_queries_do_not_grow_with_people(desk, workshop, people, day):
    def queries():
        with CaptureQueriesContext(connection) as found:
            desk(f"?columns=attendance&attendance=came-{day.date}")
        return len(found)

    queries()
    before = queries()
    for n in range(3):
        more = make_participant(workshop, email=f"more{n}@example.org", at=NOON + dt.timedelta(minutes=n))
        Attendance.objects.create(participant=more, day=day, minutes=30, source="report")
    assert queries() == before
