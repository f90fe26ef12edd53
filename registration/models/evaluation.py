import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sessions.fields import LineField, ParagraphsField
from sessions.models import Bilingual, Workshop, WorkshopDay


def usual_cut_points() -> list[str]:
    return ["4.51", "3.51", "2.51", "1.51"]


class EvaluationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("evaluation", "Being written")
    PLANNED = "planned", pgettext_lazy("evaluation", "Opens by itself")
    OPEN = "open", pgettext_lazy("evaluation", "Open")
    CLOSED = "closed", pgettext_lazy("evaluation", "Closed")
    COUNTED = "counted", pgettext_lazy("evaluation", "Counted")


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def open_at(self, at: dt.datetime) -> "EvaluationQuerySet":
        return self.filter(opens_at__lte=at, closes_at__gt=at, counted_at=None)

    def with_questions(self) -> "EvaluationQuerySet":
        return self.select_related("workshop", "day").prefetch_related("sections__questions")


class Evaluation(models.Model):
    """A form that those who came to a workshop, or to one of its days, answer without being known.

    It is open from `opens_at` to `closes_at`. What was answered lies in its urn until it is counted, once and for good.
    """

    State = EvaluationState

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="evaluations", verbose_name=_("workshop"))
    day = models.ForeignKey(WorkshopDay, models.CASCADE, null=True, related_name="evaluations", verbose_name=_("day"))
    title_th = LineField(_("title (Thai)"), max_length=200)
    title_en = LineField(_("title (English)"), max_length=200, blank=True)
    cut_points = models.JSONField(_("levels"), default=usual_cut_points)
    #: Raised by every change of its questions: who began with an older form is shown the new one.
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    opens_at = models.DateTimeField(_("opens"), null=True)
    closes_at = models.DateTimeField(_("closes"), null=True)
    mailed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    title = Bilingual("title")

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["pk"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at=None, closes_at=None) | Q(opens_at__isnull=False, closes_at__gt=models.F("opens_at")),
                name="evaluation_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def state_at(self, at: dt.datetime) -> EvaluationState:
        if self.counted_at:
            return EvaluationState.COUNTED
        if self.opens_at is None or self.closes_at is None:
            return EvaluationState.DRAFT
        if at < self.opens_at:
            return EvaluationState.PLANNED
        return EvaluationState.OPEN if at < self.closes_at else EvaluationState.CLOSED


class EvaluationSection(models.Model):
    """A heading (ด้าน) with its questions, in one of the form's three parts."""

    class Part(models.IntegerChoices):
        GENERAL = 1, _("Part 1: General")
        OPINION = 2, _("Part 2: Opinion")
        WORDS = 3, _("Part 3: In your own words")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="sections")
    part = models.PositiveSmallIntegerField(_("part"), choices=Part, default=Part.OPINION)
    number = models.PositiveSmallIntegerField(editable=False)
    title_th = LineField(_("heading (Thai)"), max_length=150)
    title_en = LineField(_("heading (English)"), max_length=150, blank=True)

    title = Bilingual("title")

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["part", "number", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class EvaluationQuestion(models.Model):
    class Kind(models.TextChoices):
        SCALE = "scale", _("Statement on five levels")
        PAIR = "pair", _("Before and after, on five levels")
        CHOICE = "choice", _("One choice")
        OPEN = "open", _("Open text")

    section = models.ForeignKey(EvaluationSection, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SCALE)
    text_th = LineField(_("text (Thai)"), max_length=300)
    text_en = LineField(_("text (English)"), max_length=300, blank=True)
    options_th = ParagraphsField(_("choices (Thai)"), blank=True, max_length=2000, help_text=_("One a line."))
    options_en = ParagraphsField(
        _("choices (English)"), blank=True, max_length=2000, help_text=_("As many lines as in Thai, in the same order; or none.")
    )

    text = Bilingual("text")
    _options = Bilingual("options")

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["number", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self._options.splitlines() if line.strip()]

    @property
    def is_open(self) -> bool:
        return self.kind == self.Kind.OPEN


class EvaluationUrn(models.Model):
    """Everything that was answered to an evaluation, in one row that is written anew by every answer.

    It has no row, key, time or number for any one answer: each of its four columns is a sorted set, and the same answers leave the
    same bytes in whatever order they came. Who has answered (`roll`) stands there as codes that only the server's own key makes.
    """

    evaluation = models.OneToOneField(Evaluation, models.CASCADE, primary_key=True, related_name="urn")
    answers = models.PositiveIntegerField(default=0)
    #: See `evaluation.roll`.
    roll = models.JSONField(default=list)
    #: What was ticked, a list for each answer in the order of the questions; nothing says from where.
    slips = models.JSONField(default=list)
    #: Open answers by the key of their question, apart from everything else.
    texts = models.JSONField(default=dict)
    #: Sums by region, province and group; see `evaluation.cells`. Once counted, without those that are too few to tell.
    cells = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("urn of an evaluation")
        verbose_name_plural = _("urns of evaluations")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.answers}"


class OpenAnswer(models.Model):
    """What somebody wrote, once it was counted: looked through before it leaves."""

    class Verdict(models.TextChoices):
        UNREAD = "unread", pgettext_lazy("open answer", "To be read")
        PASSED = "passed", pgettext_lazy("open answer", "May be shown")
        HELD = "held", pgettext_lazy("open answer", "Held back")

    question = models.ForeignKey(EvaluationQuestion, models.CASCADE, related_name="answers")
    text = ParagraphsField()
    verdict = models.CharField(max_length=6, choices=Verdict, default=Verdict.UNREAD)

    class Meta:
        verbose_name = _("answer in words")
        verbose_name_plural = _("answers in words")
        ordering = ["question", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text[:40]
