from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registration.choices import DeskNotice
from registration.models.quota import Quota
from sessions.fields import LineField


class CoordinatorQuerySet(models.QuerySet["Coordinator"]):
    def active(self) -> "CoordinatorQuerySet":
        return self.filter(is_active=True, user__is_active=True)

    def wanting(self, notice: DeskNotice) -> "CoordinatorQuerySet":
        return self.filter(**{notice.field: True})

    def with_mailbox(self) -> "CoordinatorQuerySet":
        """The active ones who can be told by e-mail."""
        return self.active().exclude(user__email="")

    def to_ask(self, quota: Quota) -> "CoordinatorQuerySet":
        """Whom people of `quota` ask first: its active coordinators who can be reached, with their names."""
        return self.active().filter(quota=quota).exclude(user__email="", phone="").select_related("user")


class Coordinator(models.Model):
    """A user who sees and decides the people of one quota: a province's, or the central agencies', in one workshop.

    A quota may have several of them, and a user several quotas.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desks", verbose_name=_("user"))
    quota = models.ForeignKey(
        Quota, models.CASCADE, related_name="coordinators", verbose_name=_("province"),
        limit_choices_to={"kind__in": [Quota.Kind.CENTRAL, Quota.Kind.PROVINCE]},
    )  # fmt: skip
    phone = LineField(_("phone"), max_length=20, blank=True)
    phone_extension = LineField(_("extension"), max_length=10, blank=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("A coordinator who is switched off can no longer open the desk.")
    )
    created_at = models.DateTimeField(_("since"), editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, editable=False)

    #: What they want to be told; see `choices.DeskNotice`.
    wants_digest = models.BooleanField(default=True, db_default=True, editable=False)
    wants_full = models.BooleanField(default=True, db_default=True, editable=False)
    wants_refusal = models.BooleanField(default=True, db_default=True, editable=False)
    wants_first_day = models.BooleanField(default=True, db_default=True, editable=False)
    wants_coordinators = models.BooleanField(default=True, db_default=True, editable=False)
    #: The last day for which it was looked whether something waits, and the first day of which they were told.
    digested_on = models.DateField(null=True, editable=False)
    told_first_day = models.DateField(null=True, editable=False)

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "quota"], name="one_desk_a_user_and_quota",
                violation_error_message=_("This user already is a coordinator there."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username()
