"""What came of an evaluation, for the office: figures as bars and tables, and the open answers to be looked through."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.evaluation.actions import runs
from registration.evaluation.questions import open_questions
from registration.evaluation.results import results_of
from registration.evaluation.suppression import SMALLEST
from registration.models import OpenAnswer
from registration.office.evaluation.pages import EvaluationPage
from sessions.formats import grouped

PAGE = 50


class ResultsPage(EvaluationPage):
    address, name = "one/<int:pk>/results/", "registration_evaluation_results"
    permission = "registration.view_evaluation"
    template = "admin/registration/evaluation/results.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        passed = OpenAnswer.objects.filter(question__section__evaluation=pk, verdict=OpenAnswer.Verdict.PASSED).select_related("question")
        return self.shown(
            _("Results"), evaluation,
            results=results_of(evaluation), smallest=SMALLEST, passed=passed,
            may_export=request.user.has_perms(["registration.export_participant", "registration.change_evaluation"]),
        )  # fmt: skip


class WordsPage(EvaluationPage):
    """Open answers, question by question: what may be shown, and what is held back because it names somebody or hurts."""

    address, name = "one/<int:pk>/words/", "registration_evaluation_words"
    template = "admin/registration/evaluation/words.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        verdict = self._verdict(request.GET.get("verdict", ""))
        rows = OpenAnswer.objects.filter(question__section__evaluation=pk, verdict=verdict).select_related("question")
        return self.shown(
            _("Open answers"), evaluation,
            page=Paginator(rows, PAGE).get_page(request.GET.get("page")), verdict=verdict, verdicts=OpenAnswer.Verdict.choices,
            questions=open_questions(evaluation),
        )  # fmt: skip

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        chosen = [int(key) for key in request.POST.getlist("answer") if key.isascii() and key.isdecimal() and len(key) < 19]
        verdict = next((each for each in OpenAnswer.Verdict if f"to_{each.value}" in request.POST), None)
        if verdict is None or not chosen:
            messages.info(request, _("Tick the answers first, then press what holds for them."))
        else:
            judged = runs.judge(answers=chosen, evaluation=evaluation, verdict=verdict, by=self.by)
            words = ngettext("%(n)s answer: %(verdict)s.", "%(n)s answers: %(verdict)s.", judged)
            messages.success(request, words % {"n": grouped(judged), "verdict": verdict.label})
        response = redirect("admin:registration_evaluation_words", pk)
        response["Location"] += f"?verdict={self._verdict(request.GET.get('verdict', '')).value}"
        return response

    def _verdict(self, value: str) -> OpenAnswer.Verdict:
        return OpenAnswer.Verdict(value) if value in OpenAnswer.Verdict.values else OpenAnswer.Verdict.UNREAD
