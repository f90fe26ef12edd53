"""What a system reads about people. Each page that it gets stands in the audit trail, as files that staff take along do."""

from collections.abc import Mapping
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from registration.api.callers import Caller, Token
from registration.api.endpoints.programme import caller_of
from registration.api.kept import private
from registration.api.paging import ROWS, Cursor, Limit, page
from registration.api.schemas.people import AttendanceOut, AttendancesOut, CertificateOut, CertificatesOut, PeopleOut, PersonOut
from registration.api.tokens import Scope
from registration.audit import trail
from registration.choices import State
from registration.models import Attendance, Certificate, Quota
from registration.models.participant import ParticipantQuerySet
from sessions.models import Workshop

router = Router(tags=["people"])

Place = Annotated[str | None, Query(None, pattern="^([0-9]{2}|central)$", description="A province’s two digits, or central")]


@router.get(
    "/workshops/{slug:slug}/people", response=PeopleOut, auth=Token(Scope.READ_PEOPLE), operation_id="people",
    summary="People of a workshop or province, by state",
)  # fmt: skip
def people(
    request: HttpRequest, slug: str, state: State | None = None, place: Place = None, cursor: Cursor = None, limit: Limit = ROWS
) -> HttpResponse:
    caller = caller_of(request)
    workshop, quota, found = _of(caller, slug, place)
    found = found.with_choices()
    rows, following = page(found.filter(state=state) if state else found, cursor=cursor, limit=limit)
    _written(caller, "api people", len(rows), workshop, quota, {"state": state.value} if state else {})
    with_contact = caller.allows(Scope.READ_CONTACTS)
    return private(PeopleOut(items=[PersonOut.of(person, with_contact=with_contact) for person in rows], next=following))


@router.get(
    "/people/{slug:code}", response=PersonOut, auth=Token(Scope.READ_PEOPLE), operation_id="person",
    summary="One person, by reference code",
)  # fmt: skip
def person(request: HttpRequest, code: str) -> HttpResponse:
    caller = caller_of(request)
    found = caller.person(code)
    trail.record_view(by=caller.by, what="api person", count=1, participant=found)
    return private(PersonOut.of(found, with_contact=caller.allows(Scope.READ_CONTACTS)))


@router.get(
    "/workshops/{slug:slug}/attendance", response=AttendancesOut, auth=Token(Scope.READ_ATTENDANCE), operation_id="attendance",
    summary="Minutes of attendance, by reference code",
)  # fmt: skip
def attendance(request: HttpRequest, slug: str, place: Place = None, cursor: Cursor = None, limit: Limit = ROWS) -> HttpResponse:
    """Without those who objected to the use of their attendance."""
    caller = caller_of(request)
    workshop, quota, found = _of(caller, slug, place)
    known = Attendance.objects.filter(participant__in=found, participant__attendance_stop=None, day__workshop=workshop)
    rows, following = page(known.select_related("participant", "day", "track"), cursor=cursor, limit=limit)
    _written(caller, "api attendance", len({row.participant_id for row in rows}), workshop, quota, {})
    return private(AttendancesOut(items=[AttendanceOut.of(row) for row in rows], next=following))


@router.get(
    "/workshops/{slug:slug}/certificates", response=CertificatesOut, auth=Token(Scope.READ_CERTIFICATES), operation_id="certificates",
    summary="Certificates, by reference code",
)  # fmt: skip
def certificates(request: HttpRequest, slug: str, place: Place = None, cursor: Cursor = None, limit: Limit = ROWS) -> HttpResponse:
    """Without those that still wait for the office’s seal, and those that were removed at the person’s wish."""
    caller = caller_of(request)
    workshop, quota, found = _of(caller, slug, place)
    given = Certificate.objects.filter(workshop=workshop, participant__in=found, awaits_seal=False, removed_at=None)
    rows, following = page(given.select_related("participant"), cursor=cursor, limit=limit)
    _written(caller, "api certificates", len(rows), workshop, quota, {})
    return private(CertificatesOut(items=[CertificateOut.of(row) for row in rows], next=following))


def _of(caller: Caller, slug: str, place: str | None) -> tuple[Workshop, Quota | None, ParticipantQuerySet]:
    """The workshop, the place that was asked for or that the token is for, and the people of it within reach. Raises Http404."""
    workshop = caller.workshop(slug)
    code = place or caller.known.place_code
    quota = caller.place(workshop, code) if code else None
    found = caller.people().filter(workshop=workshop)
    return workshop, quota, found.filter(quota=quota) if quota else found


def _written(caller: Caller, what: str, count: int, workshop: Workshop, quota: Quota | None, filters: Mapping[str, str]) -> None:
    trail.record_download(by=caller.by, what=what, count=count, workshop=workshop, quota=quota, filters=filters)
