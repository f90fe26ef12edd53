import datetime as dt
from typing import Any, NoReturn

from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registration.models.quota import Quota
from sessions.formats import moment_short
from sessions.models import Workshop


class AppendOnly(Exception):
    """Somebody tried to change or take back what the audit trail says."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads and adds. The database itself refuses the rest too (migration `0005_audit_trail`)."""

    def update(self, **fields: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def whats(self) -> list[str]:
        """All that stands in `what`, each once: one step in its index for each, however many lines there are. One query."""
        table = AuditEvent._meta.db_table
        first, next_one = f"SELECT MIN(what) FROM {table}", f"SELECT (SELECT MIN(what) FROM {table} WHERE what > found.what)"
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE found(what) AS ({first} UNION ALL {next_one} FROM found WHERE found.what IS NOT NULL)"
                " SELECT what FROM found WHERE what IS NOT NULL"
            )
            return [what for (what,) in cursor.fetchall()]

    def touching(self, workshop: Workshop, since: dt.datetime, until: dt.datetime) -> "AuditEventQuerySet":
        """What happened from `since` to `until` with people of `workshop`, or of no workshop in particular."""
        return self.filter(Q(workshop=workshop) | Q(workshop=None), at__gte=since, at__lt=until)


class AuditEvent(models.Model):
    """Who looked at, took along or decided something about people, and when. Append-only.

    It names rows by their keys only, never a person by name, address or phone: so an erasure has nothing to
    reach here, and the trail stays whole. The keys are no foreign keys to the database, because what they name
    may be gone.
    """

    class Verb(models.TextChoices):
        SEEN = "seen", pgettext_lazy("audit", "Looked at")
        TAKEN = "taken", pgettext_lazy("audit", "Downloaded")
        DECIDED = "decided", pgettext_lazy("audit", "Decided")
        ERASED = "erased", pgettext_lazy("audit", "Erased")

    at = models.DateTimeField(_("when"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        verbose_name=pgettext_lazy("audit", "who"),
    )
    actor_kind = models.CharField(_("as"), max_length=20)
    verb = models.CharField(pgettext_lazy("audit", "did"), max_length=10, choices=Verb)
    what = models.CharField(pgettext_lazy("audit", "what"), max_length=60)
    workshop = models.ForeignKey(Workshop, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name=_("workshop"))
    quota = models.ForeignKey(Quota, models.DO_NOTHING, null=True, db_constraint=False, related_name="+", verbose_name=_("place"))
    #: The key of the participant, where it is about one.
    participant_key = models.BigIntegerField(_("number of the participant"), null=True)
    #: How the list was filtered: names and values of filters, never the words that were searched for.
    filters = models.JSONField(_("filter"), default=dict, db_column="narrowed")
    count = models.PositiveIntegerField(_("how many people"), default=0)
    request_id = models.CharField(_("number of the request"), max_length=64, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the audit trail")
        verbose_name_plural = _("audit trail")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["participant_key"], name="audit_participant", condition=Q(participant_key__isnull=False)),
            models.Index(fields=["request_id"], name="audit_request"),
            # What the list is filtered and searched by, the newest first.
            models.Index(fields=["actor", "at", "id"], name="audit_actor"),
            models.Index(fields=["what", "at", "id"], name="audit_what"),
            models.Index(fields=["verb", "at", "id"], name="audit_verb"),
            models.Index(fields=["actor_kind", "at", "id"], name="audit_kind"),
            models.Index(fields=["workshop", "at", "id"], name="audit_workshop"),
            models.Index(fields=["id"], name="audit_erased", condition=Q(verb="erased")),  # asked for by each round of the clock
        ]

    def __str__(self) -> str:
        return f"{moment_short(self.at)} {self.get_verb_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly
