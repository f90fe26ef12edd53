"""What a system does: registering people and deciding about them, by the forms and actions of the pages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext
from ninja import Router

from registration.api.callers import Caller, Token
from registration.api.endpoints.programme import caller_of
from registration.api.faults import of_form
from registration.api.idempotency import once
from registration.api.kept import private
from registration.api.problems import Code, FieldError, Problem
from registration.api.schemas.registrations import DecidedOut, DecisionIn, RegisteredOut, RegistrationIn, TakenBackOut
from registration.api.tokens import Scope
from registration.choices import DecisionName, State
from registration.decisions.actions import take_back
from registration.decisions.commands import DECISIONS
from registration.errors import AlreadyRegistered, IllegalMove
from registration.forms.by_hand import ByHandForm
from registration.forms.decision import DecisionForm, decide_by
from registration.models import DelayedDecision, Participant, Quota
from registration.people.actions.registrations import register
from registration.people.alike import registered_at_the_same_address
from registration.people.registration_options import RegistrationOptions
from registration.privacy.notice import NOTICE_VERSION
from registration.seats.actions.reserve import accept_offer
from registration.security.access import quotas_of_token

router = Router(tags=["registrations"], auth=Token(Scope.WRITE_REGISTRATIONS))

#: The names of the form's fields where the API has others; those of tracks end with a session.
NAMES = {
    "province": "place",
    "by_contact": "email_is_passed_on",
    "consent": "privacy_notice_read",
    "waitlist_ok": "waits_if_full",
}


@router.post(
    "/workshops/{slug:slug}/registrations", response={201: RegisteredOut}, operation_id="register", summary="Register somebody",
)  # fmt: skip
def registrations(request: HttpRequest, slug: str, payload: RegistrationIn) -> HttpResponse:
    caller = caller_of(request)
    quota = caller.place(caller.workshop(slug), payload.place)
    return once(request, caller, lambda submission: _register(caller, quota, payload, submission))


def _register(caller: Caller, quota: Quota, said: RegistrationIn, submission: UUID) -> HttpResponse:
    form = ByHandForm(_as_typed(said, quota, submission), options=RegistrationOptions(quota.workshop, quota.code))
    form.asks = not said.as_written
    if not form.is_valid():
        if form.errors.keys() == {"waitlist_ok"}:
            raise Problem(Code.QUOTA_FULL)
        raise Problem(Code.INVALID, errors=of_form(form, NAMES))
    if form.entry.by_contact and (same := registered_at_the_same_address(form.person(), quota, but=submission)):
        raise AlreadyRegistered(same)
    person = register(application=form.application(form.entry, notice_version=NOTICE_VERSION, read_out=True), by=caller.by)
    response = private(RegisteredOut(code=person.code, state=State(person.state), workshop=quota.workshop.slug, place=quota.code))
    response.status_code, response.headers["Location"] = 201, f"/api/v1/people/{person.code}"
    return response


def _unknown_track() -> FieldError:
    return {"field": "tracks", "code": "unknown", "message": gettext("Choose a topic from the list, or choose one later.")}


def _as_typed(said: RegistrationIn, quota: Quota, submission: UUID) -> QueryDict:
    """What the form of the pages would have sent."""
    options = {name: value for name, value in said.model_dump().items() if isinstance(value, str)}
    ticks = {
        "by_contact": said.email_is_passed_on, "consent": said.privacy_notice_read, "waitlist_ok": said.waits_if_full,
        "no_last_name": said.no_last_name, "of_age": said.of_age, "guardian_agrees": said.guardian_agrees,
    }  # fmt: skip
    typed = QueryDict(mutable=True)
    typed.update({**options, "province": quota.code, "submission": str(submission)})
    typed.update({name: "on" for name, is_ticked in ticks.items() if is_ticked})
    days = {day.date: str(day.pk) for day in quota.workshop.days.all()}
    typed.setlist("days", [days.get(date, date.isoformat()) for date in said.days])
    if said.tracks:
        tracks = quota.workshop.quotas.of_tracks().values_list("track__item", "track__number", "track")
        known = {(session, number): track for session, number, track in tracks}
        for each in said.tracks:
            if (each.session, each.track) not in known:
                raise Problem(Code.INVALID, errors=[_unknown_track()])
            typed[f"track_{each.session}"] = str(known[each.session, each.track])
    return typed


@router.post("/people/{slug:code}/decisions", response=DecidedOut, operation_id="decide", summary="Decide about somebody")
def decisions(request: HttpRequest, code: str, payload: DecisionIn) -> HttpResponse:
    """Approve, take an approval back, move up, not select, cancel, put back: what the desk's buttons do, and under the same conditions."""
    caller = caller_of(request)
    found = caller.person(code)
    return once(request, caller, lambda _submission: _decide(caller, found, payload))


def _decide(caller: Caller, person: Participant, said: DecisionIn) -> HttpResponse:
    command = DecisionName(said.command)
    form = DecisionForm(
        {"verb": said.command, "people": [f"{person.code}:{said.seen}"], "words": said.reason, "at_once": "on" if said.at_once else ""}
    )
    if not form.is_valid():
        raise Problem(Code.INVALID, errors=of_form(form, {"words": "reason"}))
    is_over = person.workshop.standing().is_over
    if person.state != said.seen or not DECISIONS[command].leads_somewhere(person, is_over=is_over):
        raise IllegalMove(State(person.state), State(person.state))
    came_of_it = decide_by(form, caller.by)(person)
    waits = came_of_it if isinstance(came_of_it, DelayedDecision) else None
    moved_up = came_of_it if isinstance(came_of_it, list) else []
    person.refresh_from_db(fields=["state"])
    return private(
        DecidedOut(
            code=person.code,
            state=State(person.state),
            command=command,
            decision=waits.pk if waits else None,
            takes_effect_at=waits.due_at if waits else None,
            moved_up=[each.code for each in moved_up],
        )
    )


@router.post("/people/{slug:code}/accept", response=RegisteredOut, operation_id="accept", summary="Accept the seat that is offered to them")
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """For somebody who said so elsewhere, on the telephone say."""
    caller = caller_of(request)
    found = caller.person(code)
    return once(request, caller, lambda _submission: _accept(caller, found))


def _accept(caller: Caller, person: Participant) -> HttpResponse:
    accept_offer(participant=person, by=caller.by)
    return private(RegisteredOut(code=person.code, state=State(person.state), workshop=person.workshop.slug, place=person.quota.code))


@router.post(
    "/decisions/{int:number}/take-back", response=TakenBackOut, operation_id="take_back", summary="Take back what is not in effect yet",
)  # fmt: skip
def take_backs(request: HttpRequest, number: int) -> HttpResponse:
    caller = caller_of(request)
    reach = quotas_of_token(caller.known)
    known = DelayedDecision.objects.filter(pk=number, quota__in=reach).select_related("quota", "participant")
    found = known.first() if number < 2**63 else None
    if found is None:
        raise Http404
    return once(request, caller, lambda _submission: _take_back(caller, found))


def _take_back(caller: Caller, decision: DelayedDecision) -> HttpResponse:
    take_back(decision=decision, by=caller.by)
    person = decision.participant
    return private(TakenBackOut(code=person.code, state=State(person.state), decision=decision.pk))
