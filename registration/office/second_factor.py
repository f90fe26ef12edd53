"""Where staff give the code of their second factor, and where they set it up."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from registration import responses
from registration.links import qr
from registration.security import openid, second_factor
from registration.security.actions import second_factor as actions
from sessions.formats import language

NEW_KEY = "second_factor_key"


def of_staff(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives `view` whoever of the office has signed in with their password."""

    @wraps(view)
    def with_user(request: HttpRequest, **address: str) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_staff:
            return redirect_to_login(request.path)
        return view(request, user, **address)

    return with_user


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@of_staff
def second_factor_code(request: HttpRequest, user: User) -> HttpResponse:
    if _is_given(request):
        return redirect(_onward(request))
    if not second_factor.is_set_up(user):
        return redirect("second_factor_new")
    is_wrong = request.method == "POST" and not second_factor.matches(user, request.POST.get("code", ""))
    if request.method == "POST" and not is_wrong:
        _note_given(request)
        return redirect(_onward(request))
    return _page(request, "second_factor_code.html", {"is_wrong": is_wrong, "next": request.GET.get("next", "")})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code", "present")
@of_staff
def second_factor_new(request: HttpRequest, user: User) -> HttpResponse:
    is_set_up = second_factor.is_set_up(user)
    if is_set_up and not _is_given(request):
        return redirect("second_factor_code")
    if not is_set_up and not second_factor.may_set_up(user, request.session):
        return _ask(request, user)
    faults: dict[str, bool] = {}
    if request.method == "POST" and NEW_KEY in request.session:
        faults = _faults(request, user, is_set_up)
        if not any(faults.values()):
            return _set_up(request, user)
    key = request.session.setdefault(NEW_KEY, second_factor.new_key())
    context = {
        "typed_key": second_factor.as_typed(key),
        "is_set_up": is_set_up,
        "is_demanded": settings.STAFF_SECOND_FACTOR,
    }
    return _page(request, "second_factor_new.html", context | faults)


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    is_sent = request.method == "POST" and bool(user.email)
    if is_sent:
        actions.ask_for_link(user=user, language=language())
    return _page(request, "second_factor_ask.html", {"is_sent": is_sent, "email": user.email})


def _faults(request: HttpRequest, user: User, is_set_up: bool) -> dict[str, bool]:
    if second_factor.step_of(request.session[NEW_KEY], request.POST.get("code", "")) is None:
        return {"is_wrong": True}
    return {"is_present_wrong": is_set_up and not second_factor.matches(user, request.POST.get("present", ""))}


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    key, code = request.session.pop(NEW_KEY), request.POST.get("code", "")
    request.session.pop(second_factor.MAY_SET_UP, None)
    session = request.session.session_key or ""
    codes = actions.set_up(user=user, key=key, code=code, keep=session, language=language())
    if codes is None:  # the half minute ended between looking and writing
        return redirect("second_factor_new")
    _note_given(request)
    return _page(request, "recovery_codes.html", {"codes": codes})


@require_http_methods(["GET", "HEAD", "POST"])
@of_staff
def second_factor_link(request: HttpRequest, user: User, token: str) -> HttpResponse:
    if second_factor.is_set_up(user):
        return redirect("second_factor_new")
    if second_factor.asked_by_token(user, token) is None:
        return _page(request, "second_factor_ask.html", {"is_lapsed": True, "email": user.email})
    if request.method != "POST":
        return _page(request, "second_factor_link.html", {})
    if actions.use_link(user=user, token=token):
        request.session[second_factor.MAY_SET_UP] = True
    return redirect("second_factor_new")


@require_safe
@of_staff
def second_factor_qr(request: HttpRequest, user: User) -> HttpResponse:
    """The secret for the app, while it is being set up."""
    key = request.session.get(NEW_KEY)
    if not key:
        raise Http404
    return responses.of_one_person(responses.svg(qr.qr_svg(second_factor.uri(user, key))))


@require_http_methods(["GET", "HEAD", "POST"])
@of_staff
def recovery_codes(request: HttpRequest, user: User) -> HttpResponse:
    if request.method != "POST":
        return redirect("second_factor_new")
    if not _is_given(request):
        return redirect("second_factor_code")
    return _page(request, "recovery_codes.html", {"codes": actions.new_recovery_codes(user=user, language=language())})


def _is_given(request: HttpRequest) -> bool:
    return bool(request.session.get(second_factor.KEY) == second_factor.GIVEN)


def _note_given(request: HttpRequest) -> None:
    request.session.cycle_key()
    request.session[second_factor.KEY] = second_factor.GIVEN
    openid.note_proof(request.session)


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return responses.of_one_person(render(request, f"registration/second_factor/{template}", context))


def _onward(request: HttpRequest) -> str:
    onward = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return onward if here and onward.startswith("/") else "admin:index"
