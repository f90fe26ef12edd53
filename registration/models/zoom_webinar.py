from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.job import Job
from registration.models.participant import Participant
from sessions.models import Track, Workshop, WorkshopDay


class ZoomWebinarQuerySet(models.QuerySet["ZoomWebinar"]):
    def of_workshop(self, workshop: Workshop) -> "ZoomWebinarQuerySet":
        return self.filter(Q(day__workshop=workshop) | Q(track__item__day__workshop=workshop))

    def to_work_on(self) -> "ZoomWebinarQuerySet":
        return self.exclude(push_asked_at=None, report_asked_at=None)


class ZoomWebinar(Job):
    """The webinar of Zoom in which a meeting (a day's, or a track's) is held: its number, and what a worker is to do there.

    Written by `registration.zoom.actions` only.
    """

    class Trouble(models.TextChoices):
        """Why a worker stopped; what is to be done about it stands in `registration.zoom.troubles`."""

        NOT_SET = "not_set", pgettext_lazy("Zoom", "The connection is not set up")
        CREDENTIALS = "credentials", pgettext_lazy("Zoom", "Zoom does not accept account, client or secret")
        SCOPES = "scopes", pgettext_lazy("Zoom", "A right is missing in Zoom")
        NOT_FOUND = "not_found", pgettext_lazy("Zoom", "Zoom knows no webinar of this number")
        NO_REGISTRATION = "no_registration", pgettext_lazy("Zoom", "Nobody can be registered in this webinar")
        OVER = "over", pgettext_lazy("Zoom", "The webinar is over")
        FULL = "full", pgettext_lazy("Zoom", "The webinar is full")
        REFUSED = "refused", pgettext_lazy("Zoom", "Zoom refused it")
        UNREACHABLE = "unreachable", pgettext_lazy("Zoom", "Zoom does not answer")
        UNREADABLE = "unreadable", pgettext_lazy("Zoom", "Zoom’s list could not be read to its end")
        NOT_TAKEN = "not_taken", pgettext_lazy("Zoom", "Zoom did not take everybody")
        MANY_REMOVED = "many_removed", pgettext_lazy("Zoom", "Many people would be removed at once")
        NO_REPORT = "no_report", pgettext_lazy("Zoom", "Zoom has no report of this webinar yet")

    day = models.OneToOneField(WorkshopDay, models.CASCADE, null=True, related_name="zoom_webinar", verbose_name=_("day"))
    track = models.OneToOneField(Track, models.CASCADE, null=True, related_name="zoom_webinar", verbose_name=_("track"))
    number = models.CharField(_("webinar number"), max_length=20)
    #: Whether the clock asks for a push by itself where people have come, gone or changed.
    is_in_step = models.BooleanField(default=False)

    #: Since when a worker is to bring Zoom into step; NULL: nobody asked.
    push_asked_at = models.DateTimeField(null=True)
    #: Staff pressed for it, having seen the numbers: otherwise nobody is removed in large numbers.
    is_pressed = models.BooleanField(default=False)
    #: Since when a worker is to fetch the report of who attended.
    report_asked_at = models.DateTimeField(null=True)
    #: Zoom asked for a pause: nobody works on it before.
    rests_until = models.DateTimeField(null=True)

    #: When the clock last looked whether it is in step.
    looked_at = models.DateTimeField(null=True)
    #: When Zoom's list was read to its end for the last time; NULL: never, so files say what Zoom knows.
    read_at = models.DateTimeField(null=True)
    #: When a worker last saw Zoom in step.
    in_step_at = models.DateTimeField(null=True)
    report_tried_at = models.DateTimeField(null=True)
    report_at = models.DateTimeField(null=True)
    #: People in Zoom's list whom the portal never knew: they are left alone.
    strangers = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, choices=Trouble, blank=True)
    trouble_at = models.DateTimeField(null=True)

    objects = ZoomWebinarQuerySet.as_manager()

    class Meta:
        verbose_name = _("webinar of Zoom")
        verbose_name_plural = _("webinars of Zoom")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(day__isnull=False, track=None) | Q(day=None, track__isnull=False), name="zoom_webinar_of_one_meeting"
            ),
            models.UniqueConstraint(fields=["number"], name="one_meeting_a_webinar"),
        ]

    def __str__(self) -> str:
        return self.number


class ZoomRegistrantQuerySet(models.QuerySet["ZoomRegistrant"]):
    def forgotten(self) -> "ZoomRegistrantQuerySet":
        """Of people who were erased: nothing but Zoom's own key is left, until they are removed there."""
        return self.filter(email="")


class ZoomRegistrant(models.Model):
    """Somebody whom Zoom has registered in a webinar for us: under which address and name, and Zoom's key and link for them.

    The names are those that we told; both empty where Zoom knew the address before we did.
    """

    webinar = models.ForeignKey(ZoomWebinar, models.CASCADE, related_name="registrants")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="zoom_registrants")
    email = models.EmailField(max_length=254, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    registrant_id = models.CharField(max_length=100)
    join_url = models.URLField(max_length=1000, blank=True)
    at = models.DateTimeField()

    objects = ZoomRegistrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("registrant in Zoom")
        verbose_name_plural = _("registrants in Zoom")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["webinar", "email"], condition=~Q(email=""), name="one_registrant_an_address"),
            models.UniqueConstraint(fields=["webinar", "registrant_id"], name="one_registrant_a_key"),
        ]

    def __str__(self) -> str:
        return self.registrant_id


class ZoomStanding(models.Model):
    """Somebody who should be in a webinar, whom Zoom has and does not let in; or the bare key of somebody whom we cancelled there.

    Whom Zoom does not let in is not sent again: the office decides about them in Zoom.
    """

    class Kind(models.TextChoices):
        PENDING = "pending", pgettext_lazy("Zoom", "Awaits approval in Zoom")
        DENIED = "denied", pgettext_lazy("Zoom", "Denied in Zoom")
        #: Zoom may list whom we cancelled among those who were denied; that was not the office's word.
        CANCELLED = "cancelled", pgettext_lazy("Zoom", "Cancelled by the portal")

    #: Those that keep somebody out until the office has decided.
    HELD = (Kind.PENDING, Kind.DENIED)

    webinar = models.ForeignKey(ZoomWebinar, models.CASCADE, related_name="standings")
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="zoom_standings")
    email = models.EmailField(max_length=254, blank=True)
    registrant_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("standing in Zoom")
        verbose_name_plural = _("standings in Zoom")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["webinar", "registrant_id"], name="one_standing_a_key")]

    def __str__(self) -> str:
        return self.registrant_id
