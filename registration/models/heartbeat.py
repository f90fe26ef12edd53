from django.db import models


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

    def __str__(self) -> str:
        return self.name
