"""Writing a form: from the template or a copy, section by section, until the first answer is in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from registration.actor import Actor
from registration.evaluation.actions.urns import held_empty
from registration.evaluation.template import TEMPLATE, UsualSection
from registration.models import Evaluation, EvaluationQuestion, EvaluationSection, EvaluationUrn
from sessions.models import Workshop, WorkshopDay

#: More than that is no form of two minutes.
MAX_QUESTIONS = 60


class TooManyQuestions(Exception):
    """The form is long enough."""


def begin(*, workshop: Workshop, day: WorkshopDay | None, by: Actor, at: dt.datetime | None = None) -> Evaluation:
    with transaction.atomic():
        evaluation = Evaluation.objects.create(
            workshop=workshop,
            day=day,
            title_th="แบบประเมินการประชุม",
            title_en="Evaluation of the workshop",
            created_by=by.user,
            created_at=at or timezone.now(),
        )
        EvaluationUrn.objects.create(evaluation=evaluation)
        for number, section in enumerate(TEMPLATE, start=1):
            _write(evaluation, section, number)
    return evaluation


def _write(evaluation: Evaluation, section: UsualSection, number: int) -> None:
    row = EvaluationSection.objects.create(
        evaluation=evaluation, part=section.part, number=number, title_th=section.title_th, title_en=section.title_en
    )
    EvaluationQuestion.objects.bulk_create(
        EvaluationQuestion(
            section=row, number=place, kind=question.kind, text_th=question.text_th, text_en=question.text_en,
            options_th="\n".join(thai for thai, _english in question.options),
            options_en="\n".join(english for _thai, english in question.options),
        )
        for place, question in enumerate(section.questions, start=1)
    )  # fmt: skip


def copy(*, evaluation: Evaluation, day: WorkshopDay | None, by: Actor, at: dt.datetime | None = None) -> Evaluation:
    with transaction.atomic():
        made = Evaluation.objects.create(
            workshop=evaluation.workshop, day=day, title_th=evaluation.title_th, title_en=evaluation.title_en,
            cut_points=evaluation.cut_points, created_by=by.user, created_at=at or timezone.now(),
        )  # fmt: skip
        EvaluationUrn.objects.create(evaluation=made)
        for section in evaluation.sections.prefetch_related("questions"):
            questions = list(section.questions.all())
            section.pk, section.evaluation = None, made
            section.save(force_insert=True)
            for question in questions:
                question.pk, question.section = None, section
            EvaluationQuestion.objects.bulk_create(questions)
    return made


def set_heading(*, evaluation: Evaluation, title_th: str, title_en: str, cut_points: list[str], by: Actor) -> None:
    """What may be set while answers come in: how it is called, and by which levels its means are told."""
    Evaluation.objects.filter(pk=evaluation.pk).update(title_th=title_th, title_en=title_en, cut_points=cut_points)


def save_section(*, evaluation: Evaluation, section: EvaluationSection | None, values: Mapping[str, Any], by: Actor) -> None:
    """Writes a section, a new one at the end. Raises Frozen."""
    with transaction.atomic():
        _change(evaluation)
        if section:
            EvaluationSection.objects.filter(pk=section.pk, evaluation=evaluation).update(**values)
        else:
            EvaluationSection.objects.create(evaluation=evaluation, number=_next(evaluation.sections.all()), **values)


def save_question(*, section: EvaluationSection, question: EvaluationQuestion | None, values: Mapping[str, Any], by: Actor) -> None:
    """Writes a question, a new one at the end of its section. Raises Frozen, TooManyQuestions."""
    with transaction.atomic():
        _change(section.evaluation)
        if question:
            EvaluationQuestion.objects.filter(pk=question.pk, section=section).update(**values)
            return
        if EvaluationQuestion.objects.filter(section__evaluation=section.evaluation).count() >= MAX_QUESTIONS:
            raise TooManyQuestions
        EvaluationQuestion.objects.create(section=section, number=_next(section.questions.all()), **values)


def remove_section(*, section: EvaluationSection, by: Actor) -> None:
    """With its questions. Raises Frozen."""
    with transaction.atomic():
        _change(section.evaluation)
        section.delete()


def remove_question(*, question: EvaluationQuestion, by: Actor) -> None:
    """Raises Frozen."""
    with transaction.atomic():
        _change(question.section.evaluation)
        question.delete()


def move_up(*, row: EvaluationSection | EvaluationQuestion, by: Actor) -> None:
    """One place, within its part or section; the first stays. Raises Frozen."""
    with transaction.atomic():
        if isinstance(row, EvaluationSection):
            _change(row.evaluation)
            rows: list[Any] = list(row.evaluation.sections.filter(part=row.part))
        else:
            _change(row.section.evaluation)
            rows = list(row.section.questions.all())
        place = next((index for index, each in enumerate(rows) if each.pk == row.pk), 0)
        if place:
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
        for number, each in enumerate(rows, start=1):
            type(each).objects.filter(pk=each.pk).update(number=number)


def discard(*, evaluation: Evaluation, by: Actor) -> None:
    """Deletes a form that nobody has answered. Raises Frozen."""
    with transaction.atomic():
        held_empty(evaluation)
        evaluation.delete()


def _change(evaluation: Evaluation) -> None:
    held_empty(evaluation)
    Evaluation.objects.filter(pk=evaluation.pk).update(revision=F("revision") + 1)


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
