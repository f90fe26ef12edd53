from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sessions.fields import LineField
from sessions.models import AgendaItem, Bilingual, Track, Workshop, WorkshopDay


def materials_storage() -> Storage:
    return storages["materials"]


class Audience(models.TextChoices):
    EVERYBODY = "everybody", pgettext_lazy("audience", "Everybody: it is public")
    CONFIRMED = "confirmed", pgettext_lazy("audience", "Those who are confirmed for the workshop")
    ATTENDED = "attended", pgettext_lazy("audience", "Those who attended")


class Place(models.TextChoices):
    """What a document belongs to."""

    WORKSHOP = "workshop"
    DAY = "day"
    ITEM = "item"
    TRACK = "track"


class DocumentQuerySet(models.QuerySet["Document"]):
    def published(self) -> "DocumentQuerySet":
        return self.exclude(published_at=None)

    def for_everybody(self) -> "DocumentQuerySet":
        return self.filter(audience=Audience.EVERYBODY)

    def with_versions(self) -> "DocumentQuerySet":
        return self.select_related("workshop", "day", "item", "track").prefetch_related("versions")


def leave_day(collector: Any, field: models.Field, documents: Iterable["Document"], using: str) -> None:
    """A day is deleted: its documents belong to the workshop. What only those who came on it could open is a draft again.

    Otherwise whoever came on any day could open it.
    """
    collector.add_field_update(field, None, documents)
    if of_attended := [each for each in documents if each.audience == Audience.ATTENDED]:
        collector.add_field_update(Document._meta.get_field("published_at"), None, of_attended)


class Document(models.Model):
    """A file or a recording of a workshop, a day, an agenda item or a track, for an audience.

    What it belongs to may leave the programme: then it belongs to the day, or to the whole workshop.
    """

    class Kind(models.TextChoices):
        FILE = "file", pgettext_lazy("document", "File")
        RECORDING = "recording", pgettext_lazy("document", "Recording")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="documents", verbose_name=_("workshop"))
    #: Also where it belongs to an item or a track of that day.
    day = models.ForeignKey(WorkshopDay, leave_day, null=True, related_name="documents", verbose_name=_("day"))
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, related_name="documents", verbose_name=_("agenda item"))
    track = models.ForeignKey(Track, models.SET_NULL, null=True, related_name="documents", verbose_name=_("track"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.FILE)
    title_th = LineField(_("title (Thai)"), max_length=200)
    title_en = LineField(_("title (English)"), max_length=200, blank=True)
    audience = models.CharField(_("for whom"), max_length=9, choices=Audience, default=Audience.CONFIRMED)
    #: The number of its newest version, which is the one that is handed out.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(_("published"), null=True)
    #: How often it was opened; by whom is known nowhere.
    opened = models.PositiveIntegerField(_("opened"), default=0)

    title = Bilingual("title")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> Place:
        if self.track_id:
            return Place.TRACK
        if self.item_id:
            return Place.ITEM
        return Place.DAY if self.day_id else Place.WORKSHOP

    @property
    def is_recording(self) -> bool:
        return self.kind == self.Kind.RECORDING

    @property
    def newest(self) -> "DocumentVersion":
        """Read `with_versions`."""
        return next(each for each in self.versions.all() if each.number == self.version)


class DocumentVersion(models.Model):
    """What a document was or is: a file that lies under a random name, or a recording's address."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        PPTX = "pptx", "PowerPoint"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        LINK = "link", _("Link")

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    format = models.CharField(max_length=4, choices=Format)
    file = models.FileField(storage=materials_storage, max_length=60, blank=True)
    #: What it is called for whoever takes it along.
    name = LineField(max_length=150, blank=True)
    size = models.PositiveIntegerField(default=0)
    url = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_a_number"),
            models.CheckConstraint(
                condition=Q(format="link", file="") & ~Q(url="") | ~Q(format="link") & ~Q(file="") & Q(url=""),
                name="version_is_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}.{self.number}"
