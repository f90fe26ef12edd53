"""The file of a desk's list: exactly what is shown, the reserve with it."""

import csv
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from registration.actor import SYSTEM
from registration.choices import State
from registration.models import AuditEvent, Participant
from registration.seats.actions.moves import decline
from tests.factories import make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    workshop = make_workshop()
    seats_of(workshop, capacity=2)
    return workshop


@pytest.fixture
def take(client, workshop):
    """The bytes of the file of Nan's list, as its coordinator takes it."""
    client.force_login(make_coordinator(workshop).user)

    def taken(kind, query=""):
        response = client.get(f"/desk/{workshop.slug}/55/people.{kind}{query}")
        assert response.status_code == 200
        return b"".join(response.streaming_content) if response.streaming else response.content

    return taken


def rows_of(file):
    heading, *rows = load_workbook(BytesIO(file)).active.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def table(file):
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def test_everybody_is_in_it_the_reserve_and_the_declined_too(take, workshop):
    people = [make_participant(workshop, first_name=name) for name in ("ค", "ข", "ก", "ง")]
    make_participant(workshop, "56", first_name="พะเยา")
    decline(participant=people[0], reason="", by=SYSTEM)
    rows = rows_of(take("xlsx"))
    assert [(row["ชื่อ"], row["สถานะ"], row["ลำดับในรายชื่อสำรอง"]) for row in rows] == [
        ("ก", "ยืนยันแล้ว", None),
        ("ข", "ยืนยันแล้ว", None),
        ("ค", "ไม่คัดเลือก", None),
        ("ง", "อยู่ในรายชื่อสำรอง", 1),
    ]
    assert [row["ชื่อ"] for row in table(take("csv"))] == ["ก", "ข", "ค", "ง"]


def test_it_has_the_people_the_order_and_the_columns_that_are_shown(take, workshop):
    for name, place in (("ก", "เอก"), ("ข", "ไก่"), ("ค", "แก้ว"), ("ง", "ขวด")):
        make_participant(workshop, first_name=name, organisation=place)
    asked = "?state=waitlisted&columns=code&columns=organisation&sort=organisation"
    for rows in (rows_of(take("xlsx", asked)), table(take("csv", asked))):
        assert list(rows[0]) == ["ลำดับ", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "หน่วยงาน", "รหัส"]
        assert [row["หน่วยงาน"] for row in rows] == ["แก้ว", "ขวด"]


def test_an_empty_list_is_a_file_with_headings(take):
    assert rows_of(take("xlsx")) == table(take("csv")) == []


def test_a_name_like_a_formula_is_text(take, workshop):
    make_participant(workshop)
    Participant.objects.update(organisation="=1+1")
    assert (rows_of(take("xlsx"))[0]["หน่วยงาน"], table(take("csv"))[0]["หน่วยงาน"]) == ("=1+1", "'=1+1")


def test_who_took_it_is_written_down(take, workshop):
    make_participant(workshop)
    take("csv", "?state=confirmed&columns=code")
    event = AuditEvent.objects.get(verb=AuditEvent.Verb.TAKEN)
    assert (event.what, event.count, event.quota.province.code, event.filters) == ("desk list", 1, "55", {"state": "confirmed"})


def test_twenty_five_and_five_hundred_cost_the_same(take, workshop):
    seats_of(workshop, capacity=400)
    make_participant(workshop)
    take("xlsx")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            take("xlsx", "?columns=days&columns=state")
        return len(asked)

    one = queries()
    person = Participant.objects.get()
    days = list(person.days.all())
    for number in range(499):
        person.pk, person.code, person.email = None, f"X{number:06}", f"copy{number}@example.org"
        person.submission = f"00000000-0000-4000-8000-{number:012}"
        if number >= 300:
            person.state, person.ticket = State.WAITLISTED, number
        person.save(force_insert=True)
        person.days.set(days)
    assert (one, queries()) == (one, one)
    assert len(rows_of(take("xlsx"))) == 500


@pytest.mark.parametrize("kind", ["pdf", "docx", "x"])
def test_other_kinds_there_are_none(client, workshop, kind):
    client.force_login(make_coordinator(workshop).user)
    assert client.get(f"/desk/{workshop.slug}/55/people.{kind}").status_code == 404
