"""What workers do. Each task is short, may run twice at once, and may be killed at any moment."""

import os
import socket
from uuid import uuid4

from django_tasks import task

from registration import outbox
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
