"""What a parent or guardian who agreed for a child or youth finds behind their own link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.choices import Verb
from registration.errors import IllegalMove
from registration.links import signed
from registration.participant.views.links import unknown_link
from registration.people.actions.guardians import take_agreement_back


@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest, token: str) -> HttpResponse:
    person = signed.participant_of_guardian_token(token)
    if person is None:
        return unknown_link(request)
    is_over = person.workshop.standing().is_over
    unticked = request.method == "POST" and "sure" not in request.POST
    if request.method == "POST" and not unticked:
        try:
            if not is_over:
                take_agreement_back(participant=person)
        except IllegalMove:
            messages.info(request, _("This registration had ended before. Nothing was changed."))
        return responses.of_one_person(redirect(request.path))
    context = {
        "participant": person,
        "workshop": person.workshop,
        "taken_back": person.events.filter(verb=Verb.AGREEMENT_TAKEN_BACK).order_by("-at").first(),
        "is_over": is_over,
        "unticked": unticked,
    }
    return responses.of_one_person(render(request, "registration/participant/guardian.html", context))
