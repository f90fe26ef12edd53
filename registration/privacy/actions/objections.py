"""Objecting to the use of one's data (Personal Data Protection Act B.E. 2562, section 32), and asking to have it limited (section 34)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import MessageName, Verb
from registration.errors import TooManyObjections
from registration.mail import outbox
from registration.models import Objection, Participant
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.text import clean_paragraphs

#: So many may wait for an answer at once; whoever has more to say writes to the contacts.
MAX_OPEN = 5


@repeated_after_deadlock
def object_to(*, participant: Participant, text: str, by: Actor, at: dt.datetime | None = None) -> Objection:
    """Keeps what `participant` objects to, for staff to answer within thirty days. Raises TooManyObjections."""
    at = at or timezone.now()
    with transaction.atomic():
        Participant.objects.select_for_update().get(pk=participant.pk)
        if Objection.objects.open().filter(participant=participant).count() >= MAX_OPEN:
            raise TooManyObjections
        record(participant, Verb.OBJECTED, by=by, at=at)
        return Objection.objects.create(participant=participant, text=text, sent_at=at)


@repeated_after_deadlock
def answer(*, objection: Objection, text: str, by: Actor, at: dt.datetime | None = None) -> None:
    """Writes down what was done about an objection and mails it to the participant; words that were changed are mailed again.

    An empty `text` takes an answer back: the objection waits again, and nobody is written to. The same text changes nothing.
    """
    at, text = at or timezone.now(), clean_paragraphs(text)
    with transaction.atomic():
        known = Objection.objects.select_related("participant").select_for_update(of=("self",)).get(pk=objection.pk)
        if text == known.answer:
            return
        known.answer = text
        known.answered_at = (known.answered_at or at) if text else None
        known.answered_by = by.user if text else None
        known.save(update_fields=["answer", "answered_at", "answered_by"])
        if text:
            event = record(known.participant, Verb.OBJECTION_ANSWERED, by=by, at=at)
            details = {"answer": text, "objected_on": timezone.localdate(known.sent_at).isoformat()}
            outbox.post(MessageName.OBJECTION_ANSWERED, known.participant, occasion=event.pk, at=at, details=details)
