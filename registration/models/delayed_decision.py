from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.choices import DecisionName
from registration.choices import State as ParticipantState
from registration.models.participant import Participant
from registration.models.quota import Quota
from sessions.fields import LineField


class DelayedDecisionQuerySet(models.QuerySet["DelayedDecision"]):
    def open(self) -> "DelayedDecisionQuerySet":
        return self.filter(state=DelayedDecision.State.OPEN)

    def overtaken(self) -> "DelayedDecisionQuerySet":
        return self.filter(state=DelayedDecision.State.OVERTAKEN, noted_at=None)


class DelayedDecision(models.Model):
    """What was decided about one person (or two, in a swap) and takes effect at `due_at`. Written by `decisions.actions` only."""

    class State(models.TextChoices):
        OPEN = "open", _("Not in effect yet")
        DONE = "done", _("In effect")
        TAKEN_BACK = "taken_back", _("Taken back")
        OVERTAKEN = "overtaken", _("Overtaken by something else")

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="decisions", verbose_name=_("quota"))
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="decisions", verbose_name=_("participant"))
    #: In a swap: who gets the seat.
    successor = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="+", verbose_name=_("gets the seat"))
    command = models.CharField(_("what"), max_length=10, choices=DecisionName)
    #: The state in which each was shown to whoever decided.
    seen = models.CharField(max_length=12, choices=ParticipantState)
    #: In a swap: what becomes of who leaves.
    leaves_to = models.CharField(max_length=12, choices=ParticipantState, blank=True)
    #: Kept until it takes effect only.
    reason = LineField(max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    decided_as = models.CharField(max_length=20)
    decided_at = models.DateTimeField(_("decided at"))
    due_at = models.DateTimeField(_("takes effect at"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    #: When somebody of the desk had read that it was overtaken.
    noted_at = models.DateTimeField(null=True, editable=False)

    objects = DelayedDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("delayed decision")
        verbose_name_plural = _("delayed decisions")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["participant"], condition=Q(state="open"), name="one_open_decision_a_person"),
            models.UniqueConstraint(fields=["successor"], condition=Q(state="open"), name="one_open_swap_a_successor"),
        ]
        indexes = [models.Index(fields=["due_at"], name="delayed_decision_due", condition=Q(state="open"))]

    def __str__(self) -> str:
        return f"{self.get_command_display()}: {self.participant}"
