from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often something was asked for in one stretch of time. Only `security.rate_limits` writes it; gone when the time is over.

    `key` is a keyed digest of whose it was: neither network addresses nor e-mail addresses are kept.
    """

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=32)
    #: The end of the stretch, in seconds since 1970.
    ends = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counter of requests")
        verbose_name_plural = _("counters of requests")
        constraints = [models.UniqueConstraint(fields=["ends", "kind", "key"], name="one_tally_a_window")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.count}"
