"""After a rehearsal: what went astray is sent to people, and those who only tried the portal go, in one deliberate act."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.actor import Actor, ActorKind
from registration.choices import SEAT_HOLDING
from registration.errors import RehearsalOn
from registration.mail.actions.rehearsal import send_missed
from registration.models import Delivery, Participant
from registration.office.audited import looked_at
from registration.privacy.actions.rehearsals import remove_rehearsal
from sessions.admin.page import AdminPage
from sessions.formats import local_digits
from sessions.models import Workshop

#: So many can be looked through on one page; of more, the rest is removed on the next round.
MAX_SHOWN = 500


class RehearsalPage(AdminPage):
    """What the rehearsal left: mails that went to its address, and people who registered while it was on."""

    address, name = "rehearsal/<slug:slug>/", "registration_participant_rehearsal"
    permission = "registration.delete_participant"
    template = "admin/registration/rehearsal/rehearsal.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._asked(request, get_object_or_404(Workshop, slug=slug))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        ticked = {int(key) for key in request.POST.getlist("person") if key.isdecimal() and len(key) < 19}
        if " ".join(request.POST.get("title", "").split()) != workshop.title_th:
            return self._asked(request, workshop, ticked, _("This is not the title of the workshop. Nothing was done."))
        if request.POST.get("count", "").strip() != str(len(ticked)):
            fault = _("The number is not that of the people who are ticked (%(count)s). Nothing was done.")
            return self._asked(request, workshop, ticked, fault % {"count": len(ticked)})
        removed = remove_rehearsal(workshop=workshop, people=ticked, by=Actor(ActorKind.STAFF, request.user))
        text = ngettext("%(n)s person of the rehearsal is removed.", "%(n)s people of the rehearsal are removed.", removed)
        messages.success(request, text % {"n": local_digits(removed)})
        return redirect("admin:registration_participant_rehearsal", slug)

    def _asked(self, request: HttpRequest, workshop: Workshop, ticked: set[int] | None = None, fault: str = "") -> HttpResponse:
        rehearsed = Participant.objects.filter(workshop=workshop, in_rehearsal=True).select_related("quota__province")
        people = list(rehearsed.order_by("registered_at", "pk")[:MAX_SHOWN])
        looked_at(request, "rehearsal", len(people), workshop=workshop)
        context: dict[str, Any] = {
            "workshop": workshop,
            "people": [(person, ticked is None or person.pk in ticked) for person in people],
            "ticked": len(people if ticked is None else ticked),
            "seats": sum(person.state in SEAT_HOLDING for person in people),
            "mails": Delivery.objects.astray(workshop).count(),
            "may_send": request.user.has_perm("registration.change_delivery"),
            "fault": fault,
        }
        return self.render(_("After the rehearsal"), **context)


class SendMissedPage(AdminPage):
    """Sends people what the rehearsal's address got."""

    address, name = "rehearsal/<slug:slug>/send/", "registration_participant_rehearsal_send"
    permission = "registration.change_delivery"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        workshop = get_object_or_404(Workshop, slug=slug)
        try:
            sent = send_missed(workshop=workshop, by=Actor(ActorKind.STAFF, request.user))
        except RehearsalOn:
            messages.error(request, _("The rehearsal is still on: end it first, or the e-mails go to its address once more."))
        else:
            text = ngettext("%(n)s e-mail is on its way to whom it was for.", "%(n)s e-mails are on their way to whom they were for.", sent)
            messages.success(request, text % {"n": local_digits(sent)})
        if request.user.has_perm(RehearsalPage.permission):
            return redirect("admin:registration_participant_rehearsal", slug)
        return redirect("admin:registration_delivery_changelist")


PAGES: list[type[AdminPage]] = [RehearsalPage, SendMissedPage]
