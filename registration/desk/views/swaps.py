"""Giving a seat to somebody who waits: a free one out of order, or another person's, with a look ahead."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from registration.actor import Actor
from registration.audit import trail
from registration.choices import DecisionName, State
from registration.decisions.actions import decide
from registration.decisions.delayed import open_decisions
from registration.decisions.results import Result, why_not
from registration.desk.forms.swap import FREE, REASONS, SwapForm
from registration.desk.views.kept_result import keep_result
from registration.errors import RegistrationError
from registration.models import DelayedDecision, Participant, Quota
from registration.seats import quotas, statistics
from registration.security import access
from registration.security.access import signed_in
from sessions.formats import clock_time
from sessions.models import StakeholderGroup


@dataclass(frozen=True, slots=True)
class GroupChange:
    """How many of a group hold a seat before and after."""

    group: StakeholderGroup
    before: int
    after: int


@never_cache
@signed_in
def desk_swap(request: HttpRequest, slug: str, code: str, person: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    successor = access.person_or_404(quota, person)
    by = access.decider_or_403(request.user, quota)
    if successor.state != State.WAITLISTED or successor.pk in open_decisions(quota):
        return redirect("desk_person", slug, code, person)
    given = request.POST if request.method == "POST" else request.GET
    form = SwapForm(given if "leaver" in given else None, quota=quota)
    is_chosen = form.is_bound and form.is_valid()
    if request.method == "POST" and is_chosen:
        keep_result(request, _decided(form, successor, by))
        return redirect(reverse("desk_person", args=[slug, code, person]) + "#result")
    trail.record_view(by=by, what="desk person", count=1, quota=quota, participant=successor)
    return render(request, "registration/desk/desk_swap.html", _context(quota, successor, form, is_chosen))


def _decided(form: SwapForm, successor: Participant, by: Actor) -> Result:
    leaver = form.cleaned_data["leaver"]
    about: dict[str, Any] = {"command": DecisionName.MOVE_UP, "participant": successor}
    if leaver:
        about = {"command": DecisionName.SWAP, "participant": leaver, "successor": successor}
        about |= {"leaves_to": form.cleaned_data["leaves_to"], "seen": State(leaver.state)}
    try:
        decision = decide(**about, reason=form.why, at_once=form.cleaned_data["at_once"], by=by)
    except RegistrationError as error:
        subject = leaver or successor
        return Result(problems=[f"{subject.full_name}: {why_not(subject, error)}"])
    if decision.state == DelayedDecision.State.DONE:
        return Result([_("The seat is given to %(name)s, who is told by e-mail.") % {"name": successor.full_name}])
    said = _("%(name)s gets the seat at %(when)s; until then nobody is told and no seat moves.")
    return Result([said % {"name": successor.full_name, "when": clock_time(decision.due_at)}], decisions=[decision.pk])


def _context(quota: Quota, successor: Participant, form: SwapForm, is_chosen: bool) -> dict[str, Any]:
    leaver = form.cleaned_data["leaver"] if is_chosen else None
    leaves_to = form.cleaned_data["leaves_to"] if is_chosen else State.WAITLISTED
    line = quotas.places_in_line(quota)
    place = line[successor.pk]
    seated = {share.group.pk: share.seated for share in statistics.statistics(quota).groups}
    return {
        "workshop": quota.workshop,
        "quota": quota,
        "participant": successor,
        "form": form,
        "reasons": REASONS,
        "place": place,
        "before": place - 1,
        "last_moved": place,
        "waiting": len(line),
        "has_free": quota.left != 0,
        "free": FREE,
        "is_chosen": is_chosen,
        "leaver": leaver,
        "leaves_to": leaves_to,
        "change": _change(successor, leaver, seated) if is_chosen else [],
        "is_out_of_order": place > 1,
        "takes_effect_at": timezone.now() + dt.timedelta(minutes=quota.workshop.decision_minutes),
        "mails": 2 if leaver else 1,
    }


def _change(successor: Participant, leaver: Participant | None, seated: dict[int, int]) -> list[GroupChange]:
    groups = {person.group_id: person.group for person in (successor, leaver) if person}
    gains = {successor.group_id: 1}
    if leaver:
        gains[leaver.group_id] = gains.get(leaver.group_id, 0) - 1
    return [GroupChange(group, seated.get(pk, 0), seated.get(pk, 0) + gains[pk]) for pk, group in groups.items()]
