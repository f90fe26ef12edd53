"""Answering a personal invitation. Whoever holds the mailed link may answer; to look at it decides nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.actor import PARTICIPANT
from registration.errors import AlreadyRegistered, InvitationOver, QuotaFull, WindowClosed
from registration.links import cookies, signed
from registration.models import Coordinator, Invitation, Participant
from registration.participant.forms.invitation import AnswerForm
from registration.participant.views.links import not_opened
from registration.people.actions import registrations
from registration.people.registration_options import RegistrationOptions
from registration.privacy.notice import NOTICE_VERSION
from sessions.formats import language


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    found = signed.invitation_of_token(cookies.given(request, cookies.INVITATION))
    if found is None or found.pk != pk:
        return not_opened(request)
    return responses.of_one_person(_answer(request, found))


def _answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    sent = request.method == "POST"
    form = AnswerForm(request.POST if sent else None, invitation=found, options=RegistrationOptions(found.workshop, found.quota.code))
    if sent and (earlier := Participant.objects.filter(submission=form.submission).first()):
        return cookies.give_personal(redirect(signed.personal_path(earlier)), earlier)
    if not found.is_open or found.expires_at <= timezone.now():
        return _over(request, found)
    return _accept(request, form) if sent and form.is_valid() else _page(request, form)


def _accept(request: HttpRequest, form: AnswerForm) -> HttpResponse:
    """Registers what the valid `form` says on the seat that is held for them."""
    found = form.invitation
    try:
        participant = registrations.register(
            application=form.application(language=language(), notice_version=NOTICE_VERSION), by=PARTICIPANT
        )
    except QuotaFull as full:
        form.say_full(full.quota)
        return _page(request, form)
    except AlreadyRegistered:
        return redirect("check_mail", slug=found.workshop.slug)
    except (InvitationOver, WindowClosed):
        found.refresh_from_db()
        return _over(request, found)
    return cookies.give_personal(redirect(signed.personal_path(participant)), participant)


def _page(request: HttpRequest, form: AnswerForm) -> HttpResponse:
    found = form.invitation
    context = {
        "form": form,
        "invitation": found,
        "workshop": found.workshop,
        "quota": found.quota,
        "options": form.options,
    }
    return render(request, "registration/invitations/invitation.html", context | {"submission": form.submission})


def _over(request: HttpRequest, found: Invitation) -> HttpResponse:
    context = {
        "invitation": found,
        "workshop": found.workshop,
        "quota": found.quota,
        "coordinators": Coordinator.objects.active().filter(quota=found.quota).select_related("user"),
        "can_register": found.workshop.standing().takes_registrations and found.workshop.entry == found.workshop.Entry.OPEN,
    }
    return render(request, "registration/invitations/over.html", context)
