"""Mail to those who coordinate a province: each kind can be switched off by whoever gets it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from registration.choices import DeskNotice, MessageName
from registration.mail import outbox
from registration.models import Coordinator, Quota


def tell_desk(
    message: MessageName,
    notice: DeskNotice,
    quota: Quota,
    *,
    occasion: object,
    at: dt.datetime,
    details: dict[str, Any] | None = None,
    but: Collection[int] = (),
) -> int:
    """Queues `message` for the coordinators of `quota` who want such a `notice`, `but` for users (by key) who caused it.

    Returns for how many. Call it inside the transaction of the event; the same `occasion` again writes nothing.
    """
    told = Coordinator.objects.with_mailbox().wanting(notice).filter(quota=quota).select_related("user")
    told = told.exclude(user__in=but)
    for coordinator in told:
        outbox.post_to_user(
            message, coordinator.user, occasion=f"{quota.pk}-{occasion}", at=at, details={"quota": quota.pk} | (details or {})
        )
    return len(told)
