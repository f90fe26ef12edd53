"""Taking an answer: noted that it came, and put where nobody finds it again as one."""

import datetime as dt
from bisect import insort

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.evaluation import cells, roll
from registration.evaluation.actions.urns import held
from registration.evaluation.questions import Answer, Tick, closed, open_questions
from registration.models import Evaluation, EvaluationState, EvaluationUrn, Participant


class AlreadyAnswered(Exception):
    """They have answered before: an answer cannot be found again, and so not be replaced."""


class NotOpen(Exception):
    """Nobody can answer now."""


class FormChanged(Exception):
    """The questions are others than those that were answered."""


def answer(
    *, evaluation: Evaluation, participant: Participant, answer: Answer, revision: int, by: Actor, at: dt.datetime | None = None
) -> None:
    """Puts `answer` (complete, by a form) into the urn and the participant's code on its roll, in one write of one row.

    No time, history, audit line or mail is written: by none of them could anybody tell later whose answer it was.
    Raises AlreadyAnswered, NotOpen, FormChanged.
    """
    at = at or timezone.now()
    with transaction.atomic():
        urn = held(evaluation)
        now = Evaluation.objects.with_questions().get(pk=evaluation.pk)
        if now.state_at(at) != EvaluationState.OPEN:
            raise NotOpen
        if now.revision != revision:
            raise FormChanged
        if roll.stands_on(urn.roll, now.pk, participant.pk):
            raise AlreadyAnswered
        _put(urn, now, participant, answer)


def _put(urn: EvaluationUrn, evaluation: Evaluation, participant: Participant, answer: Answer) -> None:
    insort(urn.roll, roll.codes(evaluation.pk, participant.pk)[0])
    insort(urn.slips, [answer.ticks[question.pk] for question in closed(evaluation)], key=_in_order)
    for question in open_questions(evaluation):
        if text := answer.texts.get(question.pk, ""):
            insort(urn.texts.setdefault(str(question.pk), []), text)
    texts = dict(sorted(urn.texts.items()))
    sums = cells.added(urn.cells, cells.of_person(participant), cells.totals(evaluation, answer))
    written = {"answers": urn.answers + 1, "roll": urn.roll, "slips": urn.slips, "texts": texts, "cells": sums}
    if not EvaluationUrn.objects.filter(pk=urn.pk, answers=urn.answers).update(**written):
        raise RuntimeError("the urn was written to while it was held")


def _in_order(slip: list[Tick]) -> list[list[int]]:
    return [tick if isinstance(tick, list) else [tick] for tick in slip]


def forget(*, participants: list[Participant], workshop_id: int) -> None:
    for evaluation in Evaluation.objects.filter(workshop=workshop_id):
        theirs = {code for person in participants for code in roll.codes(evaluation.pk, person.pk)}
        with transaction.atomic():
            urn = held(evaluation)
            left = [code for code in urn.roll if code not in theirs]
            if len(left) < len(urn.roll):
                EvaluationUrn.objects.filter(pk=urn.pk).update(roll=left)
