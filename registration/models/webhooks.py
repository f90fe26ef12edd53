import datetime as dt
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.choices import WebhookEvent
from registration.models.job import Job
from registration.models.participant import Participant
from sessions.fields import LineField
from sessions.models import Workshop


def new_message_id() -> str:
    return f"msg_{uuid4().hex}"


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def listening(self) -> "WebhookEndpointQuerySet":
        """Those for which events are noted; a paused one gets them later."""
        return self.exclude(state__in=WebhookEndpoint.ENDED)

    def working(self, at: dt.datetime) -> "WebhookEndpointQuerySet":
        """Those that may be sent something at `at`."""
        rested = Q(rests_until=None) | Q(rests_until__lte=at)
        return self.filter(rested, state=WebhookEndpoint.State.ON)

    def with_work(self, at: dt.datetime) -> "WebhookEndpointQuerySet":
        return self.working(at).filter(Exists(WebhookDelivery.objects.due(at).filter(endpoint=OuterRef("pk"))))

    def needing_a_hand(self) -> "WebhookEndpointQuerySet":
        """Paused after too many failures, told by the receiver to stop, or refusing for hours."""
        given_up = [WebhookEndpoint.State.FAILING, WebhookEndpoint.State.GONE]
        return self.filter(Q(state__in=given_up) | Q(state=WebhookEndpoint.State.ON, failures__gte=WebhookEndpoint.WORTH_A_WORD))


class WebhookEndpoint(Job):
    """An address of another system that is told what happens. One worker at a time sends to it.

    `webhooks.actions` alone writes states, secrets and what came of sending.
    """

    class State(models.TextChoices):
        ON = "on", pgettext_lazy("webhook", "On")
        PAUSED = "paused", pgettext_lazy("webhook", "Paused by staff")
        FAILING = "failing", pgettext_lazy("webhook", "Paused: the receiver failed again and again")
        GONE = "gone", pgettext_lazy("webhook", "Stopped: the receiver wants nothing any more")
        STOPPED = "stopped", pgettext_lazy("webhook", "Stopped by staff")

    ENDED = (State.GONE, State.STOPPED)
    #: So many failures in a row, which is after some two and a half hours.
    WORTH_A_WORD = 5

    name = LineField(_("receiver"), max_length=80, help_text=_("Which system it is, and who looks after it."))
    url = models.CharField(_("address"), max_length=500)
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="webhook_endpoints", verbose_name=_("workshop")
    )
    events = models.JSONField(_("events"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ON, editable=False)
    #: In a row, until one is taken.
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    rests_until = models.DateTimeField(null=True, editable=False)
    last_taken_at = models.DateTimeField(_("last taken"), null=True, editable=False)
    last_failed_at = models.DateTimeField(null=True, editable=False)
    #: From it and the portal's own key the secret follows (`webhooks.signatures`); `key_check` tells from which of the portal's keys.
    salt = models.CharField(max_length=64, editable=False)
    key_check = models.CharField(max_length=64, editable=False)
    shown_at = models.DateTimeField(null=True, editable=False)
    former_salt = models.CharField(max_length=64, blank=True, editable=False)
    former_key_check = models.CharField(max_length=64, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("added"), editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        default_permissions = ("view", "add", "change")

    def __str__(self) -> str:
        return self.name

    @property
    def is_stopped(self) -> bool:
        return self.state in self.ENDED

    def events_in_words(self) -> list[str]:
        return [str(event.label) for event in WebhookEvent if event in self.events]


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> "WebhookDeliveryQuerySet":
        return self.filter(state=WebhookDelivery.State.WAITING)

    def due(self, at: dt.datetime) -> "WebhookDeliveryQuerySet":
        return self.waiting().filter(due_at__lte=at)


class WebhookDelivery(models.Model):
    """One event for one endpoint: written in the transaction of the event, sent by a worker until the receiver takes it.

    `body` is sent as it stands here, whenever and however often; `message_id` is its `webhook-id`, by which a receiver knows
    what came twice. `key` says which event it is of, so that none is noted twice for an endpoint.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("webhook", "Waiting")
        TAKEN = "taken", pgettext_lazy("webhook", "Taken")
        REFUSED = "refused", pgettext_lazy("webhook", "Refused each time")
        STOPPED = "stopped", pgettext_lazy("webhook", "Not sent: the webhook was stopped")

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    message_id = models.CharField(max_length=40, unique=True, default=new_message_id, editable=False)
    key = models.CharField(max_length=80, editable=False)
    event = models.CharField(_("event"), max_length=40)
    #: With the person it goes; what was sent is the receiver's.
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="webhook_deliveries")
    body = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("noted"))
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    attempted_at = models.DateTimeField(_("attempted"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    #: Of the last answer: its status, and how it began.
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["endpoint", "key"], name="one_webhook_an_event")]
        indexes = [
            models.Index(fields=["endpoint", "due_at"], name="webhook_due", condition=Q(state="waiting")),
            models.Index(fields=["finished_at"], name="webhook_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.message_id
