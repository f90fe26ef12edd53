"""Who fulfils a rule: on `days` of a workshop's days at least `percent` of that day's minutes. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

#: So few minutes short is worth a look before the rule is set.
NEARLY = 10


@dataclass(frozen=True, slots=True)
class Rule:
    days: int
    percent: int
    #: Whether an evaluation has to be answered besides.
    needs_evaluation: bool = False

    def needed(self, programme: int) -> int:
        """Minutes of a day whose programme has `programme` minutes; the office's rounding is the person's favour."""
        return programme * self.percent // 100


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """`short` is how many minutes are missing, 0 where it is fulfilled, None where no minutes could mend it (a day is missing whole)."""

    days: int
    short: int | None

    @property
    def is_fulfilled(self) -> bool:
        return self.short == 0


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule on the real numbers: how many fulfil it, and how many miss it by ten minutes at most."""

    fulfil: int
    nearly: int
    people: int
    #: Of those who have the minutes, how many lack the evaluation that the rule asks for.
    unanswered: int = 0


def outcome(rule: Rule, minutes: Mapping[int, int], programme: Mapping[int, int]) -> RuleOutcome:
    """`minutes` and `programme` by day. Days whose programme is empty are no days."""
    missing = _missing(rule, minutes, programme)
    reached = sum(1 for each in missing if each == 0)
    if len(missing) < rule.days:
        return RuleOutcome(reached, None)
    return RuleOutcome(reached, sum(missing[: rule.days]))


def _missing(rule: Rule, minutes: Mapping[int, int], programme: Mapping[int, int]) -> list[int]:
    """Of the days on which somebody was there at all, how many minutes each is short, the smallest first."""
    return sorted(max(0, rule.needed(whole) - minutes[day]) for day, whole in programme.items() if whole and minutes.get(day))


def tried(rule: Rule, people: Iterable[Mapping[int, int]], programme: Mapping[int, int]) -> Tried:
    outcomes = [outcome(rule, minutes, programme) for minutes in people]
    nearly = sum(1 for each in outcomes if each.short and each.short <= NEARLY)
    return Tried(sum(each.is_fulfilled for each in outcomes), nearly, len(outcomes))


@dataclass(frozen=True, slots=True)
class Reached:
    """Of one number of days: by percentage (0 to 100), how many reach that one and no higher one; a rule is tried by it exactly.

    `nearly` counts who is short by ten minutes at most as if they were there, `answered` those alone who have answered an evaluation.
    """

    fulfil: list[int]
    nearly: list[int]
    answered: list[int]

    def tried(self, rule: Rule, people: int) -> Tried:
        there, answered = sum(self.fulfil[rule.percent :]), sum(self.answered[rule.percent :])
        nearly = sum(self.nearly[rule.percent :]) - there
        return Tried(answered, nearly, people, there - answered) if rule.needs_evaluation else Tried(there, nearly, people)


def reached(days: int, people: Mapping[int, Mapping[int, int]], programme: Mapping[int, int], answered: Collection[int]) -> Reached:
    """`people` are minutes by person and day. What somebody reaches with some percentage they reach with every lower one."""
    found = Reached([0] * 101, [0] * 101, [0] * 101)
    for person, minutes in people.items():
        highest = _highest(days, minutes, programme, 0)
        found.fulfil[highest] += 1
        found.nearly[_highest(days, minutes, programme, NEARLY)] += 1
        found.answered[highest] += person in answered
    return found


def _highest(days: int, minutes: Mapping[int, int], programme: Mapping[int, int], short: int) -> int:
    """The highest percentage of which no more than `short` minutes are missing; 0 where it is none."""

    def is_beyond(percent: int) -> bool:
        missing = outcome(Rule(days, percent), minutes, programme).short
        return missing is None or missing > short

    return bisect_left(range(1, 101), True, key=is_beyond)
