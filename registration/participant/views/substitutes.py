"""A confirmed person names who comes in their place; until that person has registered, the seat is their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.actor import PARTICIPANT
from registration.choices import State
from registration.errors import AlreadyInvited, IllegalMove, InvitationOver, TooOften
from registration.invitations.actions.substitutes import answers_until, asked_by, name_substitute, take_substitute_back
from registration.links import signed
from registration.models import Invitation, Participant
from registration.participant.forms.substitute import SubstituteForm
from registration.participant.views.personal_page import personal
from registration.security import rate_limits


def may_name_substitute(person: Participant) -> bool:
    """Whether `person` has a sure seat, and a day of the workshop is still to come. One query."""
    return person.state == State.CONFIRMED and answers_until(person, timezone.now()) is not None


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def substitute(request: HttpRequest, person: Participant) -> HttpResponse:
    if not may_name_substitute(person):
        return redirect(signed.personal_path(person))
    if asked := asked_by(person):
        return _take_back(request, person, asked) if "take_back" in request.POST else _page(request, person, asked=asked)
    form = SubstituteForm(request.POST if request.method == "POST" else None, own=person.email)
    return _name(request, person, form) if form.is_valid() else _page(request, person, form=form)


def _name(request: HttpRequest, person: Participant, form: SubstituteForm) -> HttpResponse:
    email = form.cleaned_data["email"]
    try:
        rate_limits.count(rate_limits.of_substitute(f"participant-{person.pk}", email=email))
        name_substitute(participant=person, email=email, by=PARTICIPANT)
    except TooOften as refused:
        return responses.too_often(_page(request, person, form=form, try_again_at=refused.until), refused)
    except AlreadyInvited:
        messages.info(request, _("You have already named a substitute. Nothing was changed."))
    except IllegalMove:
        messages.warning(request, _("You have no confirmed seat at present, so you cannot name a substitute. Nothing was changed."))
        return redirect(signed.personal_path(person))
    else:
        said = _("We have written to %(email)s. The seat is yours until that person has registered.")
        messages.success(request, said % {"email": email})
    return redirect("substitute", person.code)


def _take_back(request: HttpRequest, person: Participant, asked: Invitation) -> HttpResponse:
    try:
        take_substitute_back(invitation=asked, by=PARTICIPANT)
    except InvitationOver:
        messages.warning(request, _("This has just been answered. Nothing was changed."))
    else:
        messages.success(request, _("Taken back: you keep your seat, and we have told %(email)s.") % {"email": asked.email})
    return redirect(signed.personal_path(person))


def _page(request: HttpRequest, person: Participant, **said: object) -> HttpResponse:
    context = {"participant": person, "workshop": person.workshop, "until": answers_until(person, timezone.now())}
    return render(request, "registration/participant/substitute.html", context | said)
