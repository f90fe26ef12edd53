"""What is served to browsers: a first visit stays small."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from sessions.demonstration import SLUG

#: What a first visit of the form may cost, counted as a browser counts it: compressed, with everything.
MAX_BYTES = 80_000
#: Status line and headers of one answer, rounded up.
HEADERS = 700


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_first_visit_of_the_form_is_light(client, language):
    call_command("load_workshop", demonstration=True, verbosity=0)
    page = client.get(f"{language}/w/{SLUG}/register/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"

    html = gzip.decompress(page.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg|woff2))"', html))
    fonts = {f"fonts/sarabun-{weight}.woff2" for weight in (400, 600)}
    bytes_sent = {path: len(_as_served(Path(finders.find(path)))) for path in linked | fonts}

    assert {"css/portal.css", "css/register.css"} <= linked
    assert sum(bytes_sent.values(), len(page.content)) + HEADERS * (1 + len(bytes_sent)) < MAX_BYTES, bytes_sent


def _as_served(file: Path) -> bytes:
    """As WhiteNoise keeps it for browsers that understand Brotli, which are all; fonts are compressed already."""
    return file.read_bytes() if file.suffix == ".woff2" else brotli.compress(file.read_bytes())
