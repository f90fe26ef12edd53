"""Who may open which documents. Published ones only; staff look at the others in the admin."""

from collections.abc import Iterable

from registration.choices import State
from registration.models import Audience, Document, Participant
from sessions.models import Workshop


def public_documents(workshop: Workshop) -> list[Document]:
    """What everybody may open, in the order of the programme. Two queries."""
    return in_order(Document.objects.published().for_everybody().filter(workshop=workshop).with_versions())


def own_documents(person: Participant) -> list[Document]:
    """What `person` may open, in the order of the programme. One query where there is nothing, else at most three."""
    found = list(Document.objects.published().filter(workshop=person.workshop_id).with_versions())
    if not found:
        return []
    attended: set[int] = set()
    if any(each.audience == Audience.ATTENDED for each in found):
        attended = set(person.attendances.of_days().came().values_list("day", flat=True))
    return in_order(each for each in found if _may_open(person, each, attended))


def _may_open(person: Participant, document: Document, attended: set[int]) -> bool:
    """`attended` are the days, by key, on which they were there: of the document's own day, or on any where it has none."""
    match Audience(document.audience):
        case Audience.EVERYBODY:
            return True
        case Audience.CONFIRMED:
            return person.state == State.CONFIRMED
        case Audience.ATTENDED:
            return document.day_id in attended if document.day_id else bool(attended)


def own_document(person: Participant, pk: int) -> Document | None:
    return next((each for each in own_documents(person) if each.pk == pk), None)


def in_order(documents: Iterable[Document]) -> list[Document]:
    """By day, item and track; what belongs to a whole day or the whole workshop comes before, recordings last."""
    return sorted(documents, key=_place)


def _place(document: Document) -> tuple[str, str, int, bool, int]:
    day, item, track = document.day, document.item, document.track
    return (
        day.date.isoformat() if day else "",
        item.starts_at.isoformat() if item else "",
        track.number if track else 0,
        document.is_recording,
        document.pk,
    )
