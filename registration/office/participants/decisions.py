"""Decisions of staff about some of the list's people: asked on a page that names them, then done one by one by actions."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registration.actor import Actor, ActorKind
from registration.choices import State
from registration.desk.forms.decision import MAX_PEOPLE, DecisionForm
from registration.desk.views.decisions import IN_ORDER
from registration.desk.views.results import Result, in_words
from registration.links.actions.personal_links import send_link
from registration.models import Participant
from registration.office.audited import AuditedAdmin
from registration.people.batches import Outcome, each
from registration.seats.actions import decisions
from sessions.formats import local_digits

#: What the page is called and its button says, by verb.
TITLES = {
    "approve": gettext_lazy("Confirm the seats"),
    "decline": gettext_lazy("Decline with a reason"),
    "cancel": gettext_lazy("Cancel the registrations"),
    "move_up": gettext_lazy("Move up from the waiting list"),
    "put_back": gettext_lazy("Put back on the list"),
    "send_link": gettext_lazy("Send the personal link again"),
}

#: From which states each leads somewhere; the page says of the others that nothing will happen to them.
FITTING: dict[str, frozenset[State]] = {
    "approve": frozenset({State.PENDING}),
    "decline": frozenset({State.PENDING, State.CONFIRMED, State.WAITLISTED, State.OFFERED}),
    "cancel": frozenset({State.PENDING, State.CONFIRMED, State.WAITLISTED, State.OFFERED}),
    "move_up": frozenset({State.WAITLISTED}),
    "put_back": frozenset({State.DECLINED, State.CANCELLED}),
    "send_link": frozenset({State.PENDING, State.CONFIRMED, State.WAITLISTED, State.OFFERED}),
}


def _asking(verb: str) -> Callable[..., HttpResponse | None]:
    """The command of the list that asks about `verb` and then does it."""

    def command(model_admin: "DecidingMixin", request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        return model_admin.decide(request, queryset, verb)

    command.__name__ = f"{verb}_them"
    return admin.action(command, permissions=["decide"], description=TITLES[verb])


class DecidingMixin(AuditedAdmin):
    """The commands `approve_them`, `decline_them`, … for a list of participants."""

    deciding_actions = [_asking(verb) for verb in TITLES]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("registration.change_participant")

    def decide(self, request: HttpRequest, queryset: QuerySet[Participant], verb: str) -> HttpResponse | None:
        """Shows who is meant; once that was confirmed, does it to each in a transaction of its own and tells what came of it."""
        if "confirmed" in request.POST:  # whoever was decided about meanwhile may be hidden by the list's filter, and is told of
            queryset = Participant.objects.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME))
        chosen = queryset.select_related("workshop", "quota__province").order_by("sort_key", "pk")
        people = list(chosen[: MAX_PEOPLE + 1])
        if len(people) > MAX_PEOPLE:
            most = _("Choose at most %(n)s people at a time.") % {"n": local_digits(MAX_PEOPLE)}
            self.message_user(request, most, messages.ERROR)
            return None
        fitting = [person for person in people if person.state in FITTING[verb]]
        form = _form(request, verb)
        if "confirmed" in request.POST and (form is None or form.is_valid()):
            self._do(request, verb, people, form)
            return None
        if not fitting:
            self.message_user(request, _("Nobody among those you chose is in a state in which this can be done."), messages.WARNING)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[verb],
            "opts": self.opts,
            "media": self.media,
            "verb": verb,
            "form": form,
            "fitting": fitting,
            "others": [person for person in people if person.state not in FITTING[verb]],
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/registration/participant/decide.html", context)

    def _do(self, request: HttpRequest, verb: str, people: list[Participant], form: DecisionForm | None) -> None:
        if verb in IN_ORDER:
            people.sort(key=IN_ORDER[verb])
        elif verb == "cancel":  # as declining: who waits first, so that no freed seat goes to somebody cancelled next
            people.sort(key=IN_ORDER["decline"])
        by = Actor(ActorKind.STAFF, request.user)
        result = _result(verb, each([p for p in people if verb != "send_link" or p.is_live], _deed(verb, form, by)))
        if verb == "send_link":
            ended = [person for person in people if not person.is_live]
            result.problems += [_("%(name)s: the registration has ended") % {"name": person.full_name} for person in ended]
        for sentence in result.done:
            self.message_user(request, sentence, messages.SUCCESS)
        for problem in result.problems:
            self.message_user(request, problem, messages.WARNING)


def _form(request: HttpRequest, verb: str) -> DecisionForm | None:
    """The reason, where one is needed; empty until it was sent, with the states in which the people were shown."""
    if verb != "decline":
        return None
    if "confirmed" not in request.POST:
        return DecisionForm()
    return DecisionForm({**request.POST.dict(), "verb": verb, "people": request.POST.getlist("people")})


def _deed(verb: str, form: DecisionForm | None, by: Actor) -> Callable[[Participant], list[Participant] | None]:
    if form is not None:
        shown = form.cleaned_data["people"]
        return lambda person: decisions.decline(
            participant=person, reason=form.reason_for(person.language), seen=shown.get(person.code, State(person.state)), by=by
        )
    if verb == "send_link":
        return lambda person: send_link(participant=person)
    plain: dict[str, Callable[..., list[Participant] | None]] = {
        "approve": decisions.approve,
        "cancel": decisions.cancel,
        "move_up": decisions.move_up,
        "put_back": decisions.put_back,
    }
    return lambda person: plain[verb](participant=person, by=by)


def _result(verb: str, outcome: Outcome) -> Result:
    """What came of it, in the words of the desk where it knows the verb."""
    result = in_words(verb, outcome)
    n = len(outcome.done)
    if n and verb == "cancel":
        words = ngettext("%(n)s registration was cancelled.", "%(n)s registrations were cancelled.", n)
        result.done = [words % {"n": local_digits(n)}]
    elif n and verb == "send_link":
        words = ngettext("%(n)s personal link is on its way.", "%(n)s personal links are on their way.", n)
        result.done = [words % {"n": local_digits(n)}]
    return result
