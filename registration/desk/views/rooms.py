"""The desk says who sat together behind one connection, by the sheet that was signed in the room; only of its own people."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registration.actor import Actor
from registration.attendance.actions import verdicts
from registration.attendance.rooms import SeatedRoom, room_of, rooms_of
from registration.audit import trail
from registration.decisions.results import Result
from registration.desk.forms.room import RoomForm
from registration.desk.views.kept_result import keep_result, take_result
from registration.models import Quota
from registration.security import access
from registration.security.access import signed_in
from sessions.formats import local_digits


@never_cache
@signed_in
@require_safe
def desk_rooms(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.actor_at(request.user, quota)
    rooms = rooms_of(quota, request.GET.get("page"))
    trail.record_view(by=by or access.reader(request.user), what="desk rooms", count=len(rooms), quota=quota)
    context = {"workshop": quota.workshop, "quota": quota, "rooms": rooms, "may_decide": by is not None, "result": take_result(request)}
    return render(request, "registration/desk/desk_rooms.html", context)


@never_cache
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def desk_room(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    quota = access.desk_or_404(request.user, slug, code)
    by = access.decider_or_403(request.user, quota)
    room = room_of(quota, pk)
    if room is None:
        raise Http404
    form = RoomForm(request.POST or None, quota=quota, room=room, label_suffix="")
    if request.method == "POST" and form.is_valid():
        keep_result(request, _seated(room, quota, form, by))
        return redirect("desk_rooms", slug, code)
    trail.record_view(by=by, what="desk rooms", count=1, quota=quota)
    context = {"workshop": quota.workshop, "quota": quota, "room": room, "form": form}
    return render(request, "registration/desk/desk_room.html", context)


def _seated(room: SeatedRoom, quota: Quota, form: RoomForm, by: Actor) -> Result:
    people = list(form.cleaned_data["people"])
    if not verdicts.seat_of_place(sighting=room.sighting, quota=quota, participants=people, by=by):
        return Result(problems=[_("NESDC has since recorded something else about this connection. Nothing was changed.")])
    if not people:
        return Result([_("Nobody of your province sat behind “%(name)s”.") % {"name": room.sighting}])
    words = ngettext(
        "%(count)s person gets the minutes of “%(name)s”.", "%(count)s people get the minutes of “%(name)s” each.", len(people)
    )
    return Result([words % {"count": local_digits(len(people)), "name": room.sighting}])
