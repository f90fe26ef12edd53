from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.actor import ActorKind
from registration.models.quota import Quota
from sessions.models import Workshop


class PoolRule(models.TextChoices):
    """Whose reserve the seats of the pool are proposed to."""

    MOST_WAITING = "most_waiting", _("Where most people wait")
    MISSING_GROUPS = "missing_groups", _("Where people of a group wait that has nobody there, then where most wait")
    BY_HAND = "by_hand", _("As I type it")


class SeatPool(models.Model):
    """Seats that provinces have released, until they are given to others. A workshop without a row releases none.

    `free` is changed by `registration.seats.quotas` only: with the capacities of all seats it always makes the same sum.
    """

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="seat_pool", verbose_name=_("workshop"))
    #: From when free seats of provinces go into the pool; none: only those that a province gives up by itself.
    releases_at = models.DateTimeField(_("free seats are released at"), null=True)
    rule = models.CharField(_("rule"), max_length=14, choices=PoolRule, default=PoolRule.MOST_WAITING)
    free = models.PositiveIntegerField(default=0, editable=False)
    is_on = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("released seats")
        verbose_name_plural = _("released seats")
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(free__gte=0), name="pool_not_negative")]

    def __str__(self) -> str:
        return str(self.workshop)


class SeatIntent(models.Model):
    """What a province said about its free seats, and what it was told."""

    quota = models.OneToOneField(Quota, models.CASCADE, related_name="seat_intent", verbose_name=_("province"))
    #: It keeps them until the end of this day, by when it has names.
    keeps_until = models.DateField(_("keeps its free seats until"), null=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(null=True)
    #: The moment that its desk was last told of, and when: each is the effect of another date anew.
    warned_for = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    #: The moment for which its free seats went into the pool.
    released_for = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.quota)


class PoolEntry(models.Model):
    """A line of the pool's book: so many seats came in or went out. Append-only."""

    class Kind(models.TextChoices):
        GIVEN_UP = "given_up", pgettext_lazy("pool", "Given up by the province")
        RELEASED = "released", pgettext_lazy("pool", "Released on the date")
        GIVEN = "given", pgettext_lazy("pool", "Given to the waiting list of the province")
        TAKEN_BACK = "taken_back", pgettext_lazy("pool", "Taken back by the province")

    #: What comes in counts, what goes out counts against it.
    INCOMING = (Kind.GIVEN_UP, Kind.RELEASED)

    pool = models.ForeignKey(SeatPool, models.CASCADE, related_name="entries")
    quota = models.ForeignKey(Quota, models.CASCADE, related_name="pool_entries", verbose_name=_("province"))
    kind = models.CharField(max_length=10, choices=Kind)
    seats = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    actor_kind = models.CharField(max_length=20, choices=ActorKind)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=models.Q(seats__gt=0), name="pool_entry_of_seats")]

    def __str__(self) -> str:
        return f"{self.quota_id} {self.kind} {self.seats}"
