"""Answering a personal invitation. Whoever holds the mailed link may answer; to look at it decides nothing."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from registration import responses
from registration.actor import PARTICIPANT
from registration.errors import AlreadyInvited, AlreadyRegistered, InvitationOver, QuotaFull, TooOften, WindowClosed
from registration.invitations.actions.invitations import refuse
from registration.invitations.actions.substitutes import pass_on
from registration.links import cookies, signed
from registration.models import Coordinator, Invitation, Participant
from registration.participant.forms.invitation import AnswerForm
from registration.participant.forms.substitute import RefusalForm, SubstituteForm
from registration.participant.views.links import not_opened
from registration.people.actions import registrations
from registration.people.addresses import masked_address
from registration.people.registration_options import RegistrationOptions
from registration.privacy.notice import NOTICE_VERSION
from registration.security import rate_limits
from sessions.formats import language


def invited(view: Callable[[HttpRequest, Invitation], HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    @wraps(view)
    def of_cookie(request: HttpRequest, pk: int) -> HttpResponse:
        found = signed.invitation_of_token(cookies.given(request, cookies.INVITATION))
        if found is None or found.pk != pk:
            return not_opened(request)
        return responses.of_one_person(view(request, found))

    return of_cookie


@require_http_methods(["GET", "HEAD", "POST"])
@invited
def invitation(request: HttpRequest, found: Invitation) -> HttpResponse:
    sent = request.method == "POST"
    form = AnswerForm(request.POST if sent else None, invitation=found, options=RegistrationOptions(found.workshop, found.quota.code))
    if sent and (earlier := Participant.objects.filter(submission=form.submission).first()):
        return cookies.give_personal(redirect(signed.personal_path(earlier)), earlier)
    if _is_over(found):
        return _over(request, found)
    return _accept(request, form) if sent and form.is_valid() else _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@invited
def invitation_refuse(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if not _is_over(found):
        if not form.is_valid():
            return render(request, "registration/invitations/invitation_refuse.html", _context(found) | {"form": form})
        try:
            refuse(invitation=found, reason=form.cleaned_data["reason"], by=PARTICIPANT)
        except InvitationOver:  # answered at this very moment
            pass
        found.refresh_from_db(fields=["state"])
    return _over(request, found)


@require_http_methods(["GET", "HEAD", "POST"])
@invited
def invitation_substitute(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Sends a substitute, who gets a link of their own; `look` in the form shows it filled in and does nothing yet."""
    if _is_over(found):
        return _over(request, found)
    if found.in_place_of_id:
        return redirect("invitation", pk=found.pk)
    looks = "look" in request.POST
    typed = {"email": request.POST.get("email", "")} if looks else None
    form = SubstituteForm(request.POST if request.method == "POST" and not looks else None, own=found.email, initial=typed)
    if not form.is_valid():
        return _substitute_page(request, found, form)
    return _pass_on(request, found, form)


def _pass_on(request: HttpRequest, found: Invitation, form: SubstituteForm) -> HttpResponse:
    email = form.cleaned_data["email"]
    try:
        rate_limits.count(rate_limits.of_substitute(f"invitation-{found.pk}", email=email))
        pass_on(invitation=found, email=email, by=PARTICIPANT)
    except TooOften as refused:
        return responses.too_often(_substitute_page(request, found, form, try_again_at=refused.until), refused)
    except (AlreadyRegistered, AlreadyInvited):
        form.say_taken()
        found.refresh_from_db(fields=["state"])
        return _over(request, found) if _is_over(found) else _substitute_page(request, found, form)
    except InvitationOver:
        pass
    found.refresh_from_db(fields=["state"])
    return _over(request, found)


def _substitute_page(request: HttpRequest, found: Invitation, form: SubstituteForm, **said: object) -> HttpResponse:
    return render(request, "registration/invitations/invitation_substitute.html", _context(found) | {"form": form} | said)


def _is_over(found: Invitation) -> bool:
    return not found.is_open or found.expires_at <= timezone.now()


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
    context = _context(form.invitation) | {"form": form, "options": form.options, "submission": form.submission}
    context |= {"coordinators": Coordinator.objects.to_ask(form.invitation.quota)}
    return render(request, "registration/invitations/invitation.html", context)


def _context(found: Invitation) -> dict[str, object]:
    asker = found.in_place_of.full_name if found.in_place_of else found.passed_from.name if found.passed_from else ""
    return {"invitation": found, "workshop": found.workshop, "quota": found.quota, "asked_by": asker}


def _over(request: HttpRequest, found: Invitation) -> HttpResponse:
    substitute = Invitation.objects.filter(passed_from=found).first()
    context = _context(found) | {
        "substitute": masked_address(substitute.email) if substitute else "",
        "coordinators": Coordinator.objects.to_ask(found.quota),
        "can_register": found.workshop.standing().takes_registrations and found.workshop.entry == found.workshop.Entry.OPEN,
    }
    return render(request, "registration/invitations/over.html", context)
