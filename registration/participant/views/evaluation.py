"""Answering an evaluation: from the personal page, from the one mail, or by the code on the last slide."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.actor import PARTICIPANT
from registration.evaluation.actions.answers import AlreadyAnswered, FormChanged, NotOpen, answer
from registration.evaluation.asked import OwnEvaluation, own_evaluation, own_evaluations
from registration.forms.evaluation import EvaluationForm
from registration.links import cookies, signed
from registration.models import Evaluation, EvaluationState, Participant
from registration.participant.views.personal_page import personal
from sessions.models import Workshop

OVER = (EvaluationState.CLOSED, EvaluationState.COUNTED)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def evaluation(request: HttpRequest, person: Participant, evaluation_id: int) -> HttpResponse:
    own = own_evaluation(person, evaluation_id, timezone.now())
    if own is None:
        return _over(request, person, evaluation_id)
    if own.has_answered or not own.is_open:
        return _page(request, person, own, None)
    asked = Evaluation.objects.with_questions().get(pk=evaluation_id)
    form = EvaluationForm(request.POST if request.method == "POST" else None, evaluation=asked)
    if form.is_bound and form.is_valid():
        try:
            answer(evaluation=asked, participant=person, answer=form.answer(), revision=form.cleaned_data["revision"], by=PARTICIPANT)
        except FormChanged:
            return _page(request, person, own, _with_revision(form), changed=True)
        except (AlreadyAnswered, NotOpen):
            pass  # the page says which
        return redirect("evaluation", person.code, evaluation_id)
    return _page(request, person, own, form)


def _with_revision(form: EvaluationForm) -> EvaluationForm:
    return EvaluationForm({**form.data.dict(), "revision": form.evaluation.revision}, evaluation=form.evaluation)  # type: ignore[attr-defined]


def _page(
    request: HttpRequest, person: Participant, own: OwnEvaluation, form: EvaluationForm | None, *, changed: bool = False
) -> HttpResponse:
    context = {"participant": person, "workshop": person.workshop, "own": own, "form": form, "changed": changed}
    return render(request, "registration/participant/evaluation.html", context)


def _over(request: HttpRequest, person: Participant, evaluation_id: int) -> HttpResponse:
    """One of this workshop that is not open to them: it is said, since a mail may have led here. Raises Http404."""
    found = get_object_or_404(Evaluation, pk=evaluation_id, workshop=person.workshop_id, opens_at__isnull=False)
    context = {"participant": person, "workshop": person.workshop, "evaluation": found, "is_over": found.state_at(timezone.now()) in OVER}
    return render(request, "registration/participant/evaluation_closed.html", context)


@require_safe
def evaluation_here(request: HttpRequest, slug: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.published(), slug=slug)
    person = signed.participant_of_token(cookies.given(request, cookies.EVALUATION), signed.PAGE)
    if person is not None and person.workshop_id == workshop.pk:
        own = own_evaluations(person, timezone.now())
        waiting = [each for each in own if not each.has_answered] or own
        if waiting:
            return responses.of_one_person(redirect("evaluation", person.code, waiting[-1].evaluation.pk))
    is_open = Evaluation.objects.open_at(timezone.now()).filter(workshop=workshop).exists()
    return responses.of_one_person(
        render(request, "registration/participant/evaluation_here.html", {"workshop": workshop, "is_open": is_open})
    )
