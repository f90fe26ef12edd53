"""Who is thanked by mail for a day: those who came, once each."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from registration.choices import MessageName
from registration.materials.audience import in_order, own_documents
from registration.models import Attendance, Delivery, Document, Participant
from sessions.models import WorkshopDay


def thanked(day: WorkshopDay) -> list[Participant]:
    """Those who are known to have come, by counted minutes."""
    there = Attendance.objects.of_days().came().filter(day=day).values("participant")
    return list(Participant.objects.confirmed().known().filter(workshop=day.workshop_id, pk__in=there))


def to_be_told(day: WorkshopDay) -> list[Participant]:
    """Those of them who have not had the mail of this day, nor will. Two queries."""
    people = thanked(day)
    have = set(mails_of(people, day).exclude(state=Delivery.State.OBSOLETE).values_list("participant", flat=True))
    return [person for person in people if person.pk not in have]


def mails_of(people: Iterable[Participant], day: WorkshopDay) -> QuerySet[Delivery]:
    """Those that thank `people` for `day`. One whose turn came while there was nothing to open for its reader is obsolete."""
    return Delivery.objects.filter(key__in=[f"{MessageName.THANKS}:{person.pk}:{day.pk}" for person in people])


def documents_told(day: WorkshopDay) -> list[Document]:
    """What the mail of `day` may name: of that day and of the whole workshop."""
    published = Document.objects.published().filter(Q(day=day) | Q(day=None), workshop=day.workshop_id)
    return in_order(published.with_versions())


def documents_of(person: Participant, day: WorkshopDay) -> list[Document]:
    return [each for each in own_documents(person) if each.day_id in (day.pk, None)]
