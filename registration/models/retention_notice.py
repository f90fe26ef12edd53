from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.models import Workshop


class RetentionNotice(models.Model):
    """Since when staff are told that the people of a workshop will be made anonymous after `until`.

    Another date is another notice. Written by `registration.privacy.retention` only.
    """

    workshop = models.OneToOneField(Workshop, models.CASCADE, related_name="retention_notice", verbose_name=_("workshop"))
    until = models.DateField(_("people's data is kept until"))
    shown_at = models.DateTimeField(_("first shown"))

    class Meta:
        verbose_name = _("notice before people are made anonymous")
        verbose_name_plural = _("notices before people are made anonymous")

    def __str__(self) -> str:
        return f"{self.workshop}: {self.until:%Y-%m-%d}"
