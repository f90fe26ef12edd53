"""One press makes the report; a worker does it, and who takes it stands in the audit trail."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from registration.models import Attendance, AuditEvent, Export
from sessions.models import Workshop
from tests.factories import make_participant, make_workshop, work_off

pytestmark = pytest.mark.django_db
RIGHTS = ["export_participant", "view_attendance", "view_evaluation"]


@pytest.fixture
def workshop():
    return make_workshop()


def somebody(client, rights, name="staff"):
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="registration", codename__in=rights))
    client.force_login(user)
    return client


def page_of(workshop):
    return reverse("admin:registration_export_report", args=[workshop.slug])


def test_one_press_gives_word_pdf_and_excel(client, workshop):
    person = make_participant(workshop)
    Attendance.objects.create(participant=person, day=workshop.days.first(), minutes=40, source="report")
    somebody(client, RIGHTS)
    ordered = client.post(page_of(workshop))
    assert client.post(page_of(workshop)).url == ordered.url, "pressed twice it is still the one report"
    assert "Excel (xlsx)" not in client.get(ordered.url).content.decode()
    assert work_off() == ["make_export"]
    ready = client.get(ordered.url).content.decode()
    assert all(f'name="format" value="{suffix}"' in ready for suffix in ("docx", "pdf", "xlsx"))
    export = Export.objects.get()
    begins = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "": b"PK", "exe": b"PK"}
    for suffix, signs in begins.items():
        taken = client.post(reverse("admin:registration_export_file", args=[export.pk]), {"format": suffix})
        data = b"".join(taken.streaming_content)
        ending = suffix if suffix in ("docx", "pdf", "xlsx") else "zip"
        assert (data.startswith(signs), f".{ending}" in taken["Content-Disposition"]) == (True, True)
    assert ZipFile(BytesIO(data)).namelist() == ["report.docx", "report.pdf", "report.xlsx"]
    assert AuditEvent.objects.filter(what="report on a workshop", verb="taken", count=1).count() == len(begins)
    assert ordered.url in client.get(page_of(workshop)).content.decode()


@pytest.mark.parametrize("missing", RIGHTS)
def test_who_lacks_one_of_the_rights_neither_makes_nor_takes_one(client, workshop, missing):
    somebody(client, RIGHTS, "first").post(page_of(workshop))
    work_off()
    somebody(client, [right for right in [*RIGHTS, "oversee_exports"] if right != missing], "second")
    export = Export.objects.get()
    assert client.get(page_of(workshop)).status_code == client.post(page_of(workshop)).status_code == 403
    assert client.get(reverse("admin:registration_export_change", args=[export.pk])).status_code in (403, 404)
    assert client.post(reverse("admin:registration_export_file", args=[export.pk])).status_code in (403, 404)
    assert page_of(workshop) not in client.get(reverse("admin:index")).content.decode()


def test_nothing_is_made_of_people_who_were_made_anonymous(client, workshop):
    Workshop.objects.update(anonymised_at=timezone.now())
    somebody(client, RIGHTS)
    assert b'<form method="post"><input' not in client.get(page_of(workshop)).content
    assert (client.post(page_of(workshop)).status_code, Export.objects.count()) == (404, 0)


def test_the_page_costs_the_same_with_more_people(client, workshop, django_assert_num_queries):
    somebody(client, RIGHTS)
    client.get(page_of(workshop))
    for people in (1, 3):
        for _n in range(people):
            make_participant(workshop)
        client.post(page_of(workshop))
        Export.objects.update(state="done", expires_at=timezone.now())
        with django_assert_num_queries(11):
            client.get(page_of(workshop))
