"""Mailing a link for what matters."""

import datetime as dt

from django.utils import timezone

from registration.choices import MessageName
from registration.mail import outbox
from registration.models import Participant

#: However often a link is asked for, one mail goes out in this time.
INTERVAL = dt.timedelta(minutes=2)


def send_fresh_link(*, participant: Participant, purpose: str, at: dt.datetime | None = None) -> None:
    """Mails `participant` a link for `purpose` (of `registration.links.fresh.PURPOSES`); its ten minutes begin when the mail is sent."""
    at = at or timezone.now()
    occasion = f"{purpose}-{int(at.timestamp() // INTERVAL.total_seconds())}"
    outbox.post(MessageName.FRESH_LINK, participant, occasion=occasion, at=at, details={"purpose": purpose})
