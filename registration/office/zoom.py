"""What Zoom knows of each meeting beside who should be in: three lists, their files, and what staff say was done with them."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from registration import responses
from registration.actor import Actor, ActorKind
from registration.audit import trail
from registration.models import ZoomFile, ZoomStanding
from registration.office.audited import looked_at
from registration.people.display_names import DisplayName
from registration.zoom.actions.lists import mark_done, take_all, take_back, take_list
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import Ledger, Meeting, ledgers_of, meeting_of, meetings_of
from registration.zoom.registrants import Registrant, registrant_files
from sessions.admin.page import AdminPage
from sessions.models import Workshop

#: So many names of a list are shown at once; the others unfold.
SHOWN_AT_ONCE = 8


class ZoomPage(AdminPage):
    permission = "registration.export_participant"

    def workshop(self, slug: str) -> Workshop:
        return get_object_or_404(Workshop, slug=slug)

    def refused(self, request: HttpRequest, workshop: Workshop) -> HttpResponse | None:
        if workshop.zoom_mails_links:
            return None
        messages.error(request, _("In this workshop the portal gives the meeting’s link, so nobody is registered in Zoom."))
        return self.back(workshop)

    def back(self, workshop: Workshop, meeting: Meeting | None = None) -> HttpResponse:
        address = reverse("admin:registration_participant_zoom", args=[workshop.slug])
        return redirect(f"{address}?meeting={meeting.key}" if meeting else address)


class LedgerPage(ZoomPage):
    """All meetings with their numbers, and of one of them the three lists and the files that were taken."""

    address, name = "zoom/<slug:slug>/", "registration_participant_zoom"
    template = "admin/registration/zoom/zoom.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        ledgers = ledgers_of(workshop)
        chosen = _chosen(ledgers, request.GET.get("meeting", ""))
        if chosen:
            looked_at(request, "zoom", chosen.expected, workshop=workshop)
        context = {
            "workshop": workshop,
            "ledgers": ledgers,
            "chosen": chosen,
            "lists": _lists(chosen) if chosen else [],
            "held": _held(chosen) if chosen else [],
            "shown_at_once": f":{SHOWN_AT_ONCE}",
            "the_rest": f"{SHOWN_AT_ONCE}:",
            "has_files": workshop.zoom_mails_links and any(ledger.left.add or ledger.left.change for ledger in ledgers),
            "has_ledger": workshop.zoom_mails_links or any(ledger.files for ledger in ledgers),
        }
        return self.render(_("Register people in Zoom"), **context)


class TakeListPage(ZoomPage):
    """One of the lists as a file. Downloading it says nothing about Zoom."""

    address, name = "zoom/<slug:slug>/list/", "registration_participant_zoom_list"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        if refused := self.refused(request, workshop):
            return refused
        meeting = next((one for one in meetings_of(workshop) if one.key == request.POST.get("meeting")), None)
        if meeting is None or request.POST.get("kind") not in ZoomFile.Kind.values:
            raise Http404
        file = take_list(meeting=meeting, kind=DeedKind(request.POST["kind"]), by=Actor(ActorKind.STAFF, request.user))
        if file is None:
            messages.info(request, _("This list is empty by now."))
            return self.back(workshop, meeting)
        return _download(_files_of(meeting, file), meeting.file_name)


class AllListsPage(ZoomPage):
    """Every file to import, of all meetings, as one archive."""

    address, name = "zoom/<slug:slug>/all/", "registration_participant_zoom_all"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = self.workshop(slug)
        if refused := self.refused(request, workshop):
            return refused
        taken = take_all(workshop=workshop, meetings=meetings_of(workshop), by=Actor(ActorKind.STAFF, request.user))
        if not taken:
            messages.info(request, _("Zoom knows everybody who comes: there is nothing to import."))
            return self.back(workshop)
        files = [one for meeting, file in taken for one in _files_of(meeting, file)]
        return responses.archive(_packed(files), f"zoom-{workshop.slug}.zip")


class PastFilePage(ZoomPage):
    """A list that was taken, once more: the same bytes."""

    address, name = "zoom/file/<int:pk>/", "registration_participant_zoom_file"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = get_object_or_404(ZoomFile.objects.select_related("day__workshop", "track__item__day__workshop"), pk=pk)
        meeting = meeting_of(file)
        trail.record_download(by=Actor(ActorKind.STAFF, request.user), what="zoom", count=file.lines.count(), workshop=meeting.day.workshop)
        return _download(_files_of(meeting, file), meeting.file_name)


class MarkPage(ZoomPage):
    """Staff say that a list was worked off in Zoom, or (`undo`) that it was not."""

    address, name = "zoom/file/<int:pk>/mark/", "registration_participant_zoom_mark"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = get_object_or_404(ZoomFile.objects.select_related("day__workshop", "track__item__day__workshop"), pk=pk)
        by = Actor(ActorKind.STAFF, request.user)
        if "undo" in request.POST:
            done, words = take_back(file=file, by=by), _("The mark is taken back: Zoom does not know of this list.")
        else:
            done, words = mark_done(file=file, by=by), _("Written down: this list was worked off in Zoom.")
        messages.add_message(request, *((messages.SUCCESS, words) if done else (messages.INFO, _("Somebody else has done that already."))))
        meeting = meeting_of(file)
        return self.back(meeting.day.workshop, meeting)


PAGES: list[type[AdminPage]] = [LedgerPage, TakeListPage, AllListsPage, PastFilePage, MarkPage]


def _chosen(ledgers: list[Ledger], key: str) -> Ledger | None:
    named = (ledger for ledger in ledgers if ledger.meeting.key == key)
    return next(named, None) or next((ledger for ledger in ledgers if ledger.left), None) or next(iter(ledgers), None)


def _lists(ledger: Ledger) -> list[dict[str, object]]:
    left = ledger.left
    people = {
        DeedKind.ADD: [{"email": one.email, "name": " ".join(one.name or ()), "before": ""} for one in left.add],
        DeedKind.REMOVE: [{"email": one.email, "name": " ".join(one.name or ()), "before": ""} for one in left.remove],
        DeedKind.CHANGE: [
            {
                "email": each.after.email,
                "name": " ".join(each.after.name or ()),
                "before": each.before.email if each.before.email != each.after.email else " ".join(each.before.name or ()),
            }
            for each in left.change
        ],
    }
    waiting = {file.kind: file for file in reversed(ledger.files) if not file.done_at}
    return [{"kind": kind.value, "people": found, "waiting": waiting.get(kind.value)} for kind, found in people.items()]


def _held(ledger: Ledger) -> list[dict[str, str]]:
    """Those about whom the office decides in Zoom, and how Zoom stands to each."""
    kinds = {email: str(ZoomStanding.Kind(kind).label) for email, kind in ledger.standings.items()}
    return [{"email": one.email, "name": " ".join(one.name or ()), "standing": kinds[one.email]} for one in ledger.left.held]


def _files_of(meeting: Meeting, file: ZoomFile) -> list[tuple[str, bytes]]:
    lines = list(file.lines.all())
    removed = "".join(f"{line.removed}\r\n" for line in lines if line.removed)
    found = [(f"{meeting.file_name}-remove.txt", removed.encode())] if removed else []
    people = [Registrant(line.email, DisplayName(line.first_name, line.last_name)) for line in lines if line.email]
    parts = list(registrant_files(people))
    word = "change" if file.kind == ZoomFile.Kind.CHANGE else "add"
    numbered = [f"{meeting.file_name}-{word}{f'-{number}' if parts[1:] else ''}.csv" for number in range(1, len(parts) + 1)]
    return found + list(zip(numbered, parts, strict=True))


def _download(files: list[tuple[str, bytes]], name: str) -> HttpResponse:
    if len(files) > 1:
        return responses.archive(_packed(files), f"{name}.zip")
    (only, content) = files[0]
    return responses.csv(content, only) if only.endswith(".csv") else responses.text(content, only)


def _packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()
