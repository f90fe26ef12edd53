"""Decisions about one or many people of a desk. Every one is an action; here they are only called."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registration.actor import Actor
from registration.choices import State
from registration.desk.forms.decision import DecisionForm
from registration.desk.views.desk import HtmxRequest, desk_context
from registration.desk.views.results import Result, in_words, keep_result
from registration.errors import RegistrationError
from registration.models import Participant, Quota
from registration.people.batches import Outcome, each
from registration.seats.actions import decisions
from registration.seats.actions.reserve_order import move_to
from registration.security import access
from registration.security.access import signed_in
from sessions.formats import local_digits

#: Those in line are declined before those on seats: a seat that is freed shall not go to somebody declined next.
IN_ORDER: dict[str, Callable[[Participant], Any]] = {
    "decline": lambda person: person.state != State.WAITLISTED,
    "move_up": lambda person: person.ticket or 0,
    "put_back": lambda person: person.state_changed_at,
}


@never_cache
@signed_in
@require_POST
def desk_decide(request: HtmxRequest, slug: str, code: str) -> HttpResponse:
    """Does what was decided and answers with the desk as it then is."""
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    form = DecisionForm({**request.POST.dict(), "people": request.POST.getlist("people")})
    result = _decide(form, quota, by) if form.is_valid() else Result(problems=form.faults)
    if request.htmx:
        quota.refresh_from_db(fields=["taken"])
        return render(request, "registration/desk/desk_decide.html", {**desk_context(request, quota), "result": result})
    keep_result(request, result)
    return redirect(_back(request, quota))


def _decide(form: DecisionForm, quota: Quota, by: Actor) -> Result:
    verb, shown = form.cleaned_data["verb"], form.cleaned_data["people"]
    people = list(Participant.objects.filter(quota=quota, code__in=shown).select_related("workshop").order_by("sort_key", "pk"))
    if len(people) != len(shown):
        raise Http404
    if verb in IN_ORDER:
        people.sort(key=IN_ORDER[verb])
    if verb == "move_to":
        return _move(people[0], form, by)
    return in_words(verb, each(people, _deed(verb, form, by)))


def _deed(verb: str, form: DecisionForm, by: Actor) -> Callable[[Participant], list[Participant] | None]:
    shown = form.cleaned_data["people"]

    def decline(person: Participant) -> list[Participant]:
        return decisions.decline(participant=person, reason=form.reason_for(person.language), seen=shown[person.code], by=by)

    plain = {"approve": decisions.approve, "put_back": decisions.put_back, "move_up": decisions.move_up, "reopen": decisions.reopen}
    return decline if verb == "decline" else lambda person: plain[verb](participant=person, by=by)


def _move(person: Participant, form: DecisionForm, by: Actor) -> Result:
    """Changes the order of the waiting list; undone by moving back."""
    try:
        before, after = move_to(participant=person, place=form.cleaned_data["place"], reason=form.cleaned_data["words"], by=by)
    except RegistrationError as error:
        return in_words("move_to", Outcome(refused=[(person, error)]))
    now = _("%(name)s is now number %(n)s on the waiting list.") % {"name": person.full_name, "n": local_digits(after)}
    undo = {"verb": "move_to", "people": [f"{person.code}:{State.WAITLISTED}"], "place": before, "words": _("Undone")}
    return Result([now], undo=undo if before != after else {})


def _back(request: HttpRequest, quota: Quota) -> str:
    """The page on which it was decided, at the words that say what came of it."""
    place = [quota.workshop.slug, quota.code]
    code = request.POST.get("page_of", "")
    person = access.participants_for(request.user).filter(quota=quota, code=code).first() if code.isalnum() else None
    if person:
        return reverse("desk_person", args=[*place, person.code]) + "#result"
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"{reverse('desk', args=place)}{query}#result"
