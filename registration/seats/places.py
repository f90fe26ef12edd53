"""How a place that has a quota is named: a province, or the central agencies."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.models import Province, Quota
from sessions.formats import language, local_digits

#: The capital is no จังหวัด, in no sentence.
BANGKOK = "10"


def also_called(province: Province, thai: bool) -> str:
    """A name that people of the language know the province by, where its beginning does not say it already."""
    for alias in province.aliases.strip("|").split("|"):
        if alias and thai != alias.isascii() and not province.name.casefold().replace(" ", "").startswith(alias.rstrip(".ฯ")):
            return alias if thai else alias.title()
    return ""


def place_name(quota: Quota) -> str:
    if quota.province is None:
        return quota.name
    other = also_called(quota.province, thai=language() == "th")
    return f"{quota.name} ({other})" if other else quota.name


def place_in_sentence(quota: Quota) -> str:
    if quota.province is None:
        return _("the central agencies")
    if quota.province.code == BANGKOK:
        return quota.name
    return _("%(name)s province") % {"name": quota.name}


def place_label(quota: Quota) -> str:
    """ "น่าน – เหลือ ๓ ที่นั่ง", or "น่าน – เต็ม ขอเข้ารายชื่อสำรองได้"."""
    left = _("full, waiting list open") if quota.is_full else quota.left_in_words()
    return f"{place_name(quota)} – {left}"


def seats_in_words(quota: Quota) -> str:
    """What is left of `quota` (read `with_waiting`), and where it is full, what may be done: a sentence or two."""
    if not quota.is_full:
        return quota.left_in_words()
    waiting: int = quota.waiting  # type: ignore[attr-defined]
    full = _("All seats of %(place)s are taken (%(n)s).") % {"place": place_in_sentence(quota), "n": local_digits(quota.taken)}
    line = ngettext("One person is waiting at present.", "%(n)s people are waiting at present.", waiting) % {"n": local_digits(waiting)}
    return " ".join([full, _("You can join the waiting list."), line if waiting else _("Nobody is waiting at present.")])
