"""Nothing in a web request grows with the people: what the database reads for a page is the same with a hundred and with six hundred."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from registration.links import signed
from registration.models import Appearance, Attendance, Certificate, Participant, ReportRow, Sighting
from tests.factories import make_coordinator, make_participant, work_off
from tests.registration.attendance import report_files as files
from tests.registration.attendance.test_report_actions import applied
from tests.registration.certificates.test_actions import workshop_with
from tests.steps import steps

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="counts the steps of SQLite's machine"),
]
#: More than stand on a page, so that the pages are full with few already.
FEW, MANY = 120, 500


@pytest.fixture
def workshop():
    return workshop_with(2)[0]


@pytest.fixture
def report(workshop):
    return applied(workshop, files.webinar_rows(people=files.PEOPLE[:2], other=False))


def crowd(report, number):
    """So many of another province: half came, half wait for a seat; each was seen under a name that nobody knows."""
    day, now = report.day, timezone.now()
    model = make_participant(report.workshop, "56", email=f"{uuid4().hex}@example.org")
    like = {field.attname: getattr(model, field.attname) for field in Participant._meta.concrete_fields if not field.primary_key}
    people = [
        Participant(**like | {
            "email": f"{uuid4().hex}@example.org", "code": uuid4().hex[:12], "submission": uuid4(), "ticket": n + 1,
            "state": "waitlisted" if n % 2 else "confirmed",
        })
        for n in range(number)
    ]  # fmt: skip
    Participant.objects.bulk_create(people)
    Participant.days.through.objects.bulk_create([Participant.days.through(participant=each, workshopday=day) for each in people])
    came = [each for each in people if each.state == "confirmed"]
    Attendance.objects.bulk_create([Attendance(participant=each, day=day, minutes=200, source="report") for each in came])
    seen = [Sighting(day=day, key=f"name:{uuid4().hex}", name=f"iPhone {n}", connected_minutes=50) for n in range(number)]
    Sighting.objects.bulk_create(seen)
    Appearance.objects.bulk_create([Appearance(report=report, sighting=each) for each in seen])
    ReportRow.objects.bulk_create([ReportRow(report=report, sighting=each, summed_seconds=3000) for each in seen])
    certificates = [
        Certificate(
            workshop=report.workshop, participant=each, number=1000 + each.pk, token=uuid4().hex, issued_at=now, awaits_seal=False,
            snapshot=dict.fromkeys(("name", "heading", "when", "given", "edition"), "สมมุติ") | {"number": "1", "lang": "th", "title": []},
        )
        for each in came
    ]  # fmt: skip
    Certificate.objects.bulk_create(certificates)


def addresses(workshop, report, person):
    desk, office = [workshop.slug, "55"], [workshop.slug]
    board = reverse("admin:registration_attendance_board", args=office)
    return {
        "desk": [reverse(name, args=desk) for name in ("desk_rooms", "desk_attendance", "desk_attendance_list")],
        "office": [
            board, f"{board}?by=group", f"{board}?by=track", f"{board}?sort=share",
            *(
                reverse(f"admin:registration_{name}", args=office)
                for name in (
                    "attendance_live", "attendance_settings", "attendancereport_reports", "certificate_overview", "certificate_rule",
                    "certificate_layout", "certificate_issue", "evaluation_overview",
                )
            ),
            reverse("admin:registration_attendance_person", args=[person.pk]),
            reverse("admin:registration_attendance_entry", args=[person.pk, report.day_id]),
            *(reverse(f"admin:registration_attendancereport_{name}", args=[report.pk]) for name in ("who", "take_back")),
        ],
        "visitor": [signed.personal_path(person), reverse("verify", args=[Certificate.objects.first().token])],
    }  # fmt: skip


def taken(client, pages):
    found = {}
    for page in pages:
        client.get(page)
    work_off()
    for page in pages:
        with steps() as counted:
            answer = client.get(page)
        assert answer.status_code == 200, page
        found[page] = counted.taken
    return found


def test_no_page_reads_more_where_more_people_came(client, workshop, report):
    person = Participant.objects.filter(workshop=workshop).first()
    users = {"desk": make_coordinator(workshop, "55").user, "office": User.objects.create_superuser("boss"), "visitor": None}

    def all_pages():
        found = {}
        for who, user in users.items():
            client.force_login(user) if user else client.get(signed.personal_link(person), follow=True)
            found |= taken(client, pages[who])
        return found

    crowd(report, FEW)
    pages = addresses(workshop, report, person)
    all_pages()
    few = all_pages()
    crowd(report, MANY)
    many = all_pages()
    assert {page: (few[page], many[page]) for page in few if many[page] > 1.3 * few[page] + 300} == {}
