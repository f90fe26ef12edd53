"""Where searching from the menu leads: to the person, where there is only one; else to the list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from registration.models import Participant
from registration.people.search import search
from sessions.admin.page import AdminPage


class FindPage(AdminPage):
    address, name = "find/", "registration_participant_find"
    permission = "registration.view_participant"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()
        people = Participant.objects.known()
        if slug := request.GET.get("workshop"):
            people = people.filter(workshop__slug=slug)
        found = list(search(people, text)[:2]) if text else []
        if len(found) == 1:
            return redirect("admin:registration_participant_change", found[0].pk)
        return redirect(f"{reverse('admin:registration_participant_changelist')}?{request.GET.urlencode()}")
