"""The words with which a province passes its general link on, ready to be pasted into LINE."""

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from registration.links import signed
from registration.models import Coordinator, Quota
from registration.people import phones
from registration.seats.places import place_in_sentence
from sessions import formats


def line_text(quota: Quota) -> str:
    """A few lines in Thai, whoever asks: what, when, the link of `quota`, until when, whom to ask. Two queries."""
    workshop = quota.workshop
    with translation.override("th"):
        lines = [
            _("%(place)s invites you to register for") % {"place": place_in_sentence(quota)},
            workshop.title,
            "",
            *(f"• {formats.format_date(day.date, 'th')}" for day in workshop.days.filter(is_cancelled=False)),
            "",
            _("Register here: %(url)s") % {"url": signed.general_url(quota)},
        ]
        if workshop.registration_closes_at:
            moment = formats.format_moment(timezone.localtime(workshop.registration_closes_at), "th")
            lines.append(_("Register until %(moment)s") % {"moment": moment})
        coordinator = Coordinator.objects.active().filter(quota=quota).select_related("user").first()
        if coordinator:
            number = phones.readable(coordinator.phone, coordinator.phone_extension) if coordinator.phone else coordinator.user.email
            lines.append(_("Questions: %(name)s, %(reach)s") % {"name": coordinator.name, "reach": number})
    return "\n".join(lines)
