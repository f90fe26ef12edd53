"""What a participant may ask of their data: see and take along all of it, object, have it erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from registration.actor import PARTICIPANT
from registration.errors import TooManyObjections
from registration.links import signed
from registration.links.cookies import forget
from registration.models import Participant
from registration.models.objection import ANSWER_WITHIN
from registration.participant.forms.objection import ObjectionForm
from registration.participant.views.fresh_links import requires_fresh_link
from registration.participant.views.personal_page import personal
from registration.privacy import own_data
from registration.privacy.actions.erasure import erase as erase_person
from registration.privacy.actions.erasure import registrations_of
from registration.privacy.actions.objections import object_to


@require_http_methods(["GET", "HEAD", "POST"])
@personal
@requires_fresh_link
def my_data(request: HttpRequest, person: Participant) -> HttpResponse:
    """Everything that is held about the owner of this address, in whatever workshop; with `?file` as JSON."""
    people = registrations_of(person)
    if "file" in request.GET:
        options = {"ensure_ascii": False, "indent": 2}
        headers = {"Content-Disposition": f'attachment; filename="my-data-{person.code}.json"'}
        return JsonResponse(own_data.as_data(people, timezone.now()), json_dumps_params=options, headers=headers)
    registrations = [(each.workshop, own_data.sections(each)) for each in people]
    return render(request, "registration/participant/my_data.html", _context(person) | {"registrations": registrations})


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def objection(request: HttpRequest, person: Participant) -> HttpResponse:
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            object_to(participant=person, text=form.cleaned_data["text"], by=PARTICIPANT)
        except TooManyObjections:
            messages.info(
                request, _("Several of your messages are already waiting for an answer. Please call one of the contacts on this page.")
            )
        else:
            messages.success(request, _("NESDC has received your objection and will answer within thirty days."))
        return redirect(signed.personal_path(person))
    context = _context(person) | {"form": form, "days": ANSWER_WITHIN.days, "earlier": person.objections.order_by("pk")}
    return render(request, "registration/participant/objection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
@requires_fresh_link
def erase(request: HttpRequest, person: Participant) -> HttpResponse:
    if request.method != "POST":
        return render(request, "registration/participant/erase.html", _context(person) | {"registrations": registrations_of(person)})
    erase_person(participant=person, by=PARTICIPANT)
    return forget(redirect("erased"), person)


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/participant/erased.html")


def _context(person: Participant) -> dict[str, object]:
    return {"participant": person, "workshop": person.workshop}
