"""Webhooks in words, each state with a shape."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registration.choices import WebhookEvent
from registration.models import WebhookDelivery, WebhookEndpoint
from registration.webhooks.actions.endpoints import TEST
from registration.webhooks.destinations import Refusal
from registration.webhooks.events import ERASED

_SHAPES: dict[str, str] = {
    WebhookEndpoint.State.ON: "sent",
    WebhookEndpoint.State.PAUSED: "queued",
    WebhookEndpoint.State.FAILING: "failed",
    WebhookEndpoint.State.GONE: "failed",
    WebhookEndpoint.State.STOPPED: "obsolete",
    WebhookDelivery.State.WAITING: "queued",
    WebhookDelivery.State.TAKEN: "sent",
    WebhookDelivery.State.REFUSED: "failed",
}


def shown_state(row: WebhookEndpoint | WebhookDelivery) -> SafeString:
    return format_html('<span class="mail-state mail-{}">{}</span>', _SHAPES[row.state], row.get_state_display())


def event_in_words(delivery: WebhookDelivery) -> str:
    if delivery.event == TEST:
        return _("Test")
    if delivery.event == ERASED:
        return _("Somebody was erased")
    return str(WebhookEvent(delivery.event).label) if delivery.event in WebhookEvent.values else delivery.event


def answer_in_words(delivery: WebhookDelivery) -> str:
    """What the receiver answered, or why it was not asked."""
    if delivery.answer in Refusal.values and delivery.status is None:
        return str(Refusal(delivery.answer).label)
    if delivery.answer == "secret lost" and delivery.status is None:
        return _("The secret cannot be worked out any more. Make a new one.")
    return f"{delivery.status or ''} {delivery.answer}".strip()
