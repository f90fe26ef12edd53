"""Taking those who come along to Zoom: how many there are for each meeting, and their file."""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registration import responses
from registration.actor import Actor, ActorKind
from registration.people.text import is_key
from registration.zoom.actions import Coming, coming_to_days, coming_to_tracks, hand_over
from registration.zoom.registrants import registrant_files
from sessions.models import Track, Workshop, WorkshopDay


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """The pages, for `admin`, which registers participants and says who may export them."""

    def zoom(request: HttpRequest, slug: str) -> HttpResponse:
        """What Zoom does with the file, and each meeting of the workshop with its numbers."""
        if not admin.has_export_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        workshop = get_object_or_404(Workshop, slug=slug)
        common = {**admin.admin_site.each_context(request), "opts": admin.opts, "workshop": workshop}
        context = {**common, "title": _("Register people in Zoom"), "days": _rows(workshop)}
        return TemplateResponse(request, "admin/registration/zoom/zoom.html", context)

    def zoom_file(request: HttpRequest, day_id: int) -> HttpResponse:
        """The file of a day, or with `track` of that track; with `again` of all, not only of those who are new."""
        if not admin.has_export_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        day = get_object_or_404(WorkshopDay.objects.select_related("workshop"), pk=day_id, is_cancelled=False, workshop__draft_of=None)
        track_id = request.POST.get("track", "")
        track = get_object_or_404(Track, pk=track_id if is_key(track_id) else None, item__day=day) if track_id else None
        people = hand_over(day=day, track=track, again="again" in request.POST, by=Actor(ActorKind.STAFF, request.user))
        if not people:
            messages.info(request, _("Nobody is new since the last file, so there is nothing to take along."))
            return redirect("admin:registration_participant_zoom", day.workshop.slug)
        return _response(list(registrant_files(people)), _file_name(day, track))

    def wrapped(route: str, view: Any, name: str) -> URLPattern:
        return path(route, admin.admin_site.admin_view(view), name=name)

    return [
        wrapped("zoom/<slug:slug>/", zoom, "registration_participant_zoom"),
        wrapped("zoom/<int:day_id>/file/", require_POST(zoom_file), "registration_participant_zoom_file"),
    ]


def _rows(workshop: Workshop) -> list[dict[str, Any]]:
    """The meetings that will be held, day by day, each day before its tracks. Five queries."""
    of_days, of_tracks = coming_to_days(workshop), coming_to_tracks(workshop)
    rows: list[dict[str, Any]] = []
    for day in workshop.days.filter(is_cancelled=False).prefetch_related("items__tracks"):
        rows.append({"day": day, "track": None, "coming": of_days.get(day.pk, Coming())})
        tracks = [track for item in day.items.all() for track in item.tracks.all()]
        rows += [{"day": day, "track": track, "coming": of_tracks.get(track.pk, Coming())} for track in tracks]
    return rows


def _file_name(day: WorkshopDay, track: Track | None) -> str:
    """`zoom-<address of the workshop>-<date>`, with `-<start of the block>-track-<number>` for a track."""
    name = f"zoom-{day.workshop.slug}-{day.date:%Y-%m-%d}"
    return f"{name}-{track.item.starts_at:%H%M}-track-{track.number}" if track else name


def _response(files: list[bytes], name: str) -> HttpResponse:
    """One file as it is, several in an archive."""
    if len(files) == 1:
        return responses.csv(files[0], f"{name}.csv")
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for number, file in enumerate(files, start=1):
            archive.writestr(f"{name}-{number}.csv", file)
    return responses.archive(packed.getvalue(), f"{name}.zip")
