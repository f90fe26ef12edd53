"""Who is selected, who is in the reserve and who is not: pure, over people and the marks of a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from registration.models import Participant, SelectionMark

Outcome = SelectionMark.Outcome

#: What the page sends for somebody who is to be left out, in the place of a number in the reserve.
LEFT_OUT = "none"


@dataclass(slots=True)
class Plan:
    """The outcome for everybody who came forward; the reserve in its order, the others in the order of arrival."""

    selected: list[Participant] = field(default_factory=list)
    reserve: list[Participant] = field(default_factory=list)
    not_selected: list[Participant] = field(default_factory=list)

    @property
    def everybody(self) -> list[Participant]:
        return [*self.selected, *self.reserve, *self.not_selected]

    def places(self) -> dict[int, int]:
        return {person.pk: place for place, person in enumerate(self.reserve, start=1)}

    def outcomes(self) -> dict[int, Outcome]:
        named = ((Outcome.SELECTED, self.selected), (Outcome.RESERVE, self.reserve), (Outcome.NOT_SELECTED, self.not_selected))
        return {person.pk: outcome for outcome, people in named for person in people}

    def marks(self) -> list[tuple[Participant, Outcome, int | None]]:
        outcomes, places = self.outcomes(), self.places()
        return [(person, outcomes[person.pk], places.get(person.pk)) for person in self.everybody]


def as_marked(people: Iterable[Participant], marks: Mapping[int, tuple[str, int | None]], listed: Mapping[int, int] | None = None) -> Plan:
    """The plan of a draft. `people` come in the order of arrival, `marks` are outcome and place by participant.

    Of those without a mark come first in the reserve whom the province has `listed` there, by participant in that order.
    """
    listed = listed or {}
    plan, placed = Plan(), []
    for number, person in enumerate(people):
        outcome, place = marks.get(person.pk, (Outcome.RESERVE, None))
        if outcome == Outcome.SELECTED:
            plan.selected.append(person)
        elif outcome == Outcome.NOT_SELECTED:
            plan.not_selected.append(person)
        else:
            placed.append((place is None, place or 0, person.pk not in listed, listed.get(person.pk, number), person))
    plan.reserve = [person for *_order, person in sorted(placed, key=lambda entry: entry[:4])]
    return plan


def by_arrival(people: Iterable[Participant], seats: int | None) -> Plan:
    everybody = list(people)
    return Plan(everybody if seats is None else everybody[:seats], [] if seats is None else everybody[seats:])


def rearranged(plan: Plan, picked: set[int], wanted: Mapping[int, str]) -> Plan:
    """`plan` as a page was sent: `wanted` has everybody who stood on it, with a place, LEFT_OUT or "" (where they were, or last).

    Whoever is `picked` among them is selected. Who is given another place than before takes it, and the others make room: no number
    exists twice. Who did not stand on the page stays as they were.
    """
    outcomes, places = plan.outcomes(), plan.places()
    new, moved = Plan(), []
    arrived_in_reserve = list(plan.reserve)
    for person in sorted([*plan.selected, *plan.not_selected], key=_arrival):
        arrived_in_reserve.append(person)
    staying: list[Participant] = []
    for person in arrived_in_reserve:
        answer = wanted.get(person.pk)
        if answer is None:
            _keep(new, staying, person, outcomes[person.pk])
        elif person.pk in picked:
            new.selected.append(person)
        elif answer == LEFT_OUT:
            new.not_selected.append(person)
        elif answer.isdecimal() and int(answer) > 0 and int(answer) != places.get(person.pk):
            moved.append((int(answer), person))
        else:
            staying.append(person)
    for place, person in sorted(moved, key=lambda entry: entry[0]):
        staying.insert(place - 1, person)
    new.reserve = staying
    new.selected.sort(key=_arrival)
    new.not_selected.sort(key=_arrival)
    return new


def _keep(new: Plan, staying: list[Participant], person: Participant, outcome: Outcome) -> None:
    by_outcome = {Outcome.SELECTED: new.selected, Outcome.RESERVE: staying, Outcome.NOT_SELECTED: new.not_selected}
    by_outcome[outcome].append(person)


def _arrival(person: Participant) -> tuple[int, int]:
    return person.ticket or 0, person.pk
