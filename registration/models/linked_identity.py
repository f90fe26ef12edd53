from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkedIdentity(models.Model):
    """By what a sign-in at an OpenID Connect provider is known: its name for itself and for somebody. Nothing else of it is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="linked_identities", verbose_name=_("user"))
    issuer = models.CharField(max_length=255)
    #: The claim `sub`, which the provider promises to give to nobody else.
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("linked identity")
        verbose_name_plural = _("linked identities")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_user_an_identity"),
            models.UniqueConstraint(fields=["user", "issuer"], name="one_identity_a_user_and_issuer"),
        ]

    def __str__(self) -> str:
        return self.issuer
