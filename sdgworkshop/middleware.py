"""What is checked of every request before anything else, and said with every answer.

Requests that no view could read are refused before anything tries to.
"""

import re
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest

#: Nothing here needs any of these, and nothing that somebody manages to slip in shall have them. A view that does (the door of a day
#: looks through a camera) answers with a header that says "(self)" of it.
PERMISSIONS = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
#: Pages that are about people or by those who work here.
_WORKPLACE = re.compile(r"/(?:en/)?(?:admin|desk)(?:/|$)")


@cache
def _permissions(own: str) -> str:
    """Of all of them none, but what the view's `own` header asks for."""
    return ", ".join(f"{name}=(self)" if own == f"{name}=(self)" else f"{name}=()" for name in PERMISSIONS)


def refuse_undecodable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 400 to NUL in path or query, and to a body in a charset other than UTF-8.

    Django 5.2 answers 500 to the latter, because both its CSRF check and its 400 page parse the body.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8").lower()
        if (
            charset not in ("utf-8", "utf8")
            or "\x00" in request.path
            or "%00" in request.META.get("QUERY_STRING", "")
            or "\x00" in request.META.get("QUERY_STRING", "")
        ):
            return HttpResponseBadRequest("This request cannot be read. Please send it as UTF-8.", content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def know_former_names(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Takes a form that was opened under 1.0.0, and sent after the upgrade: cookies have had the prefix `__Host-` only since.

    Not so sign-ins, which end with that version. This can go when nobody comes from it any more.
    """
    former = {"csrftoken": settings.CSRF_COOKIE_NAME, "django_language": settings.LANGUAGE_COOKIE_NAME}

    def middleware(request: HttpRequest) -> HttpResponse:
        for then, now in former.items():
            if then in request.COOKIES:
                request.COOKIES.setdefault(now, request.COOKIES[then])
        return get_response(request)

    return middleware


def protect(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Says with every answer what pages may not do, and where the browser tells of what it forbade them.

    Nothing of the desk and the admin is kept by browsers: offices share computers, and "back" works after signing out.
    A private answer does not vary by cookie: no cache but the visitor's own may keep it, and there going back to a form
    that was sent would end in an error page as soon as a cookie has changed.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = _permissions(response.headers.get("Permissions-Policy", ""))
        response.headers["Reporting-Endpoints"] = 'csp="/csp/"'
        if _WORKPLACE.match(request.path_info):
            response.headers["Cache-Control"] = "no-store"
        if "private" in response.headers.get("Cache-Control", ""):
            _vary_by_no_cookie(response)
        return response

    return middleware


def _vary_by_no_cookie(response: HttpResponse) -> None:
    left = [name for name in re.split(r"\s*,\s*", response.get("Vary", "")) if name and name.lower() != "cookie"]
    response.headers["Vary"] = ", ".join(left)
    if not left:
        del response.headers["Vary"]
