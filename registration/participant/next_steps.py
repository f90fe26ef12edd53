"""What comes next for a participant, each with its date: the list on the personal page."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.choices import State
from registration.links.meetings import MeetingLink
from registration.models import Participant
from registration.seats.places import place_in_sentence
from sessions.formats import date_long, moment
from sessions.models import Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Step:
    """`when` is a date, or "now", in words; `what` is a sentence or two."""

    when: str
    what: str


def next_steps(participant: Participant, *, at: dt.datetime | None = None, links: Iterable[MeetingLink] = ()) -> list[Step]:
    """In the active language, at the moment `at` (default: now). The meetings themselves stand among the person's days.

    The participant's days must carry their items; `links` are those of theirs that are known, open or not. No query.
    """
    at = at or timezone.now()
    taking_place = [day for day in participant.days.all() if not day.is_cancelled]
    days = [day for day in taking_place if at < day.ends_at()]
    email = {"email": participant.email}
    match State(participant.state):
        case State.CONFIRMED | State.APPLIED | State.PENDING | State.WAITLISTED if taking_place and not days:
            return [Step(_("Now"), _over(participant, taking_place))]
        case State.CONFIRMED:
            known = {link.day.pk for link in links if link.track is None}
            if participant.workshop.zoom_mails_links and not known:
                return _own_link(days, email)
            joint = set() if participant.workshop.zoom_mails_links else {day.pk for day in days if day.join_url}
            return _link(days, known | joint, email, at)
        case State.APPLIED:
            return [
                Step(_("Now"), _("There is nothing you need to do. If you cannot come, please cancel on this page.")),
                Step(_("After the announcement"), _("We will tell you the result on this page and by e-mail at %(email)s.") % email),
            ]
        case State.PENDING:
            return [
                Step(_("Now"), " ".join([_considering(participant), _("A seat is held for you until then.")])),
                Step(_("After the decision"), _("We will tell you on this page and by e-mail at %(email)s.") % email),
            ]
        case State.WAITLISTED:
            return [
                Step(_("Now"), _("There is nothing you need to do. This page always shows your place on the waiting list.")),
                Step(_("When a seat becomes free"), _turn(participant.workshop) % email),
            ]
        case State.OFFERED if participant.offer_expires_at:
            until = _("Until %(moment)s") % {"moment": moment(participant.offer_expires_at)}
            return [Step(until, _("Accept the seat. After this time it goes to the next person on the waiting list."))]
        case _state:
            return []


def _considering(participant: Participant) -> str:
    if participant.province is None:
        return _("NESDC is considering your registration.")
    return _("%(place)s is considering your registration.") % {"place": place_in_sentence(participant.quota)}


def _turn(workshop: Workshop) -> str:
    if workshop.waiting_list == Workshop.WaitingList.OFFER:
        return _("When your turn comes, we hold it for you and write to %(email)s to ask whether you accept it.")
    return _("When your turn comes, it is yours, and we will tell you by e-mail at %(email)s.")


def _over(participant: Participant, days: list[WorkshopDay]) -> str:
    """Who registered after the last of their `days` cannot have taken part."""
    if participant.state == State.CONFIRMED and any(participant.registered_at < day.ends_at() for day in days):
        return _("Your meeting days are over. Thank you for taking part.")
    return _("Your meeting days are over. Thank you for your interest.")


def _own_link(days: list[WorkshopDay], email: dict[str, str]) -> list[Step]:
    if not days:
        return []
    what = _(
        "Zoom e-mails you a link of your own for each day, to %(email)s. Please check your spam folder too, and do not pass the link on."
    )
    return [Step(_("Before the meeting begins"), what % email)]


def _link(days: list[WorkshopDay], known: set[int], email: dict[str, str], at: dt.datetime) -> list[Step]:
    day = next((day for day in days if day.has_meeting and not (day.pk in known and day.join_is_open(at))), None)
    if day is None:
        return []
    opens_at = day.join_link_opens_at()
    what = _("The meeting link for %(date)s appears on this page and is sent to %(email)s.") % {"date": date_long(day.date), **email}
    return [Step(moment(opens_at) if at < opens_at else _("Before the meeting begins"), what)]
