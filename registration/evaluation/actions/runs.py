"""From the opening of an evaluation to its end: opened, closed, told of once by mail, counted, its open answers read."""

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from registration.actor import Actor
from registration.choices import MessageName
from registration.evaluation import asked, cells, suppression
from registration.evaluation.actions.urns import held, held_empty
from registration.mail import outbox
from registration.models import Evaluation, EvaluationUrn, OpenAnswer


class NotNow(Exception):
    """Another step comes first, or somebody took this one meanwhile."""


class TimesChanged(Exception):
    """Somebody else has set other times since they were looked at."""


def plan(*, evaluation: Evaluation, opens_at: dt.datetime, closes_at: dt.datetime, by: Actor) -> None:
    """From when until when it may be answered; may be changed, prolonged and closed until it is counted.

    Raises NotNow, and TimesChanged where it is open at other times than `evaluation` says.
    """
    uncounted = Evaluation.objects.filter(pk=evaluation.pk, counted_at=None)
    same = uncounted.filter(opens_at=evaluation.opens_at, closes_at=evaluation.closes_at)
    if not same.update(opens_at=opens_at, closes_at=closes_at):
        raise TimesChanged if uncounted.exists() else NotNow


def close(*, evaluation: Evaluation, by: Actor, at: dt.datetime | None = None) -> None:
    """At once. Raises NotNow."""
    at = at or timezone.now()
    if not Evaluation.objects.open_at(at).filter(pk=evaluation.pk, opens_at__lt=at).update(closes_at=at):
        raise NotNow


def withdraw(*, evaluation: Evaluation, by: Actor) -> None:
    """A draft again, which nobody sees. Raises Frozen where somebody has answered."""
    with transaction.atomic():
        held_empty(evaluation)
        Evaluation.objects.filter(pk=evaluation.pk, counted_at=None).update(opens_at=None, closes_at=None)


def send(*, evaluation: Evaluation, by: Actor, at: dt.datetime | None = None) -> int:
    """The one mail, to everybody who came, whether they have answered or not: who got none would be known to have. Raises NotNow."""
    at = at or timezone.now()
    with transaction.atomic():
        people = list(asked.came(evaluation))
        waiting = Evaluation.objects.open_at(at).filter(pk=evaluation.pk, mailed_at=None)
        if not people or not waiting.update(mailed_at=at):
            raise NotNow
        outbox.post_many(MessageName.EVALUATION, people, occasion=evaluation.pk, at=at, details={"evaluation": evaluation.pk})
    return len(people)


def count(*, evaluation: Evaluation, by: Actor, at: dt.datetime | None = None) -> None:
    """Once, when it is closed, and for good: between two countings one person's answer would be seen. Raises NotNow.

    From then on the small cells are nowhere any more, and each open answer is a row, in random order.
    """
    at = at or timezone.now()
    with transaction.atomic():
        urn = held(evaluation)
        over = Evaluation.objects.filter(pk=evaluation.pk, closes_at__lte=at, counted_at=None)
        if not over.update(counted_at=at, counted_by=by.user):
            raise NotNow
        written = [OpenAnswer(question_id=int(key), text=text) for key, texts in urn.texts.items() for text in texts]
        secrets.SystemRandom().shuffle(written)
        OpenAnswer.objects.bulk_create(written)
        EvaluationUrn.objects.filter(pk=urn.pk).update(texts={}, cells=_told(evaluation, urn))


def _told(evaluation: Evaluation, urn: EvaluationUrn) -> dict[str, Any]:
    numbers = {name: cell["n"] for name, cell in urn.cells.items()}
    hidden = suppression.hidden(numbers, cells.equations(evaluation))
    return {name: None if name in hidden else cell for name, cell in urn.cells.items()}


def judge(*, answers: list[int], evaluation: Evaluation, verdict: OpenAnswer.Verdict, by: Actor) -> int:
    """Says of open answers that they may be shown, or not. Returns how many."""
    return OpenAnswer.objects.filter(pk__in=answers, question__section__evaluation=evaluation).update(verdict=verdict)
