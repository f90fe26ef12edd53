"""Evaluations in the admin: pages of our own, no list of rows."""

from django.contrib import admin

from registration.models import Evaluation
from registration.office.evaluation.pages import (
    AnswersPage,
    CopyPage,
    CountPage,
    EndPage,
    EvaluationMailPage,
    EvaluationsPage,
    FormPreviewPage,
    HeadingPage,
    OneEvaluationPage,
    PlanPage,
    QrPage,
)
from registration.office.evaluation.questions import MovePage, QuestionPage, RemovePage, SectionPage
from registration.office.evaluation.results import ResultsPage, WordsPage
from sessions.admin.own_pages import OwnPagesAdmin


@admin.register(Evaluation)
class EvaluationAdmin(OwnPagesAdmin):
    front = "registration_evaluation_overview"
    pages = [
        SectionPage, QuestionPage, MovePage, RemovePage,
        HeadingPage, FormPreviewPage, PlanPage, EndPage, CopyPage, EvaluationMailPage, QrPage,
        CountPage, ResultsPage, WordsPage, AnswersPage,
        OneEvaluationPage, EvaluationsPage,
    ]  # fmt: skip
