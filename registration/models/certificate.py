import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.job import Job
from registration.models.participant import Participant
from sessions.fields import LineField, ParagraphsField
from sessions.models import Workshop


def new_token() -> str:
    """128 bits: nothing is learnt by trying."""
    return secrets.token_urlsafe(16)


class CertificateRule(models.Model):
    """Who gets a certificate: at least `days` of the workshop's days, on each at least `percent` of the programme's minutes."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="certificate_rule", verbose_name=_("workshop"))
    days = models.PositiveSmallIntegerField(_("at least so many days"), validators=[MinValueValidator(1)])
    percent = models.PositiveSmallIntegerField(
        _("on each at least so many per cent of the agenda"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    needs_evaluation = models.BooleanField(_("only who has answered an evaluation of the workshop"), default=False, db_default=False)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("rule for certificates")
        verbose_name_plural = _("rules for certificates")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(days__gte=1, percent__gte=1, percent__lte=100), name="certificate_rule_is_one")]

    def __str__(self) -> str:
        return f"{self.days} × {self.percent}%"


class CertificateLayout(models.Model):
    """What stands on every certificate of a workshop, and the last number that was given."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="certificate_layout", verbose_name=_("workshop"))
    heading_th = LineField(_("heading (Thai)"), max_length=80, default="เกียรติบัตร")
    heading_en = LineField(_("heading (English)"), max_length=80, default="Certificate of Participation")
    office_th = LineField(_("office (Thai)"), max_length=150, default="สำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ")
    office_en = LineField(_("office (English)"), max_length=150, default="Office of the National Economic and Social Development Council")
    title_th = ParagraphsField(
        _("what was attended (Thai)"), max_length=500,
        help_text=_("One phrase a line: a line of the certificate breaks between phrases, never inside of one."),
    )  # fmt: skip
    title_en = ParagraphsField(_("what was attended (English)"), max_length=500, blank=True)
    signer_th = LineField(_("who signs (Thai)"), max_length=120)
    signer_en = LineField(_("who signs (English)"), max_length=120, blank=True)
    post_th = ParagraphsField(_("post of who signs (Thai)"), max_length=240, help_text=_("At most two lines."))
    post_en = ParagraphsField(_("post of who signs (English)"), max_length=240, blank=True)
    #: PNG, in base64; empty where the line is signed with a pen.
    signature = models.TextField(blank=True)
    emblem = models.TextField(blank=True)
    number_pattern = LineField(
        _("number"), max_length=60, default="สศช. {number:4}/{year}",
        help_text=_("{number:4} is the running number in four digits, {year} the year of the Buddhist era."),
    )  # fmt: skip
    number_pattern_en = LineField(_("number on English certificates"), max_length=60, default="NESDC {number:4}/{year}")
    given_on = models.DateField(_("given on"), null=True, help_text=_("The date that stands on the sheet."))
    last_number = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("layout of certificates")
        verbose_name_plural = _("layouts of certificates")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.workshop)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def valid(self) -> "CertificateQuerySet":
        return self.filter(withdrawn_at=None, replaced_at=None)

    def given_out(self) -> "CertificateQuerySet":
        return self.valid().filter(awaits_seal=False)

    def waiting(self) -> "CertificateQuerySet":
        """Those that are valid, but not given out before the office's seal is on them."""
        return self.valid().filter(awaits_seal=True)

    def to_seal(self) -> "CertificateQuerySet":
        return self.filter(awaits_seal=True, removed_at=None)


class Certificate(models.Model):
    """A numbered statement that somebody attended by the rule: as it is printed, from then on for ever.

    A corrected name is a new edition under the same number. What was removed at the person's wish keeps its number alone.
    """

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="certificates", verbose_name=_("workshop"))
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="certificates", verbose_name=_("participant"))
    number = models.PositiveIntegerField(_("number"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    #: Everything that is printed; empty once it was removed.
    snapshot = models.JSONField(default=dict)
    #: The rule by which it was given, with the minutes that fulfilled it.
    rule = models.JSONField(default=dict)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("issued by"))
    replaced_at = models.DateTimeField(_("replaced"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawn_reason = LineField(_("reason"), max_length=300, blank=True)
    removed_at = models.DateTimeField(_("removed at the person's wish"), null=True)
    #: The office seals what it issues: nobody gets the sheet, or a mail, before.
    awaits_seal = models.BooleanField(default=False, db_default=False)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["workshop", "number", "edition"]
        default_permissions = ("view",)
        permissions = [("issue_certificate", "Can issue, correct and withdraw certificates")]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number", "edition"], name="one_certificate_a_number"),
            models.UniqueConstraint(
                fields=["participant", "workshop"], condition=Q(withdrawn_at=None, replaced_at=None), name="one_valid_certificate_a_person"
            ),
        ]
        indexes = [models.Index(fields=["workshop"], name="certificate_to_seal", condition=Q(awaits_seal=True))]

    def __str__(self) -> str:
        return f"{self.number}/{self.edition}"


class CertificateSeal(models.Model):
    """What an electronic seal puts behind the bytes of a sheet: zlib and base64, which every database keeps alike."""

    certificate = models.OneToOneField(Certificate, models.CASCADE, related_name="seal")
    #: SHA-256 of the sheet that it seals.
    sheet_digest = models.CharField(max_length=64)
    packed = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("seal of a certificate")
        verbose_name_plural = _("seals of certificates")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.certificate_id)


class CertificateCandidates(models.Model):
    """A page of those who would get a certificate by the rule as a worker last counted them (`KeptFigures`): keys of participants."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="certificate_candidates")
    page = models.PositiveIntegerField()
    people = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["workshop", "page"], name="one_page_of_candidates")]

    def __str__(self) -> str:
        return f"{self.workshop_id}: {self.page}"


class CertificateRunQuerySet(models.QuerySet["CertificateRun"]):
    def unfinished(self) -> "CertificateRunQuerySet":
        return self.filter(state=CertificateRun.State.RUNNING)


class CertificateRun(Job):
    """An order to issue to everybody who fulfils the rule, or only to seal what waits for it: who gave it, how far it is."""

    class Kind(models.TextChoices):
        ISSUE = "issue", pgettext_lazy("order", "Issue and seal")
        SEAL = "seal", pgettext_lazy("order", "Seal")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("issue", "Being issued")
        DONE = "done", pgettext_lazy("issue", "Issued")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="certificate_runs")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ordered_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ISSUE, db_default=Kind.ISSUE)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    #: Why the office's key cannot seal just now (`certificates.sealing.SealKeyFault`); empty where it can.
    fault = models.CharField(max_length=20, blank=True, default="", db_default="")
    expected = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)

    objects = CertificateRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("issuing of certificates")
        verbose_name_plural = _("issuings of certificates")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.workshop_id}: {self.issued}/{self.expected}"
