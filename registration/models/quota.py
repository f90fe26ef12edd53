from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from registration.choices import State
from registration.models.province import Province
from sessions.formats import local_digits
from sessions.models import StakeholderGroup, Track, Workshop


class QuotaQuerySet(models.QuerySet["Quota"]):
    def seats(self) -> "QuotaQuerySet":
        return self.exclude(kind=Quota.Kind.TRACK)

    def of_tracks(self) -> "QuotaQuerySet":
        return self.filter(kind=Quota.Kind.TRACK)

    def with_waiting(self) -> "QuotaQuerySet":
        """Adds `waiting`: how many stand in line for this quota."""
        waiting = Quota.objects.filter(pk=models.OuterRef("pk"), participants__state=State.WAITLISTED)
        count = waiting.order_by().values("pk").annotate(n=models.Count("participants")).values("n")
        return self.annotate(waiting=Coalesce(models.Subquery(count), 0))

    def in_thai_order(self) -> "QuotaQuerySet":
        return self.order_by("kind", "province__sort_key", "track__item", "track__number")


class Quota(models.Model):
    """A counted limit of places. `taken` is changed by `registration.seats.quotas` only."""

    class Kind(models.TextChoices):
        CENTRAL = "central", _("Central agencies")
        PROVINCE = "province", _("Province")
        TRACK = "track", _("Track")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="quotas", verbose_name=_("workshop"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="quotas", verbose_name=_("province"))
    track = models.OneToOneField(Track, models.CASCADE, null=True, blank=True, related_name="quota", verbose_name=_("track"))
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True, help_text=_("Empty: unlimited."))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    last_ticket = models.PositiveIntegerField(default=0, editable=False)
    #: When the province's selection took effect; until then those who come forward hold no seat and wait in no line.
    announced_at = models.DateTimeField(null=True, editable=False)
    #: When its coordinators were told that it is full; empty again once a seat is free.
    full_told_at = models.DateTimeField(null=True, editable=False)
    #: Of the province's general link; raising it makes every older one dead.
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.CheckConstraint(condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")), name="quota_not_oversold"),
            models.CheckConstraint(condition=Q(taken__gte=0), name="quota_not_negative"),
            models.CheckConstraint(
                condition=Q(kind="central", province=None, track=None)
                | Q(kind="province", province__isnull=False, track=None)
                | Q(kind="track", province=None, track__isnull=False),
                name="quota_is_of_its_kind",
            ),
            models.UniqueConstraint(fields=["workshop", "province"], condition=Q(kind="province"), name="one_quota_a_province"),
            models.UniqueConstraint(fields=["workshop"], condition=Q(kind="central"), name="one_central_quota"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if self.province_id:
            return str(self.province)
        if self.track_id:
            return str(self.track)
        return str(_("Central agencies"))

    @property
    def code(self) -> str:
        return self.province.code if self.province else "central"

    @property
    def group_scope(self) -> StakeholderGroup.Scope:
        """Which groups come from there: a province's nine, or those of the central agencies (brief, §4.1 and §4.2)."""
        return StakeholderGroup.Scope.PROVINCE if self.province_id else StakeholderGroup.Scope.CENTRAL

    @property
    def left(self) -> int | None:
        """Places left; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def is_full(self) -> bool:
        return self.left == 0

    def left_in_words(self) -> str:
        """ "3 seats left", "full" or "no limit", in the reader's language and digits."""
        if self.left is None:
            return str(_("Seats available"))
        if self.left == 0:
            return str(_("Full"))
        return ngettext("%(n)s seat left", "%(n)s seats left", self.left) % {"n": local_digits(self.left)}
