"""Pages that are the same for everybody: made once in some seconds, then only handed out."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from sessions.formats import language

#: What staff change is seen after this time, in the portal and in browsers.
KEPT_SECONDS = 5

#: As it is, and as browsers ask for it.
ENCODINGS = ("", "gzip")


def public_page(make: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Turns `make`, which answers from the parts of the address alone, into a view.

    `make` does not get the request, so nothing of one visitor can reach the next: no cookie, message
    or token. What it returns is kept under its path (which names the language too) with an ETag, plain
    and compressed; what it raises (`Http404`) is not kept.
    """

    @require_safe
    @wraps(make)
    def view(request: HttpRequest, **address: str) -> HttpResponseBase:
        made = make(**address)
        pages = {encoding: _pack(made, encoding) for encoding in ENCODINGS}
        cache.set_many({_key(request.path_info, encoding): page for encoding, page in pages.items()}, KEPT_SECONDS)
        return _answer(request, *pages[_wanted(request)])

    return view


def hand_out_kept(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answers with a kept page, if there is one, before anything asks who the visitor is."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            kept = cache.get(_key(request.path_info, _wanted(request)))
            if kept is not None:
                return _answer(request, *kept)
        return get_response(request)

    return middleware


def _wanted(request: HttpRequest) -> str:
    return "gzip" if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "") else ""


def _key(path: str, encoding: str) -> str:
    return "page:" + hashlib.sha256(f"{encoding} {path}".encode()).hexdigest()


def _pack(response: HttpResponse, encoding: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of `response` as they are kept in `encoding`."""
    body = gzip.compress(response.content, mtime=0) if encoding else response.content
    digest = hashlib.sha256(response.content).hexdigest()[:32]
    headers = {
        **response.headers,
        "ETag": f'W/"{digest}"',  # weak, because the plain and the compressed body share it
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Content-Language": language(),
        "Content-Length": str(len(body)),
        "Vary": "Accept-Encoding",
    }
    return body, headers | {"Content-Encoding": encoding} if encoding else headers


def _answer(request: HttpRequest, body: bytes, headers: dict[str, str]) -> HttpResponseBase:
    response = HttpResponse(body, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response
