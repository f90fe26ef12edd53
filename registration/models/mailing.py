import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.choices import ENDED, MessageName, State
from registration.models.attendance import Attendance
from registration.models.coordinator import Coordinator
from registration.models.job import Job
from registration.models.participant import Participant, ParticipantQuerySet
from registration.models.province import Province, Region
from registration.models.quota import Quota
from sessions.fields import LineField, ParagraphsField
from sessions.models import Bilingual, StakeholderGroup, Track, Workshop, WorkshopDay

#: The states of people whom a mailing may go to: nobody is written to whose registration has ended.
WRITTEN_TO = [(state.value, state.label) for state in State if state not in ENDED]


class MailingQuerySet(models.QuerySet["Mailing"]):
    def due(self, at: dt.datetime) -> "MailingQuerySet":
        return self.filter(sent_at=None, scheduled_at__lte=at)

    def being_queued(self) -> "MailingQuerySet":
        return self.filter(sent_at__isnull=False, queued_at=None, stopped_at=None)


class Mailing(Job):
    """A message of staff, or of a coordinator to their own people, to many: the text, whom it goes to, and how far it got.

    It may be changed until it is sent (`sent_at`). From then on the worker writes its deliveries, in the order of
    the people's numbers and a portion at a time (`reached` is the last of them), until all stand in the queue
    (`queued_at`) or staff stop the rest (`stopped_at`).
    """

    class Recipients(models.TextChoices):
        PARTICIPANTS = "participants", _("participants")
        COORDINATORS = "coordinators", _("coordinators of the desks")

    class Turnout(models.TextChoices):
        CAME = "came", _("those who came")
        MISSED = "missed", _("those who missed it")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="mailings", verbose_name=_("workshop"))
    recipients = models.CharField(
        _("who gets it"), max_length=12, choices=Recipients, default=Recipients.PARTICIPANTS, db_default=Recipients.PARTICIPANTS
    )
    subject_th = LineField(_("subject (Thai)"), max_length=150)
    subject_en = LineField(_("subject (English)"), max_length=150, blank=True)
    body_th = ParagraphsField(_("text (Thai)"), max_length=10_000)
    body_en = ParagraphsField(_("text (English)"), max_length=10_000, blank=True)

    day = models.ForeignKey(WorkshopDay, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("track"))
    turnout = models.CharField(_("attendance on the day"), max_length=6, choices=Turnout, blank=True, default="", db_default="")
    state = models.CharField(_("state"), max_length=12, choices=WRITTEN_TO, default=State.CONFIRMED, blank=True)
    region = models.CharField(_("region"), max_length=20, choices=Region, blank=True)
    #: None means all.
    provinces = models.ManyToManyField(Province, blank=True, related_name="mailings", verbose_name=_("provinces"))
    groups = models.ManyToManyField(StakeholderGroup, blank=True, related_name="mailings", verbose_name=_("stakeholder groups"))

    #: Where a coordinator wrote it: to these of their own people, and nobody else.
    quota = models.ForeignKey(Quota, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("desk"))
    chosen = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("written"), editable=False)
    #: When it is to be sent by itself, and who said so.
    scheduled_at = models.DateTimeField(_("to be sent"), null=True, editable=False)
    scheduled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+")
    #: Its time came while nothing could be sent, or nobody was there to be written to.
    was_missed = models.BooleanField(default=False, db_default=False, editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("mail", "sent"), null=True, editable=False)
    people = models.PositiveIntegerField(_("people"), default=0, editable=False)
    reached = models.BigIntegerField(default=0, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)
    stopped_at = models.DateTimeField(null=True, editable=False)

    subject, body = Bilingual("subject"), Bilingual("body")

    objects = MailingQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to many")
        verbose_name_plural = _("messages to many")
        ordering = ["-pk"]
        permissions = [("send_mailing", "Can send messages to many")]

    def __str__(self) -> str:
        return self.subject

    def _by_turnout(self, people: ParticipantQuerySet, came: models.QuerySet) -> ParticipantQuerySet:
        """Of the day: those who came, whatever they had chosen; those who had and did not; or all who had."""
        if self.turnout == self.Turnout.CAME:
            return people.filter(pk__in=came)
        coming = people.filter(days=self.day_id)
        return coming.filter(attendance_stop=None).exclude(pk__in=came) if self.turnout == self.Turnout.MISSED else coming

    def audience(self) -> ParticipantQuerySet:
        """Whom it goes to as things are now. Nobody of another workshop, nobody whose registration has ended."""
        chosen = Q(workshop=self.workshop_id, state=self.state) if self.state else Q(workshop=self.workshop_id) & ~Q(state__in=ENDED)
        people = Participant.objects.known().filter(chosen)
        if self.quota_id:
            people = people.filter(quota=self.quota_id, pk__in=self.chosen)
        if self.day_id:
            people = self._by_turnout(people, Attendance.objects.of_days().came().filter(day=self.day_id).values("participant"))
        if self.track_id:
            people = people.filter(choices__track=self.track_id)
        if self.region:
            people = people.filter(quota__province__region=self.region)
        if provinces := self.keys("provinces"):
            people = people.filter(quota__province__in=provinces)
        if groups := self.keys("groups"):
            people = people.filter(group__in=groups)
        return people

    def keys(self, name: str) -> list[int]:
        """Of the provinces or groups that it is for; none for one that is not kept yet."""
        return [row.pk for row in getattr(self, name).all()] if self.pk else []

    def desks(self) -> models.QuerySet[Coordinator]:
        """The coordinators whom it goes to, each once for each desk."""
        found: models.QuerySet[Coordinator] = Coordinator.objects.with_mailbox().filter(quota__workshop=self.workshop_id)
        if self.region:
            found = found.filter(quota__province__region=self.region)
        if provinces := self.keys("provinces"):
            found = found.filter(quota__province__in=provinces)
        return found

    def readers(self) -> models.QuerySet[Any]:
        """Participants, or users who coordinate: each gets one mail."""
        if self.recipients == self.Recipients.COORDINATORS:
            return User.objects.filter(pk__in=self.desks().values("user"))
        return self.audience()

    @property
    def message(self) -> MessageName:
        to_desks = self.recipients == self.Recipients.COORDINATORS
        return MessageName.COORDINATOR_ANNOUNCEMENT if to_desks else MessageName.ANNOUNCEMENT
