import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registration.actor import ActorKind
from registration.choices import LIVE, SEAT_HOLDING, State, Verb
from registration.models.province import Province
from registration.models.quota import Quota
from sessions.fields import LineField
from sessions.models import AgendaItem, StakeholderGroup, Track, Workshop, WorkshopDay

#: Letters and digits that are not mistaken for one another on paper or over the telephone.
CODE_ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
CODE_LENGTH = 7


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _i in range(CODE_LENGTH))


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def confirmed(self) -> "ParticipantQuerySet":
        return self.filter(state=State.CONFIRMED)

    def known(self) -> "ParticipantQuerySet":
        return self.filter(anonymised_at=None)

    def holding_seats(self) -> "ParticipantQuerySet":
        return self.filter(state__in=SEAT_HOLDING)

    def live(self) -> "ParticipantQuerySet":
        return self.filter(state__in=LIVE)

    def with_own_address(self) -> "ParticipantQuerySet":
        return self.filter(has_contact_address=False)

    def waiting(self) -> "ParticipantQuerySet":
        return self.filter(state=State.WAITLISTED).order_by("ticket")

    def to_select_from(self) -> "ParticipantQuerySet":
        return self.filter(state=State.APPLIED).order_by("ticket", "pk")

    def unproven(self) -> "ParticipantQuerySet":
        """On a seat that anybody may take, and nothing shows that there is somebody: no link opened, no office that decided."""
        seated = self.filter(state__in=[State.CONFIRMED, State.PENDING], link_opened_at=None, invitation=None)
        anybody = seated.filter(workshop__entry=Workshop.Entry.OPEN, workshop__unopened_hours__gt=0)
        return anybody.exclude(events__actor_kind__in=[ActorKind.COORDINATOR, ActorKind.STAFF]).exclude(events__verb=Verb.EMAIL_CHANGED)

    def with_unopened(self) -> "ParticipantQuerySet":
        """Each with `is_unopened`: whether they are unproven."""
        return self.annotate(is_unopened=models.Exists(Participant.objects.unproven().filter(pk=models.OuterRef("pk"))))

    def coming_on(self, day: WorkshopDay) -> "ParticipantQuerySet":
        return self.confirmed().known().filter(days=day)

    def with_choices(self) -> "ParticipantQuerySet":
        """Everything that pages and exports show of a person, in a constant number of queries."""
        return self._with_choices("days")

    def with_hours(self) -> "ParticipantQuerySet":
        """The same, with the hours of each day and who was asked to come instead: for the page of one person."""
        asked = models.FilteredRelation("substitutes", condition=models.Q(substitutes__state="open"))
        named = {"substitute_email": models.F("asked__email"), "substitute_until": models.F("asked__expires_at")}
        return self._with_choices(models.Prefetch("days", WorkshopDay.objects.with_hours())).annotate(asked=asked).annotate(**named)

    def _with_choices(self, days: "str | models.Prefetch[str]") -> "ParticipantQuerySet":
        choices = models.Prefetch("choices", TrackChoice.objects.select_related("track__item__day"))
        return self.select_related("workshop", "quota__province", "group").prefetch_related(days, choices)


class Participant(models.Model):
    """One person's registration in one workshop. Its state is changed by the actions only."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="participants", verbose_name=_("workshop"))
    #: Its own index is `participant_line`, and those that begin like it.
    quota = models.ForeignKey(Quota, models.PROTECT, db_index=False, related_name="participants", verbose_name=_("quota"))
    group = models.ForeignKey(StakeholderGroup, models.PROTECT, related_name="participants", verbose_name=_("group"))
    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State)
    ticket = models.PositiveIntegerField(_("place on the waiting list"), null=True, editable=False)
    offer_expires_at = models.DateTimeField(_("offer expires"), null=True, editable=False)
    decision_reason = LineField(_("reason"), max_length=500, blank=True, editable=False)

    title = LineField(_("title"), max_length=60)
    first_name = LineField(_("first name"), max_length=100)
    last_name = LineField(_("last name"), max_length=100)
    sort_key = models.CharField(max_length=2000, db_index=True, editable=False)
    #: The name as names are matched (`people.names.match_key`).
    name_key = models.CharField(max_length=1000, default="", db_default="", editable=False)
    position = LineField(_("position"), max_length=200, blank=True)
    organisation = LineField(_("organisation"), max_length=200)
    organisation_short = LineField(_("abbreviation of the organisation"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    #: The address is that of somebody who passes mail on; several people may have it beside who owns it.
    has_contact_address = models.BooleanField(_("e-mails are passed on"), default=False, db_default=False, editable=False)
    phone = LineField(_("phone"), max_length=20)
    phone_extension = LineField(_("extension"), max_length=10, blank=True)
    #: Registered while the workshop was rehearsed: plainly nobody, unless staff say that they are somebody.
    in_rehearsal = models.BooleanField(default=False, db_default=False, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=[("th", "ไทย"), ("en", "English")], default="th")

    days = models.ManyToManyField(WorkshopDay, related_name="participants", verbose_name=_("days"))

    submission = models.UUIDField(unique=True, editable=False)
    #: When the link in one of their mails was first opened: until then nobody knows that their mailbox exists.
    link_opened_at = models.DateTimeField(_("opened the link in the e-mail"), null=True, editable=False)
    #: When they were asked to open it, because others wait for their seat.
    asked_to_open_at = models.DateTimeField(_("asked to open the link"), null=True, editable=False)
    link_version = models.PositiveSmallIntegerField(default=1, editable=False)
    consent_version = models.CharField(_("privacy notice accepted"), max_length=20, editable=False)
    consented_at = models.DateTimeField(_("accepted at"), editable=False)
    #: Who agreed for a child or youth, at `consented_at`; empty for everybody else.
    guardian_name = LineField(_("guardian who consented"), max_length=200, blank=True, default="", db_default="", editable=False)
    #: Where they are told of it: one of the two; both empty for whoever agreed on the telephone or before this was asked.
    guardian_email = models.EmailField(_("guardian's e-mail"), max_length=254, blank=True, default="", db_default="", editable=False)
    guardian_phone = LineField(_("guardian's phone"), max_length=20, blank=True, default="", db_default="", editable=False)
    registered_at = models.DateTimeField(_("registered at"), editable=False)
    #: Since then the row says only where somebody came from and what they chose, and is there to be counted.
    anonymised_at = models.DateTimeField(_("made anonymous at"), null=True, editable=False)
    state_changed_at = models.DateTimeField(_("state since"), editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        permissions = [("export_participant", "Can take lists of participants along")]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"],
                condition=Q(state__in=sorted(LIVE), has_contact_address=False),
                name="one_live_registration_an_email",
            ),
        ]
        indexes = [
            models.Index(fields=["quota", "state", "ticket"], name="participant_line"),
            models.Index(fields=["quota", "state", "group", "id"], name="participant_mix"),
            models.Index(fields=["workshop", "state"], name="participant_workshop_state"),
            models.Index(fields=["quota", "first_name"], name="participant_namesakes"),
            models.Index(fields=["workshop", "phone"], name="participant_phone"),
            # Of all states: SQLite uses none of a condition that is told it only when it is asked.
            models.Index(fields=["workshop", "name_key", "state"], name="participant_names"),
            # How far the list of everybody goes is told from this alone.
            models.Index(fields=["id"], name="participant_known", condition=Q(anonymised_at=None)),
            models.Index(fields=["workshop", "sort_key", "id"], name="participant_listed", condition=Q(anonymised_at=None)),
            # The board of a workshop is told from this alone.
            models.Index(fields=["workshop", "quota", "group", "state", "registered_at"], name="participant_board"),
            models.Index(fields=["workshop", "registered_at"], name="participant_came", condition=models.Q(anonymised_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"

    @property
    def full_name(self) -> str:
        """Title, first and last name. A Thai title (นาย, ดร.) stands close to the name, a Latin one apart."""
        between = "" if _ends_in_thai(self.title.rstrip(".")) else " "
        return f"{self.title}{between}{self.first_name} {self.last_name}".strip()

    @property
    def province(self) -> Province | None:
        """The province that sent this person; None for a central agency."""
        return self.quota.province

    @property
    def is_live(self) -> bool:
        return self.state not in (State.DECLINED, State.CANCELLED)

    @property
    def holds_seat(self) -> bool:
        return self.state in SEAT_HOLDING


def _ends_in_thai(text: str) -> bool:
    return bool(text) and "\u0e00" <= text[-1] <= "\u0e7f"


class TrackChoice(models.Model):
    """Which track a participant picked in a parallel block.

    It counts against the track's quota while the participant holds a seat; before that it is a wish.
    """

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="choices")
    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="+")
    track = models.ForeignKey(Track, models.PROTECT, related_name="choices", verbose_name=_("track"))

    class Meta:
        verbose_name = _("track choice")
        verbose_name_plural = _("track choices")
        ordering = ["item"]
        constraints = [models.UniqueConstraint(fields=["participant", "item"], name="one_track_a_block")]

    def __str__(self) -> str:
        return str(self.track)
