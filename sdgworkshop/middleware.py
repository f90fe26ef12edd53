"""Requests that no view could read are refused before anything tries to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest


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
