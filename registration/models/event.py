from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from sessions.formats import moment_short


class Event(models.Model):
    """Something that happened to a participant: when, what, by whom. Append-only."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="events", verbose_name=_("participant"))
    at = models.DateTimeField(_("at"))
    verb = models.CharField(_("what"), max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    actor_kind = models.CharField(_("as"), max_length=20)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{moment_short(self.at)} {self.verb}"
