"""Pages that are the same for everybody: made once in some seconds, then only handed out."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

#: What staff change is seen after this time, in the portal and in browsers.
KEPT_SECONDS = 5

#: As it is, and as browsers ask for it.
ENCODINGS = ("", "gzip")


def public_page(make: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Turns `make`, which answers from the parts of the address alone, into a view.

    `make` does not get the request, so nothing of one visitor can reach the next: no cookie, message
    or token. What it returns is kept for each language with an ETag, plain and compressed; what it
    raises (`Http404`) is not kept.
    """

    name = f"{make.__module__}.{make.__qualname__}"

    @require_safe
    @wraps(make)
    def view(request: HttpRequest, **address: str) -> HttpResponseBase:
        def key(encoding: str) -> str:
            return make_template_fragment_key(name, [encoding, get_language(), *address.values()])

        wanted = "gzip" if "gzip" in request.headers.get("Accept-Encoding", "") else ""
        kept = cache.get(key(wanted))
        if kept is None:
            made = make(**address)
            pages = {encoding: _pack(made, encoding) for encoding in ENCODINGS}
            cache.set_many({key(encoding): page for encoding, page in pages.items()}, KEPT_SECONDS)
            kept = pages[wanted]
        body, headers = kept
        response = HttpResponse(body, headers=headers)
        return get_conditional_response(request, etag=headers["ETag"], response=response) or response

    return view


def _pack(response: HttpResponse, encoding: str) -> tuple[bytes, dict[str, str]]:
    """Body and headers of `response` as they are kept in `encoding`."""
    digest = hashlib.sha256(response.content).hexdigest()[:32]
    headers = {
        **response.headers,
        "ETag": f'W/"{digest}"',  # weak, because the plain and the compressed body share it
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Vary": "Accept-Encoding",
    }
    if encoding == "gzip":
        return gzip.compress(response.content, mtime=0), {**headers, "Content-Encoding": "gzip"}
    return response.content, headers
