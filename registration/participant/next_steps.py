"""What comes next for a participant, each with its date: the list on his personal page."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.choices import State
from registration.models import Participant
from registration.people.display_names import DisplayName
from registration.seats.places import place_in_sentence
from sessions.formats import date_long, day_hours, moment
from sessions.models import Workshop, WorkshopDay


@dataclass(frozen=True, slots=True)
class Step:
    """`when` is a date, or "now", in words; `what` is a sentence or two."""

    when: str
    what: str


def next_steps(participant: Participant, name: DisplayName, *, lacks_topic: bool = False, at: dt.datetime | None = None) -> list[Step]:
    """In the active language, at the moment `at` (default: now).

    The participant's days must carry their items; he has `lacks_topic` where he still has to choose one. No query.
    """
    at = at or timezone.now()
    taking_place = [day for day in participant.days.all() if not day.is_cancelled]
    days = [day for day in taking_place if at < day.ends_at()]
    email = {"email": participant.email}
    match State(participant.state):
        case State.CONFIRMED | State.APPLIED | State.PENDING | State.WAITLISTED if taking_place and not days:
            return [Step(_("Now"), _over(participant, taking_place))]
        case State.CONFIRMED:
            return [*_topic(lacks_topic), _now(participant), *_meetings(days, name, _link(days, email, at))]
        case State.APPLIED:
            return [
                Step(_("Now"), _("You need not do anything. If you cannot come, please cancel on this page.")),
                Step(_("After the announcement"), _("You get a mail at %(email)s, and this page says the result.") % email),
                *_meetings(days, name, links={}),
            ]
        case State.PENDING:
            decides = participant.province is not None and place_in_sentence(participant.quota)
            by_whom = (
                _("%(place)s considers your registration.") % {"place": decides}
                if decides
                else _("The organisers consider your registration.")
            )
            return [
                Step(_("Now"), " ".join([by_whom, _("A seat is held for you until then.")])),
                Step(_("After the decision"), _("You get a mail at %(email)s, and this page says it.") % email),
                *_meetings(days, name, links={}),
            ]
        case State.WAITLISTED:
            return [
                Step(_("Now"), _("You need not do anything. This page always shows your place in line.")),
                Step(_("When a seat becomes free"), _turn(participant.workshop) % email),
            ]
        case State.OFFERED if participant.offer_expires_at:
            until = _("Until %(moment)s") % {"moment": moment(participant.offer_expires_at)}
            return [Step(until, _("Accept the seat. After this time it goes to the next person in line."))]
        case _state:
            return []


def _turn(workshop: Workshop) -> str:
    if workshop.waiting_list == Workshop.WaitingList.OFFER:
        return _("It is held for you when your turn comes. A mail at %(email)s asks whether you accept it.")
    return _("It is yours when your turn comes. You get a mail at %(email)s.")


def _topic(lacks_topic: bool) -> list[Step]:
    return [Step(_("Now"), _("Choose the topic that you would like to hear. It stands with your days below."))] if lacks_topic else []


def _now(participant: Participant) -> Step:
    if participant.workshop.chat_url:
        return Step(_("Now"), _("Join the Open Chat, and put the days into your calendar."))
    return Step(_("Now"), _("Put the days into your calendar."))


def _over(participant: Participant, days: list[WorkshopDay]) -> str:
    """Who registered after the last of his `days` cannot have taken part."""
    if participant.state == State.CONFIRMED and any(participant.registered_at < day.ends_at() for day in days):
        return _("Your meeting days are over. Thank you for taking part.")
    return _("Your meeting days are over. Thank you for your interest.")


def _link(days: list[WorkshopDay], email: dict[str, str], at: dt.datetime) -> dict[int, Step]:
    """From when there will be the next link that is not here yet, by the day whose it is."""
    what = _("The meeting link appears on this page and is sent to %(email)s.") % email
    day = next((day for day in days if not (day.join_url and day.join_is_open(at))), None)
    if day is None:
        return {}
    opens_at = day.join_link_opens_at()
    return {day.pk: Step(moment(opens_at) if at < opens_at else _("Before the meeting begins"), what)}


def _meetings(days: list[WorkshopDay], name: DisplayName, links: dict[int, Step]) -> list[Step]:
    """The meetings, each after what `links` says of its day."""
    steps = []
    for day in days:
        if link := links.get(day.pk):
            steps.append(link)
        steps.append(Step(date_long(day.date), _meeting(day, name if day == days[0] else None)))
    return steps


def _meeting(day: WorkshopDay, name: DisplayName | None) -> str:
    hours = day_hours(day)
    if not hours:
        return _("Meeting. Its hours will be announced.")
    if name is None:
        return _("Meeting, %(hours)s.") % {"hours": hours}
    return _("Meeting, %(hours)s. Join as “%(name)s”.") % {"hours": hours, "name": name}
