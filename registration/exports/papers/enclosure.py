"""The page that goes with a province's letter: what, when, and a QR code that leads to the form."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.exports.papers.typesetting import typeset
from registration.links import qr, signed
from registration.models import Coordinator, Quota
from registration.people import phones
from registration.seats.places import place_in_sentence
from sessions import formats, schedule, thai

#: More names would push the code off the page.
MAX_COORDINATORS = 3


def enclosure(quota: Quota) -> bytes:
    """One A4 page in Thai with the general link of `quota`; a PDF. Three queries."""
    with translation.override("th"):
        return typeset("enclosure", _data(quota))


def _data(quota: Quota) -> dict[str, object]:
    workshop = quota.workshop
    url = signed.general_url(quota)
    capacity = quota.capacity
    closes_at = workshop.registration_closes_at
    return {
        "invites": _("%(place)s invites you to register for") % {"place": place_in_sentence(quota)},
        "title": workshop.title,
        "platform": _("online, by %(platform)s") % {"platform": workshop.platform} if workshop.platform else "",
        "days": [
            {"date": formats.format_date(day.date, "th"), "hours": formats.format_time_range(*hours, "th") if hours else ""}
            for day in workshop.days.filter(is_cancelled=False).prefetch_related("items")
            for hours in [schedule.span(day.items.all())]
        ],
        "scan": _("Scan to register"),
        "qr": qr.qr_svg(url).decode(),
        "url": url,
        "closes": _("Register until %(moment)s") % {"moment": formats.format_moment(timezone.localtime(closes_at), "th")}
        if closes_at
        else _("Register while there are seats"),
        "seats": _("There are %(n)s seats for %(place)s.") % {"n": thai.thai_digits(capacity), "place": place_in_sentence(quota)}
        if capacity
        else "",
        "ask": _("Questions? Ask the coordinator"),
        "coordinators": [_contact(c) for c in Coordinator.objects.active().filter(quota=quota).select_related("user")[:MAX_COORDINATORS]],
    }


def _contact(coordinator: Coordinator) -> dict[str, str]:
    number = phones.readable(coordinator.phone, coordinator.phone_extension) if coordinator.phone else ""
    return {"name": coordinator.name, "phone": thai.thai_digits(number), "email": coordinator.user.email}
