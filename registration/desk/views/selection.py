"""Selecting at the desk: a draft that the province's coordinators share, and announcing it."""

import datetime as dt
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registration import responses
from registration.audit import trail
from registration.choices import State
from registration.desk.forms.selection import AnnounceForm, SelectionForm, ShownForm
from registration.errors import AlreadyAnnounced, DraftChanged, TooManySelected, WorkshopOver
from registration.exports.papers.proposal import proposal_pdf
from registration.exports.proposal import proposal, write_docx, write_xlsx
from registration.mail import compose as mails
from registration.models import Coordinator, Delivery, Invitation, Participant, Quota, Selection
from registration.security import access
from registration.security.access import signed_in
from registration.security.mailboxes import shared_mailboxes
from registration.selection.actions.announcements import announce, announce_now, take_announcement_back
from registration.selection.actions.drafts import announced_plan, current_plan, save_draft, selection_of
from registration.selection.rules import Outcome, Plan, rearranged
from sessions.formats import local_digits, moment_short
from sessions.models import StakeholderGroup, Workshop

#: The sheet counts the ticks of so many groups without a script.
MAX_COUNTED_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the list: a person, what the draft says, and where they come from."""

    person: Participant
    outcome: Outcome
    place: int | None
    #: So many registrations, theirs among them, have one mailbox.
    from_mailbox: int = 0

    @property
    def is_selected(self) -> bool:
        return self.outcome == Outcome.SELECTED

    @property
    def is_left_out(self) -> bool:
        return self.outcome == Outcome.NOT_SELECTED

    @property
    def source(self) -> str:
        if getattr(self.person, "invitation", None):
            return _("accepted an invitation")
        return _("registered themselves") if self.person.consent_version else _("nominated by the province")


@dataclass(slots=True)
class GroupOfCandidates:
    """A stakeholder group with its rows as they are shown, and its share of the whole."""

    number: int
    group: StakeholderGroup | None
    rows: list[Candidate] = field(default_factory=list)
    selected: int = 0
    everybody: int = 0

    @property
    def counter(self) -> str:
        return f"g{self.number}" if self.number <= MAX_COUNTED_GROUPS else ""


@never_cache
@signed_in
def desk_selection(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = _selecting_quota_or_404(request, slug, code)
    selection = selection_of(quota)
    if request.method == "POST":
        return _save(request, quota, selection)
    plan = current_plan(quota, selection)
    return _page(request, quota, selection, plan)


def _selecting_quota_or_404(request: HttpRequest, slug: str, code: str) -> Quota:
    quota = access.desk_or_404(request.user, slug, code)
    if quota.workshop.anonymised_at or quota.workshop.decision != Workshop.Decision.SELECTION:
        raise Http404
    return quota


def _save(request: HttpRequest, quota: Quota, selection: Selection) -> HttpResponse:
    by = access.decider_or_403(request.user, quota)
    form = SelectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The page is out of date. Reload it and decide again."))
        return redirect("desk_selection", quota.workshop.slug, quota.code)
    keys = dict(Participant.objects.to_select_from().filter(quota=quota).values_list("code", "pk"))
    picked = {keys[code] for code in form.picked if code in keys}
    wanted = {keys[code]: place for code, place in form.wanted.items() if code in keys}
    try:
        save_draft(quota=quota, version=form.cleaned_data["version"], picked=picked, wanted=wanted, by=by)
    except DraftChanged as changed:
        # What was ticked is shown on top of what the colleague saved: to save again is a decision, and nothing is lost by it.
        theirs = current_plan(quota, changed.selection)
        return _page(request, quota, changed.selection, rearranged(theirs, picked, wanted), theirs=theirs, status=409)
    except AlreadyAnnounced:
        messages.warning(request, _("Not saved: the result has been announced."))
        return redirect("desk_selection", quota.workshop.slug, quota.code)
    if "review" in request.POST:
        return redirect("desk_selection_review", quota.workshop.slug, quota.code)
    messages.success(request, _("The draft is saved. Nobody has been told anything."))
    query = ShownForm(request.POST).query
    place = reverse("desk_selection", args=[quota.workshop.slug, quota.code])
    return redirect(f"{place}?{urlencode(query)}" if query else place)


def _page(
    request: HttpRequest, quota: Quota, selection: Selection, plan: Plan, *, theirs: Plan | None = None, status: int = 200
) -> HttpResponse:
    shown = ShownForm(request.POST if request.method == "POST" else request.GET)
    rows = _candidates(plan, shown.cleaned_data.get("show", ""), shared_mailboxes(quota))
    by = access.actor_at(request.user, quota)
    trail.record_view(by=by or access.reader(request.user), what="desk selection", count=len(rows), quota=quota)
    sort = shown.cleaned_data.get("sort") or "group"
    groups = _in_groups(quota, plan, rows)
    context = {
        "workshop": quota.workshop,
        "quota": quota,
        "selection": selection,
        "plan": plan,
        "groups": groups,
        "lists": groups if sort == "group" else [GroupOfCandidates(0, None, sorted(rows, key=_ORDERS[sort]))],
        "shown": shown,
        "places": range(1, len(plan.reserve) + len(plan.selected) + len(plan.not_selected) + 1),
        "seats": quota.left,
        "too_many": quota.left is not None and len(plan.selected) > quota.left,
        "may_decide": by is not None and selection.is_draft,
        "may_take_back": by is not None and selection.due_at is not None and selection.announced_at is None,
        "differences": _differences(plan, theirs) if theirs else [],
        "colleagues": Coordinator.objects.active().filter(quota=quota).exclude(user=request.user.pk).select_related("user"),
        "days_left": _days_left(quota.workshop),
    }
    return render(request, "registration/desk/selection/desk_selection.html", context, status=status)


def _days_left(workshop: Workshop) -> int | None:
    if workshop.announce_by is None:
        return None
    return (timezone.localdate(workshop.announce_by) - timezone.localdate()).days


def _candidates(plan: Plan, show: str, mailboxes: dict[int, list[int]]) -> list[Candidate]:
    places, outcomes = plan.places(), plan.outcomes()
    everybody = [
        Candidate(person, outcomes[person.pk], places.get(person.pk), len(mailboxes.get(person.pk, ()))) for person in plan.everybody
    ]
    return [row for row in everybody if not show or row.outcome == show]


_OUTCOMES = list(Outcome)
_ORDERS: dict[str, Any] = {
    "name": lambda row: (row.person.sort_key, row.person.pk),
    "organisation": lambda row: (row.person.organisation, row.person.sort_key, row.person.pk),
    "arrival": lambda row: (row.person.ticket or 0, row.person.pk),
    "outcome": lambda row: (_OUTCOMES.index(row.outcome), row.place or 0, row.person.sort_key),
}


def _in_groups(quota: Quota, plan: Plan, rows: list[Candidate]) -> list[GroupOfCandidates]:
    coming = {person.group_id for person in plan.everybody}
    known = [group for group in quota.workshop.groups.all() if group.scope == quota.group_scope or group.pk in coming]
    groups = {group.pk: GroupOfCandidates(number, group) for number, group in enumerate(known, start=1)}
    selected = {person.pk for person in plan.selected}
    for person in plan.everybody:
        groups[person.group_id].everybody += 1
        groups[person.group_id].selected += person.pk in selected
    for row in sorted(rows, key=_ORDERS["arrival"]):
        groups[row.person.group_id].rows.append(row)
    return list(groups.values())


def _differences(mine: Plan, theirs: Plan) -> list[str]:
    other = theirs.outcomes()
    return [
        _("%(name)s: you “%(mine)s”, the colleague “%(theirs)s”")
        % {"name": person.full_name, "mine": outcome.label, "theirs": other[person.pk].label}
        for person, outcome, _place in mine.marks()
        if person.pk in other and other[person.pk] != outcome
    ]


@never_cache
@signed_in
def desk_selection_review(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = _selecting_quota_or_404(request, slug, code)
    selection = selection_of(quota)
    if not selection.is_draft:
        return redirect("desk_selection", slug, code)
    form = AnnounceForm(initial={"version": selection.version})
    if request.method == "POST":
        by = access.decider_or_403(request.user, quota)
        form = AnnounceForm(request.POST)
        if form.is_valid() and (answer := _announce(request, quota, form, by)):
            return answer
        selection.refresh_from_db()
    by_or_none = access.actor_at(request.user, quota)
    plan = current_plan(quota, selection)
    trail.record_view(by=by_or_none or access.reader(request.user), what="desk selection", count=len(plan.everybody), quota=quota)
    context = {"selection": selection, "form": form, "may_decide": by_or_none is not None} | _to_review(quota, plan)
    return render(request, "registration/desk/selection/desk_selection_review.html", context, status=200)


def _to_review(quota: Quota, plan: Plan) -> dict[str, object]:
    """What a province looks at before its selection is announced."""
    groups, sharing = _in_groups(quota, plan, []), shared_mailboxes(quota)
    return {
        "workshop": quota.workshop,
        "quota": quota,
        "plan": plan,
        "too_many": quota.left is not None and len(plan.selected) > quota.left,
        "free": None if quota.left is None else max(quota.left - len(plan.selected), 0),
        "missing": [entry.group for entry in groups if not entry.selected],
        "unopened": [person for person in plan.selected if person.link_opened_at is None and person.consent_version],
        "sharing": [person for person in plan.selected if person.pk in sharing],
        "unanswered": Invitation.objects.open().filter(quota=quota).order_by("email"),
        "takes_effect_at": timezone.now() + dt.timedelta(minutes=quota.workshop.decision_minutes),
    }


def _announce(request: HttpRequest, quota: Quota, form: AnnounceForm, by: Any) -> HttpResponse | None:
    """The way on; None where the page has to be looked at once more."""
    given = form.cleaned_data
    try:
        announce(quota=quota, version=given["version"], memo=given["memo"], at_once=given["at_once"], by=by)
    except DraftChanged as changed:
        who = changed.selection.saved_by
        name = who.get_full_name() or who.get_username() if who else ""
        said = _("Not announced: %(name)s changed the draft at %(when)s. Look it through once more.")
        when = moment_short(changed.selection.saved_at) if changed.selection.saved_at else ""
        form.add_error(None, said % {"name": name, "when": when})
        return None
    except TooManySelected as error:
        said = _("Not announced: %(n)s people are selected for %(seats)s seats.")
        form.add_error(None, said % {"n": local_digits(error.selected), "seats": local_digits(error.seats)})
        return None
    except WorkshopOver:
        form.add_error(None, _("Not announced: the workshop is over."))
        return None
    except AlreadyAnnounced:
        pass  # pressed twice: the page says how it stands
    return redirect("desk_selection", quota.workshop.slug, quota.code)


@never_cache
@signed_in
@require_POST
def desk_selection_back(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = _selecting_quota_or_404(request, slug, code)
    by = access.decider_or_403(request.user, quota)
    try:
        if "now" in request.POST:
            announce_now(quota=quota, by=by)
            messages.success(request, _("The result is announced."))
        else:
            take_announcement_back(quota=quota, by=by)
            messages.success(request, _("Taken back. Nobody was told anything, and the draft can be changed again."))
    except AlreadyAnnounced as error:
        if error.selection.announced_at:
            messages.warning(request, _("The result was announced already; it can no longer be taken back."))
    return redirect("desk_selection", slug, code)


#: What each outcome's person is mailed.
_MAILS = {Outcome.SELECTED: "confirmed", Outcome.RESERVE: "reserve", Outcome.NOT_SELECTED: "declined"}
_STATES = {Outcome.SELECTED: State.CONFIRMED, Outcome.RESERVE: State.WAITLISTED, Outcome.NOT_SELECTED: State.DECLINED}


@never_cache
@signed_in
@require_safe
def desk_selection_mail(request: HttpRequest, slug: str, code: str, outcome: str) -> HttpResponse:
    quota = _selecting_quota_or_404(request, slug, code)
    plan = current_plan(quota, selection_of(quota))
    person = next((person for person, found, _place in plan.marks() if found == outcome), None)
    if person is None:
        raise Http404
    kind = Outcome(outcome)
    details = {"state": _STATES[kind], "place": 1, "tracks_full": []}
    delivery = Delivery(message=_MAILS[kind], participant=person, email=person.email, details=details, created_at=timezone.now())
    mail = mails.compose(delivery, for_show=True)
    context = {"workshop": quota.workshop, "quota": quota, "person": person, "mail": mail}
    return render(request, "registration/desk/selection/desk_selection_mail.html", context)


@never_cache
@signed_in
@require_safe
def desk_selection_paper(request: HttpRequest, slug: str, code: str, kind: str) -> HttpResponse | FileResponse:
    if kind not in ("docx", "xlsx", "pdf"):
        raise Http404
    quota, at = _selecting_quota_or_404(request, slug, code), timezone.now()
    selection = selection_of(quota)
    plan = announced_plan(quota) if selection.announced_at else current_plan(quota, selection)
    content = proposal(quota, plan, is_announced=bool(selection.announced_at), at=at)
    by = access.actor_at(request.user, quota) or access.reader(request.user)
    trail.record_download(by=by, what="selection", count=len(plan.selected) + len(plan.reserve), quota=quota, at=at)
    name = f"{slug}-{code}-{timezone.localdate(at):%Y-%m-%d}.{kind}"
    if kind == "pdf":
        return responses.pdf(proposal_pdf(content), name)
    file = BytesIO()
    if kind == "docx":
        write_docx(file, content)
        return responses.docx(file, name)
    write_xlsx(file, content)
    return responses.xlsx(file, name)
