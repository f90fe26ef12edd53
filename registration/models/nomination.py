from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.invitation import Invitation
from registration.models.job import Job
from registration.models.participant import Participant
from registration.models.quota import Quota
from sessions.fields import LineField, ParagraphsField


class NominationFile(Job):
    """A province's spreadsheet, taken apart and looked through before anything comes of it. Deleted after some days."""

    class Mode(models.TextChoices):
        INVITE = "invite", _("Invite each of them by e-mail")
        REGISTER = "register", _("Register each of them at once")

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="nomination_files", verbose_name=_("quota"))
    name = LineField(_("file"), max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by"))
    created_at = models.DateTimeField(_("uploaded at"))
    #: Its sheets as they were read, so that the columns can be looked at again, and how each is read.
    sheets = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    layouts = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    #: Lines that are no person, as [sheet, line, text].
    remarks = models.JSONField(default=list)
    #: Whether somebody has said what the columns mean; before that there are no rows.
    is_settled = models.BooleanField(default=True, db_default=True)
    #: Whether a newer try of the same file took its place; it may be looked at still.
    is_superseded = models.BooleanField(default=False, db_default=False)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)
    #: What is being done with the rows, by whom and since when; empty while the file is only looked at.
    mode = models.CharField(_("applied as"), max_length=10, choices=Mode, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("applied by"))
    applied_as = models.CharField(max_length=20, blank=True)
    #: Whether those in reserve come along, where the province selects.
    with_reserve = models.BooleanField(default=False, db_default=False, editable=False)
    #: NULL when there is nothing to do.
    leased_until = models.DateTimeField(null=True, editable=False, db_column="worked_until")

    class Meta:
        verbose_name = _("list of nominees")
        verbose_name_plural = _("lists of nominees")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_being_applied(self) -> bool:
        return self.leased_until is not None


class NomineeQuerySet(models.QuerySet["Nominee"]):
    def to_apply(self, mode: str, *, with_reserve: bool = False) -> "NomineeQuerySet":
        """Those with whom something can be done as `mode`, in the order of the file; `with_reserve` those in reserve too."""
        states = [Nominee.State.READY, Nominee.State.FULL, *([Nominee.State.RESERVE] if with_reserve else [])]
        complete = {"is_complete": True} if mode == NominationFile.Mode.REGISTER else {}
        return self.filter(state__in=states, **complete).order_by("place")


class Nominee(models.Model):
    """A row of such a file: what stands in it, and what came of it."""

    class Fate(models.TextChoices):
        USE = "use"
        RESERVE = "reserve"
        LEAVE_OUT = "leave_out"

    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("row", "Ready")
        DOUBTFUL = "doubtful", pgettext_lazy("row", "To be looked at")
        FAULTY = "faulty", pgettext_lazy("row", "To be corrected")
        RESERVE = "reserve", pgettext_lazy("row", "In reserve, not invited")
        LEFT_OUT = "left_out", pgettext_lazy("row", "Left out")
        INVITED = "invited", pgettext_lazy("row", "Invited")
        REGISTERED = "registered", pgettext_lazy("row", "Registered")
        WAITING = "waiting", pgettext_lazy("row", "On the waiting list")
        KNOWN = "known", pgettext_lazy("row", "Already there")
        FULL = "full", pgettext_lazy("row", "No seat was left")

    file = models.ForeignKey(NominationFile, models.CASCADE, related_name="nominees")
    place = models.PositiveSmallIntegerField()
    sheet = LineField(max_length=100, blank=True)
    line = models.PositiveIntegerField()
    #: What stands in the file, as it was understood or corrected: text by field.
    values = models.JSONField()
    #: The same cleaned, as actions take it; empty where the address is missing or something is wrong.
    person = models.JSONField(default=dict)
    email = models.CharField(max_length=300, blank=True)
    #: What else stands in the row, and what the file says that somebody has to look at, as [kind, words].
    remark = ParagraphsField(blank=True, db_default="")
    doubts = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    #: What is proposed to do with a doubtful row, and what was decided: a row in reserve goes into the reserve of a selection.
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.USE, db_default=Fate.USE)
    #: Whether enough is known to register them; for an invitation the address will do.
    is_complete = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=State)
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="+")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")

    objects = NomineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("nominee")
        verbose_name_plural = _("nominees")
        ordering = ["file", "place"]
        constraints = [models.UniqueConstraint(fields=["file", "place"], name="one_nominee_a_place")]
        indexes = [models.Index(fields=["file", "state"], name="nominee_state")]

    def __str__(self) -> str:
        return f"{self.line}: {self.email}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_NOMINEES


#: States of rows of which nothing has come yet.
OPEN_NOMINEES = (
    Nominee.State.READY, Nominee.State.DOUBTFUL, Nominee.State.FAULTY, Nominee.State.RESERVE, Nominee.State.LEFT_OUT,
    Nominee.State.FULL, Nominee.State.KNOWN,
)  # fmt: skip


class ColumnMeaning(models.Model):
    """What a coordinator once said that a heading means; it is proposed to them the next time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    heading = models.CharField(_("heading"), max_length=60)
    meaning = models.CharField(_("meaning"), max_length=40)

    class Meta:
        verbose_name = _("meaning of a column")
        verbose_name_plural = _("meanings of columns")
        constraints = [models.UniqueConstraint(fields=["user", "heading"], name="one_meaning_a_user_and_heading")]

    def __str__(self) -> str:
        return f"{self.heading}: {self.meaning}"
