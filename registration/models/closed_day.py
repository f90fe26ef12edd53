from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.fields import LineField


class ClosedDay(models.Model):
    """A day on which offices are closed beside Saturdays, Sundays and Thailand's public holidays: one that the cabinet adds, say."""

    date = models.DateField(_("date"), unique=True)
    name = LineField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("day on which offices are closed")
        verbose_name_plural = _("days on which offices are closed")
        ordering = ["-date"]

    def __str__(self) -> str:
        return self.name
