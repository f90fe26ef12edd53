"""The programme: a workshop, its days, what happens on them, and whom to ask.

Text comes in two languages, `<field>_th` and `<field>_en`. `workshop.title` is the one of the
reader's language, with the Thai text where no English one was written.
"""

import datetime as dt
import uuid
from collections.abc import Container, Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions import schedule, state
from sessions.fields import LineField, ParagraphsField
from sessions.formats import date_short, in_language, language, year_in_era


class Bilingual:
    """Reads `<name>_th` or `<name>_en` by the active language; Thai where the other is empty."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> str:
        if instance is None:
            return self  # type: ignore[return-value]
        return in_language(instance, self.name)


https_only = URLValidator(schemes=["https"], message=_("Enter an address that begins with https://."), code="not_https")

#: A later one was written in the Buddhist era, which is 543 years ahead; an earlier one lacks its first digits.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2400


def christian_era(date: dt.date) -> None:
    """Refuses a year that was meant in the Buddhist era, which the pages themselves show, or is written in two digits."""
    if not EARLIEST_YEAR <= date.year <= LATEST_YEAR:
        raise ValidationError(_("Write the year of the Christian era, like 2022 for 2565."))


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def published(self) -> "WorkshopQuerySet":
        return self.filter(is_published=True)

    def current(self, at: dt.datetime | None = None) -> "WorkshopQuerySet":
        """Published ones: what is on or next at the moment `at` (default: now) first, then those that are over, the latest first."""
        taking_place = Q(days__is_cancelled=False)
        to_come = taking_place & Q(days__date__gte=timezone.localdate(at))
        dates = {"next_date": models.Min("days__date", filter=to_come), "last_date": models.Max("days__date", filter=taking_place)}
        order = (F("next_date").asc(nulls_last=True), F("last_date").desc(nulls_last=True))
        return self.published().annotate(**dates).order_by(*order, "-pk")

    def to_choose(self, at: dt.datetime | None = None) -> "WorkshopQuerySet":
        """All of them as one is chosen: what takes registrations first, then what is published, the latest first. One query.

        Each knows its `first_date` and `last_date`.
        """
        at, taking_place = at or timezone.now(), Q(days__is_cancelled=False)
        dates = {"first_date": models.Min("days__date", filter=taking_place), "last_date": models.Max("days__date", filter=taking_place)}
        has_opened = Q(registration_opens_at=None) | Q(registration_opens_at__lte=at)
        has_not_closed = Q(registration_closes_at=None) | Q(registration_closes_at__gt=at)
        is_open = Q(is_published=True, last_date__gte=timezone.localdate(at)) & has_opened & has_not_closed
        found = self.annotate(**dates).annotate(
            is_open=models.Case(models.When(is_open, then=1), default=0, output_field=models.SmallIntegerField())
        )
        return found.order_by("-is_open", "-is_published", F("last_date").desc(nulls_last=True), "-pk")

    def with_programme(self) -> "WorkshopQuerySet":
        """Their days, items and tracks at hand: three more queries, however many there are."""
        return self.prefetch_related("days__items__tracks")


class WorkshopManager(models.Manager.from_queryset(WorkshopQuerySet)):  # type: ignore[misc]
    """Workshops themselves; drafts of their agenda are asked for by name (`sessions.releases`)."""

    def get_queryset(self) -> WorkshopQuerySet:
        queryset: WorkshopQuerySet = super().get_queryset()
        return queryset.filter(draft_of=None)


class Emblem(models.Model):
    """A picture that stands for the office: `sessions.emblems` draws, keeps and forgets it."""

    #: SHA-256 of `original`.
    digest = models.CharField(primary_key=True, max_length=64)
    original = models.BinaryField()
    #: WebP for pages.
    small = models.BinaryField()
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("emblem")
        verbose_name_plural = _("emblems")

    def __str__(self) -> str:
        return self.digest[:8]


class Workshop(models.Model):
    """A series of dated half-days: one programme, one set of quotas, one registration window."""

    class Decision(models.TextChoices):
        AT_ONCE = "at_once", _("Confirm at once; the province may decline later")
        PROVINCE_FIRST = "province_first", _("The province approves first; a pending person holds the seat")
        SELECTION = "selection", _("The province selects, then announces")

    class Unannounced(models.TextChoices):
        STAFF = "staff", _("NESDC's staff are told")
        ARRIVAL = "arrival", _("The order of arrival is announced")

    class WaitingList(models.TextChoices):
        AT_ONCE = "at_once", _("The next person moves up at once")
        OFFER = "offer", _("The next person is offered the seat for some hours")

    class Entry(models.TextChoices):
        OPEN = "open", _("Anybody may register")
        PROVINCE_LINK = "province_link", _("Only with the link of the province")

    class LinksBy(models.TextChoices):
        PORTAL = "portal", _("The portal gives the meeting’s link")
        ZOOM = "zoom", _("Zoom registers people and e-mails each their own link")

    slug = models.SlugField(
        _("web address"), unique=True, max_length=60,
        help_text=_("The end of the workshop’s address. Where it is changed, links and QR codes that are out lead on to the new one."),
    )  # fmt: skip
    title_th = LineField(_("title (Thai)"), max_length=300)
    title_en = LineField(_("title (English)"), max_length=300, blank=True)
    short_name_th = LineField(
        _("short name (Thai)"), max_length=60, blank=True, default="", db_default="",
        help_text=_("How calendars and e-mails call the workshop, like “SDG Localisation”. Empty: by its title."),
    )  # fmt: skip
    short_name_en = LineField(_("short name (English)"), max_length=60, blank=True, default="", db_default="")
    lead_th = ParagraphsField(_("one sentence (Thai)"), blank=True)
    lead_en = ParagraphsField(_("one sentence (English)"), blank=True)
    background_th = ParagraphsField(_("background (Thai)"), blank=True, help_text=_("Paragraphs are separated by an empty line."))
    background_en = ParagraphsField(_("background (English)"), blank=True)
    objectives_th = ParagraphsField(_("objectives (Thai)"), blank=True, help_text=_("One objective a line."))
    objectives_en = ParagraphsField(_("objectives (English)"), blank=True)
    audience_th = ParagraphsField(_("who may come (Thai)"), blank=True)
    audience_en = ParagraphsField(_("who may come (English)"), blank=True)
    naming_rule_th = ParagraphsField(_("naming rule (Thai)"), blank=True)
    naming_rule_en = ParagraphsField(_("naming rule (English)"), blank=True)
    note_th = ParagraphsField(_("note under the agenda (Thai)"), blank=True)
    note_en = ParagraphsField(_("note under the agenda (English)"), blank=True)
    platform = LineField(_("platform"), max_length=100, default="Zoom Webinar")
    links_by = models.CharField(
        _("how people get into a meeting"), max_length=10, choices=LinksBy, default=LinksBy.PORTAL, db_default=LinksBy.PORTAL,
        help_text=_(
            "With the portal’s link everybody uses the same one and types their own name. With Zoom’s own links the names follow the "
            "naming rule, and staff take the lists to Zoom."
        ),
    )  # fmt: skip
    responsible_th = LineField(_("responsible division (Thai)"), max_length=300, blank=True)
    responsible_en = LineField(_("responsible division (English)"), max_length=300, blank=True)

    #: Read its key alone: the picture is handed out under it.
    emblem = models.ForeignKey(
        Emblem, models.PROTECT, null=True, blank=True, editable=False, related_name="workshops", verbose_name=_("emblem")
    )

    chat_name = LineField(_("Open Chat name"), max_length=100, blank=True)
    chat_url = models.URLField(_("Open Chat link"), blank=True, validators=[https_only])
    chat_passcode = LineField(_("Open Chat passcode"), max_length=50, blank=True)

    is_published = models.BooleanField(_("published"), default=True)
    retain_until = models.DateField(
        _("people's data is kept until"), null=True, blank=True, validators=[christian_era],
        help_text=_("Empty: one year after the last day, as the privacy notice promises. Then people are made anonymous; numbers stay."),
    )  # fmt: skip
    anonymised_at = models.DateTimeField(_("people made anonymous at"), null=True, editable=False)
    rehearsal_email = models.EmailField(
        _("rehearsal address"), blank=True,
        help_text=_("While an address stands here, every e-mail of this workshop goes to it and to nobody else, marked as a rehearsal."),
    )  # fmt: skip
    #: A rehearsal has been on: it may have left people and mails.
    was_rehearsed = models.BooleanField(default=False, db_default=False, editable=False)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True, validators=[christian_era])
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True, validators=[christian_era])
    changes_close_at = models.DateTimeField(
        _("participants may change details until"), null=True, blank=True, validators=[christian_era],
        help_text=_("Empty: until registration closes, and at least until the first day begins."),
    )  # fmt: skip
    decision = models.CharField(_("who confirms a seat"), max_length=20, choices=Decision, default=Decision.AT_ONCE)
    announce_by = models.DateTimeField(
        _("provinces announce by"), null=True, blank=True, validators=[christian_era],
        help_text=_("Where the province selects: people read that the result is announced by then, and the desks are reminded."),
    )  # fmt: skip
    unannounced = models.CharField(
        _("where a province has not announced by then"), max_length=10, choices=Unannounced, default=Unannounced.STAFF,
        db_default=Unannounced.STAFF,
    )  # fmt: skip
    decision_minutes = models.PositiveSmallIntegerField(
        _("minutes in which a decision can be taken back"), default=5, db_default=5,
        help_text=_("Until then no e-mail goes out and no seat moves. 0: decisions take effect at once."),
    )  # fmt: skip
    waiting_list = models.CharField(_("when a seat becomes free"), max_length=20, choices=WaitingList, default=WaitingList.AT_ONCE)
    entry = models.CharField(_("who may register"), max_length=20, choices=Entry, default=Entry.OPEN)
    invitation_days = models.PositiveSmallIntegerField(_("days an invitation holds a seat"), default=7, validators=[MinValueValidator(1)])
    offer_hours = models.PositiveSmallIntegerField(_("hours an offered seat is held"), default=48, validators=[MinValueValidator(1)])
    unopened_hours = models.PositiveSmallIntegerField(
        _("hours in which the link in the e-mail is to be opened"), default=24, db_default=24,
        help_text=_(
            "Where anybody may register: people who have not opened it by then are reminded as soon as others wait for a seat, and one "
            "working day later their seat goes to the next person on the waiting list. 0: never."
        ),
    )  # fmt: skip
    reminder_time = models.TimeField(_("reminders go out at, on the day before"), default=dt.time(9, 0))
    province_capacity = models.PositiveIntegerField(
        _("seats for each province"), default=25, help_text=_("What a new quota begins with. Change the quotas themselves later on.")
    )
    central_capacity = models.PositiveIntegerField(
        _("seats for central agencies"), default=50, help_text=_("What the new quota begins with. Change the quota itself later on.")
    )

    #: The workshop whose agenda this row holds a draft of; it is no workshop of its own, and nobody sees it but staff.
    draft_of = models.OneToOneField("self", models.CASCADE, null=True, editable=False, related_name="draft")

    title, lead, background = Bilingual("title"), Bilingual("lead"), Bilingual("background")
    _short_name = Bilingual("short_name")
    objectives, audience = Bilingual("objectives"), Bilingual("audience")
    naming_rule, note, responsible = Bilingual("naming_rule"), Bilingual("note"), Bilingual("responsible")

    objects = WorkshopManager()
    with_drafts = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints = [
            models.CheckConstraint(
                condition=Q(registration_opens_at__isnull=True)
                | Q(registration_closes_at__isnull=True)
                | Q(registration_opens_at__lt=F("registration_closes_at")),
                name="workshop_opens_before_it_closes",
                violation_error_message=_("Registration must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return _("Draft: %(title)s") % {"title": self.title} if self.draft_of_id else self.title

    @property
    def short_name(self) -> str:
        return self._short_name or self.title

    @property
    def to_tell_apart(self) -> str:
        """Title, address and year, and that it is not published: next year's often bears this year's title. Read `to_choose`."""
        first: dt.date | None = getattr(self, "first_date", None)
        parts = [self.title, self.slug, *([year_in_era(first)] if first else []), *([] if self.is_published else [_("not published")])]
        return " · ".join(str(part) for part in parts)

    @property
    def zoom_mails_links(self) -> bool:
        return self.links_by == self.LinksBy.ZOOM

    def standing(
        self, at: dt.datetime | None = None, *, days: "Iterable[WorkshopDay] | None" = None, is_full: bool = False
    ) -> state.Standing:
        """Where it is at the moment `at` (default: now): `sessions.state`. One query, none with its `days` (read `with_hours`)."""
        days = self.days.with_hours() if days is None else days
        return state.standing(self, days, at=at or timezone.now(), is_full=is_full)


class WorkshopDayQuerySet(models.QuerySet["WorkshopDay"]):
    def with_hours(self) -> "WorkshopDayQuerySet":
        """Makes `hours` a matter of the same query: their items need not be read for it. In their order, which grouping forgets."""
        return self.annotate(first_start=models.Min("items__starts_at"), last_end=models.Max("items__ends_at")).order_by("date")


class WorkshopDay(models.Model):
    """One dated half-day of a workshop, with a meeting of its own."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="days", verbose_name=_("workshop"))
    date = models.DateField(_("date"), validators=[christian_era])
    title_th = LineField(_("title (Thai)"), max_length=300, blank=True)
    title_en = LineField(_("title (English)"), max_length=300, blank=True)
    room_th = LineField(
        _("room (Thai)"), max_length=200, blank=True, default="", db_default="",
        help_text=_("Where people meet in person, with the building. Empty: the day is online only."),
    )  # fmt: skip
    room_en = LineField(_("room (English)"), max_length=200, blank=True, default="", db_default="")
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    join_url = models.URLField(_("meeting link"), max_length=500, blank=True, validators=[https_only])
    join_opens_at = models.DateTimeField(
        _("meeting link shown from"), null=True, blank=True, validators=[christian_era],
        help_text=_("Empty: one day before the day begins."),
    )  # fmt: skip
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    sequence = models.PositiveIntegerField(_("calendar revision"), default=0, editable=False)
    revised_at = models.DateTimeField(_("calendar revised"), default=timezone.now, editable=False)
    #: A digest of what calendars show of the day, as it was when `sequence` was last looked at.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    #: In a draft: the row that this one is a draft of.
    origin = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")

    title, room = Bilingual("title"), Bilingual("room")

    objects = WorkshopDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day")
        verbose_name_plural = _("days")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "date"], name="one_day_a_date",
                violation_error_message=_("The workshop already has a day on this date."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return date_short(self.date)

    @property
    def has_meeting(self) -> bool:
        """Whether one comes online: where there is no room, or where there is a way into a meeting besides. Read with its workshop."""
        return (not self.room_th and not self.room_en) or bool(self.join_url) or self.workshop.zoom_mails_links

    def hours(self) -> tuple[dt.time, dt.time] | None:
        """From the start of its first item to the end of its last; None while there is none. Read `with_hours`, or by its items."""
        if "first_start" in vars(self):
            first, last = vars(self)["first_start"], vars(self)["last_end"]
            return (first, last) if first else None
        return schedule.span(self.items.all())

    def begins_at(self) -> dt.datetime:
        """The moment its first item starts, in Bangkok's zone; midnight while there is none."""
        hours = self.hours()
        return dt.datetime.combine(self.date, hours[0] if hours else dt.time.min, schedule.BANGKOK)

    def ends_at(self) -> dt.datetime:
        """The moment its last item ends, in Bangkok's zone; the next midnight while there is none."""
        if hours := self.hours():
            return dt.datetime.combine(self.date, hours[1], schedule.BANGKOK)
        return self.begins_at() + dt.timedelta(days=1)

    def join_link_opens_at(self) -> dt.datetime:
        """From when participants may see the meeting links: what staff set, or one day before the day begins."""
        return self.join_opens_at or self.begins_at() - dt.timedelta(days=1)

    def join_is_open(self, at: dt.datetime | None = None) -> bool:
        """Whether participants may see the meeting links at the moment `at` (default: now)."""
        return not self.is_cancelled and (at or timezone.now()) >= self.join_link_opens_at()


class AgendaItem(models.Model):
    """A timed line of a day."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening")
        LECTURE = "lecture", _("Lecture")
        PANEL = "panel", _("Panel")
        BREAK = "break", _("Break")
        PARALLEL = "parallel", _("Parallel tracks")
        WRAP_UP = "wrap_up", _("Wrap-up")

    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="items", verbose_name=_("day"))
    starts_at = models.TimeField(_("starts"))
    ends_at = models.TimeField(_("ends"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.LECTURE)
    title_th = ParagraphsField(_("title (Thai)"))
    title_en = ParagraphsField(_("title (English)"), blank=True)
    speaker_th = LineField(_("speaker (Thai)"), max_length=300, blank=True)
    speaker_en = LineField(_("speaker (English)"), max_length=300, blank=True)
    speaker_confirmed = models.BooleanField(_("speaker confirmed"), default=True)
    #: In a draft: the row that this one is a draft of.
    origin = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")

    title, speaker = Bilingual("title"), Bilingual("speaker")

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["day__date", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="item_starts_before_it_ends",
                violation_error_message=_("The start must be before the end."),
            ),
        ]  # fmt: skip
        # That two items do not overlap is for `schedule` to say: the database would look at them one by one
        # and refuse a morning that moves by ten minutes as a whole.

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M} {self.title}"


class Track(models.Model):
    """One of the lectures of a parallel block; a webinar of its own."""

    item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="tracks", verbose_name=_("parallel block"),
        limit_choices_to={"kind": AgendaItem.Kind.PARALLEL},
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    title_th = LineField(_("title (Thai)"), max_length=300)
    title_en = LineField(_("title (English)"), max_length=300, blank=True)
    speaker_th = LineField(_("speaker (Thai)"), max_length=300, blank=True)
    speaker_en = LineField(_("speaker (English)"), max_length=300, blank=True)
    speaker_confirmed = models.BooleanField(_("speaker confirmed"), default=True)
    capacity = models.PositiveIntegerField(
        _("places to begin with"), null=True, blank=True,
        help_text=_("Empty: unlimited. The track's quota begins with this number; later on change the quota itself."),
    )  # fmt: skip
    join_url = models.URLField(_("meeting link"), max_length=500, blank=True, validators=[https_only])
    #: In a draft: the row that this one is a draft of.
    origin = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")

    title, speaker = Bilingual("title"), Bilingual("speaker")

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "number"], name="one_track_a_number",
                violation_error_message=_("This block already has a track with this number."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class StakeholderGroup(models.Model):
    """A kind of people who may come, in the numbering of the office's document (§4)."""

    class Scope(models.TextChoices):
        PROVINCE = "province", _("From a province")
        CENTRAL = "central", _("From a central agency")

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="groups", verbose_name=_("workshop"))
    code = models.CharField(_("number"), max_length=10, validators=[RegexValidator(r"^\d+(\.\d+)*$", _("Write it like 4.1.2."))])
    name_th = LineField(_("name (Thai)"), max_length=300)
    name_en = LineField(_("name (English)"), max_length=300, blank=True)
    short_name_th = LineField(
        _("short name (Thai)"), max_length=40, blank=True, default="", db_default="",
        help_text=_("Two or three words for buttons and columns. Empty: the whole name."),
    )  # fmt: skip
    short_name_en = LineField(_("short name (English)"), max_length=40, blank=True, default="", db_default="")
    scope = models.CharField(_("scope"), max_length=10, choices=Scope, default=Scope.PROVINCE)
    needs_guardian = models.BooleanField(
        _("asks for a guardian"), default=False, db_default=False, help_text=_("Children and youth: a guardian must consent.")
    )

    name, _short_name = Bilingual("name"), Bilingual("short_name")

    class Meta:
        verbose_name = _("stakeholder group")
        verbose_name_plural = _("stakeholder groups")
        ordering = ["workshop", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "code"], name="one_group_a_code",
                violation_error_message=_("The workshop already has a group with this number."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def short_name(self) -> str:
        return self._short_name or self.name


class FormerAddress(models.Model):
    """Where a workshop was before: links and QR codes that are out lead on from there."""

    slug = models.SlugField(_("web address"), max_length=60, unique=True, editable=False)
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, editable=False, related_name="former_addresses", verbose_name=_("workshop")
    )  # fmt: skip
    left_at = models.DateTimeField(_("left at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return self.slug


class Contact(models.Model):
    """Someone of the office whom anybody may ask."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="contacts", verbose_name=_("workshop"))
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    name_th = LineField(_("name (Thai)"), max_length=200)
    name_en = LineField(_("name (English)"), max_length=200, blank=True)
    phone = LineField(_("phone"), max_length=50, blank=True, help_text=_("As it should be shown, like 02 280 4085"))
    phone_extension = LineField(_("extension"), max_length=10, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    name = Bilingual("name")

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["workshop", "position", "pk"]

    def __str__(self) -> str:
        return self.name


class ReleaseQuerySet(models.QuerySet["Release"]):
    def untold(self) -> "ReleaseQuerySet":
        return self.filter(told_at=None)


class Release(models.Model):
    """A revision of the agenda that was made public: "แก้ไขครั้งที่ n", and what it changed.

    `changes` is a list of {"day": key, "date": ISO date, "th": words, "en": words}.
    """

    workshop = models.ForeignKey(Workshop, models.CASCADE, editable=False, related_name="releases", verbose_name=_("workshop"))
    number = models.PositiveIntegerField(_("revision"), editable=False)
    released_at = models.DateTimeField(_("released"), editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("by")
    )
    changes = models.JSONField(_("changes"), editable=False)
    told_at = models.DateTimeField(_("participants told"), null=True, editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of the agenda")
        verbose_name_plural = _("revisions of the agenda")
        ordering = ["workshop", "-number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="one_release_a_number")]

    def __str__(self) -> str:
        return str(_("Revision %(number)s") % {"number": self.number})

    def in_words(self, days: Container[int] | None = None) -> list[tuple[dt.date, list[str]]]:
        """What it changed, day by day, in the reader's language; with `days` only on those (by key)."""
        by_date: dict[str, list[str]] = {}
        for change in self.changes:
            if days is None or change["day"] in days:
                by_date.setdefault(change["date"], []).append(change.get(language()) or change["th"])
        return [(dt.date.fromisoformat(date), words) for date, words in by_date.items()]
