from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.participant import Participant
from sessions.models import Track, Workshop, WorkshopDay


class ZoomFileQuerySet(models.QuerySet["ZoomFile"]):
    def done(self) -> "ZoomFileQuerySet":
        return self.filter(done_at__isnull=False).order_by("done_at", "pk")

    def of_workshop(self, workshop: Workshop) -> "ZoomFileQuerySet":
        return self.filter(Q(day__workshop=workshop) | Q(track__item__day__workshop=workshop))


class ZoomFile(models.Model):
    """One of the three lists of a meeting (a day's, or a track's) as staff took it to Zoom; what Zoom knows is told by those that are done.

    Written by `registration.zoom.actions` only. Downloading is not doing: `done_at` is what staff say, and it can be taken back.
    """

    class Kind(models.TextChoices):
        ADD = "add", pgettext_lazy("Zoom", "Add")
        REMOVE = "remove", pgettext_lazy("Zoom", "Remove")
        CHANGE = "change", pgettext_lazy("Zoom", "Change")

    kind = models.CharField(_("list"), max_length=10, choices=Kind)
    day = models.ForeignKey(WorkshopDay, models.CASCADE, null=True, related_name="zoom_files", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="zoom_files", verbose_name=_("track"))
    made_at = models.DateTimeField(_("downloaded"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    done_at = models.DateTimeField(_("done in Zoom"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))

    objects = ZoomFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("list for Zoom")
        verbose_name_plural = _("lists for Zoom")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=False, track=None) | Q(day=None, track__isnull=False), name="zoom_file_of_one_meeting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.day or self.track}"


class ZoomLine(models.Model):
    """Somebody of such a list: the address that is removed, and whom is imported under which name. Either may be empty.

    `called` is the name that Zoom had before, to be read. Who has become anonymous or was erased is in no list any more.
    """

    file = models.ForeignKey(ZoomFile, models.CASCADE, related_name="lines")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="zoom_lines")
    removed = models.EmailField(max_length=254, blank=True)
    called = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("line of a list for Zoom")
        verbose_name_plural = _("lines of lists for Zoom")
        ordering = ["file", "pk"]
        indexes = [models.Index(fields=["email"], name="zoom_line_email"), models.Index(fields=["removed"], name="zoom_line_removed")]

    def __str__(self) -> str:
        return self.email or self.removed
