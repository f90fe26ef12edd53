"""The office's pages on which a form is written: sections and questions, until the first answer is in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from registration.evaluation.actions import drafts
from registration.evaluation.actions.urns import Frozen
from registration.models import Evaluation, EvaluationQuestion, EvaluationSection
from registration.office.evaluation.forms import QuestionForm, SectionForm
from registration.office.evaluation.pages import EvaluationPage


class WritingPage(EvaluationPage):
    template = "admin/registration/evaluation/write.html"

    def frozen(self, evaluation: Evaluation) -> HttpResponse:
        messages.warning(self.request, _("Somebody has answered. The form stays as it is."))
        return self.to(evaluation)

    def section_of(self, evaluation: Evaluation, key: int) -> EvaluationSection:
        return get_object_or_404(EvaluationSection.objects.select_related("evaluation"), pk=key, evaluation=evaluation)

    def question_of(self, section: EvaluationSection, key: int) -> EvaluationQuestion:
        questions = EvaluationQuestion.objects.select_related("section__evaluation")
        return get_object_or_404(questions, pk=key, section=section)


class SectionPage(WritingPage):
    """A section; 0 is a new one."""

    address, name = "one/<int:pk>/section/<int:section_id>/", "registration_evaluation_section"

    def get(self, request: HttpRequest, pk: int, section_id: int) -> HttpResponse:
        evaluation = self.found(pk)
        section = self.section_of(evaluation, section_id) if section_id else None
        return self._asked(evaluation, section, SectionForm(instance=section))

    def post(self, request: HttpRequest, pk: int, section_id: int) -> HttpResponse:
        evaluation = self.found(pk)
        section = self.section_of(evaluation, section_id) if section_id else None
        form = SectionForm(request.POST, instance=section)
        if not form.is_valid():
            return self._asked(evaluation, section, form)
        try:
            drafts.save_section(evaluation=evaluation, section=section, values=form.cleaned_data, by=self.by)
        except Frozen:
            return self.frozen(evaluation)
        messages.success(request, _("Saved."))
        return self.to(evaluation)

    def _asked(self, evaluation: Evaluation, section: EvaluationSection | None, form: SectionForm) -> HttpResponse:
        return self.shown(_("Section") if section else _("New section"), evaluation, form=form)


class QuestionPage(WritingPage):
    """A question of a section; 0 is a new one."""

    address, name = "one/<int:pk>/section/<int:section_id>/question/<int:question_id>/", "registration_evaluation_question"

    def get(self, request: HttpRequest, pk: int, section_id: int, question_id: int) -> HttpResponse:
        evaluation = self.found(pk)
        section = self.section_of(evaluation, section_id)
        question = self.question_of(section, question_id) if question_id else None
        return self._asked(evaluation, question, QuestionForm(instance=question))

    def post(self, request: HttpRequest, pk: int, section_id: int, question_id: int) -> HttpResponse:
        evaluation = self.found(pk)
        section = self.section_of(evaluation, section_id)
        question = self.question_of(section, question_id) if question_id else None
        form = QuestionForm(request.POST, instance=question)
        if not form.is_valid():
            return self._asked(evaluation, question, form)
        try:
            drafts.save_question(section=section, question=question, values=form.cleaned_data, by=self.by)
        except Frozen:
            return self.frozen(evaluation)
        except drafts.TooManyQuestions:
            messages.warning(request, _("The form is long enough: %(n)s questions at most.") % {"n": drafts.MAX_QUESTIONS})
            return self.to(evaluation)
        messages.success(request, _("Saved."))
        return self.to(evaluation)

    def _asked(self, evaluation: Evaluation, question: EvaluationQuestion | None, form: QuestionForm) -> HttpResponse:
        return self.shown(_("Question") if question else _("New question"), evaluation, form=form)


class RowPage(WritingPage):
    """Names a section or a question in its address."""

    def row(self, pk: int, what: str, row_id: int) -> tuple[Evaluation, Any]:
        evaluation = self.found(pk)
        if what == "section":
            return evaluation, self.section_of(evaluation, row_id)
        if what != "question":
            raise Http404
        questions = EvaluationQuestion.objects.select_related("section__evaluation")
        return evaluation, get_object_or_404(questions, pk=row_id, section__evaluation=evaluation)


class MovePage(RowPage):
    """One place up."""

    address, name = "one/<int:pk>/up/<slug:what>/<int:row_id>/", "registration_evaluation_move"

    def post(self, request: HttpRequest, pk: int, what: str, row_id: int) -> HttpResponse:
        evaluation, row = self.row(pk, what, row_id)
        try:
            drafts.move_up(row=row, by=self.by)
        except Frozen:
            return self.frozen(evaluation)
        return self.to(evaluation)


class RemovePage(RowPage):
    """Says what would be removed, then removes it."""

    address, name = "one/<int:pk>/remove/<slug:what>/<int:row_id>/", "registration_evaluation_remove"
    template = "admin/registration/evaluation/remove.html"

    def get(self, request: HttpRequest, pk: int, what: str, row_id: int) -> HttpResponse:
        evaluation, row = self.row(pk, what, row_id)
        questions = row.questions.all() if what == "section" else [row]
        return self.shown(_("Remove"), evaluation, row=row, questions=questions)

    def post(self, request: HttpRequest, pk: int, what: str, row_id: int) -> HttpResponse:
        evaluation, row = self.row(pk, what, row_id)
        try:
            if what == "section":
                drafts.remove_section(section=row, by=self.by)
            else:
                drafts.remove_question(question=row, by=self.by)
        except Frozen:
            return self.frozen(evaluation)
        messages.success(request, _("Removed."))
        return self.to(evaluation)
