import datetime as dt

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.job import Job
from sessions.fields import LineField
from sessions.models import Workshop


def exports_storage() -> Storage:
    return storages["exports"]


class ExportQuerySet(models.QuerySet["Export"]):
    def unfinished(self) -> "ExportQuerySet":
        return self.filter(state__in=[Export.State.QUEUED, Export.State.RUNNING])


class Export(Job):
    """A file with data of people that a worker makes for one of the staff: what is in it, how far it got, until when it is there.

    The file is named before it is written, so that what a killed worker left behind is known and deleted.
    """

    class Kind(models.TextChoices):
        WORKBOOK = "xlsx", _("Attendee list (Excel)")
        CSV = "csv", _("Attendee list (CSV)")
        SIGN_IN = "sign_in", _("Sign-in sheets (PDF)")
        CODES = "codes", _("QR codes of participants (zip)")
        LABELS = "labels", _("QR codes of participants on labels (PDF)")
        AFFECTED = "affected", _("People affected by a breach (Excel)")
        CERTIFICATES = "certs", _("Certificates, a folder for each province (zip)")
        ANSWERS = "answers", _("Answers to an evaluation (Excel)")
        GUESTS = "guests", _("Who came without being registered (Excel)")
        REPORT = "report", _("Report on the workshop (Word, PDF and Excel)")
        INVITATIONS = "invites", _("List of invitations (Excel)")

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("export", "Waiting")
        RUNNING = "running", pgettext_lazy("export", "Being prepared")
        DONE = "done", pgettext_lazy("export", "Ready")
        FAILED = "failed", pgettext_lazy("export", "Failed")
        EXPIRED = "expired", pgettext_lazy("export", "Expired")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="exports", verbose_name=_("workshop"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    #: Keys of `exports.columns.NAMES`; none means every column.
    columns = models.JSONField(default=list)
    #: What else was chosen: {"sheets": ["summary", "all"]} or {"meeting": "day-3", "by_place": true},
    #: or those of `exports.affected.Breach`, or {"evaluation": 3, "language": "th"}, or {"language": "th"}.
    options = models.JSONField(default=dict)
    #: The conditions of `registration.people.filters`.
    filters = models.JSONField(default=dict, db_column="narrowing")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("asked for"))

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    people = models.PositiveIntegerField(_("people"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    file = models.FileField(_("file"), storage=exports_storage, max_length=60, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    downloads = models.PositiveIntegerField(_("downloads"), default=0)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        # Who may take people along may export; only this is a right of its own.
        default_permissions = ()
        permissions = [("oversee_exports", "Can see and take the exports of everybody")]
        indexes = [models.Index(fields=["state", "leased_until"], name="export_left")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_moving(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    def is_there(self, at: dt.datetime) -> bool:
        return self.state == self.State.DONE and self.expires_at is not None and at < self.expires_at


class ExportProfile(models.Model):
    """Columns of a list under a name, for all of the office."""

    name = LineField(_("name"), max_length=80, unique=True)
    #: Keys of `exports.columns.NAMES`.
    columns = models.JSONField(_("columns"), default=list)

    class Meta:
        verbose_name = _("set of columns")
        verbose_name_plural = _("sets of columns")
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
