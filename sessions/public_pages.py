"""Pages that are the same for everybody: made once in some seconds, then only handed out."""

import gzip
import hashlib
from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

#: What staff change is seen after this time, in the portal and in browsers.
KEPT_SECONDS = 5


def public_page(make: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Turns `make`, which answers from the parts of the address alone, into a view.

    `make` does not get the request, so nothing of one visitor can reach the next: no cookie, message
    or token. What it returns is kept for each language with an ETag, plain and compressed; what it
    raises (`Http404`) is not kept.
    """

    @require_safe
    @wraps(make)
    def view(request: HttpRequest, **address: str) -> HttpResponseBase:
        key = make_template_fragment_key(f"{make.__module__}.{make.__qualname__}", [get_language(), *address.values()])
        page = cache.get(key)
        if page is None:
            page = _pack(make(**address))
            cache.set(key, page, KEPT_SECONDS)
        headers, plain, compressed = page
        squeeze = "gzip" in request.headers.get("Accept-Encoding", "")
        response = HttpResponse(compressed if squeeze else plain, headers=headers)
        if squeeze:
            response.headers["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ["Accept-Encoding"])
        return get_conditional_response(request, etag=headers["ETag"], response=response)

    return view


def _pack(response: HttpResponse) -> tuple[dict[str, str], bytes, bytes]:
    """What is kept of `response`: its headers, its body, and its body compressed."""
    digest = hashlib.sha256(response.content).hexdigest()[:32]
    # Weak, because the plain and the compressed body share it.
    headers = dict(response.headers) | {"ETag": f'W/"{digest}"', "Cache-Control": f"public, max-age={KEPT_SECONDS}"}
    return headers, response.content, gzip.compress(response.content, mtime=0)
