import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.choices import MessageName, Rank
from registration.models.coordinator import Coordinator
from registration.models.invitation import Invitation
from registration.models.mailing import Mailing
from registration.models.participant import Participant
from sessions.models import Workshop


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: dt.datetime) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.QUEUED, due_at__lte=at)

    def astray(self, workshop: Workshop) -> "DeliveryQuerySet":
        """Those of `workshop` that a rehearsal's address got instead of whom they were for; coordinators' among them."""
        of_desks = Coordinator.objects.filter(quota__workshop=workshop).values("user")
        own = Q(participant__workshop=workshop) | Q(invitation__workshop=workshop) | Q(user__in=of_desks)
        return self.filter(own, went_astray=True)

    def done(self) -> "DeliveryQuerySet":
        """Nothing comes of them any more; those of a message to many stay, for its page counts them."""
        return self.filter(state__in=[Delivery.State.SENT, Delivery.State.OBSOLETE], mailing=None)

    def needing_a_hand(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.FAILED, Delivery.State.UNKNOWN])


class Delivery(models.Model):
    """One e-mail to one person: a participant, somebody who is invited, or a user who signs in.

    Written in the transaction of what causes it, sent by a worker later.

    `key` says what goes to whom; it is unique, so that nothing is sent twice however often it is asked for.
    The worker claims a row (`SENDING`, `leased_until`), marks `attempted_at` just before SMTP and the
    result just after: a lease that runs out before the attempt goes back to the queue, one after it
    becomes `UNKNOWN` and is for a human to decide.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("In the queue")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Delivery status unknown")
        OBSOLETE = "obsolete", _("No longer needed")
        STOPPED = "stopped", _("Stopped by staff")

    key = models.CharField(max_length=120, unique=True, editable=False)
    message = models.CharField(_("message"), max_length=40)
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("participant"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("user"))
    invitation = models.ForeignKey(Invitation, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("invitation"))
    mailing = models.ForeignKey(
        Mailing, models.PROTECT, null=True, editable=False, related_name="deliveries", verbose_name=_("message to many")
    )
    rank = models.PositiveSmallIntegerField(choices=Rank, default=Rank.EVENT, db_default=Rank.EVENT, editable=False)
    email = models.EmailField(_("to"), max_length=254)
    details = models.JSONField(default=dict, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField(_("written"), editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    claimed_by = models.CharField(max_length=80, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempted_at = models.DateTimeField(_("attempted"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    error = models.TextField(_("answer of the mail server"), blank=True, editable=False)
    #: It was sent to the address of a rehearsal instead of to whom it was for.
    went_astray = models.BooleanField(default=False, db_default=False, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(state="queued")),
            models.Index(fields=["rank", "due_at"], name="delivery_next", condition=Q(state="queued")),
            models.Index(fields=["leased_until"], name="delivery_leased", condition=Q(state="sending")),
            models.Index(fields=["went_astray"], name="delivery_astray", condition=Q(went_astray=True)),
            models.Index(fields=["state", "id"], name="delivery_state"),
            models.Index(fields=["state"], name="delivery_needs_a_hand", condition=Q(state__in=["failed", "unknown"])),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(participant__isnull=False, user=None, invitation=None)
                | Q(participant=None, user__isnull=False, invitation=None)
                | Q(participant=None, user=None, invitation__isnull=False),
                name="delivery_to_one",
            ),
        ]

    def __str__(self) -> str:
        said = MessageName(self.message).label if self.message in MessageName.values else self.message
        return f"{said} → {self.email}"


class MailFlow(models.Model):
    """The one tap of the portal's mail (a single row): whether it runs, and how much went out in this minute, hour and day."""

    is_paused = models.BooleanField(_("paused"), default=False)
    minute = models.DateTimeField(null=True, editable=False)
    sent_in_minute = models.PositiveIntegerField(default=0, editable=False)
    hour = models.DateTimeField(null=True, editable=False)
    sent_in_hour = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    day = models.DateTimeField(null=True, editable=False)
    sent_in_day = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    next_senders_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("e-mail flow")
        verbose_name_plural = _("e-mail flow")

    def __str__(self) -> str:
        return str(_("Paused") if self.is_paused else _("Running"))
