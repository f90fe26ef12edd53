"""Decisions of staff about some of the list's people: asked on a page that names them, then done one by one by actions."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.choices import ENDED, DecisionName, State
from registration.decisions.commands import DECISIONS, in_order
from registration.decisions.results import Result, in_words, why_not
from registration.forms.decision import MAX_PEOPLE, DecisionForm, decide_by
from registration.links.actions.personal_links import send_link
from registration.models import Participant
from registration.people.batches import each
from sessions.formats import local_digits

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

#: Beside the decisions about seats (`decisions.commands`): nothing is decided, a mail goes out once more.
SEND_LINK = "send_link"
_TITLE_OF_LINK = gettext_lazy("Send the personal link again")
#: What staff decide about a list; an approval is taken back on the desk.
VERBS = (DecisionName.APPROVE, DecisionName.DECLINE, DecisionName.CANCEL, DecisionName.MOVE_UP, DecisionName.PUT_BACK)


def title_of(verb: str) -> "_StrPromise":
    return _TITLE_OF_LINK if verb == SEND_LINK else DECISIONS[DecisionName(verb)].of_many


def fits(verb: str) -> frozenset[State]:
    return frozenset(set(State) - ENDED) if verb == SEND_LINK else DECISIONS[DecisionName(verb)].fits


def _asking(verb: str) -> Callable[..., HttpResponse | None]:
    """The command of the list that asks about `verb` and then does it."""

    def command(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        return _decide(model_admin, request, queryset, verb)

    command.__name__ = f"{verb}_them"
    return admin.action(command, permissions=["decide"], description=title_of(verb))


def may_decide(request: HttpRequest) -> bool:
    return request.user.has_perm("registration.change_participant")


def _decide(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet[Participant], verb: str) -> HttpResponse | None:
    if "confirmed" in request.POST:  # whoever was decided about meanwhile may be hidden by the list's filter, and is told of
        queryset = Participant.objects.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
    chosen = queryset.select_related("workshop", "quota__province").order_by("sort_key", "pk")
    people = list(chosen[: MAX_PEOPLE + 1])
    if len(people) > MAX_PEOPLE:
        messages.error(request, _("Choose at most %(n)s people at a time.") % {"n": local_digits(MAX_PEOPLE)})
        return None
    fitting = [person for person in people if person.state in fits(verb)]
    form = _form(request, verb)
    if "confirmed" in request.POST and (form is None or form.is_valid()):
        _do(request, verb, people, form)
        return None
    if not fitting:
        messages.warning(request, _("This cannot be done for any of the people you selected."))
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title_of(verb),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "verb": verb,
        **_reason(verb, form),
        "minutes": _minutes(verb, fitting),
        "fitting": fitting,
        "others": [person for person in people if person.state not in fits(verb)],
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/registration/participant/decide.html", context)


def _reason(verb: str, form: DecisionForm | None) -> dict[str, object]:
    """What is asked about the reason: nothing where none is kept."""
    decision = DECISIONS[DecisionName(verb)] if verb in set(DECISIONS) else None
    if decision is None or not decision.takes_reason:
        return {"form": None}
    return {"form": form, "needs_reason": decision.needs_reason, "is_final": decision.is_final}


def _do(request: HttpRequest, verb: str, people: list[Participant], form: DecisionForm | None) -> None:
    by = Actor(ActorKind.STAFF, request.user)
    result = (
        _send_links(people)
        if form is None
        else in_words(DecisionName(verb), each(in_order(DecisionName(verb), people), decide_by(form, by)))
    )
    for sentence in result.done:
        messages.success(request, sentence)
    for problem in result.problems:
        messages.warning(request, problem)


def _minutes(verb: str, people: list[Participant]) -> int:
    """How long what is decided about `people` can be taken back; 0 where it takes effect at once."""
    is_delayed = verb in set(DECISIONS) and DECISIONS[DecisionName(verb)].is_delayed
    return max((person.workshop.decision_minutes for person in people), default=0) if is_delayed else 0


def _form(request: HttpRequest, verb: str) -> DecisionForm | None:
    if verb == SEND_LINK:
        return None
    if "confirmed" not in request.POST:
        return DecisionForm()
    return DecisionForm({**request.POST.dict(), "verb": verb, "people": request.POST.getlist("people")})


def _send_links(people: list[Participant]) -> Result:
    live = [person for person in people if person.is_live]
    outcome = each(live, lambda person: send_link(participant=person))
    result = Result(problems=[f"{person.full_name}: {why_not(person, error)}" for person, error in outcome.refused])
    result.problems += [_("%(name)s: the registration has ended") % {"name": person.full_name} for person in people if not person.is_live]
    if n := len(outcome.done):
        words = ngettext("%(n)s personal link is on its way.", "%(n)s personal links are on their way.", n)
        result.done = [words % {"n": local_digits(n)}]
    return result


def decisions_about(person: Participant) -> list[tuple[str, str]]:
    """The commands of the list that lead somewhere for `person`, each with its label; for the person's own page."""
    return [(f"{verb}_them", DECISIONS[verb].label) for verb in VERBS if person.state in fits(verb)]


#: The commands `approve_them`, `decline_them`, … of a list of participants.
COMMANDS = [_asking(verb) for verb in (*VERBS, SEND_LINK)]
