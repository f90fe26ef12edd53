"""Into the desk, and out of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from registration import responses
from registration.coordinators.actions import send_password_link
from registration.desk.forms.sign_in import LinkForm, NewPasswordForm, PasswordForm
from registration.errors import TooOften
from registration.operations import tasks
from registration.security import openid, rate_limits, sign_in
from registration.security.access import signed_in
from sessions.formats import language
from sessions.models import Workshop

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
def desk_sign_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request)
    if request.user.is_authenticated and request.method != "POST":
        return redirect(onward)
    link, password = LinkForm(), PasswordForm(request)
    too_often: TooOften | None = None
    if "password" in request.POST:
        password = PasswordForm(request, data=request.POST)
        if password.is_valid():
            login(request, password.get_user())
            return redirect(onward)
    elif request.method == "POST":
        link = LinkForm(request.POST)
        if link.is_valid():
            try:
                _mail_link(request, link.cleaned_data["email"])
            except TooOften as refused:
                too_often = refused
            else:
                return redirect("desk_sign_in_sent")
    context = {"link_form": link, "password_form": password, "next": request.GET.get("next", "")}
    context["try_again_at"] = too_often and too_often.until
    page = render(request, "registration/desk/desk_sign_in.html", context)
    return responses.too_often(page, too_often) if too_often else page


def _mail_link(request: HttpRequest, email: str) -> None:
    """Takes as long whether `email` is a coordinator's or not. Raises TooOften."""
    rate_limits.count(rate_limits.of_sign_in(request, email=email))
    tasks.send_sign_in_link.enqueue(sign_in.known_by_link(email), language())


@never_cache
def desk_sign_in_sent(request: HttpRequest) -> HttpResponse:
    return render(
        request, "registration/desk/desk_sign_in_sent.html", {"minutes": _minutes(), "workshop": Workshop.objects.current().first()}
    )


@never_cache
def desk_sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Asks on GET, because mail scanners follow links; signs in on POST."""
    if request.method == "POST":
        if user := sign_in.use_link(token):
            login(request, user, backend=BACKEND)
            openid.note_proof(request.session)
            return redirect("openid" if openid.was_wished(request.session) else "desks")
    elif user := sign_in.user_of_token(token):
        return render(request, "registration/desk/desk_sign_in_link.html", {"user_to_be": user})
    return render(request, "registration/desk/link_used.html", {"minutes": _minutes()}, status=410)


@never_cache
@require_POST
def desk_sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("desk_sign_in")


@never_cache
@signed_in
@require_POST
def desk_password(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    if not user.is_staff:
        send_password_link(user=user, language=language())
        messages.success(request, _("A link to set a new password is on its way to %(email)s.") % {"email": user.email})
    return redirect("desks")


@method_decorator(never_cache, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """Sets the password of a coordinator who was mailed the link, and signs them in."""

    form_class = NewPasswordForm
    template_name = "registration/desk/desk_set_password.html"
    success_url = reverse_lazy("desks")
    post_reset_login = True
    post_reset_login_backend = BACKEND

    def get_user(self, uidb64: str) -> Any:
        user = super().get_user(uidb64)
        return None if user is None or user.is_staff or not user.is_active else user


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    wait = settings.AXES_COOLOFF_TIME
    minutes = int(wait.total_seconds() // 60)
    answer = render(request, "registration/desk/locked_out.html", {"minutes": minutes}, status=429)
    answer["Retry-After"] = str(int(wait.total_seconds()))
    return answer


def _minutes() -> int:
    return int(sign_in.LINK_AGE.total_seconds() // 60)


def _onward(request: HttpRequest) -> str:
    onward = request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return onward if here and onward.startswith("/") else "desks"
