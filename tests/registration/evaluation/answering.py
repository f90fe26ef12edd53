"""Evaluations that are open, and invented answers."""

import datetime as dt

from registration.actor import PARTICIPANT, Actor, ActorKind
from registration.evaluation.actions import answers, drafts, runs
from registration.evaluation.questions import Answer, Kind, closed, open_questions
from registration.models import Attendance, Evaluation
from tests.factories import NOON, make_participant, make_workshop

STAFF = Actor(ActorKind.STAFF)
#: The days of `make_workshop` are 18 and 25 February 2027.
EVENING = NOON.replace(month=2, day=25, hour=20)
OPENS, CLOSES = EVENING - dt.timedelta(hours=8), EVENING + dt.timedelta(days=7)


def make_evaluation(workshop=None, *, day=None, is_open=True) -> Evaluation:
    evaluation = drafts.begin(workshop=workshop or make_workshop(tracks=0), day=day, by=STAFF, at=NOON)
    if is_open:
        runs.plan(evaluation=evaluation, opens_at=OPENS, closes_at=CLOSES, by=STAFF)
    return fresh(evaluation)


def fresh(evaluation) -> Evaluation:
    return Evaluation.objects.with_questions().get(pk=evaluation.pk)


def make_answer(evaluation, level=4, *, before=2, choice=1, words=()) -> Answer:
    """`level` for every statement, or a list of them in their order."""
    ticks, levels = {}, iter(level if isinstance(level, list) else [])
    for question in closed(evaluation):
        if question.kind == Kind.SCALE:
            ticks[question.pk] = next(levels, level)
        else:
            ticks[question.pk] = choice if question.kind == Kind.CHOICE else [before, 5]
    texts = {question.pk: text for question, text in zip(open_questions(evaluation), words, strict=False)}
    return Answer(ticks, texts)


def take(evaluation, person, *, at=EVENING, **given) -> None:
    answer = make_answer(evaluation, **given)
    answers.answer(evaluation=evaluation, participant=person, answer=answer, revision=evaluation.revision, by=PARTICIPANT, at=at)


def answered(evaluation, number, code="55", **given) -> None:
    for _n in range(number):
        take(evaluation, make_participant(evaluation.workshop, code), **given)


def counted(evaluation) -> Evaluation:
    runs.count(evaluation=evaluation, by=STAFF, at=CLOSES)
    return fresh(evaluation)


def attend(person, *days) -> None:
    Attendance.objects.bulk_create(Attendance(participant=person, day=day, minutes=60, source="report") for day in days)
