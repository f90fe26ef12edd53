"""A participant corrects to which group they belong, and where they come from."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration.actor import PARTICIPANT
from registration.errors import Erased, QuotaFull, WindowClosed
from registration.links import signed
from registration.models import Participant
from registration.participant.forms.changes import OwnGroupForm, PlaceForm
from registration.participant.views.personal_page import personal
from registration.people.actions import details, transfers
from registration.people.changes import may_change, may_move
from registration.people.registration_options import RegistrationOptions
from registration.privacy.notice import NOTICE_VERSION


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def change_group(request: HttpRequest, person: Participant) -> HttpResponse:
    options = RegistrationOptions(person.workshop, person.quota.code)
    if not may_change(person, days=options.calendar):
        return _too_late(request, person)
    form = OwnGroupForm(request.POST if request.method == "POST" else None, participant=person, options=options)
    if form.is_bound and form.is_valid():
        try:
            agreement = form.agreement(notice_version=NOTICE_VERSION)
            details.change_group(participant=person, group=form.chosen_group(), agreement=agreement, by=PARTICIPANT)
        except (WindowClosed, Erased):
            return _too_late(request, person)
        messages.success(request, _("Your group has been corrected."))
        return redirect(signed.personal_path(person))
    return _page(request, person, "change_group", form)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def change_place(request: HttpRequest, person: Participant) -> HttpResponse:
    options = RegistrationOptions(person.workshop)
    if not may_move(person, days=options.calendar):
        return _too_late(request, person)
    form = PlaceForm(request.POST if request.method == "POST" else None, participant=person, options=options)
    if form.is_bound and form.is_valid():
        try:
            agreement = form.agreement(notice_version=NOTICE_VERSION)
            transfers.move_to(participant=person, to=form.place, group=form.chosen_group(), agreement=agreement, by=PARTICIPANT)
        except QuotaFull as full:
            form.say_full(full.quota)
            return _page(request, person, "change_place", form)
        except (WindowClosed, Erased):
            return _too_late(request, person)
        messages.success(request, _("Your registration has been moved. We have confirmed this by e-mail."))
        return redirect(signed.personal_path(person))
    return _page(request, person, "change_place", form)


def _too_late(request: HttpRequest, person: Participant) -> HttpResponse:
    messages.info(request, _("This cannot be changed here. Please call one of the contacts on this page."))
    return redirect(signed.personal_path(person))


def _page(request: HttpRequest, person: Participant, name: str, form: OwnGroupForm) -> HttpResponse:
    context = {"participant": person, "workshop": person.workshop, "form": form}
    return render(request, f"registration/participant/{name}.html", context)
