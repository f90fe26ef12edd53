from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from registration.models.quota import Quota
from sessions.fields import LineField


class Selection(models.Model):
    """What the coordinators of one quota have chosen so far, until it is announced. Written by `registration.selection` only."""

    quota = models.OneToOneField(Quota, models.CASCADE, related_name="selection", verbose_name=_("quota"))
    #: Raised with each save: who saves what was made of an older one is told.
    version = models.PositiveIntegerField(default=0, editable=False)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by"))
    memo = LineField(_("memo of approval"), max_length=100, blank=True, editable=False)
    #: From the press until it takes effect; empty while it can be changed, and again where it was taken back.
    due_at = models.DateTimeField(null=True, editable=False)
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    announced_as = models.CharField(max_length=20, blank=True, editable=False)
    announced_at = models.DateTimeField(_("announced at"), null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    #: When staff were told that the date has passed.
    overdue_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        indexes = [models.Index(fields=["due_at"], name="selection_due", condition=Q(announced_at=None, due_at__isnull=False))]

    def __str__(self) -> str:
        return str(self.quota)

    @property
    def is_draft(self) -> bool:
        return self.due_at is None and self.announced_at is None


class SelectionMark(models.Model):
    """What a draft says about one person. Whoever has none comes last in the reserve, in order of arrival."""

    class Outcome(models.TextChoices):
        SELECTED = "selected", _("Selected")
        RESERVE = "reserve", _("Waiting list")
        NOT_SELECTED = "not_selected", _("Not selected")

    selection = models.ForeignKey(Selection, models.CASCADE, related_name="marks")
    participant = models.OneToOneField(Participant, models.CASCADE, related_name="selection_mark")
    outcome = models.CharField(max_length=15, choices=Outcome)
    #: In the reserve, from 1.
    place = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("mark of a selection")
        verbose_name_plural = _("marks of a selection")

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_outcome_display()}"
