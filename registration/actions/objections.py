"""Objecting to the use of one's data (Personal Data Protection Act B.E. 2562, section 32), and asking to have it limited (section 34)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from registration.actions.states import record
from registration.actor import Actor
from registration.errors import TooManyObjections
from registration.models import Objection, Participant

#: So many may wait for an answer at once; whoever has more to say writes to the contacts.
MOST_OPEN = 5


def object_to(*, participant: Participant, text: str, by: Actor, at: dt.datetime | None = None) -> Objection:
    """Keeps what `participant` objects to, for staff to answer within thirty days. Raises TooManyObjections."""
    at = at or timezone.now()
    with transaction.atomic():
        Participant.objects.select_for_update().get(pk=participant.pk)
        if Objection.objects.open().filter(participant=participant).count() >= MOST_OPEN:
            raise TooManyObjections
        record(participant, "objected", by=by, at=at)
        return Objection.objects.create(participant=participant, text=text, sent_at=at)
