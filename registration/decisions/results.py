"""What came of a decision, in words, and how it is undone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.choices import DecisionName, State
from registration.decisions.commands import DECISIONS
from registration.errors import AddressTaken, AlreadyDecided, Erased, QuotaFull, RegistrationError, WorkshopOver
from registration.models import DelayedDecision, Participant
from registration.people import history
from registration.people.batches import BatchOutcome
from sessions.formats import clock_time, local_digits, moment_short

#: More names than these are counted instead.
MAX_NAMES = 5


@dataclass(slots=True)
class Result:
    """Sentences on what was done and what was not. `undo` holds the fields of the form that undoes it."""

    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)
    #: Those that can be taken back.
    decisions: list[int] = field(default_factory=list)


def in_words(verb: DecisionName, outcome: BatchOutcome) -> Result:
    """What `verb` did to people."""
    result = Result()
    if outcome.done:
        result.done.append(_done(verb, outcome.done))
    result.done += moved_up_in_words(outcome.moved_up)
    result.problems = [f"{person.full_name}: {why_not(person, error)}" for person, error in outcome.refused]
    undone_by = DECISIONS[verb].undone_by
    if outcome.done and undone_by:
        result.undo = undoing(undone_by, outcome.done)
    if outcome.delayed:
        result.done.append(_delayed(outcome.delayed))
        result.decisions = [decision.pk for decision in outcome.delayed]
    return result


def undoing(verb: DecisionName, people: Sequence[Participant]) -> dict[str, Any]:
    return {"verb": verb.value, "people": [f"{person.code}:{person.state}" for person in people]}


def _delayed(decisions: Sequence[DelayedDecision]) -> str:
    first = decisions[0]
    names = names_of([decision.participant for decision in decisions])
    said = _("%(what)s: %(names)s. It takes effect at %(when)s; until then nobody is told and no seat moves.")
    return said % {"what": first.get_command_display(), "names": names, "when": clock_time(first.due_at)}


def _done(verb: DecisionName, people: Sequence[Participant]) -> str:
    names = names_of(people)
    if verb == DecisionName.APPROVE:
        return _("Approved: %(names)s") % {"names": names}
    if verb == DecisionName.REOPEN:
        return _("The approval is withdrawn, and they are told by e-mail: %(names)s") % {"names": names}
    if verb == DecisionName.DECLINE:
        return _("Not selected, and told by e-mail: %(names)s") % {"names": names}
    if verb == DecisionName.CANCEL:
        n = len(people)
        return ngettext("%(n)s registration was cancelled.", "%(n)s registrations were cancelled.", n) % {"n": local_digits(n)}
    if verb == DecisionName.MOVE_UP:
        return _("Moved up from the waiting list: %(names)s") % {"names": names}
    back_in_line = [person for person in people if person.state == State.WAITLISTED]
    if back_in_line:
        return _("Put back on the waiting list, because no seat is free: %(names)s") % {"names": names_of(back_in_line)}
    return _("Put back on a seat: %(names)s") % {"names": names}


def moved_up_in_words(people: Sequence[Participant]) -> list[str]:
    if not people:
        return []
    if people[0].state == State.OFFERED:
        return [_("The free seat is offered to: %(names)s") % {"names": names_of(people)}]
    return [_("Moved up from the waiting list: %(names)s") % {"names": names_of(people)}]


def names_of(people: Sequence[Participant]) -> str:
    names = [person.full_name for person in people[:MAX_NAMES]]
    more = len(people) - len(names)
    if more:
        names.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": local_digits(more)})
    return ", ".join(names)


def why_not(person: Participant, error: RegistrationError) -> str:
    """Why `person` could not be decided about: mostly because somebody else did it first."""
    if isinstance(error, AlreadyDecided):
        who = error.decision.decided_by
        name = (who.get_full_name() or who.get_username()) if who else _("a colleague")
        said = _("not done: “%(what)s” by %(name)s takes effect at %(when)s")
        return said % {"what": error.decision.get_command_display(), "name": name, "when": clock_time(error.decision.due_at)}
    if isinstance(error, Erased):
        return _("was erased meanwhile")
    if isinstance(error, QuotaFull):
        return _("no seat is free")
    if isinstance(error, WorkshopOver):
        return _("the workshop is over")
    if isinstance(error, AddressTaken):
        return _("has registered again with the same e-mail address")
    return meanwhile(person)


def meanwhile(person: Participant) -> str:
    event = person.events.select_related("actor").latest("pk")
    known = {"deed": history.in_words(event), "who": history.actor_in_words(event), "when": moment_short(event.at)}
    return _("not done, because something else happened first: %(deed)s (%(who)s, %(when)s)") % known
