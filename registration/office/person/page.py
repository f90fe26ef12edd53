"""A person: all that is known of them, corrected where it stands; what can be decided; their mails and their history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.choices import State
from registration.errors import AddressTaken, IllegalMove, QuotaFull
from registration.forms.parts import PARTS, PartForm
from registration.links.actions.personal_links import send_link
from registration.models import Delivery, Participant
from registration.office.audited import looked_at
from registration.office.participants.commands import decisions_about
from registration.office.participants.comparison import possible_duplicates
from registration.people import history, phones
from registration.people.display_names import namesakes, open_chat_name, zoom_name
from registration.seats import quotas
from sessions.admin.page import AdminPage


class OfPerson(AdminPage):
    permission = "registration.view_participant"

    def person(self, pk: int) -> Participant:
        return get_object_or_404(Participant.objects.known().with_choices(), pk=pk)

    @property
    def may_change(self) -> bool:
        return self.request.user.has_perm("registration.change_participant")

    @property
    def by(self) -> Actor:
        return Actor(ActorKind.STAFF, self.request.user)

    def back(self, person: Participant) -> HttpResponse:
        return redirect("admin:registration_participant_change", person.pk)


class PersonPage(OfPerson):
    """`edit` in the address names the part that is being changed."""

    address, name = "<int:pk>/change/", "registration_participant_change"
    template = "admin/registration/person/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self.person(pk)
        part = request.GET.get("edit", "")
        form = PARTS[part](participant=person) if part in PARTS and self.may_change and person.is_live else None
        return self.shown(person, part, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        person = self.person(pk)
        part = request.GET.get("edit", "")
        if part not in PARTS or not person.is_live:
            raise Http404
        form = PARTS[part](request.POST, participant=person)
        if form.is_valid() and self._is_as_shown(person, form) and (saved := self._saved(form)) is not None:
            if saved:
                messages.success(request, _("The changes are saved."))
            else:
                messages.info(request, _("There were no changes, so nothing was saved."))
            return self.back(person)
        return self.shown(self.person(pk), part, form)

    def _is_as_shown(self, person: Participant, form: PartForm) -> bool:
        if self.request.POST.get("seen") == str(_last_event(person)):
            return True
        form.add_error(None, _("Somebody else has changed this person’s details. Please check them as they are now, and save again."))
        return False

    def _saved(self, form: PartForm) -> list[str] | None:
        """None where it could not be, and the form says why."""
        try:
            changed = form.save(self.by)
        except AddressTaken:
            form.add_error("email", _("Another registration already has this address. Yours keeps the old one."))
        except QuotaFull as full:
            form.add_error(None, _("%(place)s has no free seat. Nothing was changed.") % {"place": full.quota.name})
        except IllegalMove:
            form.add_error(None, _("This registration had ended before. Nothing was changed."))
        else:
            return None if form.errors else changed
        return None

    def shown(self, person: Participant, part: str, form: PartForm | None) -> HttpResponse:
        looked_at(self.request, "participant", 1, participant=person)
        duplicates = possible_duplicates(person) if person.is_live else Participant.objects.none()
        context: dict[str, Any] = {
            "person": person,
            "part": part if form else "",
            "form": form,
            "seen": _last_event(person),
            "may_change": self.may_change,
            "may_edit": self.may_change and person.is_live,
            "may_erase": self.request.user.has_perm("registration.delete_participant"),
            "may_export": self.request.user.has_perm("registration.export_participant"),
            "decisions": decisions_about(person) if self.may_change else [],
            "place": quotas.place_in_line(person) if person.state == State.WAITLISTED and person.ticket else None,
            "phone": phones.readable(person.phone, person.phone_extension),
            "zoom_name": zoom_name(person, namesakes(person)),
            "open_chat_name": open_chat_name(person, namesakes(person)),
            "duplicates": duplicates.select_related("quota__province")[:5],
            "mails": [(mail, history.mail_in_words(mail)) for mail in person.deliveries.order_by("-pk")],
            "events": [
                (event, history.in_words(event), history.actor_in_words(event), history.values_in_words(event))
                for event in person.events.select_related("actor").order_by("-pk")
            ],
            "state_class": STATE_CLASSES.get(State(person.state), "is-wait"),
            "mail_class": MAIL_CLASSES,
        }
        return self.render(person.full_name, **context)


class SendLinkPage(OfPerson):
    address, name = "<int:pk>/send-link/", "registration_participant_send_link"
    permission = "registration.change_participant"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = self.person(pk)
        if person.is_live:
            send_link(participant=person)
            messages.success(request, _("The personal link is on its way to %(email)s.") % {"email": person.email})
        else:
            messages.info(request, _("This registration had ended before. Nothing was changed."))
        return self.back(person)


PAGES: list[type[AdminPage]] = [PersonPage, SendLinkPage]

STATE_CLASSES = {
    State.CONFIRMED: "is-sure",
    State.PENDING: "is-wait",
    State.OFFERED: "is-wait",
    State.WAITLISTED: "is-line",
    State.DECLINED: "is-off",
    State.CANCELLED: "is-off",
}
MAIL_CLASSES = {
    Delivery.State.SENT: "is-sure",
    Delivery.State.FAILED: "is-wrong",
    Delivery.State.UNKNOWN: "is-look",
}


def _last_event(person: Participant) -> int:
    return person.events.order_by("-pk").values_list("pk", flat=True).first() or 0
