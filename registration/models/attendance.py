from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.job import Job
from registration.models.participant import Participant
from registration.models.quota import Quota
from sessions.fields import LineField, ParagraphsField
from sessions.models import Track, Workshop, WorkshopDay


class AttendanceSettings(models.Model):
    """What the office sets for the minutes of a workshop; without a row what stands here."""

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="attendance_settings", verbose_name=_("workshop"))
    counts_breaks = models.BooleanField(
        _("breaks count as part of the agenda"), default=False, help_text=_("Otherwise nobody gains or loses minutes by them.")
    )
    file_days = models.PositiveSmallIntegerField(
        _("days after which uploaded reports are deleted"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("The rows that were read from them stay as long as the people are known."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("settings of attendance")
        verbose_name_plural = _("settings of attendance")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.workshop)


class AttendanceReportQuerySet(models.QuerySet["AttendanceReport"]):
    def counting(self) -> "AttendanceReportQuerySet":
        return self.filter(state=AttendanceReport.State.APPLIED)

    def unfinished(self) -> "AttendanceReportQuerySet":
        return self.filter(state__in=AttendanceReport.UNFINISHED)

    def standing(self) -> "AttendanceReportQuerySet":
        return self.exclude(state=AttendanceReport.State.TAKEN_BACK)


class AttendanceReport(Job):
    """A file of Zoom or Teams: what was understood of it, and whether it counts. Its rows count only once it is applied."""

    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("report", "Waiting to be read")
        READ = "read", pgettext_lazy("report", "Not counted yet")
        REFUSED = "refused", pgettext_lazy("report", "Not accepted")
        ANSWERS = "answers", pgettext_lazy("report", "Answers counted")
        APPLYING = "applying", pgettext_lazy("report", "Being counted")
        APPLIED = "applied", pgettext_lazy("report", "Counted")
        TAKING_BACK = "taking_back", pgettext_lazy("report", "Being taken back")
        TAKEN_BACK = "taken_back", pgettext_lazy("report", "Taken back")

    #: What a worker does.
    UNFINISHED = (State.QUEUED, State.APPLYING, State.TAKING_BACK)

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="attendance_reports", verbose_name=_("workshop"))
    name = LineField(_("file"), max_length=200)
    digest = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)

    kind = models.CharField(max_length=20, blank=True)
    topic = LineField(max_length=300, blank=True)
    number = LineField(max_length=40, blank=True)
    day = models.ForeignKey(WorkshopDay, models.CASCADE, null=True, related_name="attendance_reports", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="attendance_reports", verbose_name=_("track"))
    order = models.CharField(max_length=5, blank=True)
    shift = models.SmallIntegerField(default=0)
    #: What a human said about it, which stands before what was found out: {"room": "track-3", "order": "day", "shift": 7}.
    said = models.JSONField(default=dict)
    #: What a human has to say before it counts: "room", "order", "shift".
    questions = models.JSONField(default=list)
    #: Why this meeting was proposed: "date", "topic", "people".
    reasons = models.JSONField(default=list)
    known_share = models.FloatField(default=0)
    first_joined_at = models.DateTimeField(null=True)
    last_left_at = models.DateTimeField(null=True)
    #: The first day that the other order of day and month would give.
    other_date = models.DateField(null=True)
    #: Headings of columns that nothing is read from.
    unused = models.JSONField(default=list)
    people = models.PositiveIntegerField(default=0)
    hosts = models.PositiveIntegerField(default=0)
    no_shows = models.PositiveIntegerField(default=0)
    #: Rows that name somebody but no time: nobody is counted by them.
    left_out = models.PositiveIntegerField(default=0, db_default=0)
    #: Of polls, questions and answers: how many answered what (`attendance.reports.answers.counts_of`).
    answers = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    #: Why it was refused: a word of `reports.report.Missing` or of the reader; empty where it was not.
    refusal = models.CharField(max_length=20, blank=True)

    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("counted by"))
    applied_at = models.DateTimeField(_("counted at"), null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    objects = AttendanceReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance report")
        verbose_name_plural = _("attendance reports")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(fields=["state"], name="attendance_report_left", condition=Q(state__in=["queued", "applying", "taking_back"]))
        ]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "digest"], condition=~Q(state="taken_back"), name="one_report_a_file"),
            models.CheckConstraint(condition=Q(track=None) | Q(day__isnull=False), name="report_track_with_its_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        return self.state in self.UNFINISHED


class ReportFile(models.Model):
    """The bytes of a report until they were kept long enough: zlib and base64, which every database keeps alike."""

    report = models.OneToOneField(AttendanceReport, models.CASCADE, related_name="file")
    packed = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.report)


class SightingQuerySet(models.QuerySet["Sighting"]):
    def of_meeting(self, day: WorkshopDay, track: Track | None) -> "SightingQuerySet":
        return self.filter(day=day, track=track)

    def seen(self) -> "SightingQuerySet":
        """Those who stand in some report, counted or not."""
        return self.filter(Exists(ReportRow.objects.filter(sighting=OuterRef("pk"))))

    def to_decide(self) -> "SightingQuerySet":
        return self.filter(verdict=Sighting.Verdict.OPEN)


class Sighting(models.Model):
    """Somebody as they were seen in one meeting, by address or else by name, over all of its files; and who that is.

    A human's verdict stands, whatever a later file says.
    """

    class Verdict(models.TextChoices):
        OPEN = "open", pgettext_lazy("sighting", "To be decided")
        REGISTRANT = "registrant", pgettext_lazy("sighting", "Known by the registration in Zoom")
        ADDRESS = "address", pgettext_lazy("sighting", "Known by the address")
        NAME = "name", pgettext_lazy("sighting", "Known by the name handed over")
        STAFF = "staff", pgettext_lazy("sighting", "Host or speaker")
        PERSON = "person", pgettext_lazy("sighting", "Confirmed by hand")
        ROOM = "room", pgettext_lazy("sighting", "A room of several people")
        GUEST = "guest", pgettext_lazy("sighting", "Not registered")
        IGNORED = "ignored", pgettext_lazy("sighting", "Does not count")

    #: What only a human says.
    BY_HAND = (Verdict.PERSON, Verdict.ROOM, Verdict.GUEST, Verdict.IGNORED)

    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="sightings", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="sightings", verbose_name=_("track"))
    #: The address, or "name:" and the name as plain letters: by it later files find this row.
    key = models.CharField(max_length=400)
    name = LineField(_("name in the meeting"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    came_at = models.DateTimeField(null=True)
    connected_minutes = models.PositiveIntegerField(_("minutes"), default=0)

    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, default=Verdict.OPEN)
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="sightings", verbose_name=_("participant"))
    seated = models.ManyToManyField(Participant, through="RoomSeat", related_name="rooms")
    suggested = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    #: Words of `attendance.likeness.Reason`.
    reasons = models.JSONField(default=list)
    is_sure = models.BooleanField(default=False)
    #: Keys of others who are alike.
    choices = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = SightingQuerySet.as_manager()

    class Meta:
        verbose_name = _("somebody seen in a meeting")
        verbose_name_plural = _("people seen in meetings")
        ordering = ["-is_sure", "-connected_minutes", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["day", "key"], condition=Q(track=None), name="one_sighting_a_day"),
            models.UniqueConstraint(fields=["track", "key"], condition=Q(track__isnull=False), name="one_sighting_a_track"),
        ]
        #: As the office's page leafs through them.
        indexes = [models.Index(fields=["day", "verdict", "-is_sure", "-connected_minutes", "id"], name="sighting_page")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_decided_by_hand(self) -> bool:
        """Also where a human said that it is to be decided later."""
        return self.decided_at is not None


class Appearance(models.Model):
    """Somebody as one report alone shows them: what it says of who that is, as it was when it was read.

    Their sighting is what the reports say together; where one is taken back, what the others say still stands here.
    """

    report = models.ForeignKey(AttendanceReport, models.CASCADE, related_name="appearances")
    sighting = models.ForeignKey(Sighting, models.CASCADE, related_name="appearances")
    came_at = models.DateTimeField(null=True)
    connected_minutes = models.PositiveIntegerField(default=0)
    is_staff = models.BooleanField(default=False)
    #: Keys of all participants for whom the address was handed over, and of all for whom one of the names was.
    by_address = models.JSONField(default=list)
    by_name = models.JSONField(default=list)
    #: The key of the participant whose registration in Zoom it was, if the report says so.
    by_registrant = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    suggested = models.ForeignKey(Participant, models.SET_NULL, null=True, related_name="+")
    reasons = models.JSONField(default=list)
    is_sure = models.BooleanField(default=False)
    choices = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "sighting"], name="one_appearance_a_report")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.sighting_id}"


class RoomSeat(models.Model):
    """One of several who sat behind one connection, by the signed sheet."""

    sighting = models.ForeignKey(Sighting, models.CASCADE, related_name="room_seats")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="room_seats")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["sighting", "participant"], name="one_seat_a_room")]

    def __str__(self) -> str:
        return f"{self.participant_id} @ {self.sighting_id}"


class NamedPlace(models.Model):
    """The name of a connection says this place: its desk may know who sat behind it. Workers note it."""

    sighting = models.ForeignKey(Sighting, models.CASCADE, related_name="named_places")
    quota = models.ForeignKey(Quota, models.CASCADE, related_name="named_places", db_index=False)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["quota", "sighting"], name="one_name_a_place")]

    def __str__(self) -> str:
        return f"{self.quota_id}: {self.sighting_id}"


class ReportRow(models.Model):
    """A row of a report as it was understood. Who it is about, its sighting says."""

    report = models.ForeignKey(AttendanceReport, models.CASCADE, related_name="rows")
    sighting = models.ForeignKey(Sighting, models.CASCADE, related_name="rows")
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    #: What the file says, where it keeps no times.
    summed_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.report_id}: {self.sighting_id}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def came(self) -> "AttendanceQuerySet":
        return self.filter(minutes__gt=0)

    def of_days(self) -> "AttendanceQuerySet":
        return self.filter(track=None)


class Attendance(models.Model):
    """Minutes of one participant on one day, or in one track of it. What a human entered stands before what files say."""

    class Source(models.TextChoices):
        REPORT = "report", pgettext_lazy("attendance", "Report")
        ROOM = "room", pgettext_lazy("attendance", "Sat in a room with others")
        CHECK_IN = "check_in", pgettext_lazy("attendance", "Checked in at the door")
        HAND = "hand", pgettext_lazy("attendance", "Entered by hand")

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendances", verbose_name=_("participant"))
    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="attendances", verbose_name=_("day"))
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="attendances", verbose_name=_("track"))
    #: Those that count.
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    source = models.CharField(_("known from"), max_length=10, choices=Source)
    #: From reports: within the programme, and at all.
    seen_minutes = models.PositiveIntegerField(default=0)
    connected_minutes = models.PositiveIntegerField(default=0)
    entered_minutes = models.PositiveIntegerField(null=True)
    entered_reason = LineField(_("reason"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(null=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["day__date", "track__number"]
        constraints = [
            models.UniqueConstraint(fields=["participant", "day"], condition=Q(track=None), name="one_attendance_a_day"),
            models.UniqueConstraint(fields=["participant", "track"], condition=Q(track__isnull=False), name="one_attendance_a_track"),
        ]
        indexes = [models.Index(fields=["day", "track", "participant"], name="attendance_day")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.day_id}: {self.minutes}"


class AttendanceStop(models.Model):
    """Somebody objected: their attendance is not used. Reports keep their rows, out of which no minutes are counted."""

    participant = models.OneToOneField(Participant, models.CASCADE, related_name="attendance_stop", verbose_name=_("participant"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.participant_id)


class JoinPress(models.Model):
    """Somebody pressed the button to join on their page. A hint for who is who, and for who is coming just now: never attendance."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="join_presses")
    day = models.ForeignKey(WorkshopDay, models.CASCADE, related_name="join_presses")
    track = models.ForeignKey(Track, models.CASCADE, null=True, related_name="join_presses")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("press of a meeting link")
        verbose_name_plural = _("presses of meeting links")
        default_permissions = ()
        indexes = [models.Index(fields=["day", "at"], name="join_press_day")]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.at}"


class AttendanceDoubtQuerySet(models.QuerySet["AttendanceDoubt"]):
    def open(self) -> "AttendanceDoubtQuerySet":
        return self.filter(settled_at=None)


class AttendanceDoubt(models.Model):
    """A participant says that their minutes are wrong, and what the office answered."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="attendance_doubts", verbose_name=_("participant"))
    text = ParagraphsField(_("what is wrong"), max_length=1000)
    sent_at = models.DateTimeField(_("sent"))
    answer = ParagraphsField(_("answer"), max_length=1000, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects = AttendanceDoubtQuerySet.as_manager()

    class Meta:
        verbose_name = _("doubt about attendance")
        verbose_name_plural = _("doubts about attendance")
        ordering = ["sent_at", "pk"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["participant"], condition=Q(settled_at=None), name="one_open_doubt_a_person")]
        indexes = [models.Index(fields=["sent_at"], condition=Q(settled_at=None), name="doubt_open")]

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.text[:40]}"
