"""Documents and recordings: put there as a draft, published by a deliberate step, replaced by a version, told of by one mail."""

import datetime as dt
import logging
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.choices import MessageName
from registration.mail import outbox
from registration.materials.files import Format, kept_name, look_at
from registration.materials.told import documents_told, mails_of, to_be_told
from registration.models import Delivery, Document, DocumentVersion
from registration.models.document import materials_storage
from sessions.changes import note_described
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay

logger = logging.getLogger(__name__)

#: A file that no document names is of a process that died on its way, once it is so old.
ORPHANED = dt.timedelta(days=1)


class DocumentChanged(Exception):
    """Somebody else published, withdrew or replaced it since it was looked at."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a document belongs to: the narrowest is meant, its day stands beside it."""

    day: WorkshopDay | None = None
    item: AgendaItem | None = None
    track: Track | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent, or the address of a recording."""

    file: File | None = None
    url: str = ""


def add(
    *, workshop: Workshop, belonging: Belonging, title_th: str, title_en: str, audience: str, upload: Upload, by: Actor,
    at: dt.datetime | None = None,
) -> Document:  # fmt: skip
    """As a draft, which nobody sees. Raises DocumentRefused."""
    at = at or timezone.now()
    with _stored(upload) as version, transaction.atomic():
        document = Document.objects.create(
            workshop=workshop, day=belonging.day, item=belonging.item, track=belonging.track,
            kind=Document.Kind.FILE if upload.file else Document.Kind.RECORDING,
            title_th=title_th, title_en=title_en, audience=audience, created_by=by.user, created_at=at,
        )  # fmt: skip
        _note(document, version, by, at)
    return document


def replace(*, document: Document, upload: Upload, by: Actor, at: dt.datetime | None = None) -> None:
    """By a version that is handed out from now on; the older ones stay for staff. Raises DocumentRefused, DocumentChanged."""
    at = at or timezone.now()
    with _stored(upload) as version, transaction.atomic():
        if not Document.objects.filter(pk=document.pk, version=document.version).update(version=F("version") + 1):
            raise DocumentChanged
        document.version += 1
        _note(document, version, by, at)
        if document.published_at:
            trail.record_decision(by=by, what="document replaced", workshop=document.workshop, count=0, at=at)


@contextmanager
def _stored(upload: Upload) -> Iterator[DocumentVersion]:
    """A version whose file lies there before anything names it; gone again where what follows fails."""
    if upload.file is None:
        yield DocumentVersion(format=Format.LINK, url=upload.url)
        return
    name, size = upload.file.name or "", upload.file.size
    kind = look_at(upload.file, name, size)
    upload.file.seek(0)
    version = DocumentVersion(format=kind, name=kept_name(name, kind), size=size)
    version.file.name = materials_storage().save(f"{secrets.token_hex(20)}.{kind}", upload.file)
    try:
        yield version
    except BaseException:
        materials_storage().delete(version.file.name)
        raise


def _note(document: Document, version: DocumentVersion, by: Actor, at: dt.datetime) -> None:
    version.document, version.number, version.added_by, version.added_at = document, document.version, by.user, at
    version.save(force_insert=True)


def describe(
    *, document: Document, belonging: Belonging, title_th: str, title_en: str, audience: str, by: Actor
) -> None:  # fmt: skip
    """How it is called, where it belongs and, while nobody sees it, for whom it is: what is published is withdrawn for that first.

    Raises DocumentChanged.
    """
    values = {"title_th": title_th, "title_en": title_en, "day": belonging.day, "item": belonging.item, "track": belonging.track}
    same = Document.objects.filter(pk=document.pk)
    if audience != document.audience or _is_narrower(document, belonging):
        same = same.filter(published_at=None)
    with transaction.atomic():
        if not same.update(**values, audience=audience):
            raise DocumentChanged
        if document.published_at and document.day_id != (belonging.day.pk if belonging.day else None):
            note_described([document.day_id, belonging.day.pk if belonging.day else None])


def _is_narrower(document: Document, belonging: Belonging) -> bool:
    """Those who attended are others on another day."""
    return document.audience == "attended" and document.day_id != (belonging.day.pk if belonging.day else None)


def publish(*, document: Document, by: Actor, at: dt.datetime | None = None) -> None:
    """What was looked at: of a version, an audience or a day that somebody changed meanwhile nobody said so. Raises DocumentChanged."""
    at = at or timezone.now()
    with transaction.atomic():
        seen = Document.objects.filter(pk=document.pk, version=document.version, audience=document.audience, day=document.day_id)
        if not seen.filter(published_at=None).update(published_at=at):
            raise DocumentChanged
        note_described([document.day_id])
        trail.record_decision(by=by, what="document published", workshop=document.workshop, count=0, at=at)


def withdraw(*, document: Document, by: Actor, at: dt.datetime | None = None) -> None:
    """Nobody but staff can open it from now on. Raises DocumentChanged."""
    with transaction.atomic():
        if not Document.objects.published().filter(pk=document.pk).update(published_at=None):
            raise DocumentChanged
        note_described([document.day_id])
        trail.record_decision(by=by, what="document withdrawn", workshop=document.workshop, count=0, at=at or timezone.now())


def discard(*, document: Document, by: Actor, at: dt.datetime | None = None) -> None:
    """With its files, for good; what is published has to be withdrawn first. Raises DocumentChanged."""
    with transaction.atomic():
        draft = Document.objects.select_for_update().filter(pk=document.pk, published_at=None).first()
        if draft is None:
            raise DocumentChanged
        files = list(draft.versions.exclude(file="").values_list("file", flat=True))
        draft.delete()
        trail.record_decision(by=by, what="document discarded", workshop=document.workshop, count=0, at=at or timezone.now())
        transaction.on_commit(lambda: _delete(files))


def _delete(names: Iterable[str]) -> None:
    for name in names:
        materials_storage().delete(name)


def note_opened(*, document: Document) -> None:
    Document.objects.filter(pk=document.pk).update(opened=F("opened") + 1)


def tell(*, day: WorkshopDay, by: Actor, at: dt.datetime | None = None) -> int:
    """One mail of thanks to those who came on `day` and have not had it, with what they may open. Returns how many get it."""
    at = at or timezone.now()
    with transaction.atomic():
        people = to_be_told(day) if documents_told(day) else []
        mails_of(people, day).filter(state=Delivery.State.OBSOLETE).update(state=Delivery.State.QUEUED, due_at=at, finished_at=None)
        outbox.post_many(MessageName.THANKS, people, occasion=day.pk, at=at, details={"day": day.pk})
    return len(people)


def forget_orphans(*, at: dt.datetime) -> int:
    """Deletes files that no document names: of a process that died between the file and the row. Returns how many."""
    storage = materials_storage()
    if not storage.exists("."):
        return 0
    lying = [name for name in storage.listdir(".")[1] if PurePosixPath(name).suffix.lstrip(".") in Format.values]
    known = set(DocumentVersion.objects.filter(file__in=lying).values_list("file", flat=True))
    orphans = [name for name in lying if name not in known and storage.get_modified_time(name) < at - ORPHANED]
    _delete(orphans)
    return len(orphans)
