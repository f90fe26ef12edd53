"""All certificates of the office as one archive, made by a job: folders by place, each sheet as it is given out."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from registration.actor import Actor, ActorKind
from registration.certificates import sealing
from registration.exports import actions
from registration.models import AuditEvent, Certificate, CertificateSeal, Export
from tests.factories import NOON, make_coordinator, make_participant, work_off
from tests.registration.certificates.test_actions import attend, issued, workshop_with
from tests.registration.certificates.test_seal import is_valid, key

__all__ = ["key"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return User.objects.create_superuser("boss")


def made(workshop, boss):
    export, _new = actions.ask(workshop=workshop, kind=Export.Kind.CERTIFICATES, filters={}, by=Actor(ActorKind.STAFF, boss))
    assert actions.make(export_id=export.pk)
    export.refresh_from_db()
    return export, ZipFile(BytesIO(actions.take(export=export, by=Actor(ActorKind.STAFF, boss)).read()))


def test_a_folder_for_each_place_and_in_it_the_very_bytes_that_people_get(boss):
    workshop, _people = workshop_with(2)
    attend(make_participant(workshop, "56"), 60)
    certificates = issued(workshop)
    export, archive = made(workshop, boss)
    assert sorted({name.partition("/")[0] for name in archive.namelist()}) == sorted({each.participant.quota.name for each in certificates})
    assert sorted(map(archive.read, archive.namelist())) == sorted(map(sealing.sheet_of, certificates))
    assert (export.people, export.state) == (3, "done")
    assert AuditEvent.objects.filter(what="certificates taken", count=3).count() == 1


def test_seals_stay_valid_in_it_and_what_waits_for_one_is_named(boss, key):
    workshop, _people = workshop_with(2)
    issued(workshop)
    Certificate.objects.filter(number=2).update(awaits_seal=True)
    export, archive = made(workshop, boss)
    sheet, note = archive.namelist()
    assert is_valid(archive.read(sheet))
    assert Certificate.objects.get(number=2).snapshot["name"] in archive.read(note).decode("utf-8-sig")
    assert (note, export.people) == ("ยังไม่อยู่ในแฟ้มนี้.txt", 1)


def test_what_has_to_be_sealed_anew_is_sealed_by_the_worker_that_makes_the_file(boss, key):
    workshop, _people = workshop_with(1)
    issued(workshop)
    CertificateSeal.objects.update(sheet_digest="0" * 64)
    _export, archive = made(workshop, boss)
    (name,) = archive.namelist()
    assert is_valid(archive.read(name))
    assert archive.read(name) == sealing.sheet_of(Certificate.objects.get())


def test_where_the_key_cannot_seal_they_are_named(boss, key):
    workshop, _people = workshop_with(1)
    issued(workshop)
    CertificateSeal.objects.update(sheet_digest="0" * 64)
    key.write_bytes(b"no key")
    (note,) = made(workshop, boss)[1].namelist()
    assert note.endswith(".txt")


def test_the_file_of_a_province_names_what_it_lacks_and_has_it_sealed(client, key):
    workshop, (person, _other) = workshop_with(2)
    issued(workshop)
    client.force_login(make_coordinator(person.province).user)
    CertificateSeal.objects.filter(certificate__number=1).update(sheet_digest="0" * 64)
    address = reverse("desk_certificates_zip", args=[workshop.slug, person.quota.code])
    sheet, note = ZipFile(BytesIO(client.post(address).content)).namelist()
    assert sheet.startswith("0002") and note.endswith(".txt")
    page = reverse("desk_attendance", args=[workshop.slug, person.quota.code])
    assert client.get(page).context["waiting"] == 1
    work_off()
    assert client.get(page).context["waiting"] == 0
    assert [name[:4] for name in ZipFile(BytesIO(client.post(address).content)).namelist()] == ["0001", "0002"]


def test_withdrawn_ones_and_those_of_another_workshop_are_not_in_it(boss):
    workshop, _people = workshop_with(2)
    issued(workshop)
    Certificate.objects.filter(number=1).update(withdrawn_at=NOON)
    issued(workshop_with(1, slug="other")[0])
    assert len(made(workshop, boss)[1].namelist()) == 1


def test_a_name_makes_no_path(boss):
    workshop, (person,) = workshop_with(1)
    type(person).objects.update(first_name="../../ก", last_name='a:b*"c')
    issued(workshop)
    (name,) = made(workshop, boss)[1].namelist()
    assert name.count("/") == 1 and not set(':*"\\') & set(name)


def test_one_press_on_the_page_of_certificates_orders_the_file(client, boss):
    workshop, _people = workshop_with(1)
    issued(workshop)
    client.force_login(boss)
    page = client.get(reverse("admin:registration_certificate_overview", args=[workshop.slug])).content.decode()
    address = f"{reverse('admin:registration_export_add')}?workshop={workshop.slug}"
    assert address in page
    answer = client.post(address, {"make": "certificates"}, follow=True)
    export = Export.objects.get()
    assert (export.kind, answer.redirect_chain[-1][0]) == ("certs", reverse("admin:registration_export_change", args=[export.pk]))
    work_off()
    export.refresh_from_db()
    assert export.state == "done"


def test_who_may_not_see_certificates_gets_no_file_of_them(client):
    workshop, _people = workshop_with(1)
    issued(workshop)
    staff = User.objects.create_user("staff", is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename="export_participant"))
    client.force_login(staff)
    client.post(f"{reverse('admin:registration_export_add')}?workshop={workshop.slug}", {"make": "certificates"})
    assert Export.objects.count() == 0
    other = Export.objects.create(workshop=workshop, kind="certs", created_by=staff, created_at=workshop.certificates.get().issued_at)
    assert client.get(reverse("admin:registration_export_change", args=[other.pk])).status_code == 404
