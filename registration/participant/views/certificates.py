"""A participant's certificate, and the page on which anybody checks one by the token on its sheet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registration import responses
from registration.certificates import actions, layout, sealing
from registration.certificates.verification import own_certificate, verified
from registration.errors import TooOften
from registration.models import Certificate, Participant
from registration.participant.views.personal_page import personal
from registration.security import rate_limits


def _own(person: Participant) -> Certificate:
    """Once it is given out. Raises Http404."""
    certificate = own_certificate(person)
    if certificate is None or certificate.awaits_seal:
        raise Http404
    return certificate


@require_safe
@personal
def certificate(request: HttpRequest, person: Participant) -> HttpResponse:
    own = _own(person)
    try:
        return responses.pdf(sealing.sheet_of(own), f"certificate-{own.number}.pdf")
    except sealing.NotSealed:
        actions.seal_anew(certificate=own)
        return redirect("participant", person.code)  # where it says so


@require_safe
@personal
def certificate_picture(request: HttpRequest, person: Participant) -> HttpResponse:
    return responses.picture(layout.picture(_own(person).snapshot), "certificate.png")


@require_safe
def verify(request: HttpRequest, token: str) -> HttpResponse:
    try:
        rate_limits.count(rate_limits.of_verification(request))
    except TooOften as refused:
        page = render(request, "registration/certificate/too_often.html", {"try_again_at": refused.until})
        return responses.too_often(_unlisted(page), refused)
    found = verified(token)
    context = {"found": found, "checked_at": timezone.now()}
    return _unlisted(render(request, "registration/certificate/verify.html", context, status=200 if found else 404))


def _unlisted(response: HttpResponse) -> HttpResponse:
    for name, value in {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}.items():
        response.headers[name] = value
    return response
