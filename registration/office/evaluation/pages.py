"""The office's pages of an evaluation: from a draft over its opening and the one mail to its counting."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration import responses
from registration.actor import Actor, ActorKind
from registration.errors import NobodyToExport
from registration.evaluation import asked
from registration.evaluation.actions import drafts, runs
from registration.evaluation.actions.urns import Frozen
from registration.evaluation.questions import is_answerable
from registration.evaluation.suppression import SMALLEST
from registration.exports import actions as export_actions
from registration.forms.evaluation import EvaluationForm
from registration.links import qr, signed
from registration.models import Evaluation, EvaluationState, EvaluationUrn, Export, OpenAnswer
from registration.office.evaluation.forms import HeadingForm, OfWhatForm, PlanForm
from registration.operations import tasks
from sessions.admin.page import AdminPage
from sessions.formats import grouped, language
from sessions.models import Workshop

#: How long the form opens before the last item of a day ends: when the last slide is shown.
LAST_SLIDE = dt.timedelta(minutes=15)
USUAL_DAYS = 7


class EvaluationPage(AdminPage):
    permission = "registration.change_evaluation"

    def found(self, pk: int) -> Evaluation:
        return get_object_or_404(Evaluation.objects.with_questions(), pk=pk)

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def to(self, evaluation: Evaluation) -> HttpResponse:
        return redirect("admin:registration_evaluation_one", evaluation.pk)

    def shown(self, title: str, evaluation: Evaluation, **context: Any) -> HttpResponse:
        return self.render(title, evaluation=evaluation, workshop=evaluation.workshop, **context)


class EvaluationsPage(EvaluationPage):
    """The evaluations of a workshop, and a new one from the template."""

    address, name = "<slug:slug>/", "registration_evaluation_overview"
    permission = "registration.view_evaluation"
    template = "admin/registration/evaluation/overview.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        return self._shown(workshop, OfWhatForm(workshop=workshop))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        if not request.user.has_perm("registration.change_evaluation"):
            raise PermissionDenied
        workshop = get_object_or_404(Workshop, slug=slug)
        form = OfWhatForm(request.POST, workshop=workshop)
        if not form.is_valid():
            return self._shown(workshop, form)
        evaluation = drafts.begin(workshop=workshop, day=form.cleaned_data["day"], by=self.by)
        messages.success(request, _("The usual form is there. Nobody sees it until you open it."))
        return self.to(evaluation)

    def _shown(self, workshop: Workshop, form: OfWhatForm) -> HttpResponse:
        now = timezone.now()
        rows = Evaluation.objects.filter(workshop=workshop).select_related("day", "urn").annotate(size=Count("sections__questions"))
        return self.render(
            _("Evaluations"),
            workshop=workshop,
            rows=[(row, EvaluationState(row.state_at(now)), row.urn.answers) for row in rows],
            form=form,
            may_change=self.request.user.has_perm("registration.change_evaluation"),
        )


class OneEvaluationPage(EvaluationPage):
    """One evaluation: where it is, what comes next, and its questions."""

    address, name = "one/<int:pk>/", "registration_evaluation_one"
    permission = "registration.view_evaluation"
    template = "admin/registration/evaluation/one.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation, now = self.found(pk), timezone.now()
        answers = EvaluationUrn.objects.values_list("answers", flat=True).get(pk=pk)
        may_change = request.user.has_perm("registration.change_evaluation")
        return self.shown(
            evaluation.title, evaluation,
            state=EvaluationState(evaluation.state_at(now)), answers=answers, may_change=may_change,
            may_write=may_change and not answers and not evaluation.counted_at,
            came=asked.came(evaluation).count(), is_answerable=is_answerable(evaluation), smallest=SMALLEST,
            unread=OpenAnswer.objects.filter(question__section__evaluation=pk, verdict=OpenAnswer.Verdict.UNREAD).count(),
            copy_form=OfWhatForm(workshop=evaluation.workshop),
            last_slide=signed.absolute(reverse("evaluation_here", args=[evaluation.workshop.slug])),
        )  # fmt: skip


class HeadingPage(EvaluationPage):
    address, name = "one/<int:pk>/heading/", "registration_evaluation_heading"
    template = "admin/registration/evaluation/write.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        return self.shown(_("Title and levels"), evaluation, form=HeadingForm(instance=evaluation))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        form = HeadingForm(request.POST, instance=evaluation)
        if not form.is_valid():
            return self.shown(_("Title and levels"), evaluation, form=form)
        drafts.set_heading(evaluation=evaluation, by=self.by, **form.values())
        messages.success(request, _("Saved."))
        return self.to(evaluation)


class FormPreviewPage(EvaluationPage):
    """The form as people see it; it sends nothing."""

    address, name = "one/<int:pk>/preview/", "registration_evaluation_preview"
    permission = "registration.view_evaluation"
    template = "admin/registration/evaluation/preview.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        return self.shown(_("Preview"), evaluation, form=EvaluationForm(evaluation=evaluation))


class PlanPage(EvaluationPage):
    """From when until when; until it is counted it may be changed."""

    address, name = "one/<int:pk>/plan/", "registration_evaluation_plan"
    template = "admin/registration/evaluation/plan.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        return self._asked(evaluation, PlanForm(initial=_usual(evaluation)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        if request.POST.get("seen", _as_seen(evaluation)) != _as_seen(evaluation):
            messages.warning(request, _("Somebody changed it meanwhile. Look at it as it is now."))
            return redirect("admin:registration_evaluation_plan", pk)
        form = PlanForm(request.POST)
        if not form.is_valid() or not is_answerable(evaluation):
            return self._asked(evaluation, form)
        try:
            runs.plan(evaluation=evaluation, by=self.by, **form.cleaned_data)
        except runs.TimesChanged:
            messages.warning(request, _("Somebody changed it meanwhile. Look at it as it is now."))
            return redirect("admin:registration_evaluation_plan", pk)
        except runs.NotNow:
            messages.warning(request, _("It is counted already and cannot be opened any more. You can make a copy."))
        else:
            messages.success(request, _("Saved. It opens and closes by itself."))
        return self.to(evaluation)

    def _asked(self, evaluation: Evaluation, form: PlanForm) -> HttpResponse:
        known = {"is_answerable": is_answerable(evaluation), "seen": _as_seen(evaluation)}
        return self.shown(_("When it is open"), evaluation, form=form, **known)


def _as_seen(evaluation: Evaluation) -> str:
    """When it is open by what the page shows."""
    return " ".join(moment.isoformat() if moment else "-" for moment in (evaluation.opens_at, evaluation.closes_at))


def _usual(evaluation: Evaluation) -> dict[str, dt.datetime]:
    if evaluation.opens_at and evaluation.closes_at:
        return {"opens_at": evaluation.opens_at, "closes_at": evaluation.closes_at}
    days = evaluation.workshop.days.filter(is_cancelled=False).prefetch_related("items")
    day = evaluation.day or days.order_by("date").last()
    ends = day.ends_at() if day else timezone.now()
    last = timezone.localtime(ends) + dt.timedelta(days=USUAL_DAYS)
    return {"opens_at": ends - LAST_SLIDE, "closes_at": last.replace(hour=23, minute=59, second=0, microsecond=0)}


class EndPage(EvaluationPage):
    """Closes it now, makes it a draft again, or discards a draft."""

    address, name = "one/<int:pk>/end/", "registration_evaluation_end"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        try:
            if "discard" in request.POST:
                drafts.discard(evaluation=evaluation, by=self.by)
                messages.success(request, _("The form is discarded."))
                return redirect("admin:registration_evaluation_overview", evaluation.workshop.slug)
            if "withdraw" in request.POST:
                runs.withdraw(evaluation=evaluation, by=self.by)
                messages.success(request, _("It is a draft again. Nobody sees it."))
            elif "close" in request.POST:
                runs.close(evaluation=evaluation, by=self.by)
                messages.success(request, _("Closed. Until it is counted you can open it again."))
        except Frozen:
            messages.warning(request, _("Somebody has answered. The form stays as it is."))
        except runs.NotNow:
            messages.info(request, _("It is not open."))
        return self.to(evaluation)


class CopyPage(EvaluationPage):
    address, name = "one/<int:pk>/copy/", "registration_evaluation_copy"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        form = OfWhatForm(request.POST, workshop=evaluation.workshop)
        if not form.is_valid():
            messages.warning(request, _("Choose a day of this workshop."))
            return self.to(evaluation)
        made = drafts.copy(evaluation=evaluation, day=form.cleaned_data["day"], by=self.by)
        messages.success(request, _("This is the copy, without any answers."))
        return self.to(made)


class EvaluationMailPage(EvaluationPage):
    """Looks ahead at how many get the one mail, then sends it."""

    address, name = "one/<int:pk>/mail/", "registration_evaluation_mail"
    template = "admin/registration/evaluation/mail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        is_open = evaluation.state_at(timezone.now()) == EvaluationState.OPEN
        return self.shown(_("The one e-mail"), evaluation, people=asked.came(evaluation).count(), is_open=is_open)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        try:
            people = runs.send(evaluation=evaluation, by=self.by)
        except runs.NotNow:
            messages.info(request, _("Nothing was sent: it is not open, was sent before, or nobody is known to have come."))
        else:
            words = ngettext("%(n)s person gets the e-mail.", "%(n)s people get the e-mail.", people)
            messages.success(request, words % {"n": grouped(people)})
        return self.to(evaluation)


class QrPage(EvaluationPage):
    """The code for the last slide: the same for everybody."""

    address, name = "one/<int:pk>/last-slide.<slug:suffix>", "registration_evaluation_qr"
    permission = "registration.view_evaluation"

    def get(self, request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
        evaluation = self.found(pk)
        made = {"png": qr.qr_png, "svg": qr.qr_svg}.get(suffix)
        if made is None:
            raise Http404
        url = signed.absolute(reverse("evaluation_here", args=[evaluation.workshop.slug]))
        return responses.picture(made(url), f"{evaluation.workshop.slug}-evaluation.{suffix}")


class CountPage(EvaluationPage):
    """Says what counting means, then does it: once, and for good."""

    address, name = "one/<int:pk>/count/", "registration_evaluation_count"
    template = "admin/registration/evaluation/count.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._asked(self.found(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        if "sure" not in request.POST:
            messages.warning(request, _("Tick first that no more answers are waited for."))
            return self._asked(evaluation)
        try:
            runs.count(evaluation=evaluation, by=self.by)
        except runs.NotNow:
            messages.info(request, _("It is not closed yet, or was counted before."))
            return self.to(evaluation)
        messages.success(request, _("Counted."))
        return redirect("admin:registration_evaluation_results", pk)

    def _asked(self, evaluation: Evaluation) -> HttpResponse:
        answers = EvaluationUrn.objects.values_list("answers", flat=True).get(pk=evaluation.pk)
        state = EvaluationState(evaluation.state_at(timezone.now()))
        return self.shown(_("Count the answers"), evaluation, answers=answers, state=state, smallest=SMALLEST)


class AnswersPage(EvaluationPage):
    """Orders the file of raw answers; who may take files along takes it."""

    address, name = "one/<int:pk>/answers/", "registration_evaluation_answers"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        evaluation = self.found(pk)
        options = {"evaluation": evaluation.pk, "language": language()}
        try:
            export, is_new = export_actions.ask(
                workshop=evaluation.workshop, kind=Export.Kind.ANSWERS, filters={}, by=self.by, options=options
            )
        except NobodyToExport:
            messages.info(request, _("There is nothing to export before it is counted, or from fewer than five answers."))
            return self.to(evaluation)
        if is_new:
            tasks.make_export.enqueue(export.pk)
        return redirect("admin:registration_export_change", export.pk)
