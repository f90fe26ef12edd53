from django.db import models
from django.db.models import Q

from sessions.models import Workshop


class KeptFigures(models.Model):
    """Numbers of a workshop, or of all, as a worker last counted them, so that no page has to go over their people.

    Only `operations.kept_figures` writes it. Where `counted` lags behind `asked`, a worker is to count anew.
    """

    class Subject(models.TextChoices):
        ATTENDANCE = "attendance"
        CERTIFICATES = "certificates"
        BOARD = "board"
        DOUBLES = "doubles"

    #: None: over all workshops.
    workshop = models.ForeignKey(Workshop, models.CASCADE, null=True, related_name="kept_figures")
    subject = models.CharField(max_length=12, choices=Subject)
    figures = models.JSONField(default=dict)
    asked = models.PositiveBigIntegerField(default=0)
    counted = models.PositiveBigIntegerField(default=0)
    counted_at = models.DateTimeField(null=True)
    #: How long counting took.
    seconds = models.FloatField(default=0, db_default=0)
    #: When a worker was last sent.
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["workshop", "subject"], name="one_figures_a_subject"),
            models.UniqueConstraint(fields=["subject"], condition=Q(workshop=None), name="one_figures_over_all"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id or 'all'}: {self.subject}"

    @property
    def is_moving(self) -> bool:
        return self.counted < self.asked
