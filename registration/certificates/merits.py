"""Who of a workshop fulfils a rule, from the minutes that are known."""

from collections import defaultdict
from dataclasses import dataclass, replace

from registration.attendance.meetings import programme_minutes
from registration.certificates.rules import Rule, RuleOutcome, Tried, outcome, tried
from registration.evaluation.asked import who_answered
from registration.models import Attendance, Certificate, CertificateRule, Participant
from registration.models.participant import ParticipantQuerySet
from sessions.models import Workshop


@dataclass(frozen=True, slots=True)
class Merits:
    """The minutes of everybody confirmed who came, by participant and day, and how many each day has."""

    minutes: dict[int, dict[int, int]]
    programme: dict[int, int]
    #: Who has answered an evaluation.
    answered: frozenset[int] = frozenset()

    def outcomes(self, rule: Rule) -> dict[int, RuleOutcome]:
        return {person: outcome(rule, days, self.programme) for person, days in self.minutes.items()}

    def fulfilling(self, rule: Rule) -> list[int]:
        there = [person for person, found in self.outcomes(rule).items() if found.is_fulfilled]
        return [person for person in there if person in self.answered] if rule.needs_evaluation else there

    def tried(self, rule: Rule) -> Tried:
        found = tried(rule, self.minutes.values(), self.programme)
        fulfil = len(self.fulfilling(rule))
        return replace(found, fulfil=fulfil, unanswered=found.fulfil - fulfil)


def merits_of(workshop: Workshop) -> Merits:
    """Four queries. Days that are cancelled do not count."""
    days = list(workshop.days.filter(is_cancelled=False).prefetch_related("items__tracks"))
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Attendance.objects.of_days().came().filter(day__in=days, participant__in=_people(workshop))
    for person, day, minutes in rows.order_by().values_list("participant", "day", "minutes"):
        found[person][day] = minutes
    return Merits(dict(found), programme_minutes(workshop, days), who_answered(workshop, found))


def _people(workshop: Workshop) -> ParticipantQuerySet:
    return Participant.objects.confirmed().known().filter(workshop=workshop)


def rule_of(workshop: Workshop) -> Rule | None:
    row = CertificateRule.objects.filter(workshop=workshop).first()
    return Rule(row.days, row.percent, row.needs_evaluation) if row else None


def waiting_for_one(workshop: Workshop, rule: Rule) -> list[int]:
    """Who fulfils the rule and never had a certificate of the workshop, place by place in Thai order. Six queries.

    Whose certificate was withdrawn gets none by itself: somebody had a reason.
    """
    return waiting_among(workshop, merits_of(workshop), rule)


def waiting_among(workshop: Workshop, merits: Merits, rule: Rule) -> list[int]:
    """Those of `merits`. Two queries."""
    fulfilling = set(merits.fulfilling(rule))
    had = set(Certificate.objects.filter(workshop=workshop).exclude(participant=None).values_list("participant", flat=True))
    order = ("quota__kind", "quota__province__sort_key", "sort_key", "pk")
    return [key for key in _people(workshop).order_by(*order).values_list("pk", flat=True) if key in fulfilling - had]
