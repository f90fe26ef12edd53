"""What everybody may know: workshops, what happens when, and how many places are left."""

from typing import cast

from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from registration.api.callers import Anybody, Caller
from registration.api.kept import kept
from registration.api.paging import ROWS, Cursor, Limit, page
from registration.api.schemas.parts import Text
from registration.api.schemas.programme import PlacesOut, ProgrammeDayOut, ProgrammeOut, WorkshopOut, WorkshopsOut
from registration.api.tokens import Scope
from registration.models import Quota
from registration.seats.overview import knowing_room
from registration.security.access import workshops_of_token
from sessions.addresses import in_every_language
from sessions.models import Track, Workshop, WorkshopDay, WorkshopQuerySet

router = Router(tags=["programme"], auth=Anybody())


@router.get("/workshops", response=WorkshopsOut, operation_id="workshops", summary="Workshops, the latest first")
def workshops(request: HttpRequest, cursor: Cursor = None, limit: Limit = ROWS) -> HttpResponse:
    caller = caller_of(request)
    return kept(request, caller, lambda: _page_of_workshops(caller, cursor, limit), page=f"{limit}:{cursor or ''}")


@router.get("/workshops/{slug:slug}", response=WorkshopOut, operation_id="workshop", summary="One workshop")
def workshop(request: HttpRequest, slug: str) -> HttpResponse:
    caller = caller_of(request)
    return kept(request, caller, lambda: _out(_one(_with_days(caller), slug)))


@router.get("/workshops/{slug:slug}/programme", response=ProgrammeOut, operation_id="programme", summary="Days, sessions and tracks")
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    caller = caller_of(request)
    return kept(request, caller, lambda: _programme(caller, slug))


@router.get("/workshops/{slug:slug}/places", response=PlacesOut, operation_id="places", summary="Places left, by province")
def places(request: HttpRequest, slug: str) -> HttpResponse:
    caller = caller_of(request)
    return kept(request, caller, lambda: _places(_one(_to_be_seen(caller), slug)))


def caller_of(request: HttpRequest) -> Caller:
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def _page_of_workshops(caller: Caller, cursor: str | None, limit: int) -> WorkshopsOut:
    rows, following = page(_with_days(caller), cursor=cursor, limit=limit, newest_first=True)
    return WorkshopsOut(items=[_out(each) for each in rows], next=following)


def _to_be_seen(caller: Caller) -> WorkshopQuerySet:
    seen = Q(is_published=True)
    if caller.token and caller.allows(Scope.READ_PROGRAMME):
        seen |= Q(pk__in=workshops_of_token(caller.token).values("pk"))
    return Workshop.objects.filter(seen)


def _with_days(caller: Caller) -> WorkshopQuerySet:
    return knowing_room(_to_be_seen(caller)).prefetch_related(Prefetch("days", WorkshopDay.objects.with_hours()), "groups")


def _one(workshops: WorkshopQuerySet, slug: str) -> Workshop:
    found = workshops.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _out(workshop: Workshop) -> WorkshopOut:
    address = in_every_language("workshop", workshop.slug)
    return WorkshopOut.of(workshop, page=Text(th=address["th"], en=address["en"]), is_full=vars(workshop)["is_full"])


def _programme(caller: Caller, slug: str) -> ProgrammeOut:
    tracks = Prefetch("days__items__tracks", Track.objects.select_related("quota"))
    found = _one(_to_be_seen(caller).prefetch_related(tracks, "releases"), slug)
    revision = max((release.number for release in found.releases.all()), default=0)
    return ProgrammeOut(workshop=found.slug, revision=revision, days=[ProgrammeDayOut.of(day) for day in found.days.all()])


def _places(workshop: Workshop) -> PlacesOut:
    seats: list[Quota] = list(workshop.quotas.seats().with_waiting().select_related("province").in_thai_order())
    return PlacesOut.of(workshop, seats)
