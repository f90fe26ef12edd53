"""What is answered when a request went wrong: what happened, and what to do."""

import sys

from django.db import DatabaseError, InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from registration.participant.views.register import register_again
from registration.seats.deadlocks import points_nowhere

RETRY_AFTER = 60
#: What PostgreSQL calls a write to a server that may only be read: a replica, or a disk that is full.
READ_ONLY = "25006"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not valid any more: it comes back filled in, with the reason.

    The form of registering comes back itself. Any other is kept as it was sent, to be sent once more by one press; only where
    the browser says that our own page sent it, since nobody shall press what a stranger's page filled in.
    """
    match, why = request.resolver_match, _why(reason)
    if match and match.url_name == "register":
        page = register_again(request, why=why, **match.kwargs)
        page.status_code = 403
        return page
    return render(request, "403_csrf.html", {"why": why, "sent": _sent(request)}, status=403)


def _why(reason: str) -> str:
    """In words what Django's check found; signing in and out makes new tokens."""
    if reason == REASON_NO_CSRF_COOKIE:
        return _(
            "Your browser sent no cookie, so the portal could not tell whether it was you who sent this. "
            "Please allow cookies for this site."
        )
    if "incorrect" in reason:
        return _("You signed in or out in another tab, so this page was no longer valid.")
    return _("The portal could not tell whether it was you who sent this. Please reload the form and send it again.")


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    own = f"{request.scheme}://{request.get_host()}"
    is_own = request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == own
    if not is_own or request.FILES or any("password" in name for name in request.POST):
        return []
    return [(name, str(value)) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database was out of reach, which passes by itself; 409 where whom it is about was erased at the same moment; 500
    for every other mistake."""
    if is_away(sys.exception()):
        return not_saved(request)
    if points_nowhere(sys.exception()):
        return _in_full(request, "409.html", status=409)
    return HttpResponse(render_to_string("500.html", _number_of(request)), status=500)


def not_saved(request: HttpRequest) -> HttpResponse:
    """ "Nothing was saved, try again", made without the database. htmx shows it where something was sent; what is asked for
    again and again by itself just waits."""
    response = _in_full(request, "503.html", status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _in_full(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if request.headers.get("HX-Request"):
        headers |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML" if request.method == "POST" else "none"}
    return HttpResponse(render_to_string(template, _number_of(request)), status=status, headers=headers)


def _number_of(request: HttpRequest) -> dict[str, str]:
    """How the number begins under which the logs know this request: as much as can be said on the telephone."""
    return {"request_id": getattr(request, "request_id", "")[:8]}


def is_away(error: BaseException | None) -> bool:
    """Whether `error` says that the database, or the queue of tasks, cannot be reached or written to, rather than that we were wrong.

    Its driver calls a line that broke in the middle of an answer by the bare name of all its errors.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "pgcode", "") == READ_ONLY
    return isinstance(error, InterfaceError | OperationalError | RedisConnectionError | RedisTimeoutError) or type(error) is DatabaseError
