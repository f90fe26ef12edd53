from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a clock and a worker were last seen alive, on whatever machine, and when workers were last asked."""

    class Name(models.TextChoices):
        CLOCK = "clock"
        WORKER = "worker"
        ASKED = "asked"
        #: To where the clock jumped, until staff have said that the time is right.
        JUMPED = "jumped"

    name = models.CharField(primary_key=True, max_length=20, choices=Name)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return self.name
