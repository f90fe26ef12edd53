"""Who one connection was: somebody, several in a room, a guest, or nobody who counts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.attendance.actions import verdicts
from registration.models import Participant, Sighting
from registration.models.participant import ParticipantQuerySet
from registration.office.attendance import words
from registration.office.audited import looked_at
from registration.people.search import search
from sessions.admin.page import AdminPage

#: So many are shown of those who are found; a province sends fewer.
MAX_FOUND = 30


class WhoPage(AdminPage):
    """One who was seen, those who are alike, and a search; several who are ticked sat in one room."""

    address, name = "who/<int:pk>/", "registration_attendancereport_who"
    permission = "registration.add_attendancereport"
    template = "admin/registration/attendance/who.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        sighting = self._sighting(pk)
        asked = request.GET.get("q", "").strip()
        seated = list(sighting.seated.select_related("quota__province"))
        found = self._found(sighting, asked)
        looked_at(request, "attendance report", len(found), workshop=sighting.day.workshop)
        return self.render(
            _("Who was “%(name)s”?") % {"name": sighting},
            sighting=sighting,
            workshop=sighting.day.workshop,
            reasons=words.reasons(sighting.reasons),
            asked=asked,
            found=[person for person in found if person not in seated],
            seated=seated,
            most=MAX_FOUND,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        sighting = self._sighting(pk)
        by = Actor(ActorKind.STAFF, request.user)
        deed = request.POST.get("deed", "")
        if deed in ("person", "room"):
            self._name(request, sighting, deed, by)
        elif deed == "guest":
            verdicts.keep_as_guest(sighting=sighting, by=by)
            messages.success(request, _("“%(name)s” is kept as somebody who was not registered.") % {"name": sighting})
        elif deed == "ignore":
            verdicts.ignore(sighting=sighting, by=by)
            messages.success(request, _("“%(name)s” does not count.") % {"name": sighting})
        elif deed == "reopen":
            verdicts.reopen(sighting=sighting, by=by)
            messages.success(request, _("“%(name)s” is to be decided again.") % {"name": sighting})
        return redirect("admin:registration_attendancereport_reports", sighting.day.workshop.slug)

    def _name(self, request: HttpRequest, sighting: Sighting, deed: str, by: Actor) -> None:
        keys = [key for key in request.POST.getlist("person")[:200] if key.isdecimal() and len(key) < 19]
        people = list(self._people(sighting).filter(pk__in=keys))
        if not people:
            messages.warning(request, _("Choose somebody first."))
        elif deed == "room":
            verdicts.seat(sighting=sighting, participants=people, by=by)
            messages.success(request, _("Everybody who is ticked gets the minutes of “%(name)s”.") % {"name": sighting})
        else:
            verdicts.confirm(sighting=sighting, participant=people[0], by=by)
            text = _("“%(name)s” was %(person)s.")
            messages.success(request, text % {"name": sighting, "person": people[0].full_name})

    def _sighting(self, pk: int) -> Sighting:
        return get_object_or_404(Sighting.objects.select_related("day__workshop", "track", "participant", "decided_by"), pk=pk)

    def _people(self, sighting: Sighting) -> ParticipantQuerySet:
        return Participant.objects.live().known().filter(workshop=sighting.day.workshop)

    def _found(self, sighting: Sighting, asked: str) -> list[Any]:
        people = self._people(sighting).select_related("quota__province").order_by("sort_key", "pk")
        if not asked:
            alike = [key for key in [sighting.suggested_id, *sighting.choices] if key]
            return sorted(people.filter(pk__in=alike), key=lambda person: alike.index(person.pk))
        of_province = people.filter(quota__province__name_th=asked.removeprefix("จังหวัด")) | people.filter(
            quota__province__name_en__iexact=asked
        )
        return list(of_province[: MAX_FOUND * 2]) or list(search(people, asked)[:MAX_FOUND])
