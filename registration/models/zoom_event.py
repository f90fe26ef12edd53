from django.db import models
from django.db.models import Q

from registration.models.participant import Participant
from registration.models.zoom_webinar import ZoomWebinar


class ZoomEvent(models.Model):
    """What Zoom told us of a webinar just now, until a worker has gone through it; then only so that it is not told twice.

    No name and no address: those stay in Zoom's message.
    """

    class Kind(models.TextChoices):
        STARTED = "started"
        ENDED = "ended"
        JOINED = "joined"
        LEFT = "left"

    #: Of the message: the same one does not come twice.
    signature = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=20)
    #: Of one connection; Zoom's key of the registration, where it says so.
    connection = models.CharField(max_length=100, blank=True)
    registrant_id = models.CharField(max_length=100, blank=True)
    moment = models.DateTimeField()
    noted_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="zoom_event_left")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ZoomPresence(models.Model):
    """One connection with a webinar: when it last came and went. Kept for two days, counted for nothing but the board of the day."""

    webinar = models.ForeignKey(ZoomWebinar, models.CASCADE, related_name="presences")
    connection = models.CharField(max_length=100)
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="zoom_presences")
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["webinar", "connection"], name="one_presence_a_connection")]

    def __str__(self) -> str:
        return f"{self.webinar_id}: {self.connection}"
