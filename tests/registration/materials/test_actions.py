"""A document from its draft to its end."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from registration.mail import outbox
from registration.materials import actions
from registration.materials.actions import Belonging, DocumentChanged, Upload
from registration.materials.files import DocumentRefused
from registration.materials.told import to_be_told
from registration.models import AuditEvent, Delivery, Document, DocumentVersion
from registration.models.document import materials_storage
from sessions.models import AgendaItem
from tests.factories import NOON, make_participant, make_workshop, tracks_of
from tests.registration.evaluation.answering import attend
from tests.registration.materials.making import PDF, STAFF, make_document, office, sent

pytestmark = pytest.mark.django_db


def fresh(document) -> Document:
    return Document.objects.with_versions().get(pk=document.pk)


def files() -> set[str]:
    return set(materials_storage().listdir(".")[1]) if materials_storage().exists(".") else set()


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    """Nothing of another test lies there."""
    folder = {"location": tmp_path / "materials", "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750}
    settings.STORAGES = settings.STORAGES | {"materials": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": folder}}
    return tmp_path / "materials"


def test_a_file_lies_under_a_name_that_nobody_guesses(own_folder):
    document = make_document(make_workshop(), is_published=False)
    (file,) = own_folder.iterdir()
    version = document.newest
    assert (version.name, version.size, file.read_bytes()) == ("สไลด์.pdf", len(PDF), PDF)
    assert (len(file.stem), file.stat().st_mode & 0o777, own_folder.stat().st_mode & 0o777) == (40, 0o640, 0o750)


def test_what_is_refused_leaves_nothing():
    with pytest.raises(DocumentRefused):
        make_document(make_workshop(), data=b"<script>")
    assert (Document.objects.count(), files()) == (0, set())


def test_what_fails_behind_the_file_takes_the_file_back(monkeypatch):
    monkeypatch.setattr(actions, "_note", lambda *a: (_ for _ in ()).throw(IntegrityError))
    with pytest.raises(IntegrityError):
        make_document(make_workshop())
    assert (Document.objects.count(), files()) == (0, set())


def test_a_new_version_is_handed_out_and_the_old_one_stays():
    document = make_document(make_workshop())
    actions.replace(document=document, upload=Upload(file=sent(office(), "แก้ไข.docx")), by=STAFF, at=NOON)
    found = fresh(document)
    assert [(each.number, each.name) for each in found.versions.all()] == [(2, "แก้ไข.docx"), (1, "สไลด์.pdf")]
    assert (found.newest.format, found.published_at, len(files())) == ("docx", NOON, 2)


def test_of_two_who_replace_it_at_once_one_is_told():
    document = make_document(make_workshop())
    other = fresh(document)
    actions.replace(document=document, upload=Upload(file=sent()), by=STAFF, at=NOON)
    with pytest.raises(DocumentChanged):
        actions.replace(document=other, upload=Upload(file=sent()), by=STAFF, at=NOON)
    assert (fresh(document).version, DocumentVersion.objects.count(), len(files())) == (2, 2, 2)


def test_what_was_replaced_since_it_was_looked_at_is_not_published():
    document = make_document(make_workshop(), is_published=False)
    seen = fresh(document)
    actions.replace(document=document, upload=Upload(file=sent()), by=STAFF, at=NOON)
    with pytest.raises(DocumentChanged):
        actions.publish(document=seen, by=STAFF, at=NOON)
    assert fresh(document).published_at is None


def test_what_went_to_another_day_since_it_was_looked_at_is_not_published():
    workshop = make_workshop()
    seen = make_document(workshop, is_published=False, audience="attended", day=workshop.days.first())
    Document.objects.update(day=None)
    with pytest.raises(DocumentChanged):
        actions.publish(document=seen, by=STAFF, at=NOON)
    assert fresh(seen).published_at is None


def test_a_published_document_does_not_change_for_whom_it_is():
    workshop = make_workshop()
    day, other = workshop.days.all()
    document = make_document(workshop, audience="attended", day=day)
    same = {"document": document, "title_th": "ชื่อใหม่", "title_en": "", "by": STAFF}
    with pytest.raises(DocumentChanged):
        actions.describe(**same, audience="everybody", belonging=Belonging(day))
    with pytest.raises(DocumentChanged):
        actions.describe(**same, audience="attended", belonging=Belonging(other))
    actions.describe(**same, audience="attended", belonging=Belonging(day))
    assert (fresh(document).title_th, fresh(document).audience) == ("ชื่อใหม่", "attended")
    actions.withdraw(document=document, by=STAFF, at=NOON)
    actions.describe(**same, audience="everybody", belonging=Belonging())
    assert (fresh(document).audience, fresh(document).day) == ("everybody", None)


def test_only_a_draft_is_deleted_and_its_files_with_it(django_capture_on_commit_callbacks):
    document = make_document(make_workshop())
    with pytest.raises(DocumentChanged):
        actions.discard(document=document, by=STAFF)
    actions.withdraw(document=document, by=STAFF)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(document=document, by=STAFF)
    assert (Document.objects.count(), files()) == (0, set())
    assert list(AuditEvent.objects.order_by("pk").values_list("what", flat=True)) == [
        "document published", "document withdrawn", "document discarded",
    ]  # fmt: skip


def test_what_a_dead_process_left_is_deleted_after_a_day():
    document = make_document(make_workshop())
    materials_storage().save("0000.pdf", ContentFile(PDF))
    now = materials_storage().get_modified_time("0000.pdf")
    assert actions.forget_orphans(at=now + dt.timedelta(hours=23)) == 0
    assert actions.forget_orphans(at=now + dt.timedelta(hours=25)) == 1
    assert files() == {document.newest.file.name}


def test_a_document_of_a_topic_that_leaves_the_programme_is_one_of_its_day():
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    document = make_document(workshop, day=track.item.day, item=track.item, track=track)
    AgendaItem.objects.get(pk=track.item_id).delete()
    found = fresh(document)
    assert (found.place, found.day, found.published_at) == ("day", track.item.day, NOON)


class TestThanks:
    def test_those_who_came_are_thanked_once(self):
        workshop = make_workshop(tracks=0)
        day = workshop.days.first()
        came, _missed = make_participant(workshop), make_participant(workshop)
        attend(came, day)
        assert actions.tell(day=day, by=STAFF, at=NOON) == 0, "there is nothing to name yet"
        make_document(workshop, audience="attended", day=day)
        assert [actions.tell(day=day, by=STAFF, at=NOON) for _n in range(2)] == [1, 0]
        late = make_participant(workshop)
        attend(late, day)
        assert (to_be_told(day), actions.tell(day=day, by=STAFF, at=NOON)) == ([late], 1)
        assert set(Delivery.objects.filter(message="thanks").values_list("participant", flat=True)) == {came.pk, late.pk}

    def test_who_got_nothing_because_all_was_withdrawn_gets_it_once_it_is_there_again(self):
        workshop = make_workshop(tracks=0)
        day = workshop.days.first()
        attend(make_participant(workshop), day)
        document = make_document(workshop, audience="attended", day=day)
        actions.tell(day=day, by=STAFF)
        actions.withdraw(document=document, by=STAFF)
        outbox.send_due("worker", seconds=10)
        mails = Delivery.objects.filter(message="thanks")
        assert mails.get().state == "obsolete"
        document.refresh_from_db()
        actions.publish(document=document, by=STAFF)
        assert [actions.tell(day=day, by=STAFF) for _n in range(2)] == [1, 0]
        outbox.send_due("worker", seconds=10)
        assert mails.get().state == "sent"

    def test_asking_costs_the_same_for_one_and_for_three(self, django_assert_num_queries):
        workshop = make_workshop(tracks=0)
        day = workshop.days.first()
        for _n in range(3):
            attend(make_participant(workshop), day)
            with django_assert_num_queries(2):
                to_be_told(day)


def test_a_version_is_a_file_or_a_link():
    document = make_document(make_workshop())
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersion.objects.create(document=document, number=9, format="link", added_at=NOON)
