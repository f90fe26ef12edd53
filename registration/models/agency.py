from django.db import models
from django.utils.translation import gettext_lazy as _

from sessions.fields import LineField


class Agency(models.Model):
    """A Thai agency and its customary abbreviation, suggested where people write their organisation."""

    name = LineField(_("name"), max_length=200, unique=True)
    abbreviation = LineField(_("abbreviation"), max_length=40)

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.abbreviation})"
