"""Who came without being expected, as a workbook."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from openpyxl import load_workbook

from registration.attendance.actions import entries, verdicts
from registration.attendance.actions.kept import keep_figures
from registration.models import AuditEvent, Export, Sighting
from tests.factories import make_participant, work_off
from tests.registration.attendance import report_files as files
from tests.registration.attendance.test_report_actions import STAFF, applied, day, people, workshop

__all__ = ["day", "people", "workshop"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    client.force_login(User.objects.create_superuser("boss"))
    return client


def guests_of(boss, workshop):
    """Ordered, made by a worker, and taken."""
    ordered = boss.post(reverse("admin:registration_attendance_guests", args=[workshop.slug]))
    assert "make_export" in " ".join(work_off())
    assert boss.get(ordered.url).status_code == 200
    answer = boss.post(reverse("admin:registration_export_file", args=[Export.objects.latest("pk").pk]))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    return [[list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book.worksheets]


def test_guests_those_of_another_day_and_those_to_be_decided(boss, workshop, day, people):
    extra = files.Somebody("=คุณแขก สมมุติ", "guest@example.org", [("09:00", "10:00")], "ก", "ข")
    applied(workshop, files.webinar_rows(people=[*files.PEOPLE, extra]))
    verdicts.keep_as_guest(sighting=Sighting.objects.get(key="guest@example.org"), by=STAFF)
    other = make_participant(workshop, email="other@example.org", days=[workshop.days.last()])
    entries.enter_minutes(participant=other, day=day, minutes=40, reason="x", by=STAFF)
    guests, besides, open_ = guests_of(boss, workshop)
    assert [(row[2], row[3], row[5]) for row in guests] == [("=คุณแขก สมมุติ", "guest@example.org", 60)]
    assert [(row[1], row[3], row[5]) for row in besides] == [(other.full_name, "other@example.org", 40)]
    assert [row[2] for row in open_] == [files.BY_PHONE.name]
    assert AuditEvent.objects.filter(what="guests", count=3, verb="taken").count() == 1


def test_what_does_not_count_yet_is_not_in_it(boss, workshop, day, people):
    assert guests_of(boss, workshop) == [[], [], []]


def test_the_board_offers_it_once_a_day_is_counted(boss, workshop, day, people):
    board = reverse("admin:registration_attendance_board", args=[workshop.slug])
    address = reverse("admin:registration_attendance_guests", args=[workshop.slug])
    assert address not in boss.get(board).content.decode()
    applied(workshop, files.webinar_rows())
    keep_figures(workshop=workshop)
    assert address in boss.get(board).content.decode()
    assert boss.get(address).status_code == 405, "a link alone takes nothing along"
