"""Every request gets an id, is counted and, where logs are read by machines, written down without telling who it was."""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from registration.audit.request_id import REQUEST_ID
from registration.security import traffic
from sdgworkshop.metrics import count_request

logger = logging.getLogger("portal.requests")

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[0-9A-Za-z-]{8,64}")


def observe(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware. Views find the id in `request.request_id`; the visitor's error page and every log line carry it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = _id_of(request)
        request.request_id = request_id  # type: ignore[attr-defined]
        outer = REQUEST_ID.set(request_id)
        began = time.perf_counter()
        try:
            response = get_response(request)
            seconds = time.perf_counter() - began
            count_request(request.method or "", response.status_code, seconds)
            _log(request, response, seconds)
            if settings.TRAFFIC_LOG_DAYS:
                traffic.write(request, status=response.status_code, request_id=request_id, at=timezone.now())
        finally:
            REQUEST_ID.reset(outer)
        response.headers[HEADER] = request_id
        return response

    return middleware


def _id_of(request: HttpRequest) -> str:
    """The id that our own proxy gave the request, so that its log and ours can be read together; a new one from anybody else."""
    given = request.headers.get(HEADER, "")
    if settings.PROXIES and _ACCEPTED.fullmatch(given):
        return given
    return uuid4().hex


def _log(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """The route, never the address: addresses name people."""
    match = request.resolver_match
    route = match.route if match else "-"
    facts = {"method": request.method, "route": route, "status": response.status_code, "ms": round(seconds * 1000, 1)}
    logger.info("request", extra=facts)
