"""Showing the HTML of a mail inside an admin page, where it can do nothing."""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def may_frame_mails(view: View) -> View:
    return cast(View, csp_update({"frame-src": [SELF]})(view))


def mail_page(html: str, *, links_open: bool = False) -> HttpResponse:
    """`html` as a page that only our own pages may frame, with styles but without scripts, forms or other hosts.

    It is shown in the portal's own font, because a reader's machine has some Thai font and a server's may have none.
    With `links_open` its links open new windows; otherwise they do nothing.
    """
    sandbox = "allow-popups allow-popups-to-escape-sandbox" if links_open else ""
    response = HttpResponse(html.replace("</head>", f"<style>{_font_faces()}</style></head>", 1))
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'; "
        f"frame-ancestors 'self'; sandbox {sandbox}"
    ).strip()
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@cache
def _font_faces() -> str:
    """Inside the page, because a page that may do nothing may not fetch fonts either."""
    files = {weight: finders.find(f"fonts/sarabun-{weight}.woff2") for weight in (400, 600)}
    return "".join(
        f"@font-face{{font-family:Sarabun;font-weight:{weight};src:url(data:font/woff2;base64,{b64encode(Path(file).read_bytes()).decode()})}}"
        for weight, file in files.items()
        if file
    )
