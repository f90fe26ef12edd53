"""Where staff say that the time is right, after the clock had jumped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.operations import clock_jumps
from sessions.admin.page import AdminPage


class ClockPage(AdminPage):
    address, name = "clock/", "registration_participant_clock"
    permission = "registration.change_mailflow"
    template = "admin/registration/clock/clock.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(_("The portal’s clock"), now=timezone.now(), jump=clock_jumps.found())

    def post(self, request: HttpRequest) -> HttpResponse:
        clock_jumps.confirm(by=Actor(ActorKind.STAFF, request.user))
        messages.success(request, _("Recorded. The portal continues with the next round of the clock."))
        return redirect("admin:index")


PAGES: list[type[AdminPage]] = [ClockPage]
