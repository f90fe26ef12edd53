"""What comes next for a participant, each with its date: the list on his personal page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registration.choices import State
from registration.display_names import DisplayName
from registration.models import Participant
from registration.places import place_in_sentence
from sessions.models import Workshop, WorkshopDay
from sessions.templatetags.agenda import date_long, day_hours, local_digits, moment


@dataclass(frozen=True, slots=True)
class Step:
    """`when` is a date, or "now", in words; `what` is a sentence or two."""

    when: str
    what: str


def next_steps(participant: Participant, name: DisplayName, *, lacks_topic: bool = False) -> list[Step]:
    """In the active language. The participant's days must carry their items; `lacks_topic` on one of them. No query."""
    days = [day for day in participant.days.all() if not day.is_cancelled]
    email = {"email": participant.email}
    match State(participant.state):
        case State.CONFIRMED:
            return [*_topic(lacks_topic), _now(participant), *_link(days, email), *_meetings(days, name)]
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
                *_meetings(days, name),
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


def _link(days: list[WorkshopDay], email: dict[str, str]) -> list[Step]:
    """From when there will be the next link that is not here yet."""
    what = _("The meeting link appears on this page and is sent to %(email)s.")
    day = next((day for day in days if not (day.join_url and day.join_is_open())), None)
    return [Step(moment(day.join_link_opens_at()), what % email)] if day else []


def _meetings(days: list[WorkshopDay], name: DisplayName) -> list[Step]:
    steps = []
    for number, day in enumerate(days, 1):
        what = _("Meeting %(n)s, %(hours)s.") if number > 1 else _("Meeting %(n)s, %(hours)s. Join as “%(name)s”.")
        steps.append(Step(date_long(day.date), what % {"n": local_digits(number), "hours": day_hours(day), "name": name}))
    return steps
