"""What staff do with endpoints: add, change, pause, stop, let go on; secrets; a test; sending again. Each stands in the audit trail."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.models import WebhookDelivery, WebhookEndpoint
from registration.models.webhooks import new_message_id
from registration.webhooks import signatures
from registration.webhooks.notes import body_of, forget_who_listens
from sessions.models import Workshop

#: How long messages are signed with the former secret too.
OVERLAP = dt.timedelta(days=3)
TEST = "webhook.test"

State = WebhookEndpoint.State


def add(
    *, name: str, url: str, workshop: Workshop | None, events: Sequence[str], by: Actor, at: dt.datetime | None = None
) -> WebhookEndpoint:
    at = at or timezone.now()
    salt, check = signatures.new_salt()
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.create(
            name=name, url=url, workshop=workshop, events=list(events), salt=salt, key_check=check, created_at=at, created_by=by.user
        )
        _told(endpoint, "webhook added", by, at)
    return endpoint


def change(*, endpoint: WebhookEndpoint, values: dict[str, Any], by: Actor, at: dt.datetime | None = None) -> None:
    """Writes `values` (name, url, workshop, events). What waits goes to the new address."""
    at = at or timezone.now()
    with transaction.atomic():
        if values:
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(**values)
            _told(endpoint, "webhook changed", by, at)


def pause(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> bool:
    """Nothing is sent; events are noted and wait. False where it was not on."""
    return _turn(endpoint, [State.ON], State.PAUSED, "webhook paused", by, at)


def resume(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> bool:
    """What waits is sent at once, after whatever failures. False where it is on already."""
    at = at or timezone.now()
    with transaction.atomic():
        if not _turn(endpoint, [state for state in State if state != State.ON], State.ON, "webhook resumed", by, at):
            return False
        _at_once(endpoint, at)
    return True


def try_now(*, endpoint: WebhookEndpoint, at: dt.datetime | None = None) -> None:
    """Ends the rest after a failure: what waits is sent at once."""
    with transaction.atomic():
        _at_once(endpoint, at or timezone.now())


def stop(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> bool:
    """Nothing is sent or noted any more; what waits is not sent, unless staff send it again. False where it was stopped before."""
    at = at or timezone.now()
    with transaction.atomic():
        if not _turn(endpoint, [state for state in State if state not in WebhookEndpoint.ENDED], State.STOPPED, "webhook stopped", by, at):
            return False
        endpoint.deliveries.waiting().update(state=WebhookDelivery.State.STOPPED, finished_at=at)
    return True


def show_secret(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> str | None:
    """The secret as its receiver needs it, once; None where it was shown before. Raises signatures.SecretLost."""
    at = at or timezone.now()
    with transaction.atomic():
        if not WebhookEndpoint.objects.filter(pk=endpoint.pk, salt=endpoint.salt, shown_at=None).update(shown_at=at):
            return None
        _told(endpoint, "webhook secret shown", by, at)
        return signatures.as_shown(signatures.secret_of(endpoint.salt, endpoint.key_check))


def renew_secret(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> bool:
    """A new secret; messages are signed with the former one too for OVERLAP. False while one before it still counts."""
    at = at or timezone.now()
    salt, check = signatures.new_salt()
    with transaction.atomic():
        own = WebhookEndpoint.objects.filter(pk=endpoint.pk, salt=endpoint.salt).exclude(former_until__gt=at)
        former = {"former_salt": endpoint.salt, "former_key_check": endpoint.key_check, "former_until": at + OVERLAP}
        if not own.update(salt=salt, key_check=check, shown_at=None, **former):
            return False
        _told(endpoint, "webhook secret renewed", by, at)
    return True


def end_former_secret(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> bool:
    """Messages are signed with the new secret alone from now on. False where that is so already."""
    at = at or timezone.now()
    with transaction.atomic():
        own = WebhookEndpoint.objects.filter(pk=endpoint.pk, former_until__gt=at)
        if not own.update(former_until=None, former_salt="", former_key_check=""):
            return False
        _told(endpoint, "webhook secret ended", by, at)
    return True


def send_test(*, endpoint: WebhookEndpoint, by: Actor, at: dt.datetime | None = None) -> WebhookDelivery:
    """A message of the type "webhook.test", sent as every other, at once."""
    at = at or timezone.now()
    message_id = new_message_id()
    with transaction.atomic():
        test = WebhookDelivery.objects.create(
            endpoint=endpoint, message_id=message_id, key=message_id, event=TEST, body=body_of(TEST, {}, at), created_at=at, due_at=at
        )
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(rests_until=None)
        _told(endpoint, "webhook test", by, at)
    return test


def send_again(*, delivery: WebhookDelivery, by: Actor, at: dt.datetime | None = None) -> bool:
    """The same message under the same id once more, whatever became of it. False where it waits already, or is forgotten."""
    at = at or timezone.now()
    waiting = {"state": WebhookDelivery.State.WAITING, "due_at": at, "attempts": 0, "finished_at": None}
    with transaction.atomic():
        done = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(Q(state=WebhookDelivery.State.WAITING) | Q(body=""))
        if not done.update(**waiting):
            return False
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(rests_until=None)
        _told(delivery.endpoint, "webhook sent again", by, at)
    return True


def _turn(endpoint: WebhookEndpoint, since: Sequence[State], to: State, what: str, by: Actor, at: dt.datetime | None) -> bool:
    at = at or timezone.now()
    with transaction.atomic():
        if not WebhookEndpoint.objects.filter(pk=endpoint.pk, state__in=since).update(state=to):
            return False
        _told(endpoint, what, by, at)
    return True


def _at_once(endpoint: WebhookEndpoint, at: dt.datetime) -> None:
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(failures=0, rests_until=None)
    endpoint.deliveries.waiting().filter(due_at__gt=at).update(due_at=at)


def _told(endpoint: WebhookEndpoint, what: str, by: Actor, at: dt.datetime) -> None:
    trail.record_decision(by=by, what=what, workshop=endpoint.workshop, count=0, at=at)
    forget_who_listens()
    transaction.on_commit(forget_who_listens)  # who looked in between kept what was true before
