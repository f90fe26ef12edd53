"""Sending what was noted: by one worker an endpoint, in the order of the events, at least once, with growing pauses.

A failure says nothing about one message and much about the receiver: so the endpoint rests, and what waits for it with it. After
MAX_FAILURES in a row it is paused, and its messages wait for staff. A message that is refused again and again while others are
taken is given up alone.
"""

import datetime as dt
import time

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.choices import MessageName
from registration.mail import outbox
from registration.models import WebhookDelivery, WebhookEndpoint
from registration.operations import jobs
from registration.webhooks import client, signatures
from registration.webhooks.client import Answer
from registration.webhooks.events import ERASED
from registration.webhooks.notes import forget_who_listens

#: After the first, second, … failure; the last one again and again.
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440)]
MAX_FAILURES = 20
#: The receiver says that it wants nothing any more.
GONE = 410
#: So many old deliveries are put away at a time.
BATCH = 1_000


def send(*, endpoint_id: int, seconds: float) -> int:
    """Sends what is due for an endpoint, until nothing is, the receiver fails or `seconds` are over. Returns how much was taken."""
    endpoint = jobs.claim(WebhookEndpoint.objects.working(timezone.now()), endpoint_id)
    if endpoint is None:
        return 0
    taken, end = 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end and (delivery := _next(endpoint)):
            jobs.renew(endpoint)
            if not _send(endpoint, delivery):
                break
            taken += 1
        jobs.give_back(endpoint)
    except jobs.TakenOver:
        pass
    return taken


def left_by_workers(at: dt.datetime) -> list[int]:
    """Endpoints for which something is due and nobody is at it, each leased to who asks."""
    return jobs.reap(WebhookEndpoint.objects.with_work(at), at=at)


def put_away(*, at: dt.datetime) -> int:
    """Deletes what was done with WEBHOOKS_KEPT_DAYS ago (0: never). At most BATCH; returns how many. What waits stays."""
    if not settings.WEBHOOKS_KEPT_DAYS:
        return 0
    old = WebhookDelivery.objects.filter(finished_at__lt=at - dt.timedelta(days=settings.WEBHOOKS_KEPT_DAYS))
    keys = list(old.order_by("finished_at").values_list("pk", flat=True)[:BATCH])
    return old.filter(pk__in=keys).delete()[0]


def _next(endpoint: WebhookEndpoint) -> WebhookDelivery | None:
    if not WebhookEndpoint.objects.working(timezone.now()).filter(pk=endpoint.pk).exists():  # paused meanwhile
        return None
    return endpoint.deliveries.due(timezone.now()).order_by("due_at", "pk").first()


def _send(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> bool:
    """Whether the receiver took it. A worker that dies in between leaves it waiting: it is sent again, under the same id."""
    now, body = timezone.now(), delivery.body.encode()
    if not WebhookDelivery.objects.waiting().filter(pk=delivery.pk).update(attempts=F("attempts") + 1, attempted_at=now):
        return True  # staff stopped it in this moment
    delivery.attempts += 1
    try:
        headers = signatures.headers(delivery.message_id, body, signatures.secrets_of(endpoint, now), now)
    except signatures.SecretLost:
        answer = Answer(None, "secret lost")
    else:
        answer = client.post(endpoint.url, body, headers)
    now = timezone.now()
    with transaction.atomic():
        if answer.is_taken:
            _note_taken(endpoint, delivery, answer, now)
        elif answer.status == GONE:
            _stop(endpoint, delivery, answer, now)
        else:
            _note_failure(endpoint, delivery, answer, now)
    return answer.is_taken


def _note(delivery: WebhookDelivery, answer: Answer, **columns: object) -> None:
    found = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(state=WebhookDelivery.State.TAKEN)
    found.update(status=answer.status, answer=answer.text, **columns)


def _note_taken(endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: dt.datetime) -> None:
    _note(delivery, answer, state=WebhookDelivery.State.TAKEN, finished_at=now)
    if delivery.event == ERASED:  # of them nothing is kept here, not even their code
        WebhookDelivery.objects.filter(pk=delivery.pk).update(body="", answer="")
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    if own.filter(failures__gt=1).exists():  # it is there again: what it missed follows at once
        endpoint.deliveries.waiting().filter(due_at__gt=now).update(due_at=now)
    own.update(failures=0, rests_until=None, last_taken_at=now)


def _note_failure(endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: dt.datetime) -> None:
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    own.update(failures=F("failures") + 1, last_failed_at=now)
    known = own.get()
    own.update(rests_until=now + _pause(known.failures))
    others_are_taken = known.last_taken_at is not None and known.last_taken_at > delivery.created_at
    if delivery.attempts > len(PAUSES) and others_are_taken:
        _note(delivery, answer, state=WebhookDelivery.State.REFUSED, finished_at=now)
    else:
        _note(delivery, answer, due_at=now + _pause(delivery.attempts))
    if known.failures >= MAX_FAILURES:
        on = own.filter(state=WebhookEndpoint.State.ON)
        if on.update(state=WebhookEndpoint.State.FAILING):
            _tell_staff(known, WebhookEndpoint.State.FAILING, now)


def _stop(endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: dt.datetime) -> None:
    own = WebhookEndpoint.objects.filter(pk=endpoint.pk)
    own.update(last_failed_at=now)
    _note(delivery, answer)
    if own.listening().update(state=WebhookEndpoint.State.GONE):
        _tell_staff(endpoint, WebhookEndpoint.State.GONE, now)
    endpoint.deliveries.waiting().update(state=WebhookDelivery.State.STOPPED, finished_at=now)
    forget_who_listens()


def _pause(failures: int) -> dt.timedelta:
    return PAUSES[min(max(failures, 1), len(PAUSES)) - 1]


def _tell_staff(endpoint: WebhookEndpoint, why: WebhookEndpoint.State, now: dt.datetime) -> None:
    staff = User.objects.with_perm("registration.change_webhookendpoint", backend="django.contrib.auth.backends.ModelBackend")
    users = staff.filter(is_active=True, is_staff=True).exclude(email="")
    details = {"endpoint": endpoint.pk, "why": why}
    occasion = f"{endpoint.pk}-{now:%Y%m%d%H%M}"
    outbox.post_to_users(MessageName.WEBHOOK_ENDED, users, occasion=occasion, at=now, details=details)
