"""The outbox: deliveries are written here with the event that causes them, and sent by a worker later."""

import datetime as dt
from typing import Any

from registration.models import Delivery, Participant


def post(
    message: str, participant: Participant, *, occasion: object = "", at: dt.datetime, details: dict[str, Any] | None = None, email: str = ""
) -> None:
    """Queues `message` (a name of `registration.emails`) for `participant`, once for each `occasion`.

    Call it inside the transaction of the event: if that rolls back, nothing is sent.
    """
    Delivery.objects.bulk_create(
        [
            Delivery(
                key=f"{message}:{participant.pk}:{occasion}",
                message=message,
                participant=participant,
                email=email or participant.email,
                details=details or {},
                created_at=at,
                due_at=at,
            )
        ],
        ignore_conflicts=True,
    )
