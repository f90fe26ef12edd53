"""What is served to browsers: the libraries are the ones that were published, and a first visit stays small."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

#: As Bootstrap 5.3.8 publishes them for its own content delivery network.
PUBLISHED = {
    "bootstrap/css/bootstrap.min.css": "sha384-sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB",
    "bootstrap/js/bootstrap.bundle.min.js": "sha384-FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI",
}


@pytest.mark.parametrize("path", PUBLISHED)
def test_bootstrap_is_what_its_makers_published(path):
    digest = hashlib.sha384(Path(finders.find(path)).read_bytes()).digest()
    assert f"sha384-{base64.b64encode(digest).decode()}" == PUBLISHED[path]


#: What a first visit of the form may cost, counted as a browser counts it: compressed, with everything.
MOST_BYTES = 100_000
#: Status line and headers of one answer, rounded up.
HEADERS = 700


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_first_visit_of_the_form_is_light(client, language):
    call_command("load_workshop", verbosity=0)
    page = client.get(f"{language}/w/sdg-localisation-2565/register/", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"

    html = gzip.decompress(page.content).decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg|woff2))"', html))
    fonts = {f"fonts/sarabun-{weight}.woff2" for weight in (400, 600)}
    bytes_sent = {path: len(_as_served(Path(finders.find(path)))) for path in linked | fonts}

    assert {"css/portal.css", "bootstrap/css/bootstrap.min.css"} <= linked
    assert sum(bytes_sent.values(), len(page.content)) + HEADERS * (1 + len(bytes_sent)) < MOST_BYTES, bytes_sent


def _as_served(file: Path) -> bytes:
    """As WhiteNoise keeps it for browsers that understand Brotli, which are all; fonts are compressed already."""
    return file.read_bytes() if file.suffix == ".woff2" else brotli.compress(file.read_bytes())
