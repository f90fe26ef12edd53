"""The list of a desk: what was asked for, one page of it, and one person with all that is known."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from registration.audit import trail
from registration.choices import ENDED, SEAT_HOLDING, Command, State
from registration.desk.forms.decision import REASONS
from registration.desk.views.results import take_result
from registration.invitations.actions.substitutes import asked_by
from registration.models import DelayedDecision, Participant, Quota
from registration.models.participant import ParticipantQuerySet
from registration.people.display_names import namesakes, zoom_name
from registration.people.filters import UNOPENED
from registration.people.search import search
from registration.seats.decisions import DECISIONS
from registration.security import access
from registration.security.access import signed_in
from sessions.models import StakeholderGroup

PAGE = 50


class PeopleForm(forms.Form):
    """What of the list is asked for. What is not understood is left out of account."""

    q = forms.CharField(required=False, max_length=100)
    state = forms.ChoiceField(required=False, choices=[("", _("All states")), *State.choices, (UNOPENED, _("link not opened yet"))])
    group = forms.ModelChoiceField(StakeholderGroup.objects.none(), required=False, to_field_name="code", empty_label=_("All groups"))

    def __init__(self, data: QueryDict, quota: Quota) -> None:
        super().__init__(data)
        self.fields["group"].queryset = quota.workshop.groups.all()  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def asked(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(slots=True)
class DeskRow:
    """A person, and what can be decided about them as things stand."""

    person: Participant
    place: int | None = None
    free: int | None = 0
    is_unopened: bool = False
    #: What was decided about them and is not in effect yet.
    decision: DelayedDecision | None = None
    #: Who would get their seat.
    heir: Participant | None = None
    #: Nobody gets a seat any more.
    is_over: bool = False

    @property
    def key(self) -> str:
        return f"{self.person.code}:{self.person.state}"

    def _can(self, command: Command) -> bool:
        gives_seat = command in (Command.APPROVE, Command.MOVE_UP, Command.PUT_BACK)
        return self.decision is None and self.person.state in DECISIONS[command].fits and not (gives_seat and self.is_over)

    @property
    def can_approve(self) -> bool:
        return self._can(Command.APPROVE)

    @property
    def can_decline(self) -> bool:
        return self._can(Command.DECLINE)

    @property
    def can_cancel(self) -> bool:
        return self._can(Command.CANCEL)

    @property
    def can_move_up(self) -> bool:
        return self._can(Command.MOVE_UP) and self.free != 0

    @property
    def can_swap(self) -> bool:
        return self._can(Command.MOVE_UP)

    @property
    def waits(self) -> bool:
        return self.person.state == State.WAITLISTED

    @property
    def can_put_back(self) -> bool:
        return self._can(Command.PUT_BACK)

    @property
    def is_gone(self) -> bool:
        return self.person.state in ENDED


@dataclass(slots=True)
class People:
    """One page of those who were asked for."""

    form: PeopleForm
    page: Page
    rows: list[DeskRow]
    query: str

    @property
    def can_approve(self) -> bool:
        return any(row.can_approve for row in self.rows)

    @property
    def can_move_up(self) -> bool:
        return any(row.can_move_up for row in self.rows)

    @property
    def can_put_back(self) -> bool:
        return any(row.can_put_back for row in self.rows)

    @property
    def can_decline(self) -> bool:
        return any(row.can_decline for row in self.rows)


def people_of(quota: Quota, asked: QueryDict, free: int | None, *, is_over: bool = False) -> People:
    """The page of the list of `quota` that `asked` (a query string) means. `free` seats are left; None: no limit.

    When the workshop `is_over`, nobody gets a seat any more.
    """
    form = PeopleForm(asked, quota)
    found = Participant.objects.known().filter(quota=quota).select_related("group")
    shown = _asked_for(found, form.asked).with_unopened()
    page = Paginator(shown, PAGE).get_page(asked.get("page"))
    line = places(quota)
    waiting_decisions, heir = open_decisions(quota), next_in_line(quota)
    rows = [
        DeskRow(
            person,
            line.get(person.pk),
            free,
            person.is_unopened,  # type: ignore[attr-defined]
            waiting_decisions.get(person.pk),
            heir if person.state in SEAT_HOLDING else None,
            is_over,
        )
        for person in page
    ]
    return People(form, page, rows, _query(asked))


def open_decisions(quota: Quota) -> dict[int, DelayedDecision]:
    """What is not in effect yet, by each person whom it concerns. One query."""
    decisions = DelayedDecision.objects.open().filter(quota=quota).select_related("participant", "successor", "decided_by")
    return {pk: decision for decision in decisions for pk in (decision.participant_id, decision.successor_id) if pk}


def next_in_line(quota: Quota) -> Participant | None:
    leaving = DelayedDecision.objects.open().filter(quota=quota, command__in=[Command.DECLINE, Command.CANCEL])
    return Participant.objects.known().waiting().filter(quota=quota).exclude(pk__in=leaving.values("participant")).first()


def places(quota: Quota) -> dict[int, int]:
    """Where each waiting person of `quota` stands: 1 is next."""
    line = Participant.objects.waiting().filter(quota=quota).values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(line, start=1)}


def _asked_for(people: ParticipantQuerySet, asked: dict[str, Any]) -> ParticipantQuerySet:
    if asked.get("state") == UNOPENED:
        people = people.unproven()
    elif "state" in asked:
        people = people.filter(state=asked["state"])
    if "group" in asked:
        people = people.filter(group=asked["group"])
    if "q" in asked:
        people = search(people, asked["q"])  # type: ignore[assignment]
    in_line = asked.get("state") == State.WAITLISTED
    return people.order_by("ticket") if in_line else people.order_by("sort_key", "pk")


def _query(asked: QueryDict) -> str:
    query = QueryDict(mutable=True)
    for name in ("q", "state", "group", "page"):
        if asked.get(name):
            query[name] = str(asked[name])
    return query.urlencode()


@never_cache
@signed_in
def desk_person(request: HttpRequest, slug: str, code: str, person: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    participant = access.person_or_404(quota, person)
    by = access.actor_at(request.user, quota)
    trail.record_view(by=by or access.reader(request.user), what="desk person", count=1, quota=quota, participant=participant)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "participant": participant,
        "row": DeskRow(
            participant,
            places(quota).get(participant.pk),
            quota.left,
            participant.is_unopened,  # type: ignore[attr-defined]
            open_decisions(quota).get(participant.pk),
            next_in_line(quota) if participant.state in SEAT_HOLDING else None,
            quota.workshop.standing().is_over,
        ),
        "may_decide": by is not None,
        "substitute": asked_by(participant) if participant.state == State.CONFIRMED else None,
        "came_for": Participant.objects.known().filter(substitutes__participant=participant).first(),
        "zoom_name": zoom_name(participant, namesakes(participant)),
        "events": participant.events.select_related("actor").order_by("-pk"),
        "deliveries": participant.deliveries.order_by("-pk"),
        "reasons": REASONS,
        "result": take_result(request),
    }
    return render(request, "registration/desk/desk_person.html", context)
