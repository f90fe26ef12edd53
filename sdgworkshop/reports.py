"""What browsers tell of pages that tried what the Content-Security-Policy forbids: a fault of ours, or an attack.

Anybody may send such reports, so little is read, little of it is written down, and not often. What is written is for
programmers: the directive, what was forbidden and the kind of page; never an address, which may name a person.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger("portal.csp")

MAX_BYTES = 16_384
#: Written down in a minute, by each process.
MAX_A_MINUTE = 20
_MAX_LETTERS = 80


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """204 to whatever comes; browsers send reports without a token of ours, and do not read the answer."""
    if _is_short(request):
        for told in _reports(request):
            if _may_write():
                logger.warning("a page was kept from something: %s", " ".join(f"{name}={value}" for name, value in told.items()))
    return HttpResponse(status=204)


def _is_short(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) <= MAX_BYTES


def _reports(request: HttpRequest) -> Iterator[dict[str, str]]:
    """Each report of the body, in either of the two forms that browsers use; nothing from what is none."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    if isinstance(sent, dict) and isinstance(sent.get("csp-report"), dict):
        yield _told(sent["csp-report"], "effective-directive", "violated-directive", "blocked-uri", "document-uri")
    elif isinstance(sent, list):
        for report in sent[:MAX_A_MINUTE]:
            if isinstance(report, dict) and isinstance(report.get("body"), dict):
                yield _told(report["body"], "effectiveDirective", "effectiveDirective", "blockedURL", "documentURL")


def _told(body: dict[str, Any], directive: str, older: str, blocked: str, document: str) -> dict[str, str]:
    return {
        "directive": _word(body.get(directive) or body.get(older)),
        "blocked": _source(body.get(blocked)),
        "page": _page(body.get(document)),
    }


def _word(value: object) -> str:
    words = str(value).split()
    word = words[0] if words else ""
    return word if word.replace("-", "").isascii() and word.replace("-", "").isalpha() and len(word) < _MAX_LETTERS else "-"


def _source(value: object) -> str:
    """Where the forbidden thing is from: "inline", "eval" and the like, or a host; never a path or a query."""
    try:
        parts = urlsplit(str(value))
        host = parts.hostname or ""
    except ValueError:
        return "-"
    if host:
        return f"{_word(parts.scheme)}://{''.join(c for c in host if c.isascii() and (c.isalnum() or c in '.-'))[:_MAX_LETTERS]}"
    return _word(parts.scheme or parts.path)


def _page(value: object) -> str:
    try:
        path = urlsplit(str(value)).path
        with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
            return resolve(path).route
    except (Resolver404, ValueError):
        return "-"


def _may_write() -> bool:
    key = f"csp:{timezone.now():%H%M}"
    cache.add(key, 0, 120)
    try:
        counted: int | None = cache.incr(key)
    except ValueError:  # it went out of the cache in between
        return False
    return counted is not None and counted <= MAX_A_MINUTE  # None: the cache does not answer
