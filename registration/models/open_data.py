from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.job import Job
from sessions.models import Workshop


class Licence(models.TextChoices):
    """What others may do with the numbers: the office chooses, and nothing is claimed where it does not."""

    NONE = "", _("None stated")
    DGA = "dga", "DGA Open Government License"
    CC_BY = "cc-by-4.0", "Creative Commons Attribution 4.0 (CC BY)"
    CC_ZERO = "cc0-1.0", "Creative Commons Zero 1.0 (CC0)"


class OpenDataSetQuerySet(models.QuerySet["OpenDataSet"]):
    def unfinished(self) -> "OpenDataSetQuerySet":
        return self.filter(state=OpenDataSet.State.QUEUED)

    def in_preparation(self) -> "OpenDataSetQuerySet":
        return self.filter(state__in=OpenDataSet.BEFORE)

    def published(self) -> "OpenDataSetQuerySet":
        return self.filter(state=OpenDataSet.State.PUBLISHED)

    def ever_published(self) -> "OpenDataSetQuerySet":
        return self.exclude(published_at=None)


class OpenDataSet(Job):
    """Numbers of a workshop as they were published: a snapshot with a version, never counted anew.

    A worker counts a draft, staff look at it and publish it, or count another one. What may not be told is not in it either.
    """

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("open data", "Being counted")
        DRAFT = "draft", pgettext_lazy("open data", "To be looked at")
        FAILED = "failed", pgettext_lazy("open data", "Failed")
        PUBLISHED = "published", pgettext_lazy("open data", "Published")
        WITHDRAWN = "withdrawn", pgettext_lazy("open data", "Withdrawn")

    #: There is at most one of these for a workshop.
    BEFORE = (State.QUEUED, State.DRAFT, State.FAILED)

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="open_data_sets", verbose_name=_("workshop"))
    #: Its version.
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    licence = models.CharField(_("licence"), max_length=10, choices=Licence, default=Licence.NONE, blank=True)
    #: Places, groups, days and what is told of them: see `open_data.tables`.
    table = models.JSONField(default=dict)
    #: What the workshop's page shows in large letters: see `open_data.counts`.
    summary = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = OpenDataSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("open data")
        verbose_name_plural = _("open data")
        ordering = ["-number"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="one_open_data_a_version"),
            models.UniqueConstraint(fields=["workshop"], condition=Q(state__in=["queued", "draft", "failed"]), name="one_open_data_before"),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id}: {self.number}"


class OpenDataFile(models.Model):
    """One file of a set, made with its draft: what was looked at is what is handed out."""

    data_set = models.ForeignKey(OpenDataSet, models.CASCADE, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["data_set", "name"], name="one_open_data_file_a_name")]

    def __str__(self) -> str:
        return f"{self.data_set_id}: {self.name}"
