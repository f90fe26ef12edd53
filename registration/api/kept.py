"""Answers that are the same for everybody: made once in some seconds, and then handed out without counting who asks."""

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from ninja import Schema

from registration.api.callers import Caller, count
from registration.security import rate_limits
from sessions.public_pages import KEPT_SECONDS

JSON = "application/json; charset=utf-8"


def kept(request: HttpRequest, caller: Caller, make: Callable[[], Schema], *, page: str = "") -> HttpResponse:
    """What `make` answers from the address and the `page` alone; anew for a system, which may see more. What it raises is not kept."""
    if caller.token:
        return private(make())
    key = f"api:{request.path_info}:{page}"
    body = cache.get(key)
    if body is None:
        count(rate_limits.of_api_visitor(request))
        body = make().model_dump_json()
        cache.set(key, body, KEPT_SECONDS)
    return HttpResponse(body, content_type=JSON, headers={"Cache-Control": f"public, max-age={KEPT_SECONDS}"})


def private(answer: Schema) -> HttpResponse:
    """`answer` for the system that asked: kept by nobody else, and asked for again before it is used again."""
    return HttpResponse(answer.model_dump_json(), content_type=JSON, headers={"Cache-Control": "private, no-cache"})
