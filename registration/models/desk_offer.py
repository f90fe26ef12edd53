from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.coordinator import Coordinator
from registration.models.quota import Quota
from sessions.fields import LineField


class DeskOffer(models.Model):
    """Somebody is asked to coordinate: as a colleague, or in the place of a coordinator, who keeps the desk until they accept."""

    class State(models.TextChoices):
        OPEN = "open", _("Not answered yet")
        ACCEPTED = "accepted", _("Accepted")
        ENDED = "ended", _("Taken back")

    quota = models.ForeignKey(Quota, models.CASCADE, related_name="offers", verbose_name=_("province"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"))
    in_place_of = models.ForeignKey(Coordinator, models.CASCADE, null=True, related_name="+")
    phone = LineField(_("phone"), max_length=20, blank=True)
    phone_extension = LineField(_("extension"), max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("expires"))
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("offer of a desk")
        verbose_name_plural = _("offers of desks")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["quota", "user"], condition=Q(state="open"), name="one_open_offer_a_desk_and_user")]

    def __str__(self) -> str:
        return str(self.user.get_full_name() or self.user.get_username())
