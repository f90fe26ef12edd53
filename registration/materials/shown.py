"""Documents as pages show them."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.core.cache import cache
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from registration.materials import audience
from registration.models import Document, DocumentVersion, Participant
from sessions.documents import ShownDocument, ShownDocuments
from sessions.models import AgendaItem, Track, Workshop, WorkshopDay
from sessions.public_pages import KEPT_SECONDS


def public_documents(workshop: Workshop) -> list[ShownDocument]:
    return [
        shown(each, reverse("document", args=[workshop.slug, each.pk])) for each in audience.public_documents(workshop)
    ]  # fmt: skip


def own_documents(person: Participant) -> ShownDocuments:
    """What `person` may open, at their own address. At most four queries; mostly none in a workshop that has no documents.

    The first of a workshop is seen some seconds late; what is withdrawn is gone at once.
    """
    published = Document.objects.published().filter(workshop=person.workshop_id)
    if not cache.get_or_set(f"documents-{person.workshop_id}", published.exists, KEPT_SECONDS):
        return ShownDocuments()
    found = audience.own_documents(person)
    return ShownDocuments([shown(each, reverse("own_document", args=[person.code, each.pk])) for each in found])


def shown(document: Document, url: str) -> ShownDocument:
    """Read `with_versions`."""
    return ShownDocument(
        document.title, url, note_of(document.newest), document.is_recording, document.version, document.day, _belongs_to(document)
    )


def note_of(version: DocumentVersion) -> str:
    """What it is in a word: "PDF 2.4 MB"; of a recording where it lies."""
    if version.format == DocumentVersion.Format.LINK:
        return urlsplit(version.url).hostname or ""
    return f"{version.format.upper()} {filesizeformat(version.size)}"


def _belongs_to(document: Document) -> tuple[type, int] | None:
    places: Iterable[tuple[type, int | None]] = (
        (Track, document.track_id), (AgendaItem, document.item_id), (WorkshopDay, document.day_id)
    )  # fmt: skip
    return next(((kind, pk) for kind, pk in places if pk), None)
