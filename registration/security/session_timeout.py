"""How long somebody stays signed in: twelve hours at most, and two without a sign of them. Offices share computers.

Middleware that also sends staff to their second factor before anything else of the desk and the admin.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registration.security import second_factor

MAX_SIGNED_IN = dt.timedelta(hours=12)
IDLE = dt.timedelta(hours=2)
#: The session is written no oftener than this because somebody is there.
NOTED_EVERY = dt.timedelta(minutes=5)

_BEGAN, _SEEN = "sign_in_began", "sign_in_seen"
#: Where these rules hold; public pages are the same for everybody and ask nothing of a session.
_WORKPLACE = re.compile(r"/(?:en/)?(?:admin|desk|openid|second-factor)/")
_ALWAYS_OPEN = re.compile(r"/(?:en/)?(?:second-factor/|admin/log(?:in|out)/|admin/jsi18n/|desk/sign-(?:in|out)/)")


def begin(sender: object, request: HttpRequest | None, user: User, **_rest: Any) -> None:
    """Signal of Django's: somebody signed in, by whatever way."""
    if request is None:
        return
    request.session[_BEGAN] = request.session[_SEEN] = timezone.now().timestamp()
    request.session.pop(second_factor.KEY, None)
    if user.is_staff and second_factor.is_set_up(user):
        request.session[second_factor.KEY] = second_factor.WANTED


def watch_over_sign_ins(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _WORKPLACE.match(request.path_info) and request.user.is_authenticated:
            if _is_over(request):
                logout(request)
                messages.info(request, _("You were signed out because you had not been active for a while. Please sign in again."))
            elif second_factor.is_missing(request.user, request.session) and not _ALWAYS_OPEN.match(request.path_info):
                return redirect(f"{reverse('second_factor_code')}?{urlencode({'next': request.get_full_path()})}")
        return get_response(request)

    return middleware


def _is_over(request: HttpRequest) -> bool:
    """Whether the sign-in of `request` has lasted too long; else notes that they are there."""
    now, session = timezone.now().timestamp(), request.session
    began, seen = session.get(_BEGAN, 0), session.get(_SEEN, 0)
    if now - began > MAX_SIGNED_IN.total_seconds() or now - seen > IDLE.total_seconds():
        return True
    if now - seen > NOTED_EVERY.total_seconds():
        session[_SEEN] = now
    return False
