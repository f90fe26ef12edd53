"""Registering somebody by hand: an office that telephones, under the rules of the public form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from registration.actor import Actor, ActorKind
from registration.errors import AlreadyRegistered, QuotaFull
from registration.forms.by_hand import ByHandForm
from registration.models import Participant
from registration.office.filters import workshop_of_list
from registration.office.participants.comparison import possible_duplicates
from registration.people import history
from registration.people.actions.registrations import register
from registration.people.registration_options import RegistrationOptions
from registration.privacy.notice import NOTICE_VERSION
from sessions.admin.page import AdminPage
from sessions.models import Workshop


class ByHandPage(AdminPage):
    """Asks what the registration form asks. Sent and right, it leads to the person and says which mail is on its way."""

    address, name = "add/", "registration_participant_add"
    permission = "registration.add_participant"
    template = "admin/registration/participant/register.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        request.GET = _asked_for(request)  # type: ignore[assignment] # not changed any more from here
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if (workshop := workshop_of_list(request)) is None:
            return self.without_workshop()
        return self.shown(ByHandForm(options=RegistrationOptions(workshop), initial={"province": request.GET.get("province", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if (workshop := workshop_of_list(request)) is None:
            return self.without_workshop()
        form = ByHandForm(request.POST, options=RegistrationOptions(workshop))
        if form.is_valid() and (person := self._register(request, form)):
            return self._to_person(request, person)
        return self.shown(form)

    def without_workshop(self) -> HttpResponse:
        messages.error(self.request, _("There is no workshop in which somebody could be registered."))
        return redirect("admin:index")

    def shown(self, form: ByHandForm) -> HttpResponse:
        workshop = form.options.workshop
        return self.render(
            _("Register somebody by hand"),
            form=form,
            workshop=workshop,
            standing=workshop.standing(days=form.options.calendar),
            province_decides=workshop.decision == Workshop.Decision.PROVINCE_FIRST,
            others=Workshop.objects.to_choose().exclude(pk=workshop.pk),
        )

    def _register(self, request: HttpRequest, form: ByHandForm) -> Participant | None:
        """Registers what the valid `form` says; None where it now says what to correct."""
        try:
            application = form.application(form.entry, notice_version=NOTICE_VERSION, read_out=True)
            return register(application=application, by=Actor(ActorKind.STAFF, request.user))
        except QuotaFull as full:
            form.say_full(full.quota)
        except AlreadyRegistered as known:
            form.add_error("email", self._known(request, known.participant))
        return None

    def _known(self, request: HttpRequest, person: Participant) -> str:
        if not request.user.has_perm("registration.view_participant"):
            return _("Somebody is already registered with this address.")
        words = _("This address is registered already: {name}, {place}, {state}.")
        link = format_html('<a href="{}">{}</a>', _page_of(person), person.full_name)
        return format_html(words, name=link, place=person.quota.name, state=person.get_state_display())

    def _to_person(self, request: HttpRequest, person: Participant) -> HttpResponse:
        mail = person.deliveries.order_by("pk").first()
        told = _("%(name)s is registered: %(state)s.") % {"name": person.full_name, "state": person.get_state_display()}
        if mail:
            sent = _("On its way to %(email)s: %(mail)s.") % {"email": mail.email, "mail": history.mail_in_words(mail)}
            told = f"{told} {sent}"
        messages.success(request, told)
        if not request.user.has_perm("registration.view_participant"):
            return redirect(request.get_full_path())
        if possible_duplicates(person).exists():
            messages.warning(request, _("Somebody with the same name or phone is registered too. Compare them below."))
        return redirect(_page_of(person))


def _asked_for(request: HttpRequest) -> QueryDict:
    of_list = QueryDict(request.GET.get("_changelist_filters", ""))
    asked = request.GET.copy()
    for name in ("workshop", "province"):
        if name not in asked and name in of_list:
            asked[name] = of_list[name]
    return asked


def _page_of(person: Participant) -> str:
    return reverse("admin:registration_participant_change", args=[person.pk])
