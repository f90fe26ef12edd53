"""Signing in by OpenID Connect, and linking that to oneself. There is nothing of it unless a provider is set."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.desk.views.sign_in import BACKEND
from registration.errors import IdentityTaken, ProviderAway, SignInRefused, TooOften
from registration.models import LinkedIdentity
from registration.operations import tasks
from registration.security import openid, rate_limits, second_factor
from registration.security.access import signed_in
from registration.security.actions import identities
from registration.security.sign_in import LINK_AGE
from sessions.formats import language


class Refusal(StrEnum):
    """Why somebody does not get in, or is not linked; the page says what to do."""

    FAILED = "failed"
    AWAY = "away"
    UNKNOWN = "unknown"
    TAKEN = "taken"


STATUS = {Refusal.FAILED: 400, Refusal.AWAY: 503, Refusal.UNKNOWN: 403, Refusal.TAKEN: 409}


def where_a_provider_is_set(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def found(request: HttpRequest, **address: str) -> HttpResponse:
        if not openid.is_on():
            raise Http404
        return view(request, **address)

    return found


@where_a_provider_is_set
@never_cache
@require_safe
def openid_sign_in(request: HttpRequest) -> HttpResponse:
    return _to_provider(request)


@where_a_provider_is_set
@signed_in
@require_safe
def openid_link(request: HttpRequest, key: str) -> HttpResponse:
    user = get_object_or_404(openid.may_sign_in(), pk=request.user.pk)
    if not openid.is_link_key(request.session, key) or not openid.is_proven(request.session):
        return redirect("openid")
    return _to_provider(request, links=user.pk)


def _to_provider(request: HttpRequest, links: int = 0) -> HttpResponse:
    try:
        rate_limits.count(rate_limits.of_openid(request))
        return redirect(openid.begin(request, links=links))
    except TooOften as refused:
        page = render(request, "registration/desk/openid_refused.html", {"try_again_at": refused.until, "provider": openid.provider_name()})
        return responses.too_often(page, refused)
    except ProviderAway:
        return _refused(request, Refusal.AWAY)


@where_a_provider_is_set
@never_cache
@require_safe
def openid_callback(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back: one address for all, so the page is in the language in which they began."""
    asked = openid.come_back(request)
    if asked is None:
        return _refused(request, Refusal.FAILED)
    with override(asked["language"]):
        try:
            subject = openid.subject_of(request, asked)
        except SignInRefused:
            return _refused(request, Refusal.FAILED)
        except ProviderAway:
            return _refused(request, Refusal.AWAY)
        return _link(request, asked["links"], subject) if asked["links"] else _sign_in(request, subject, asked["onward"])


def _sign_in(request: HttpRequest, subject: str, onward: str | None) -> HttpResponse:
    user = identities.sign_in(subject=subject)
    if user is None:
        return _refused(request, Refusal.UNKNOWN)
    login(request, user, backend=BACKEND)
    return redirect(onward or ("admin:index" if user.is_staff else "desks"))


def _link(request: HttpRequest, user_id: int, subject: str) -> HttpResponse:
    user = openid.may_sign_in().filter(pk=user_id).first()
    if user is None or user.pk != request.user.pk:
        return _refused(request, Refusal.FAILED)
    try:
        identities.link(user=user, subject=subject, language=language())
    except IdentityTaken:
        return _refused(request, Refusal.TAKEN)
    messages.success(request, _("You can sign in with %(provider)s from now on.") % {"provider": openid.provider_name()})
    return redirect("openid")


@where_a_provider_is_set
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
def openid_own(request: HttpRequest) -> HttpResponse:
    """One's own page: whether a sign-in at the provider is linked; linking it, after showing who one is, and taking that away."""
    user = get_object_or_404(openid.may_sign_in(), pk=request.user.pk)
    linked = openid.identity_of(user)
    if request.method == "POST" and "unlink" in request.POST:
        if identities.unlink(user=user, by=user, language=language()):
            messages.success(request, _("You can no longer sign in with %(provider)s.") % {"provider": openid.provider_name()})
        return redirect("openid")
    context: dict[str, object] = {}
    if request.method == "POST" and linked is None:
        context = _proof(request, user)
        if not any(context.values()):
            return redirect("openid")
    return _own_page(request, user, linked, context)


def _proof(request: HttpRequest, user: User) -> dict[str, object]:
    """Takes the code of staff, or mails coordinators a link. What the page has to say of it; nothing where the code is right."""
    if not user.is_staff:
        try:
            rate_limits.count(rate_limits.of_sign_in(request, email=user.email))
        except TooOften as refused:
            return {"try_again_at": refused.until}
        tasks.send_sign_in_link.enqueue(user.pk, language())
        openid.note_wish(request.session)
        return {"is_sent": True}
    if not second_factor.matches(user, request.POST.get("code", "")):
        return {"is_wrong": True}
    openid.note_proof(request.session)
    return {}


def _own_page(request: HttpRequest, user: User, linked: LinkedIdentity | None, context: dict[str, object]) -> HttpResponse:
    is_proven = openid.is_proven(request.session)
    values = {
        "provider": openid.provider_name(),
        "linked": linked,
        "link_url": reverse("openid_link", args=[openid.link_key(request.session)]) if is_proven else "",
        "is_set_up": second_factor.is_set_up(user),
        "minutes": int(LINK_AGE.total_seconds() // 60),
    }
    return responses.of_one_person(render(request, "registration/desk/openid.html", values | context))


def _refused(request: HttpRequest, why: Refusal) -> HttpResponse:
    context = {"why": why, "provider": openid.provider_name()}
    return responses.of_one_person(render(request, "registration/desk/openid_refused.html", context, status=STATUS[why]))
