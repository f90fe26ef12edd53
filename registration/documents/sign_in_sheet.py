"""The sheet that people sign where a province gathers them in a room."""

from django.utils import translation
from django.utils.translation import gettext as _

from registration.documents.typesetting import typeset
from registration.models import Participant, Quota
from registration.places import place_in_sentence
from sessions import schedule, thai
from sessions.models import WorkshopDay


def sign_in_sheet(quota: Quota, day: WorkshopDay) -> bytes:
    """The confirmed people of `quota` who come on `day`, in the order of a Thai dictionary; a PDF in Thai, A4. Two queries."""
    people = Participant.objects.coming_on(day).filter(quota=quota).order_by("sort_key", "pk")
    hours = schedule.span(day.items.all())
    when = thai.format_date(day.date, "th") + (f" เวลา {thai.format_time_range(*hours, 'th')}" if hours else "")
    with translation.override("th"):
        return typeset(
            "sign_in_sheet",
            {
                "heading": _("Sign-in sheet"),
                "title": quota.workshop.title,
                "day": when,
                "place": place_in_sentence(quota),
                "columns": [_("No."), _("First and last name"), _("Position and organisation"), _("Signature")],
                "people": [{"name": p.full_name, "position": p.position, "organisation": p.organisation} for p in people],
                "nobody": _("Nobody has registered for this day."),
                "page": _("Page {page} of {pages}"),
            },
        )
