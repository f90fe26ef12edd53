"""A province's desk, and the way to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from registration.audit import trail
from registration.coordinators.actions import note_seen
from registration.desk.views.kept_result import take_result
from registration.desk.views.people import People, people_of
from registration.forms.decision import REASONS
from registration.models import Coordinator, Quota
from registration.notices.matters import matters_of
from registration.privacy import anonymised_statistics
from registration.seats import statistics
from registration.security import access
from registration.security.access import signed_in
from sessions.models import Workshop


class HtmxRequest(HttpRequest):
    """What django-htmx's middleware makes of a request."""

    htmx: HtmxDetails


@never_cache
@signed_in
def desks(request: HttpRequest) -> HttpResponse:
    current = Workshop.objects.current().first() if access.is_viewer(request.user) else None
    own = access.quotas_for(request.user, current).select_related("workshop", "province").with_waiting()
    found = list(own.order_by("-workshop", "kind", "province__sort_key"))
    if len(found) == 1:
        return redirect("desk", found[0].workshop.slug, found[0].code)
    context = {"desks": found, "workshop": Workshop.objects.current().first()}
    return render(request, "registration/desk/desks.html", context)


@never_cache
@signed_in
def desk(request: HtmxRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    if quota.workshop.anonymised_at:
        context = {"workshop": quota.workshop, "quota": quota, "seated": anonymised_statistics.of_place(quota)}
        return render(request, "registration/desk/desk_anonymous.html", context)
    if request.htmx and request.htmx.target == "people" and not request.htmx.history_restore_request:
        return render(request, "registration/desk/_list.html", list_context(request, quota))
    if own := Coordinator.objects.active().filter(quota=quota, user=request.user.pk).first():
        note_seen(coordinator=own)
    return render(request, "registration/desk/desk.html", {**desk_context(request, quota), "result": take_result(request)})


def list_context(request: HttpRequest, quota: Quota) -> dict[str, Any]:
    by = access.actor_at(request.user, quota)
    standing = quota.workshop.standing()
    people = people_of(quota, request.GET, quota.left, is_over=standing.is_over)
    filters = _filters(request, people)
    trail.record_view(by=by or access.reader(request.user), what="desk", count=len(people.rows), quota=quota, filters=filters)
    return {
        "workshop": quota.workshop,
        "standing": standing,
        "quota": quota,
        "people": people,
        "may_decide": by is not None,
        "reasons": REASONS,
    }


def _filters(request: HttpRequest, people: People) -> dict[str, str]:
    page = request.GET.get("page")
    return people.form.filters | ({"page": page} if page else {})


def desk_context(request: HttpRequest, quota: Quota) -> dict[str, Any]:
    shown, known = list_context(request, quota), statistics.statistics(quota)
    return {
        **shown,
        "statistics": known,
        "days": statistics.days(quota),
        "tracks": statistics.tracks(quota),
        "changes": statistics.last_changes(quota),
        "matters": matters_of(quota, at=timezone.now(), known=known),
        "may_invite": not quota.is_full and not shown["standing"].has_closed,
    }
