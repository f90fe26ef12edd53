"""Making the people of a workshop anonymous by hand: a page with the numbers, and the title typed in. It cannot be undone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.models import Delivery, Invitation, Nominee, Participant
from registration.operations import tasks
from registration.privacy import retention
from sessions.admin.page import AdminPage
from sessions.models import Workshop


class AnonymisePage(AdminPage):
    address, name = "anonymise/<slug:slug>/", "registration_participant_anonymise"
    permission = "registration.delete_participant"
    template = "admin/registration/anonymisation/anonymise.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._asked(get_object_or_404(Workshop, slug=slug))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        if not retention.is_over(workshop, timezone.now()):
            return self._asked(workshop)
        if " ".join(request.POST.get("title", "").split()) != workshop.title_th:
            return self._asked(workshop, fault=_("This is not the title of the workshop. Nothing was done."))
        tasks.anonymise_workshop.enqueue(workshop.pk, int(request.user.pk or 0))
        messages.success(request, _("The people of this workshop are being made anonymous. It takes some minutes."))
        return redirect("admin:index")

    def _asked(self, workshop: Workshop, fault: str = "") -> HttpResponse:
        last = workshop.days.order_by("date").last()
        context = {
            "workshop": workshop,
            "is_over": retention.is_over(workshop, timezone.now()),
            "last_date": last.date if last else None,
            "until": retention.kept_until(workshop),
            "people": Participant.objects.known().filter(workshop=workshop).count(),
            "invited": Invitation.objects.filter(workshop=workshop).count(),
            "proposed": Nominee.objects.filter(file__quota__workshop=workshop).count(),
            "mails": Delivery.objects.filter(participant__workshop=workshop).count(),
            "fault": fault,
        }
        return self.render(_("Make the people of a workshop anonymous"), **context)


PAGES: list[type[AdminPage]] = [AnonymisePage]
