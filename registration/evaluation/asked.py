"""Who is asked: those who came. While a day is not counted yet, those who are confirmed for it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from registration.attendance.figures import counted_days
from registration.choices import State
from registration.evaluation import roll
from registration.models import Attendance, Evaluation, EvaluationState, EvaluationUrn, Participant
from registration.models.participant import ParticipantQuerySet
from sessions.models import Workshop


@dataclass(frozen=True, slots=True)
class OwnEvaluation:
    evaluation: Evaluation
    is_open: bool
    has_answered: bool


def own_evaluations(person: Participant, at: dt.datetime) -> list[OwnEvaluation]:
    """Those that `person` may answer or has answered, until they are counted. One query where there are none, else four."""
    running = Evaluation.objects.filter(workshop=person.workshop_id, opens_at__lte=at, counted_at=None)
    found = list(running.select_related("day")) if person.state == State.CONFIRMED else []
    if not found:
        return []
    came = set(person.attendances.of_days().came().values_list("day", flat=True))
    counted = counted_days(person.workshop)
    rolls = dict(EvaluationUrn.objects.filter(evaluation__in=found).values_list("evaluation", "roll"))
    own = [
        OwnEvaluation(each, each.state_at(at) == EvaluationState.OPEN, roll.stands_on(rolls.get(each.pk, []), each.pk, person.pk))
        for each in found
        if _is_asked(person, each, came, counted)
    ]
    return [each for each in own if each.is_open or each.has_answered]


def _is_asked(person: Participant, evaluation: Evaluation, came: set[int], counted: set[int]) -> bool:
    chosen = {day.pk for day in person.days.all() if not day.is_cancelled}
    asked = came | (chosen - counted)
    return evaluation.day_id in asked if evaluation.day_id else bool(asked)


def own_evaluation(person: Participant, pk: int, at: dt.datetime) -> OwnEvaluation | None:
    return next((each for each in own_evaluations(person, at) if each.evaluation.pk == pk), None)


def answered_by(person: Participant) -> list[Evaluation]:
    """Those that `person` has answered; what, nobody can say. One query."""
    urns = EvaluationUrn.objects.filter(evaluation__workshop=person.workshop_id).select_related("evaluation").order_by("pk")
    return [urn.evaluation for urn in urns if roll.stands_on(urn.roll, urn.pk, person.pk)]


def who_answered(workshop: Workshop, people: Iterable[int]) -> frozenset[int]:
    """Which of `people` (their keys) have answered an evaluation of `workshop`, whichever; what, nobody can say. One query."""
    urns = [(urn, set(on_roll)) for urn, on_roll in EvaluationUrn.objects.filter(evaluation__workshop=workshop).values_list("pk", "roll")]
    return frozenset(person for person in people if any(roll.stands_on(on_roll, urn, person) for urn, on_roll in urns if on_roll))


def came(evaluation: Evaluation) -> ParticipantQuerySet:
    """Those who are confirmed and known to have come, by counted minutes: whom the one mail goes to."""
    days = Q(day=evaluation.day_id) if evaluation.day_id else Q(day__workshop=evaluation.workshop_id)
    there = Attendance.objects.of_days().came().filter(days).values("participant")
    return Participant.objects.confirmed().known().filter(workshop=evaluation.workshop_id, pk__in=there)
