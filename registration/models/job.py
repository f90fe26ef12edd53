from django.db import models


class Job(models.Model):
    """Work that one worker does at a time, and another goes on with when it dies. `operations.jobs` alone writes these columns."""

    #: Who is at it; empty while nobody is.
    claim = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    #: Until then somebody is at it, or a task for it is on its way. NULL: nothing was begun, or it may be taken at once.
    leased_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
