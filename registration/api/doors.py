"""What holds for every request to the API, before and after anything else has looked at it.

Nobody is known by a cookie here: what a browser sends along opens nothing, so that no forged request can do anything either.
"""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response

from registration.api import problems
from registration.api.problems import OF_STATUS, Code

PREFIX = "/api/"


def speak_json(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: takes no cookies, answers HEAD as GET, tells unchanged answers, and makes every refusal a problem."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        request.COOKIES.clear()
        request.META.pop("HTTP_COOKIE", None)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = get_response(request)
        if response.status_code >= 400 and response.headers.get("Content-Type") != problems.CONTENT_TYPE:
            with translation.override(wanted_language(request)):
                problems.write(response, OF_STATUS.get(response.status_code, Code.BAD_REQUEST))
        if response.status_code == 200 and request.method == "GET":
            response = _if_changed(request, response)
        if is_head:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response

    return middleware


def wanted_language(request: HttpRequest) -> str:
    return translation.get_language_from_request(request)


def _if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = etag
    found = get_conditional_response(request, etag=etag, response=response)
    return found if isinstance(found, HttpResponse) else response
