"""Sending a personal link again, and making an old one dead."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import PARTICIPANT, Actor
from registration.choices import MessageName, Verb
from registration.errors import Erased
from registration.mail import outbox
from registration.models import Participant
from registration.seats.actions.states import record
from registration.seats.deadlocks import repeated_after_deadlock
from sessions.models import Workshop

#: However often the link is asked for, one mail goes out in this time.
LINK_INTERVAL = dt.timedelta(minutes=10)


def send_link(*, participant: Participant, at: dt.datetime | None = None) -> None:
    """Sends their personal link to the participant's own address, at most once in ten minutes."""
    at = at or timezone.now()
    outbox.post(MessageName.LINK, participant, occasion=int(at.timestamp() // LINK_INTERVAL.total_seconds()), at=at)


@repeated_after_deadlock
def note_opened(*, participant: Participant, at: dt.datetime | None = None) -> None:
    """Remembers that the link in a mail of theirs was opened, the first time: their mailbox exists and is read."""
    if participant.link_opened_at is None:
        at = at or timezone.now()
        with transaction.atomic():
            if Participant.objects.filter(pk=participant.pk, link_opened_at=None).update(link_opened_at=at):
                record(participant, Verb.LINK_OPENED, by=PARTICIPANT, at=at)


def registered_as(workshop: Workshop, email: str) -> int:
    """The key of the participant whose address `email` (lower case) is; 0 for nobody."""
    known = Participant.objects.live().filter(workshop=workshop, email=email).order_by("has_contact_address", "pk")
    return known.values_list("pk", flat=True).first() or 0


@repeated_after_deadlock
def renew_link(*, participant: Participant, by: Actor, at: dt.datetime | None = None) -> None:
    """Makes every link that was given out so far dead and sends the new one. Raises Erased."""
    at = at or timezone.now()
    with transaction.atomic():
        if not Participant.objects.filter(pk=participant.pk).update(link_version=F("link_version") + 1):
            raise Erased(participant)
        participant.refresh_from_db(fields=["link_version"])
        event = record(participant, Verb.LINK_RENEWED, by=by, at=at)
        outbox.post(MessageName.LINK, participant, occasion=f"renewed-{event.pk}", at=at)
