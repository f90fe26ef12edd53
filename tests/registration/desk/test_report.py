"""A place's own page of the report: numbers of itself alone."""

import pytest
from django.urls import reverse

from registration.models import Attendance, AttendanceReport
from registration.report.of_place import report_of_place
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    return make_workshop()


def attend(person, *days):
    Attendance.objects.bulk_create(Attendance(participant=person, day=day, minutes=30, source="report") for day in days)


def test_before_a_day_is_counted_nobody_knows_who_came(workshop):
    make_participant(workshop)
    found = report_of_place(seats_of(workshop))
    assert (found.registered, found.confirmed, found.came, [each.came for each in found.days]) == (1, 1, None, [None, None])
    assert ([group.code for group in found.missing], [each.registered for each in found.groups]) == ([], [1])


def test_who_came_is_counted_once_and_by_day(workshop):
    first, second = workshop.days.all()
    AttendanceReport.objects.create(workshop=workshop, name="x", digest="x", uploaded_at=NOON, state="applied", day=second)
    both, none = make_participant(workshop), make_participant(workshop)
    attend(both, first, second)
    attend(make_participant(workshop, "56"), first)
    found = report_of_place(seats_of(workshop))
    assert (found.registered, found.came, [(each.confirmed, each.came) for each in found.days]) == (2, 1, [(2, 1), (2, 1)])
    both.attendances.all().delete()
    found = report_of_place(seats_of(workshop))
    assert ([each.came for each in found.days], found.came, [group.code for group in found.missing]) == ([None, 0], 0, ["4.1.1"])
    assert none.pk


def test_the_desk_reads_it_at_a_constant_price(client, workshop, django_assert_num_queries):
    client.force_login(make_coordinator(workshop).user)
    address = reverse("desk_report", args=[workshop.slug, "55"])
    assert address in client.get(reverse("desk_attendance", args=[workshop.slug, "55"])).content.decode()
    for people in (1, 2):
        for _n in range(people):
            attend(make_participant(workshop), workshop.days.first())
        with django_assert_num_queries(9):
            page = client.get(address)
    words = page.content.decode()
    assert page.status_code == 200 and "<dd>๓</dd>" in "".join(words.split()) and "ไม่มีข้อมูล" in words
