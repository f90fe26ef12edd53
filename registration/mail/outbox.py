"""The outbox: deliveries are written with the event that causes them, and sent by a worker later.

Each row is sent at most once and never lost (see `models.Delivery`). A worker claims a few rows under a
lease, marks the attempt just before it speaks to the mail server and the result just after. What a
dead worker left is put back or, if its attempt had begun, shown to staff as unknown: only a human can
say whether such a mail arrived.
"""

import datetime as dt
import logging
import math
import time
from collections.abc import Iterable, Iterator
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_noop

from registration.choices import MessageName, Rank
from registration.mail import compose
from registration.mail.ranks import rank_of
from registration.models import Delivery, Invitation, MailFlow, Mailing, Participant

logger = logging.getLogger(__name__)

BATCH = 10
#: Seconds for which what was read of the people of a batch is written into their mails.
FRESH_FOR = 2.0
#: What ceilings hold for, each with its setting (0: none) and what its beginning is without.
STRETCHES: dict[str, tuple[str, dict[str, Any]]] = {
    "minute": ("MAILS_PER_MINUTE", {"second": 0, "microsecond": 0}),
    "hour": ("MAILS_PER_HOUR", {"minute": 0, "second": 0, "microsecond": 0}),
    "day": ("MAILS_PER_DAY", {"hour": 0, "minute": 0, "second": 0, "microsecond": 0}),
}
#: A fifth of each is kept for what somebody waits for.
KEPT_PART = 5
LEASE = dt.timedelta(minutes=5)
#: Pauses after the first, second, … refusal for now; after the last one the delivery has failed.
PAUSES = [dt.timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720)]

#: What stands in place of the mail server's answer where a dead worker never heard it.
WORKER_STOPPED = gettext_noop("The worker stopped while it was sending.")


def post(
    message: MessageName,
    participant: Participant,
    *,
    occasion: object = "",
    at: dt.datetime,
    details: dict[str, Any] | None = None,
    email: str = "",
) -> None:
    """Queues `message` (a name in `mail.messages`) for `participant`, once for each `occasion`.

    `details` is what was true at the event and may not be later (a reason, the place in line); JSON.
    `email` is for the rare mail that goes elsewhere than to the participant's address.
    Call it inside the transaction of the event: if that rolls back, nothing is sent.
    """
    post_many(message, [participant], occasion=occasion, at=at, details=details, email=email)


def post_many(
    message: MessageName,
    participants: Iterable[Participant],
    *,
    occasion: object = "",
    at: dt.datetime,
    details: dict[str, Any] | None = None,
    email: str = "",
    mailing: Mailing | None = None,
) -> None:
    """As `post`, for many people in one statement a thousand. `mailing` is the text where staff wrote it."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                key=f"{message}:{participant.pk}:{occasion}",
                message=message,
                rank=rank_of(message),
                participant=participant,
                mailing=mailing,
                email=email or participant.email,
                details={"state": participant.state} | (details or {}),
                created_at=at,
                due_at=at,
            )
            for participant in participants
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def post_to_user(
    message: MessageName, user: User, *, occasion: object, at: dt.datetime, details: dict[str, Any], mailing: Mailing | None = None
) -> None:
    """As `post`, for somebody who signs in. `details` names their "language" where that is known."""
    post_to_users(message, [user], occasion=occasion, at=at, details=details, mailing=mailing)


def post_to_users(
    message: MessageName,
    users: Iterable[User],
    *,
    occasion: object,
    at: dt.datetime,
    details: dict[str, Any],
    mailing: Mailing | None = None,
) -> None:
    """As `post_to_user`, for many in one statement a thousand."""
    Delivery.objects.bulk_create(
        (
            Delivery(
                key=f"{message}:user-{user.pk}:{occasion}",
                message=message,
                rank=rank_of(message),
                user=user,
                mailing=mailing,
                email=user.email,
                details=details,
                created_at=at,
                due_at=at,
            )
            for user in users
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


def post_to_invitation(
    message: MessageName, invitation: Invitation, *, occasion: object = "", at: dt.datetime, details: dict[str, Any] | None = None
) -> None:
    """As `post`, for somebody who is invited."""
    delivery = Delivery(
        key=f"{message}:invitation-{invitation.pk}:{occasion}",
        message=message,
        rank=rank_of(message),
        invitation=invitation,
        email=invitation.email,
        details=details or {},
        created_at=at,
        due_at=at,
    )
    Delivery.objects.bulk_create([delivery], ignore_conflicts=True)


def claim(worker: str, *, at: dt.datetime, limit: int = BATCH) -> list[Delivery]:
    """Takes up to `limit` due deliveries for `worker`, for the time of the lease: what somebody waits for first.

    None while the mail is paused or this minute's, hour's or day's ceiling is reached, by whatever workers. The last part of
    each of them is kept for what somebody waits for.
    """
    with transaction.atomic():
        left, left_for_others = _allowance(at)
        due = Delivery.objects.due(at).select_for_update(skip_locked=True).order_by("rank", "due_at", "pk").values_list("pk", flat=True)
        keys = list(due.filter(rank=Rank.ASKED)[: min(limit, left)]) if left > 0 else []
        if (others := min(limit - len(keys), left_for_others - len(keys))) > 0:
            keys += due.filter(rank__gt=Rank.ASKED)[:others]
        if not keys:
            return []
        Delivery.objects.filter(pk__in=keys).update(
            state=Delivery.State.SENDING, claimed_by=worker, leased_until=at + LEASE, attempted_at=None
        )
        MailFlow.objects.update(**{f"sent_in_{stretch}": F(f"sent_in_{stretch}") + len(keys) for stretch in STRETCHES})
    return list(Delivery.objects.filter(pk__in=keys).order_by("rank", "due_at", "pk"))


def _allowance(at: dt.datetime) -> tuple[int, int]:
    """How many more may go out at `at`, and how many of them that nobody waits for. Locks the flow until the transaction ends.

    A stretch of time that is over stays over: workers' clocks differ, and some waited for the lock.
    """
    flow, _created = MailFlow.objects.select_for_update().get_or_create(pk=1)
    if flow.is_paused:
        return 0, 0
    left, left_for_others = [], []
    begun: dict[str, Any] = {}
    for stretch, (ceiling, rest) in STRETCHES.items():
        begins, most = timezone.localtime(at).replace(**rest), int(getattr(settings, ceiling))
        if (last := getattr(flow, stretch)) is None or last < begins:
            begun |= {stretch: begins, f"sent_in_{stretch}": 0}
        if most:
            free = most - begun.get(f"sent_in_{stretch}", getattr(flow, f"sent_in_{stretch}"))
            left.append(free)
            left_for_others.append(free - most // KEPT_PART)
    if begun:
        MailFlow.objects.update(**begun)
    return min(left), min(left_for_others)


class _Unreachable(Exception):
    """No connection to the mail server could be opened; says nothing about any delivery."""


def send_due(worker: str, *, seconds: float) -> int:
    """Claims and sends until nothing is due, the minute is full or `seconds` are over. Returns how many were sent.

    Where the mail server cannot be reached it stops at once: what it holds goes back to the queue for a
    minute, without an attempt being counted.
    """
    sent, end = 0, time.monotonic() + seconds
    connection = get_connection()
    try:
        while time.monotonic() < end and (batch := claim(worker, at=timezone.now())):
            for delivery, people in _with_people(batch):
                sent += _send(delivery, people, worker, connection)
    except _Unreachable as error:
        logger.warning("the mail server cannot be reached: %s", error)
        held = Delivery.objects.filter(claimed_by=worker, state=Delivery.State.SENDING, attempted_at=None)
        held.update(state=Delivery.State.QUEUED, due_at=timezone.now() + PAUSES[0], leased_until=None, error=str(error))
    finally:
        connection.close()
    return sent


def _with_people(batch: list[Delivery]) -> Iterator[tuple[Delivery, dict[int, Participant]]]:
    """Each of `batch` with the people of all that are left, who were read together a moment ago: what a mail says is as new as that."""
    people: dict[int, Participant] = {}
    read_at = -math.inf
    for number, delivery in enumerate(batch):
        if time.monotonic() - read_at > FRESH_FOR:
            people, read_at = compose.read_together(batch[number:]), time.monotonic()
        yield delivery, people


def _is_over(delivery: Delivery) -> bool:
    """Whether it cannot be composed because what it was about is gone, so that nobody needs it."""
    try:
        return not compose.is_needed(delivery, timezone.now())
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        return False


def _send(delivery: Delivery, people: dict[int, Participant], worker: str, connection: BaseEmailBackend) -> bool:
    try:
        mail = compose.compose(delivery, people=people)
        needed = compose.is_needed(delivery, timezone.now())
    except (OperationalError, InterfaceError):
        raise  # the database's trouble is not the message's: the lease runs out and it is tried again
    except Exception as error:
        if not _is_over(delivery):
            logger.exception("delivery %s cannot be composed", delivery.pk)
            _finish(delivery, worker, Delivery.State.FAILED, repr(error))
            return False
        needed = False
    if not needed:
        _finish(delivery, worker, Delivery.State.OBSOLETE, "")
        return False
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        raise _Unreachable(_words(error)) from error
    if not _mark_attempt(delivery, worker):
        return False  # the lease ran out and somebody else has it
    try:
        connection.send_messages([mail])
    except Exception as error:
        _write_refusal(delivery, worker, connection, error)
        connection.close()
        return False
    _finish(delivery, worker, Delivery.State.SENT, "", went_astray=mail.to != [delivery.email])
    return True


def _mark_attempt(delivery: Delivery, worker: str) -> bool:
    now = timezone.now()
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING, claimed_by=worker, leased_until__gt=now, attempted_at=None)
    return mine.update(attempted_at=now, leased_until=now + LEASE, attempts=F("attempts") + 1) == 1


def _write_refusal(delivery: Delivery, worker: str, connection: BaseEmailBackend, error: Exception) -> None:
    code = _code(error)
    if getattr(connection, "in_doubt", code is None):
        _finish(delivery, worker, Delivery.State.UNKNOWN, _words(error))
    elif (code is not None and 500 <= code < 600) or _is_ours(error):
        _finish(delivery, worker, Delivery.State.FAILED, _words(error))
    else:
        delivery.attempts += 1
        _put_off(delivery, worker, _words(error))


def _is_ours(error: Exception) -> bool:
    return isinstance(error, SMTPNotSupportedError) or not isinstance(error, (OSError, SMTPException))


def _code(error: Exception) -> int | None:
    """The mail server's three digits, where `error` carries them."""
    if isinstance(error, SMTPRecipientsRefused):
        return max(code for code, _words in error.recipients.values())
    if isinstance(error, SMTPResponseException):
        return int(error.smtp_code)
    return None


def _words(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        answers = error.recipients.values()
        return "; ".join(f"{code} {_text(words)}" for code, words in answers)
    if isinstance(error, SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _put_off(delivery: Delivery, worker: str, error: str) -> None:
    if delivery.attempts > len(PAUSES):
        _finish(delivery, worker, Delivery.State.FAILED, error)
        return
    pause = PAUSES[delivery.attempts - 1]
    Delivery.objects.filter(pk=delivery.pk, claimed_by=worker).exclude(state=Delivery.State.SENT).update(
        state=Delivery.State.QUEUED, due_at=timezone.now() + pause, leased_until=None, error=error
    )


def _finish(delivery: Delivery, worker: str, state: Delivery.State, error: str, *, went_astray: bool = False) -> None:
    Delivery.objects.filter(pk=delivery.pk, claimed_by=worker).exclude(state=Delivery.State.SENT).update(
        state=state, finished_at=timezone.now(), leased_until=None, error=error, went_astray=went_astray
    )


def reap(at: dt.datetime) -> tuple[int, int]:
    """Deals with what dead workers left. Returns how many went back to the queue, and how many are unknown."""
    expired = Delivery.objects.filter(state=Delivery.State.SENDING, leased_until__lt=at)
    back = expired.filter(attempted_at=None).update(state=Delivery.State.QUEUED, leased_until=None, claimed_by="")
    unknown = expired.exclude(attempted_at=None).update(
        state=Delivery.State.UNKNOWN, leased_until=None, finished_at=at, error=WORKER_STOPPED
    )
    return back, unknown
