"""The questions of a form in their order, and what one answer to them looks like."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registration.models import Evaluation, EvaluationQuestion, EvaluationSection

Kind = EvaluationQuestion.Kind

#: A level; before and after; or which choice, from 0.
Tick = int | list[int]

MAX_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody ticked and wrote, by the key of the question."""

    ticks: Mapping[int, Tick]
    texts: Mapping[int, str] = field(default_factory=dict)


def closed(evaluation: Evaluation) -> list[EvaluationQuestion]:
    return [question for section in evaluation.sections.all() for question in section.questions.all() if not question.is_open]


def open_questions(evaluation: Evaluation) -> list[EvaluationQuestion]:
    return [question for section in evaluation.sections.all() for question in section.questions.all() if question.is_open]


def statements(section: EvaluationSection) -> list[EvaluationQuestion]:
    return [question for question in section.questions.all() if question.kind == Kind.SCALE]


def is_answerable(evaluation: Evaluation) -> bool:
    return bool(closed(evaluation))
