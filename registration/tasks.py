"""What workers do. Each task is short, may run twice at once, and may be killed at any moment."""

import os
import socket
from uuid import uuid4

from django_tasks import task

from registration import outbox
from registration.actions import mailings, nominations
from registration.models import MailFlow

#: A task of sending ends after this many seconds; the clock starts the next one.
SENDING_SECONDS = 50


@task()
def send_deliveries() -> int:
    """Sends what is due and lets the clock start the next. Returns how many mails the server took."""
    worker = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
    sent = outbox.send_due(worker, seconds=SENDING_SECONDS)
    MailFlow.objects.update(next_senders_at=None)
    return sent


@task()
def queue_mailing(mailing_id: int) -> int:
    """Writes the deliveries of a message to many; the clock starts the next where time was short. Returns how many people it went over."""
    return mailings.queue_deliveries(mailing_id=mailing_id, seconds=SENDING_SECONDS)


@task()
def apply_nominations(file_id: int) -> bool:
    """Applies the rows of a province's spreadsheet; where time was short the next task goes on. True when none is left."""
    done = nominations.apply_rows(file_id=file_id, seconds=SENDING_SECONDS)
    if not done:
        apply_nominations.enqueue(file_id)
    return done
