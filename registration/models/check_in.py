from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from sessions.models import WorkshopDay


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def standing(self) -> "CheckInQuerySet":
        return self.filter(taken_back_at=None)


class CheckIn(models.Model):
    """Somebody came to the room of a day. One row a person and day, with the earliest time that anybody noted.

    A slip that was taken back leaves its row: a phone that sends the same check-in late, or twice, does not bring it back.
    """

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="check_ins", verbose_name=_("participant"))
    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="check_ins", verbose_name=_("day"))
    at = models.DateTimeField(_("checked in at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("checked in by"))
    #: When it reached the portal: later than `at` where the phone had no network.
    received_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        default_permissions = ("add",)
        constraints = [models.UniqueConstraint(fields=["participant", "day"], name="one_check_in_a_day")]
        indexes = [models.Index(fields=["day", "taken_back_at", "-at"], name="check_in_day")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.day_id}: {self.at}"
