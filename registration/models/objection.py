import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from sessions.fields import ParagraphsField
from sessions.formats import date_short


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> "ObjectionQuerySet":
        return self.filter(answered_at=None)

    def late(self, at: dt.datetime) -> "ObjectionQuerySet":
        return self.open().filter(sent_at__lt=at - ANSWER_WITHIN)


#: What the privacy notice promises.
ANSWER_WITHIN = dt.timedelta(days=30)


class Objection(models.Model):
    """What a participant tells the office about the use of their data, and what came of it. Gone with them."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="objections", verbose_name=_("participant"))
    text = ParagraphsField(_("what is objected to"), max_length=2000)
    sent_at = models.DateTimeField(_("sent"))
    answer = ParagraphsField(_("action taken"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["answered_at", "sent_at"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{date_short(timezone.localdate(self.sent_at))} {self.participant.code}"

    @property
    def answer_until(self) -> dt.datetime:
        return self.sent_at + ANSWER_WITHIN
