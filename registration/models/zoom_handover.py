from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from sessions.models import Track, WorkshopDay


class ZoomHandover(models.Model):
    """Somebody whom staff took along to register in Zoom, for the meeting of a day or of a track: when last, and by whom.

    Zoom knows people by their address: who changes theirs is somebody new to it.
    """

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="zoom_handovers", verbose_name=_("participant"))
    email = models.EmailField(_("e-mail"), max_length=254)
    day = models.ForeignKey(WorkshopDay, models.CASCADE, null=True, related_name="zoom_handovers", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="zoom_handovers", verbose_name=_("track"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("handover to Zoom")
        verbose_name_plural = _("handovers to Zoom")
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "email"], name="one_handover_a_day"),
            models.UniqueConstraint(fields=["track", "email"], name="one_handover_a_track"),
            models.CheckConstraint(
                condition=Q(day__isnull=False, track=None) | Q(day=None, track__isnull=False), name="handover_of_one_meeting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.day or self.track}"
