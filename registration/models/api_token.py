import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sessions.fields import LineField
from sessions.models import Workshop


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def working(self, at: dt.datetime) -> "ApiTokenQuerySet":
        return self.filter(taken_back_at=None, expires_at__gt=at)


class ApiToken(models.Model):
    """By what another system of the office is known. Its secret is told once; here is only what the secret is recognised by."""

    class Scope(models.TextChoices):
        READ_PROGRAMME = "read:programme", _("Read programmes that are not published yet, too")
        READ_PEOPLE = "read:people", _("Read people: name, organisation, state and what they chose")
        READ_CONTACTS = "read:contacts", _("Read people’s e-mail address and phone, too")
        READ_ATTENDANCE = "read:attendance", _("Read who attended, by reference code")
        READ_CERTIFICATES = "read:certificates", _("Read certificates, by reference code")
        WRITE_REGISTRATIONS = "write:registrations", _("Register people and decide about them")

    name = LineField(_("name"), max_length=80, help_text=_("Which system uses it, and what for."))
    scopes = models.JSONField(_("what it may do"), default=list)
    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="api_tokens", verbose_name=_("workshop"),
    )  # fmt: skip
    #: Two digits of a province, or "central"; empty for all places.
    place_code = models.CharField(_("place"), max_length=10, blank=True)
    #: SHA-256 of the secret, in hex: its 256 bits were drawn by us, so nothing slower is needed.
    digest = models.CharField(max_length=64, editable=False)
    #: Made with the empty form: what is sent twice makes one token.
    submission = models.UUIDField(unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    created_at = models.DateTimeField(pgettext_lazy("token", "made at"))
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    taken_back_at = models.DateTimeField(pgettext_lazy("token", "taken back at"), null=True, editable=False)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [("issue_apitoken", "Can make API tokens and take them back")]
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="api_token_expires_later")]

    def __str__(self) -> str:
        return self.name

    def works(self, at: dt.datetime) -> bool:
        return self.taken_back_at is None and self.expires_at > at

    def allows(self, scope: "ApiToken.Scope") -> bool:
        return scope in self.scopes


class ApiAnswer(models.Model):
    """What was answered under an `Idempotency-Key`, so that asking again changes nothing. No names stand in it; gone after a day."""

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    #: SHA-256 of method, address and body.
    request = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_index=True)
    #: None while it is being worked on.
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    #: Where what was made is found, if anything was.
    location = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_api_answer_a_key")]

    def __str__(self) -> str:
        return f"{self.token_id}: {self.key}"
