from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sessions.formats import in_language


class Region(models.TextChoices):
    """The national plan's seven regions."""

    NORTH = "north", _("North")
    NORTHEAST = "northeast", _("Northeast")
    CENTRAL = "central", _("Central")
    BANGKOK = "bangkok", _("Bangkok and vicinity")
    EAST = "east", _("East")
    WEST = "west", _("West")
    SOUTH = "south", _("South")


class ProvinceQuerySet(models.QuerySet["Province"]):
    def named(self, text: str) -> "ProvinceQuerySet":
        """Those that people may mean by `text`: code, Thai or English name, or an alias such as โคราช."""
        text = text.strip().removeprefix("จังหวัด").removeprefix("จ.").strip()
        return self.filter(Q(code=text) | Q(name_th=text) | Q(name_en__iexact=text) | Q(aliases__contains=f"|{text.casefold()}|"))


class Province(models.Model):
    """One of the 77; source: the Department of Provincial Administration's codes (= ISO 3166-2:TH)."""

    code = models.CharField(_("code"), max_length=2, unique=True)
    name_th = models.CharField(_("name (Thai)"), max_length=60, unique=True)
    name_en = models.CharField(_("name (English)"), max_length=60, unique=True)
    abbreviation = models.CharField(_("abbreviation (Thai)"), max_length=4)
    sort_key = models.CharField(max_length=1000, db_index=True, editable=False)
    region = models.CharField(_("region"), max_length=20, choices=Region)
    province_group = models.CharField(_("province group"), max_length=60, blank=True)
    is_pilot = models.BooleanField(_("SDG pilot province"), default=False)
    aliases = models.CharField(
        _("other names"), max_length=200, blank=True,
        help_text=_("Other spellings in use, between bars: |กทม.|กรุงเทพฯ|"),
    )  # fmt: skip

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        verbose_name = _("province")
        verbose_name_plural = _("provinces")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")
