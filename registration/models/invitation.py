import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.models.participant import Participant
from registration.models.quota import Quota
from sessions.fields import LineField
from sessions.models import StakeholderGroup, Workshop


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(state=Invitation.State.OPEN)

    def keeping_seats(self) -> "InvitationQuerySet":
        return self.open().filter(holds_seat=True)

    def over(self, at: dt.datetime) -> "InvitationQuerySet":
        return self.open().filter(expires_at__lte=at).order_by("expires_at", "pk")

    def with_places(self) -> "InvitationQuerySet":
        return self.select_related("workshop", "quota__province", "group", "participant", "in_place_of", "passed_from")


class Invitation(models.Model):
    """A seat that a province holds for one person until they answer. Its state is changed by the actions only.

    Of the person it keeps what the province knows: at least the e-mail address, in lower case.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        REFUSED = "refused", _("Cannot come")
        PASSED_ON = "passed_on", _("Sends a substitute")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="invitations", verbose_name=_("workshop"))
    quota = models.ForeignKey(Quota, models.PROTECT, related_name="invitations", verbose_name=_("quota"))
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, null=True, related_name="+", verbose_name=_("group"))
    #: Not where the province selects later on: whoever accepts comes forward, and no seat is kept.
    holds_seat = models.BooleanField(default=True, db_default=True, editable=False)
    #: The province's list has them in reserve: who accepts comes before the others in the reserve of its selection.
    in_reserve = models.BooleanField(default=False, db_default=False, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)

    email = models.EmailField(_("e-mail"), max_length=254)
    title = LineField(_("title"), max_length=60, blank=True)
    first_name = LineField(_("first name"), max_length=100, blank=True)
    last_name = LineField(_("last name"), max_length=100, blank=True)
    #: They have no family name: their form comes with that ticked.
    lacks_last_name = models.BooleanField(_("no family name"), default=False, db_default=False)
    position = LineField(_("position"), max_length=200, blank=True)
    organisation = LineField(_("organisation"), max_length=200, blank=True)
    organisation_short = LineField(_("abbreviation of the organisation"), max_length=40, blank=True)
    phone = LineField(_("phone"), max_length=20, blank=True)
    phone_extension = LineField(_("extension"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=[("th", "ไทย"), ("en", "English")], default="th")

    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("invited at"), editable=False)
    expires_at = models.DateTimeField(_("answer until"), editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("answered, expired or withdrawn at"), null=True, editable=False)
    participant = models.OneToOneField(
        Participant, models.SET_NULL, null=True, related_name="invitation", verbose_name=_("participant"), editable=False
    )

    #: Why somebody cannot come, where they say it.
    answer = LineField(_("reason"), max_length=300, blank=True, default="", db_default="", editable=False)
    #: Whose substitute is asked: of a participant, whose seat passes when the substitute registers, …
    in_place_of = models.ForeignKey(
        Participant, models.CASCADE, null=True, related_name="substitutes", verbose_name=_("in place of"), editable=False
    )
    #: … or of somebody invited, whose invitation this one continues.
    passed_from = models.OneToOneField("self", models.SET_NULL, null=True, related_name="passed_to", editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"], condition=Q(state="open", in_place_of=None), name="one_open_invitation_an_email"
            ),
            models.UniqueConstraint(fields=["in_place_of"], condition=Q(state="open"), name="one_open_substitute_a_person"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="invitation_open", condition=Q(state="open")),
            # A page of the list of all, and of those of a workshop, is told from these.
            models.Index(fields=["created_at", "id"], name="invitation_came"),
            models.Index(fields=["workshop", "created_at", "id"], name="invitation_listed"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})" if self.name else self.email

    @property
    def name(self) -> str:
        return Participant(title=self.title, first_name=self.first_name, last_name=self.last_name).full_name

    @property
    def is_of_substitute(self) -> bool:
        return bool(self.in_place_of_id or self.passed_from_id)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN
