"""Decisions about one or many people of a desk. Every one is an action; here they are only called."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from registration.actor import Actor
from registration.choices import DecisionName, State
from registration.decisions.actions import take_back, take_effect_now
from registration.decisions.commands import DECISIONS, in_order
from registration.decisions.results import Result, in_words, meanwhile, names_of, undoing, why_not
from registration.desk.views.desk import HtmxRequest, desk_context
from registration.desk.views.kept_result import keep_result
from registration.errors import DecisionClosed, RegistrationError
from registration.forms.decision import MOVE_TO, DecisionForm, decide_by
from registration.models import DelayedDecision, Participant, Quota
from registration.notices.actions import note_overtaken
from registration.people.batches import each
from registration.people.text import is_key
from registration.seats.actions.reserve_order import move_to
from registration.security import access
from registration.security.access import signed_in
from sessions.formats import local_digits, moment_short

#: A button among the decisions that decides nothing.
WRITE = "write"


@never_cache
@signed_in
@require_POST
def desk_decide(request: HtmxRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    if request.POST.get("verb") == WRITE and request.POST.getlist("people"):
        return _to_writing(request, quota)
    form = DecisionForm({**request.POST.dict(), "people": request.POST.getlist("people")})
    result = _decide(form, quota, by) if form.is_valid() else Result(problems=form.faults)
    if request.htmx:
        quota.refresh_from_db(fields=["taken"])
        return render(request, "registration/desk/desk_decide.html", {**desk_context(request, quota), "result": result})
    keep_result(request, result)
    return redirect(_back(request, quota))


def _to_writing(request: HtmxRequest, quota: Quota) -> HttpResponse:
    codes = [key.partition(":")[0] for key in request.POST.getlist("people")]
    query = urlencode({"people": [code for code in codes if code.isalnum()]}, doseq=True)
    page = f"{reverse('desk_write', args=[quota.workshop.slug, quota.code])}?{query}"
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


def _decide(form: DecisionForm, quota: Quota, by: Actor) -> Result:
    verb, shown = form.cleaned_data["verb"], form.cleaned_data["people"]
    people = list(Participant.objects.filter(quota=quota, code__in=shown).select_related("workshop").order_by("sort_key", "pk"))
    if len(people) != len(shown):
        raise Http404
    if verb == MOVE_TO:
        return _move(people[0], form, by)
    return in_words(DecisionName(verb), each(in_order(DecisionName(verb), people), decide_by(form, by)))


@never_cache
@signed_in
@require_POST
def desk_decisions(request: HtmxRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    wanted = [key for key in request.POST.getlist("decision") if is_key(key)]
    found = DelayedDecision.objects.filter(quota=quota, pk__in=wanted).select_related("quota", "participant", "decided_by")
    decisions = list(found.order_by("due_at", "pk"))
    if not decisions or len(decisions) != len(set(wanted)):
        raise Http404
    if "noted" in request.POST:
        note_overtaken(decisions=found)
        result = Result()
    else:
        result = _close_in_words(decisions, now="now" in request.POST, by=by)
    if request.htmx:
        quota.refresh_from_db(fields=["taken"])
        return render(request, "registration/desk/desk_decide.html", {**desk_context(request, quota), "result": result})
    keep_result(request, result)
    return redirect(_back(request, quota))


def _close_in_words(decisions: Sequence[DelayedDecision], *, now: bool, by: Actor) -> Result:
    """Takes `decisions` back, or has them take effect `now`, and says what came of each."""
    result = Result()
    closed, gone = [], []
    for decision in decisions:
        try:
            if not now:
                take_back(decision=decision, by=by)
            elif not take_effect_now(decision=decision):
                result.problems.append(f"{decision.participant.full_name}: {meanwhile(decision.participant)}")
                continue
        except DecisionClosed as error:
            try:
                decision.participant.refresh_from_db(fields=["state"])
            except Participant.DoesNotExist:  # erased: they are not named any more either
                result.problems.append(error.decision.get_state_display())
                continue
            result.problems.append(f"{decision.participant.full_name}: {_too_late(error.decision)}")
            if decision.participant.state in DECISIONS[DecisionName.PUT_BACK].fits:
                gone.append(decision.participant)
        else:
            closed.append(decision.participant)
    if closed:
        said = _("In effect now, and told by e-mail: %(names)s") if now else _("Taken back. Nobody was told, and no seat moved: %(names)s")
        result.done.append(said % {"names": names_of(closed)})
    if gone:
        result.undo = undoing(DecisionName.PUT_BACK, gone)
    return result


def _too_late(decision: DelayedDecision) -> str:
    if decision.state == DelayedDecision.State.DONE and decision.closed_at:
        said = _("“%(what)s” took effect before, at %(when)s, and e-mails went out.")
        return said % {"what": decision.get_command_display(), "when": moment_short(decision.closed_at)}
    return f"{decision.get_state_display()} – {meanwhile(decision.participant)}"


def _move(person: Participant, form: DecisionForm, by: Actor) -> Result:
    try:
        before, after = move_to(participant=person, place=form.cleaned_data["place"], reason=form.cleaned_data["words"], by=by)
    except RegistrationError as error:
        return Result(problems=[f"{person.full_name}: {why_not(person, error)}"])
    now = _("%(name)s is now number %(n)s on the waiting list.") % {"name": person.full_name, "n": local_digits(after)}
    undo = {"verb": MOVE_TO, "people": [f"{person.code}:{State.WAITLISTED}"], "place": before, "words": _("Undone")}
    return Result([now], undo=undo if before != after else {})


def _back(request: HttpRequest, quota: Quota) -> str:
    place = [quota.workshop.slug, quota.code]
    code = request.POST.get("page_of", "")
    person = access.participants_for(request.user).filter(quota=quota, code=code).first() if code.isalnum() else None
    if person:
        return reverse("desk_person", args=[*place, person.code]) + "#result"
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"{reverse('desk', args=place)}{query}#result"
