"""What came of a decision, in words, and how it is undone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.choices import State
from registration.errors import AddressTaken, QuotaFull, RegistrationError
from registration.models import Participant
from registration.people import history
from registration.people.batches import Outcome
from sessions.formats import local_digits, moment_short

SESSION_KEY = "desk_result"
#: What undoes a verb. A seat that was given to somebody in line, and an undoing itself, are left as they are.
UNDONE_BY = {"approve": "reopen", "decline": "put_back"}
#: More names than these are counted instead.
MAX_NAMES = 5


@dataclass(slots=True)
class Result:
    """Sentences on what was done and what was not. `undo` holds the fields of the form that undoes it."""

    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)


def keep_result(request: HttpRequest, result: Result) -> None:
    """For the next page, where the decision was sent without JavaScript."""
    request.session[SESSION_KEY] = asdict(result)


def take_result(request: HttpRequest) -> Result | None:
    """What was kept, once."""
    kept = request.session.pop(SESSION_KEY, None)
    return Result(**kept) if kept else None


def in_words(verb: str, outcome: Outcome) -> Result:
    """What `verb` did to people."""
    result = Result()
    if outcome.done:
        result.done.append(_done(verb, outcome.done))
    result.done += _moved_up(outcome.moved_up)
    result.problems = [f"{person.full_name}: {why_not(person, error)}" for person, error in outcome.refused]
    if outcome.done and verb in UNDONE_BY:
        result.undo = {"verb": UNDONE_BY[verb], "people": [f"{person.code}:{person.state}" for person in outcome.done]}
    return result


def _done(verb: str, people: Sequence[Participant]) -> str:
    names = _names(people)
    if verb == "approve":
        return _("Approved: %(names)s") % {"names": names}
    if verb == "reopen":
        return _("The approval is taken back, and they are told by e-mail: %(names)s") % {"names": names}
    if verb == "decline":
        return _("Declined, and told by e-mail: %(names)s") % {"names": names}
    if verb == "move_up":
        return _("Moved up from the waiting list: %(names)s") % {"names": names}
    back_in_line = [person for person in people if person.state == State.WAITLISTED]
    if back_in_line:
        return _("Put back on the waiting list, because no seat is free: %(names)s") % {"names": _names(back_in_line)}
    return _("Put back on a seat: %(names)s") % {"names": names}


def _moved_up(people: Sequence[Participant]) -> list[str]:
    if not people:
        return []
    if people[0].state == State.OFFERED:
        return [_("The free seat is offered to: %(names)s") % {"names": _names(people)}]
    return [_("Moved up from the waiting list: %(names)s") % {"names": _names(people)}]


def _names(people: Sequence[Participant]) -> str:
    names = [person.full_name for person in people[:MAX_NAMES]]
    more = len(people) - len(names)
    if more:
        names.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": local_digits(more)})
    return ", ".join(names)


def why_not(person: Participant, error: RegistrationError) -> str:
    """Why `person` could not be decided about: mostly because somebody else did it first."""
    if isinstance(error, QuotaFull):
        return _("no seat is free")
    if isinstance(error, AddressTaken):
        return _("has registered again with the same e-mail address")
    event = person.events.select_related("actor").latest("pk")
    meanwhile = {"deed": history.in_words(event), "who": history.actor_in_words(event), "when": moment_short(event.at)}
    return _("not done, because something else happened first – %(deed)s (%(who)s, %(when)s)") % meanwhile
